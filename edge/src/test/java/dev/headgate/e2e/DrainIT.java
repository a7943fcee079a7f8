package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stopping in good order: what is open ends well, nothing new begins. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class DrainIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What a closing connection waits for clients that do not close theirs, as these do not. */
    private static final String LINGER = "timeouts: {linger: 200ms}";

    @ThreatRow("L-04")
    @Test
    void l_04_idleConnectionsAreClosed() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var used = proxy.connect();
                var fresh = proxy.connect()) {
            used.send(GET).expectStatus(200);
            var drain = proxy.drain(LONG);
            used.expectClosed();
            fresh.expectEnd();
            Await.until("drained", () -> !drain.isAlive());
        }
    }

    @ThreatRow("L-04")
    @Test
    void l_04_requestInFlightIsFinishedAndItsConnectionClosed() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "finished");
                });
                var proxy = ProxySetup.before(origin).listener(LINGER).start();
                var idle = proxy.connect();
                var client = proxy.connect().send(GET)) {
            origin.awaitRequest(0);
            var drain = proxy.drain(LONG);
            // The idle connection's end shows that draining has begun.
            idle.expectEnd();
            go.countDown();
            var response = client.expectStatus(200);
            assertEquals("finished", response.text());
            assertTrue(response.announcesClose());
            client.expectClosed();
            Await.until("drained", () -> !drain.isAlive());
        }
    }

    @ThreatRow("L-04")
    @Test
    void l_04_newConnectionsAreRefused() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = ProxySetup.before(origin).start();
                var idle = proxy.connect();
                var client = proxy.connect().send(GET)) {
            origin.awaitRequest(0);
            proxy.drain(LONG);
            idle.expectEnd();
            assertThrows(AssertionError.class, () -> {
                try (var late = proxy.connect()) {
                    late.send(GET).expectStatus(200);
                }
            });
            client.reset();
        }
    }

    @ThreatRow("L-04")
    @Test
    void l_04_whatIsNotDoneInTimeIsCutOff() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(GET)) {
            origin.awaitRequest(0);
            var drain = proxy.drain(Duration.ofMillis(200));
            client.expectEnd();
            Await.until("drained", () -> !drain.isAlive());
            Await.until(
                    "the origin is released",
                    () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    @ThreatRow("L-04")
    @Test
    void l_04_uploadInFlightIsFinished() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).listener(LINGER).start();
                var idle = proxy.connect();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊first");
            Await.until("the head at the origin", () -> origin.requests().size() == 1);
            var drain = proxy.drain(LONG);
            idle.expectEnd();
            assertEquals("firstafter", client.send("after").expectStatus(200).text());
            Await.until("drained", () -> !drain.isAlive());
        }
    }
}
