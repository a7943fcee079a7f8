package dev.headgate.affinity;

import static dev.headgate.affinity.AffinityHeads.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import dev.headgate.config.BalanceConfig.SameSite;
import dev.headgate.config.BalanceConfig.Secure;
import dev.headgate.config.BalanceConfig.Sticky;
import dev.headgate.config.Secret;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StickyCookieTest {
    private static final List<String> ENDPOINTS = List.of("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
    private static final StickyCookie COOKIE = cookie("app", "long enough", Secure.AUTO, SameSite.LAX);

    private static StickyCookie cookie(String upstream, String secret, Secure secure, SameSite sameSite) {
        return new StickyCookie(
                upstream,
                new Sticky.Cookie("route", 0, sameSite, secure, true, "/", Optional.of(new Secret(secret))),
                ENDPOINTS);
    }

    private static String lineOf(StickyCookie cookie, int slot, boolean cameByTls) {
        FieldSection response = new FieldSection();
        response.startIn(ByteBuffer.allocate(500));
        assertTrue(cookie.addTo(response, slot, cameByTls));
        return response.value(response.find(Field.SET_COOKIE));
    }

    private static String pairOf(StickyCookie cookie, int slot) {
        String line = lineOf(cookie, slot, false);
        return line.substring(0, line.indexOf(';'));
    }

    private static List<String> cookiesOf(RequestHead head) {
        List<String> lines = new ArrayList<>();
        FieldSection fields = head.fields();
        for (int i = fields.find(Field.COOKIE); i >= 0; i = fields.findNext(Field.COOKIE, i)) {
            lines.add(fields.value(i));
        }
        return lines;
    }

    @Test
    void comesBackAsItsEndpoint() {
        for (int slot = 0; slot < ENDPOINTS.size(); slot++) {
            RequestHead head = request("/", "Host: a", "Cookie: " + pairOf(COOKIE, slot));
            assertEquals(slot, COOKIE.takeFrom(head.fields()));
            assertEquals(List.of(), cookiesOf(head));
            assertFalse(head.fields().contains(Field.COOKIE));
        }
    }

    @Test
    void sameSecretMeansTheSameInAnotherProcess() {
        assertEquals(pairOf(COOKIE, 1), pairOf(cookie("app", "long enough", Secure.NO, SameSite.STRICT), 1));
        assertNotEquals(pairOf(COOKIE, 1), pairOf(cookie("app", "another one", Secure.AUTO, SameSite.LAX), 1));
        assertNotEquals(pairOf(COOKIE, 1), pairOf(cookie("web", "long enough", Secure.AUTO, SameSite.LAX), 1));
    }

    @Test
    void sayNothingOfTheEndpoint() {
        for (int slot = 0; slot < ENDPOINTS.size(); slot++) {
            assertTrue(pairOf(COOKIE, slot).matches("route=[A-Za-z0-9_-]{22}"), pairOf(COOKIE, slot));
        }
    }

    static Stream<Arguments> others() {
        String good = pairOf(COOKIE, 0);
        List<Arguments> rows = new ArrayList<>();
        for (int at = "route=".length(); at < good.length(); at++) {
            char other = good.charAt(at) == 'A' ? 'B' : 'A';
            rows.add(arguments(good.substring(0, at) + other + good.substring(at + 1)));
        }
        rows.add(arguments(good + "A"));
        rows.add(arguments(good.substring(0, good.length() - 1)));
        rows.add(arguments("route=\"" + good.substring("route=".length()) + "\""));
        rows.add(arguments("route=0"));
        rows.add(arguments("route="));
        rows.add(arguments("route=10.0.0.1:80"));
        rows.add(arguments(pairOf(cookie("app", "another one", Secure.AUTO, SameSite.LAX), 0)));
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("others")
    void nobodyElseCanMakeOne(String forged) {
        RequestHead head = request("/", "Host: a", "Cookie: a=1; " + forged);
        assertEquals(StickyCookie.NONE, COOKIE.takeFrom(head.fields()));
        assertEquals(List.of("a=1"), cookiesOf(head), "no origin sees it");
    }

    /** The sticky cookie is {@code @}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "@; a=1 | a=1",
                "a=1; @ | a=1",
                "a=1; @; b=2 | a=1; b=2",
                "a=1;@;b=2 | a=1;b=2",
                "a=1 ;  @ ; b=2 | a=1 ; b=2",
                "@; @; a=1; @ | a=1",
                "a=\"1; b\"; @ | a=\"1; b\"",
                "xroute=1; @; route2=2; Route=3 | xroute=1; route2=2; Route=3",
                "a=1; route; @ | a=1; route",
                "a=1; b=route=2; @ | a=1; b=route=2",
                "a=1; b; ; c=3 | a=1; b; ; c=3",
            })
    void leavesOtherCookiesAsTheyAre(String sent, String left) {
        RequestHead head = request("/", "Host: a", "Cookie: " + sent.replace("@", pairOf(COOKIE, 2)), "X: y");
        assertEquals(sent.contains("@") ? 2 : StickyCookie.NONE, COOKIE.takeFrom(head.fields()));
        assertEquals(List.of(left), cookiesOf(head));
        assertTrue(head.fields().toString().endsWith("X: y\n"));
    }

    @Test
    void severalLinesAsByHttp2() {
        RequestHead head =
                request("/", "Host: a", "Cookie: a=1", "Cookie: " + pairOf(COOKIE, 1), "Cookie: b=2; route=x; c=3");
        assertEquals(1, COOKIE.takeFrom(head.fields()));
        assertEquals(List.of("a=1", "b=2; c=3"), cookiesOf(head));
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, LAX, false, Path=/; HttpOnly; SameSite=Lax",
        "AUTO, LAX, true, Path=/; HttpOnly; Secure; SameSite=Lax",
        "YES, STRICT, false, Path=/; HttpOnly; Secure; SameSite=Strict",
        "NO, LAX, true, Path=/; HttpOnly; SameSite=Lax",
        "AUTO, NONE, false, Path=/; HttpOnly; Secure; SameSite=None",
    })
    void attributes(Secure secure, SameSite sameSite, boolean cameByTls, String attributes) {
        String line = lineOf(cookie("app", "long enough", secure, sameSite), 0, cameByTls);
        assertEquals(attributes, line.substring(line.indexOf("; ") + 2));
    }

    @Test
    void lifetimePathAndScripts() {
        var config =
                new Sticky.Cookie("r", 90_500_000_000L, SameSite.LAX, Secure.AUTO, false, "/shop", Optional.empty());
        String line = lineOf(new StickyCookie("app", config, ENDPOINTS), 0, false);
        assertTrue(line.endsWith("; Path=/shop; Max-Age=90; SameSite=Lax"), line);
    }

    @Test
    void withoutSecretTheProcessHasAKeyOfItsOwn() {
        var config = new Sticky.Cookie("route", 0, SameSite.LAX, Secure.AUTO, true, "/", Optional.empty());
        String pair = pairOf(new StickyCookie("app", config, ENDPOINTS), 0);
        assertEquals(pair, pairOf(new StickyCookie("app", config, ENDPOINTS), 0), "a reload does not change it");
        assertNotEquals(pair, pairOf(COOKIE, 0));
    }

    @Test
    void allocatesNothing() {
        String text = "Cookie: a=1; " + pairOf(COOKIE, 1) + "; b=2";
        List<RequestHead> heads = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            heads.add(i % 8 == 0 ? request("/", "Host: a", text) : heads.get(i - 1));
        }
        FieldSection response = new FieldSection();
        ByteBuffer store = ByteBuffer.allocate(500);
        take(heads.subList(0, 20_000), response, store);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        take(heads.subList(20_000, 40_000), response, store);
        assertEquals(0, (threads.getCurrentThreadAllocatedBytes() - before) / 20_000);
    }

    private static void take(List<RequestHead> heads, FieldSection response, ByteBuffer store) {
        for (int i = 0; i < heads.size(); i++) {
            int slot = COOKIE.takeFrom(heads.get(i).fields());
            response.startIn(store);
            COOKIE.addTo(response, slot == StickyCookie.NONE ? 0 : slot, true);
        }
    }
}
