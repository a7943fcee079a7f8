package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Expect: 100-continue} (RFC 9110 §10.1.1) between clients that wait and origins that take or refuse. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ExpectContinueIT {
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 5␍␊␍␊";
    private static final String ENDLESS_WAIT = "timeouts: {expectContinue: 60s}"; // longer than a test has time

    private static void awaitHead(ScriptedOrigin origin, int index) {
        Await.until("head " + index, () -> origin.requests().size() > index);
    }

    @ThreatRow("H1-21")
    @Test
    void h1_21_clientIsToldToContinueWhenTheOriginIs() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 100 Continue␍␊␍␊");
                    exchange.respond(200, exchange.readContent());
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(POST)) {
            assertEquals(100, client.readHead().status());
            var response = client.send("hello").expectStatus(200);
            assertEquals("hello", response.text());
            assertEquals(List.of(), response.interimStatuses());
        }
    }

    @ThreatRow("H1-21")
    @Test
    void h1_21_proxyTellsTheClientWhenTheOriginKeepsSilent() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {expectContinue: 50ms}")
                        .start();
                var client = proxy.connect().send(POST)) {
            assertEquals(100, client.readHead().status());
            assertEquals("hello", client.send("hello").expectStatus(200).text());
        }
    }

    @ThreatRow(
            value = "H1-21",
            advisory = "Go CVE-2024-24791",
            outcome = "a refusal passes, and the upstream connection is not used again")
    @ParameterizedTest
    @ValueSource(ints = {401, 413, 417})
    void h1_21_refusalReachesTheClientWithoutABody(int status) {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 " + status + " No␍␊Content-Length: 2␍␊␍␊no");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(POST)) {
            var response = client.expectStatus(status);
            assertEquals(List.of(), response.interimStatuses());
            assertFalse(origin.lastRequest().isComplete());
            Await.until(
                    "the half-used connection is given up",
                    () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    @ThreatRow("H1-21")
    @Test
    void h1_21_finalAnswerWithoutContinueReachesTheClient() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊ok");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(POST)) {
            assertEquals("ok", client.expectStatus(200).text());
        }
    }

    /** Content that is here when the head goes out makes the expectation void; the second request finds an idle connection. */
    @ThreatRow("H1-21")
    @Test
    void h1_21_bodyThatDoesNotWaitIsForwarded() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).listener(ENDLESS_WAIT).start();
                var client = proxy.connect()) {
            for (String content :
                    List.of("Content-Length: 5␍␊␍␊hello", "Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊␍␊")) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊" + content);
                var response = client.expectStatus(200);
                assertEquals("hello", response.text());
                assertEquals(List.of(), response.interimStatuses());
                assertFalse(response.announcesClose());
                assertFalse(origin.lastRequest().fields().has("expect"));
            }
        }
    }

    /** A byte of content is enough, and be it of its framing. */
    @ThreatRow("H1-21")
    @Test
    void h1_21_clientThatHasWaitedLongEnoughIsNotKeptWaiting() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).listener(ENDLESS_WAIT).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Transfer-Encoding: chunked␍␊␍␊");
            awaitHead(origin, 0);
            assertEquals("100-continue", origin.lastRequest().fields().value("expect"));
            client.send("5").send("␍␊hello␍␊0␍␊␍␊");
            var response = client.expectStatus(200);
            assertEquals("hello", response.text());
            assertEquals(List.of(), response.interimStatuses());
        }
    }

    @ThreatRow("H1-21")
    @Test
    void h1_21_bodyThatDoesNotWaitIsForwardedByAFurtherAttempt() {
        try (var broken = ScriptedOrigin.start().otherwise(OriginExchange::reset);
                var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(broken, origin)
                        .listener(ENDLESS_WAIT)
                        .upstream("balance: round-robin")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) { // One of the two meets the broken origin first.
                client.send(POST.replace("POST", "PUT"));
                awaitHead(origin, i);
                assertEquals("hello", client.send("hello").expectStatus(200).text());
            }
            assertFalse(broken.requests().isEmpty());
        }
    }

    /** The content is behind the head for sure, so where the next request begins is known. */
    @ThreatRow("H1-21")
    @Test
    void h1_21_refusalOfABodyThatIsHereKeepsTheConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{respond: {status: 403}}")
                        .start();
                var client = proxy.connect()) {
            client.send(POST + "hel").expectStatus(403);
            client.send("lo" + POST + "hello").expectStatus(403);
            origin.assertReceivedNothing();
        }
    }

    @ThreatRow("H1-21")
    @Test
    void h1_21_answeringRouteRefusesWithoutAskingForTheBody() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{respond: {status: 403}}")
                        .start();
                var client = proxy.connect().send(POST)) {
            assertEquals(List.of(), client.expectStatus(403).interimStatuses());
        }
    }

    @ThreatRow("H1-21")
    @Test
    void h1_21_expectationOfAnHttp10ClientIsIgnored() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.0␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 5␍␊␍␊hello");
            assertEquals(List.of(), client.expectStatus(200).interimStatuses());
        }
    }

    /** Refused instead of told to continue, a client may send its content or its next request: nobody can tell which. */
    @ThreatRow("H1-21")
    @Test
    void h1_21_unreadBodyBehindAnUnansweredExpectationEndsTheConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{match: {path: /no}, respond: {status: 403}}")
                        .route("{to: app}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST /no HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 36␍␊␍␊");
            assertTrue(client.expectStatus(403).announcesClose());
            client.trySend(Wire.bytes("GET /first HTTP/1.1␍␊Host: a␍␊␍␊".repeat(2)));
            client.readToEndOrReset();
            origin.assertReceivedNothing();
        }
    }
}
