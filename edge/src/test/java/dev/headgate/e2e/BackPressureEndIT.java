package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages whose last bytes find the receiver's buffer full: the end comes without another byte to tell of it. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BackPressureEndIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int UPSTREAM_HIGH_WATERMARK_BYTES = 64 * 1024;

    @Test
    void responseWhoseLastBytesFillTheBufferEnds() {
        String body = "a".repeat(4000); // Reaches the high watermark together with the head.
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok(body));
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {bufferBytes: 4KiB}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(body, client.send(GET).expectStatus(200).text());
            }
            assertEquals(1, origin.connections().size());
        }
    }

    @Test
    void requestWhoseLastBytesFillTheBufferEnds() {
        byte[] body = new byte[UPSTREAM_HIGH_WATERMARK_BYTES - 64]; // Reaches the watermark together with the head.
        var io = new SteeredIo();
        io.upstream.openAt(UPSTREAM_HIGH_WATERMARK_BYTES);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.respond(200, Integer.toString(exchange.readContent().length));
                });
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {bodyIdle: 300ms, drain: 100ms}")
                        .start(io);
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + body.length + "␍␊␍␊")
                    .send(body);
            assertEquals(Integer.toString(body.length), client.expectStatus(200).text());
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.connections().size(), "the connection with the whole request is used again");
        }
    }

    @Test
    void pipelinedRequestsWaitWhileTheClientTakesNothing() {
        String body = "a".repeat(60_000);
        var io = new SteeredIo();
        io.downstream.close();
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok(body));
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {bufferBytes: 4KiB}")
                        .start(io);
                var client = proxy.connect()) {
            client.send(GET.repeat(20));
            origin.awaitRequest(0);
            io.downstream.openAt(4096);
            for (int i = 0; i < 20; i++) {
                assertEquals(body, client.expectStatus(200).text());
            }
        }
    }

    @Test
    void upstreamConnectionWithUnsentBytesIsGivenUpWithTheResponse() {
        var done = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/early", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 5␍␊␍␊early");
                    exchange.await(done); // Reads nothing, and keeps the connection open.
                });
                var proxy = ProxySetup.before(origin)
                        .upstream("pool: {connections: 1}, retry: {attempts: 1}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST /early HTTP/1.1␍␊Host: a␍␊Content-Length: 9000000␍␊␍␊");
            var sender = Thread.ofVirtual().start(() -> client.trySend(new byte[9_000_000]));
            assertEquals("early", client.expectStatus(200).text());
            Await.until("the permit is back", Duration.ofSeconds(3), () -> {
                try (var other = proxy.connect().send(GET)) {
                    return other.readResponse().status() == 200;
                }
            });
            done.countDown();
            Await.until("the upload has ended", () -> !sender.isAlive());
        }
    }
}
