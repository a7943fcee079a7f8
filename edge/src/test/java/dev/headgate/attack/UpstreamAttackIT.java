package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong at origins, before a proxy whose configuration names addresses and nothing else: who is told, and who is asked again. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UpstreamAttackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int REPLAY_MAX = 64 * 1024;

    private static void assertNextRequestSucceeds(ProxyHarness proxy) {
        try (var next = proxy.connect()) {
            next.send(GET).expectStatus(200);
        }
    }

    @ThreatRow(
            value = "U-03",
            outcome = "cut off visibly, counted as the origin's failure; the origin sees the request once")
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked", "X: none"})
    void u_03_resetWithinAResponseIsSeen(String framing) {
        var received = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/cut", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊" + framing + "␍␊␍␊5␍␊hello␍␊");
                    exchange.await(received);
                    exchange.reset();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET /cut HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals(200, client.readHead().status());
            received.countDown();
            client.readToEndOrReset();
            String whole = new String(client.received(), StandardCharsets.ISO_8859_1);
            assertFalse(whole.endsWith("0\r\n\r\n"), whole);
            assertEquals(List.of("GET /cut"), origin.requestLines());
            Await.until(
                    "the failure is counted",
                    () -> proxy.exchangesEndedBy(Cause.UPSTREAM_TRUNCATED)
                                    + proxy.exchangesEndedBy(Cause.UPSTREAM_RESET)
                            == 1);
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow(value = "U-04", outcome = "an origin that ends its side before the answer: 502")
    @Test
    void u_04_originThatEndsItsSideWithoutAnAnswerIs502() {
        try (var origin = ScriptedOrigin.start().on("/end", exchange -> {
                    exchange.readContent();
                    exchange.halfClose();
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST /end HTTP/1.1␍␊Host: a␍␊Content-Length: 2␍␊␍␊hi").expectStatus(502);
            assertEquals(List.of("POST /end"), origin.requestLines());
            Await.until(
                    "the origin's connection ends",
                    () -> origin.connections().getFirst().isEndedByPeer());
            client.send(GET).expectStatus(200);
        }
    }

    @ThreatRow(value = "U-08", outcome = "each endpoint is tried once, three at the most, then 502")
    @Test
    void u_08_allDownIsToldAtOnce() {
        try (var first = RefusingPort.open();
                var second = RefusingPort.open();
                var third = RefusingPort.open();
                var fourth = RefusingPort.open();
                var proxy = ProxySetup.before(first.address(), second.address(), third.address(), fourth.address())
                        .start();
                var client = proxy.connect()) {
            for (int i = 1; i <= 3; i++) {
                client.send(GET).expectStatus(502);
                assertEquals(3L * i, attempts(proxy));
            }
        }
    }

    @ThreatRow(
            value = "U-09",
            outcome = "the origins see at most 1.2 attempts for each request, and 30 more: ten seconds of 3 per second")
    @Test
    void u_09_retriesOfAStormAreBudgeted() {
        int requests = 500;
        long beginNs = System.nanoTime();
        try (var first = ScriptedOrigin.start().otherwise(OriginScript.closeWithoutAnswer());
                var second = ScriptedOrigin.start().otherwise(OriginScript.closeWithoutAnswer());
                var proxy = ProxySetup.before(first, second)
                        .upstream("ejection: {failures: 0}") // Otherwise there is soon no other endpoint to try.
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < requests; i++) {
                client.send(GET).expectStatus(502);
            }
            int received = first.requests().size() + second.requests().size();
            long seconds = (System.nanoTime() - beginNs) / 1_000_000_000 + 1;
            assertTrue(received >= requests, () -> "received: " + received);
            assertTrue(received <= requests * 1.2 + 30 + 3 * seconds, () -> "received: " + received);
            assertTrue(proxy.metrics().upstreams().get("app").retriesRefused() > 0);
        }
    }

    @ThreatRow(value = "U-10", outcome = "502; the origin sees it once, though there is another")
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "LOCK", "X-UNKNOWN"})
    void u_10_whatMayHaveBeenActedOnIsNotSentAgain(String method) {
        try (var first = ScriptedOrigin.start().otherwise(OriginScript.closeWithoutAnswer());
                var second = ScriptedOrigin.start().otherwise(OriginScript.closeWithoutAnswer());
                var proxy = ProxySetup.before(first, second).start();
                var client = proxy.connect()) {
            client.send(method + " / HTTP/1.1␍␊Host: a␍␊Content-Length: 2␍␊␍␊hi")
                    .expectStatus(502);
            assertEquals(1, first.requests().size() + second.requests().size());
        }
    }

    @ThreatRow(value = "U-11", outcome = "with a body of up to 64 KiB, else 502")
    @ParameterizedTest
    @CsvSource({"-1, 200, 3", "0, 200, 3", "1, 502, 2"})
    void u_11_bodyIsSentAgainWhileItIsAtHand(int over, int status, int requests) {
        byte[] body = new byte[REPLAY_MAX + over];
        OriginScript oncePerConnection = exchange -> {
            byte[] received = exchange.readContent();
            if (exchange.indexOnConnection() == 0) {
                exchange.respond(200, Integer.toString(received.length));
            } else {
                exchange.reset();
            }
        };
        try (var origin = ScriptedOrigin.start().otherwise(oncePerConnection);
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send("PUT /again HTTP/1.1␍␊Host: a␍␊Content-Length: " + body.length + "␍␊␍␊")
                    .send(body);
            var response = client.expectStatus(status);
            assertEquals(requests, origin.requests().size());
            if (status == 200) {
                assertEquals(Integer.toString(body.length), response.text());
            }
        }
    }

    @ThreatRow(
            value = "U-13",
            outcome = "an echo longer than all buffers comes back whole, while it is still being sent")
    @Test
    void u_13_echoOfMoreThanAllBuffersComesBack() {
        int length = 32 << 20;
        try (var origin = ScriptedOrigin.start().on("/echo", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: " + length + "␍␊␍␊");
                    exchange.readContent(exchange.output());
                });
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: 32MiB}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST /echo HTTP/1.1␍␊Host: a␍␊Content-Length: " + length + "␍␊␍␊");
            var sender = Thread.ofVirtual().start(() -> client.trySend(new byte[length]));
            assertEquals(length, client.expectStatus(200).text().length());
            Await.until("all is sent", () -> !sender.isAlive());
            assertEquals(length, origin.awaitRequest(0).contentBytes());
            client.send(GET).expectStatus(200);
        }
    }

    @ThreatRow(value = "U-14", outcome = "counted as the client's doing, not as the endpoint's failure")
    @Test
    void u_14_clientThatLeavesIsNoFailureOfTheOrigin() {
        try (var origin = ScriptedOrigin.start().on("/stall", OriginScript.stall());
                var proxy = ProxySetup.before(origin).start()) {
            for (int i = 0; i < 3; i++) {
                int index = i;
                try (var client = proxy.connect().send("GET /stall HTTP/1.1␍␊Host: a␍␊␍␊")) {
                    origin.awaitRequest(index);
                    client.reset();
                }
                Await.until(
                        "the request is cancelled",
                        () -> origin.connections().get(index).isEndedByPeer());
            }
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 3);
            assertEquals(3, origin.requests().size());
            assertEquals(List.of(), failures(proxy));
            assertNextRequestSucceeds(proxy);
        }
    }

    private static List<String> failures(ProxyHarness proxy) {
        return proxy.errorLog().stream()
                .filter(line -> line.contains("event=upstream"))
                .toList();
    }

    private static long attempts(ProxyHarness proxy) {
        return proxy.metrics().endpoints().entrySet().stream()
                .map(Map.Entry::getValue)
                .mapToLong(endpoint -> endpoint.attempts())
                .sum();
    }

    @ThreatRow(value = "H1-32", outcome = "the log names what was cut off")
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9␍␊␍␊half", "Transfer-Encoding: chunked␍␊␍␊4␍␊half␍␊"})
    void h1_32_truncatedContentIsCounted(String rest) {
        try (var origin = ScriptedOrigin.start().on("/cut", OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊" + rest));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET /cut HTTP/1.1␍␊Host: a␍␊␍␊");
            assertNotEquals(
                    Response.Ending.COMPLETE, client.readResponseToAnyEnding().ending());
            proxy.awaitEndedBy(Cause.UPSTREAM_TRUNCATED, 1);
            assertEquals(1, origin.requests().size());
        }
    }
}
