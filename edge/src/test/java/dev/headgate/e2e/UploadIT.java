package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose body is still on its way when something happens. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class UploadIT {
    private static final String GET = "GET /next HTTP/1.1␍␊Host: a␍␊␍␊";

    @Test
    void bodyReachesTheOriginAsItComes() {
        var firstHalf = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent(5);
                    firstHalf.countDown();
                    exchange.respond(200, exchange.readContent());
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊first");
            Await.open("the first half at the origin", firstHalf);
            assertEquals("after", client.send("after").expectStatus(200).text());
        }
    }

    @ThreatRow(value = "U-12", outcome = "the response passes at once")
    @Test
    void u_12_earlyResponseReachesTheClientAtOnce() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent(10);
                    exchange.send("HTTP/1.1 413 Too Large␍␊Content-Length: 3␍␊␍␊big");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 1000000␍␊␍␊0123456789");
            assertEquals("big", client.expectStatus(413).text());
        }
    }

    @ThreatRow("U-12")
    @Test
    void u_12_originThatAnswersAndClosesDuringALongUploadIsHeard() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent(10 * 1024);
                    exchange.send("HTTP/1.1 413 Too Large␍␊Connection: close␍␊Content-Length: 3␍␊␍␊big");
                    exchange.halfClose();
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 8000000␍␊␍␊");
            Thread.ofVirtual().start(() -> client.trySend(new byte[8_000_000]));
            assertEquals("big", client.expectStatus(413).text());
        }
    }

    @ThreatRow(value = "H1-19", outcome = "an upstream connection with an unfinished request is not used again")
    @Test
    void h1_19_connectionWithAnUnfinishedRequestIsNotUsedAgain() {
        try (var origin = ScriptedOrigin.start().on("/early", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 5␍␊␍␊early");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET /early HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊01234");
            assertEquals("early", client.expectStatus(200).text());
            try (var other = proxy.connect().send(GET)) {
                other.expectStatus(200);
            }
            assertNotEquals(0, origin.lastRequest().connection());
        }
    }

    @Test
    void earlyResponseWithACompletedUploadKeepsBothConnections() {
        var answered = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/early", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 5␍␊␍␊ear");
                    answered.countDown();
                    exchange.readContent();
                    exchange.send("ly");
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST /early HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊01234");
            Await.open("the first part of the answer", answered);
            assertEquals("early", client.send("56789").expectStatus(200).text());
            assertEquals("scripted origin", client.send(GET).expectStatus(200).text());
            assertEquals(1, origin.connections().size());
        }
    }

    @ThreatRow(value = "U-14", outcome = "the request upstream is cancelled")
    @Test
    void u_14_clientThatResetsWhileWaitingCancelsTheUpstreamRequest() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(GET)) {
            origin.awaitRequest(0);
            client.reset();
            Await.until(
                    "the request is cancelled",
                    () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    @ThreatRow("U-14")
    @Test
    void u_14_clientThatResetsDuringTheUploadCancelsTheUpstreamRequest() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊01234")) {
            Await.until("the head at the origin", () -> origin.requests().size() == 1);
            client.reset();
            Await.until(
                    "the request is cancelled",
                    () -> origin.connections().getFirst().isEndedByPeer());
            assertFalse(origin.lastRequest().isComplete());
        }
    }

    @ThreatRow("U-14")
    @Test
    void u_14_clientThatResetsDuringTheResponseCancelsTheUpstreamRequest() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊");
                    byte[] chunk = Wire.bytes("400␍␊" + "a".repeat(1024) + "␍␊");
                    while (true) {
                        exchange.send(chunk);
                    }
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(GET)) {
            client.readHead();
            client.reset();
            Await.until(
                    "the request is cancelled",
                    () -> origin.connections().getFirst().isEnded());
        }
    }

    @Test
    void clientThatEndsInTheMiddleOfItsBodyIsNoCompleteRequest() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊01234")) {
            client.halfClose();
            Await.until(
                    "the request is given up",
                    () -> origin.connections().size() == 1
                            && origin.connections().getFirst().isEndedByPeer());
            assertFalse(origin.lastRequest().isComplete());
        }
    }

    @ThreatRow(
            value = "U-04",
            outcome = "a client that only ends its side still gets its response; by configuration it is given up")
    @Test
    void u_04_clientThatEndsItsSideAfterTheRequestStillGetsTheResponse() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "patience");
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(GET).halfClose()) {
            origin.awaitRequest(0);
            go.countDown();
            assertEquals("patience", client.expectStatus(200).text());
            client.expectClosed();
        }
    }

    @Test
    void halfHeadThenEndIsJustClosed() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send("GET / HTTP/1.1␍␊Ho").halfClose()) {
            client.readToEnd();
            origin.assertReceivedNothing();
        }
    }

    @Test
    void shortUnreadBodyIsDrainedAndTheConnectionUsedAgain() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{match: {path: /no}, respond: {status: 403}}")
                        .route("{to: app}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST /no HTTP/1.1␍␊Host: a␍␊Content-Length: 10000␍␊␍␊").send(new byte[10_000]);
            client.expectStatus(403);
            assertEquals("scripted origin", client.send(GET).expectStatus(200).text());
        }
    }

    @Test
    void refusalReachesAClientThatIsStillSending() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{respond: {status: 403, body: no}}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 4000000␍␊␍␊");
            client.trySend(new byte[4_000_000]);
            assertEquals("no", client.expectStatus(403).text());
        }
    }

    @Test
    void originThatStopsReadingHoldsTheClientBack() {
        var go = new CountDownLatch(1);
        byte[] body = new byte[9_000_000];
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.await(go);
                    exchange.respond(200, Integer.toString(exchange.readContent().length));
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + body.length + "␍␊␍␊");
            var sender = Thread.ofVirtual().start(() -> client.send(body));
            Await.until("the head at the origin", () -> origin.requests().size() == 1);
            go.countDown();
            assertEquals(Integer.toString(body.length), client.expectStatus(200).text());
            Await.until("everything sent", () -> !sender.isAlive());
        }
    }

    @Test
    void aRequestWithLengthZeroIsCompleteWhileItsOriginIsConnected() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok("done"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊").expectStatus(200);
            }
            assertEquals(1, origin.connections().size());
        }
    }

    @ThreatRow("U-04")
    @Test
    void u_04_halfCloseGivesTheExchangeUpWhenSaidSo() {
        try (var origin = ScriptedOrigin.start().on("/held", OriginScript.stall());
                var proxy = ProxySetup.before(origin)
                        .listener("http1: {halfClose: abort}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET /held HTTP/1.1␍␊Host: a␍␊␍␊");
            origin.awaitRequest(0);
            client.halfClose();
            client.readToEndOrReset();
        }
    }
}
