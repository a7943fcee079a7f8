package dev.headgate.attack;

import static dev.headgate.attack.Attack.accepted;
import static dev.headgate.attack.Attack.get;
import static dev.headgate.attack.Attack.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks on who the client is: what it claims itself, and what stands in the list that a trusted proxy continues. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ForwardingAttackIT {
    @AutoClose
    private static final AttackRange RANGE = new AttackRange();

    @AutoClose
    private static final AttackRange TRUSTING =
            new AttackRange(setup -> setup.top("trustedProxies: [127.0.0.0/8, 10.0.0.0/8]"));

    @ThreatRow(
            value = "H1-26",
            advisory = "Envoy CVE-2024-45806",
            outcome =
                    "from anyone, overwritten; from a trusted proxy, the last that is not trusted is the client, and of a list with junk nobody is")
    @ParameterizedTest
    @MethodSource
    void h1_26_forwardingFieldsFromAnyone(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_26_forwardingFieldsFromAnyone() {
        return Stream.of(
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-For: 127.0.0.1, 6.6.6.6",
                        "X-Forwarded-For: 6.6.6.6, 7.7.7.7",
                        "Forwarded: for=6.6.6.6",
                        "Forwarded: for=\"[6.6.6.6]:0\";host=6.6.6.6;proto=6.6.6.6",
                        "X-Real-IP: 6.6.6.6",
                        "True-Client-IP: 6.6.6.6",
                        "X-Original-URL: /6.6.6.6",
                        "X-Forwarded-Host: 6.6.6.6",
                        "X-Forwarded-Proto: 6.6.6.6",
                        "X-Forwarded-Port: 6.6.6.6",
                        "X-Forwarded-Prefix: /6.6.6.6",
                        "X-Request-ID: 6.6.6.6")
                .map(line -> accepted(line, get(line, line), ForwardingAttackIT::showsTheRealPeer, "GET /"));
    }

    private static void showsTheRealPeer(ReceivedRequest request) {
        assertFalse(request.fields().toString().contains("6.6.6.6"), () -> "believed: " + request.fields());
        assertEquals("127.0.0.1", request.fields().value("x-forwarded-for"));
    }

    @ThreatRow(
            value = "H1-26",
            outcome = "a preamble of the PROXY protocol is no request: 400, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_26_proxyPreambles(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_26_proxyPreambles() {
        String binary = "␍␊␍␊␀␍␊QUIT␊";
        return Stream.of(
                refused("version 1", "PROXY TCP4 6.6.6.6 127.0.0.1 1 2␍␊" + get(), 400, 505),
                refused("version 1, unknown", "PROXY UNKNOWN␍␊" + get(), 400, 505),
                refused("version 2", binary + "!␑␀␌␆␆␆␆\u007f␀␀␁␀␁␀P" + get(), 400),
                refused("version 2, local", binary + " ␀␀␀" + get(), 400));
    }

    @ThreatRow("H1-26")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_26_listsOfATrustedProxy(String name, String line, String client) {
        TRUSTING.run(accepted(name, get(line), request -> assertEquals(client, clientOf(request)), "GET /"));
    }

    /** Whom the proxy takes for the client, as it tells in whichever of the two lists it had to begin itself. */
    private static String clientOf(ReceivedRequest request) {
        String list = request.fields().value("x-forwarded-for");
        String other = request.fields().value("forwarded");
        assertNotNull(list);
        assertNotNull(other);
        assertTrue(list.endsWith("127.0.0.1"), list);
        assertTrue(other.endsWith("for=127.0.0.1;host=a;proto=http"), other);
        boolean isForwardedOurs = !other.contains("theirs");
        String ours = isForwardedOurs ? other.replaceAll("for=|;.*|\"", "") : list;
        return ours.replaceAll(",.*", "");
    }

    static Stream<Arguments> h1_26_listsOfATrustedProxy() {
        String peer = "127.0.0.1";
        var believed = Stream.of(
                Arguments.of("one", "X-Forwarded-For: 9.9.9.9", "9.9.9.9"),
                Arguments.of("a lie in front", "X-Forwarded-For: 6.6.6.6, 9.9.9.9", "9.9.9.9"),
                Arguments.of("junk in front", "X-Forwarded-For: junk, 9.9.9.9, 10.0.0.1", "9.9.9.9"),
                Arguments.of("50 trusted hops", "X-Forwarded-For: " + hops(50), "10.0.0.0"),
                Arguments.of("with a port", "X-Forwarded-For: 9.9.9.9:80", "9.9.9.9"),
                Arguments.of("Forwarded", "Forwarded: for=6.6.6.6;by=theirs, for=9.9.9.9", "9.9.9.9"));
        var unbelieved = Stream.of(
                        "X-Forwarded-For: 6.6.6.6, junk",
                        "X-Forwarded-For: 6.6.6.6, unknown",
                        "X-Forwarded-For: " + hops(51),
                        "X-Forwarded-For: 6.6.6.6, 300.0.0.1",
                        "X-Forwarded-For: 6.6.6.6, [::1",
                        "X-Forwarded-For: 6.6.6.6, 10.0.0.1, \u00ff",
                        "Forwarded: for=6.6.6.6;by=theirs, for=unknown",
                        "Forwarded: for=6.6.6.6, for=\"[::1]:0",
                        "Forwarded: for=6.6.6.6, junk")
                .map(line -> Arguments.of(line, line, peer));
        return Stream.concat(believed, unbelieved);
    }

    private static String hops(int count) {
        return IntStream.range(0, count).mapToObj(i -> "10.0.0." + i).collect(Collectors.joining(", "));
    }
}
