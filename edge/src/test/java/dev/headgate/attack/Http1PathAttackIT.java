package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on the rule for {@code /admin} by other spellings of it: the rule and the origin see one canonical path. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http1PathAttackIT {
    @AutoClose
    private static final AttackRange RANGE =
            new AttackRange(setup -> setup.route("{match: {path: /admin/**}, respond: {status: 403}}")
                    .route("{match: {host: shop.example, path: /who}, respond: {status: 200, body: shop}}")
                    .route("{to: app}"));

    @ThreatRow(
            value = "H1-27",
            advisory = {"Envoy CVE-2019-9901", "Caddy CVE-2026-27587"},
            outcome = "one canonical path for rule, log and origin")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin",
                "/admin/",
                "/admin/x",
                "/admin?a=b",
                "/%61dmin",
                "/%61%64%6d%69%6e",
                "/%61%64%6D%69%6E",
                "//admin",
                "///admin",
                "/x//../admin",
                "/./admin",
                "/x/../admin",
                "/x/%2e%2e/admin",
                "/x/%2E./admin",
                "/%2e/admin",
                "/admin/x/..",
                "/admin/.",
                "/x/y/../../admin",
                "/x;/../admin",
                "http://a/x/../admin"
            })
    void h1_27_spellingsOfTheSamePathMeetTheRule(String target) {
        assertEquals(403, status(target));
    }

    @ThreatRow(
            value = "H1-27",
            advisory = {"Envoy CVE-2021-29492", "Traefik CVE-2025-66490"},
            outcome = "400 where two readings are possible")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/..%2fadmin",
                "/admin%2f",
                "/admin%2F",
                "/%2fadmin",
                "/admin%5c",
                "/..%5cadmin",
                "/admin%00",
                "/%01",
                "/admin%09",
                "/x%0d%0aSet-Cookie:%20a=b",
                "/x%0D%0A%0D%0A",
                "/%1b[31m",
                "/%1f",
                "/%7f",
                "/%250d%250a",
                "/admin%0",
                "/admin%",
                "/admin%zz",
                "/%c0%af..",
                "/%c0%ae%c0%ae/admin",
                "/%e0%80%af",
                "/%ff",
                "/%ed%a0%80",
                "/..\\admin",
                "/x\\..\\admin",
                "\\admin",
                "/..",
                "/../admin",
                "/x/../../admin",
                "/%2e%2e/admin",
                "/.;/admin",
                "/x/..;/admin",
                "/x/..;a=b/admin"
            })
    void h1_27_ambiguousPathsAreRefused(String target) {
        assertEquals(400, status(target));
    }

    @ThreatRow("H1-27")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ADMIN",
                "/administrator",
                "/x/admin",
                "/admin;a=b",
                "/admin%23",
                "/admin%3f",
                "/admin%3F",
                "/admin%3b",
                "/%2561dmin",
                "/x?/../admin",
                "/x?a=%2f..%2fadmin",
                "/...",
                "/.../admin",
                "/..x/admin"
            })
    void h1_27_otherPathsAreForwardedAsTheRuleSawThemOrRefused(String target) {
        int status = status(target);
        if (status == 200) {
            String forwarded = RANGE.origin().lastRequest().head().target();
            assertTrue(forwarded.equalsIgnoreCase(target), () -> target + " went upstream as " + forwarded);
        } else {
            assertEquals(400, status);
        }
    }

    @ThreatRow(
            value = "H1-27",
            advisory = "Caddy CVE-2026-27588",
            outcome = "hosts are compared without case, however many there are")
    @ParameterizedTest
    @ValueSource(strings = {"SHOP.EXAMPLE", "Shop.Example", "shop.example:80", "shop.example."})
    void h1_27_hostIsComparedWithoutCase(String host) {
        try (var client = RANGE.connect()) {
            var response =
                    client.send("GET /who HTTP/1.1␍␊Host: " + host + "␍␊␍␊").readResponse();
            assertEquals("shop", response.text());
        }
    }

    /** A matcher may well change its ways with the number of hosts. */
    @ThreatRow("H1-27")
    @Test
    void h1_27_hostOfManyIsComparedWithoutCase() {
        try (var range = new AttackRange(setup ->
                        setup.route(adminOf(0, 63)).route(adminOf(64, 100)).route("{to: app}"));
                var client = range.connect()) {
            for (String host : List.of("h0.example", "H0.EXAMPLE", "h100.Example", "H100.example.:80")) {
                client.send("GET /admin HTTP/1.1␍␊Host: " + host + "␍␊␍␊").expectStatus(403);
            }
            range.origin().assertReceivedNothing();
        }
    }

    private static String adminOf(int firstHost, int lastHost) {
        String hosts = IntStream.rangeClosed(firstHost, lastHost)
                .mapToObj(i -> "h" + i + ".example")
                .collect(Collectors.joining(", "));
        return "{match: {host: [" + hosts + "], path: /admin/**}, respond: {status: 403}}";
    }

    @ThreatRow("H1-27")
    @Test
    void h1_27_originReceivesTheCanonicalPath() {
        RANGE.origin().forget();
        assertEquals(200, status("/a/./b/../%7euser//x%20y?q=/../%2f"));
        assertEquals(List.of("GET /a/~user/x%20y?q=/../%2f"), RANGE.origin().requestLines());
    }

    /** What an origin that undoes escapes would write into a header or a log; the query is data that nobody routes by. */
    @ThreatRow("H1-27")
    @Test
    void h1_27_escapedControlsPassInTheQueryAndWhereTheListenerSaysSo() {
        assertEquals(200, status("/x?%0d%0aSet-Cookie:%20a"));
        assertEquals(List.of("GET /x?%0d%0aSet-Cookie:%20a"), RANGE.origin().requestLines());
        try (var range = new AttackRange(setup -> setup.listener("uri: {encodedControl: keep}"));
                var client = range.connect()) {
            client.send("GET /x%0d%0a%7f HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals(List.of("GET /x%0D%0A%7F"), range.origin().requestLines());
            client.send("GET /x%00 HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(400);
        }
    }

    private static int status(String target) {
        RANGE.origin().forget();
        try (var client = RANGE.connect()) {
            int status = client.send("GET " + target + " HTTP/1.1␍␊Host: a␍␊␍␊")
                    .readResponse()
                    .status();
            assertEquals(status == 200 ? 1 : 0, RANGE.origin().requests().size(), "requests at the origin");
            return status;
        }
    }
}
