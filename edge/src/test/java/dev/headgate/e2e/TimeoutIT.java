package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that keep silent or drip: each wait has its configured end. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TimeoutIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    @Test
    void halfHeadIs408() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {header: 200ms}")
                        .start();
                var client = proxy.connect()) {
            var response = client.send("GET / HTTP/1.1␍␊Ho").expectStatus(408);
            assertTrue(response.announcesClose());
            client.expectClosed();
            origin.assertReceivedNothing();
        }
    }

    @Test
    void connectionThatNeverSendsIsClosed() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {header: 200ms}")
                        .start();
                var client = proxy.connect()) {
            client.readToEnd();
        }
    }

    @Test
    void idleKeepAliveConnectionIsClosedWithoutAWord() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {keepAlive: 200ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.expectClosed();
        }
    }

    @Test
    void secondHeadOfAConnectionHasItsOwnTimeout() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {header: 200ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send("GET / HT").expectStatus(408);
        }
    }

    @Test
    void silenceWithinARequestBodyIs408() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {bodyIdle: 200ms}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊01234").expectStatus(408);
            client.expectEnd();
            Await.until(
                    "the request is cancelled",
                    () -> origin.connections().getFirst().isEndedByPeer());
            assertFalse(origin.lastRequest().isComplete());
        }
    }

    @Test
    void requestBodyBelowTheLeastSpeedIs408() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("bodyRate: {bytesPerSecond: 100000B, grace: 200ms}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 1000000␍␊␍␊");
            Thread.ofVirtual().start(() -> drip(client));
            client.expectStatus(408);
        }
    }

    @Test
    void originThatNeverAnswersIs504() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = ProxySetup.before(origin)
                        .upstream("timeouts: {firstByte: 200ms}")
                        .start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(504);
            assertEquals(
                    "headgate; error=http_response_timeout", response.fields().value("proxy-status"));
            Await.until(
                    "the connection is given up",
                    () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    @Test
    void originThatDripsItsHeadIs504() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊X: ");
                    while (true) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                        exchange.send("a");
                    }
                });
                var proxy = ProxySetup.before(origin)
                        .upstream("timeouts: {firstByte: 200ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
        }
    }

    @Test
    void silenceWithinAResponseBodyIsAVisibleEnd() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixedThenStall("HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊half"));
                var proxy = ProxySetup.before(origin)
                        .upstream("timeouts: {bodyIdle: 200ms}")
                        .start();
                var client = proxy.connect()) {
            var response = client.send(GET).readResponseToAnyEnding();
            assertEquals("half", response.text());
            assertNotEquals(Response.Ending.COMPLETE, response.ending());
            Await.until(
                    "the connection is given up",
                    () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    @Test
    void routeBoundsTheWholeExchange() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = ProxySetup.before(origin)
                        .route("{to: app, timeouts: {request: 200ms}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
        }
    }

    @Test
    void slowTryIsFollowedByOneOnAnotherEndpoint() {
        try (var slow = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(slow, origin)
                        .upstream("balance: round-robin")
                        .upstream("retry: {attempts: 2, perTry: 200ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            assertTrue(slow.requests().size() >= 1);
        }
    }

    @Test
    void clientThatStopsReadingIsAborted() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 1000000000␍␊␍␊");
                    byte[] piece = new byte[64 * 1024];
                    while (true) {
                        exchange.send(piece);
                    }
                });
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {sendStall: 300ms}")
                        .start();
                var client = proxy.connect().send(GET)) {
            client.readHead();
            Await.until(
                    "the origin is cancelled",
                    () -> origin.connections().getFirst().isEnded());
        }
    }

    /** Sends single bytes for as long as the connection takes them. */
    private static void drip(RawClient client) {
        byte[] one = Wire.bytes("a");
        while (client.trySend(one)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
