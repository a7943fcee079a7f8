package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends that one side must see, found by simulation. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class VisibleBreakIT {
    /** RFC 9112 §8: where the end of the connection ends the body, an orderly one says that the body is complete. */
    @Test
    void stoppingTheProxyDoesNotMakeAHalfBodyLookWhole() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊half-␍␊");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxyHarness.start(ProxySetup.before(origin).yaml());
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.0␍␊Host: a␍␊␍␊");
            client.readHead();
            client.expectBytes("half-");
            proxy.stop();
            client.expectReset();
        }
    }

    @Test
    void requestsBehindAnAnswerThatTheirClientRefusedAreNotServed() {
        var isGone = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("late"))
                        .on("/first", exchange -> {
                            exchange.await(isGone);
                            exchange.respond(200, "a".repeat(100_000));
                        });
                var proxy = ProxyHarness.start(ProxySetup.before(origin).yaml())) {
            try (var client = proxy.connect()) {
                client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊GET /second HTTP/1.1␍␊Host: a␍␊␍␊");
                origin.awaitRequest(0);
                client.reset();
            }
            isGone.countDown();
            proxy.awaitBuffersReturned();
            assertEquals(1, origin.requests().size());
        }
    }
}
