package dev.headgate.attack;

import static dev.headgate.testkit.h2.Codes.INTERNAL_ERROR;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is under way over HTTP/2 while others use all memory up: it is whole, or visibly broken off. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2MemoryAttackIT {
    private static final int STREAMS = 10;
    private static final String LONG = "a".repeat(3_000);

    private final CountDownLatch release = new CountDownLatch(1);

    private static ProxyHarness proxyBefore(ProxySetup setup) {
        return setup.top("limits: {memory: 21MiB, connectionsPerPrefix: 5000}")
                .listener("limits: {bufferBytes: 4KiB}")
                .listener("protocols: [h2, http/1.1]")
                .start();
    }

    private static int id(int index) {
        return 2 * index + 1;
    }

    @ThreatRow(
            value = "DOS-08",
            outcome =
                    "a response by HTTP/2 that finds no buffer is reset with INTERNAL_ERROR, and never ends as if it were whole")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊␍␊",
                "Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊X: y␍␊␍␊",
                "Content-Length: 5␍␊␍␊hello"
            })
    void dos_08_responseThatFindsNoBufferIsBrokenOff(String answer) {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.await(release);
                    exchange.send("HTTP/1.1 200 OK␍␊" + answer);
                });
                var proxy = proxyBefore(ProxySetup.before(origin));
                var crowd = new Crowd(proxy, release);
                var client = Http2Peer.connect(proxy.port()).greet(Frames.INITIAL_WINDOW_SIZE, 0)) {
            for (int i = 0; i < STREAMS; i++) {
                client.get(id(i), "/");
            }
            Await.until("all are at the origin", () -> origin.requests().size() == STREAMS);
            crowd.useUpMemory();
            release.countDown();
            for (int i = 0; i < STREAMS; i++) {
                client.expectReset(id(i), INTERNAL_ERROR);
            }
            proxy.awaitEndedBy(Cause.OVERLOADED, STREAMS);
        }
    }

    /** A call by gRPC has its status in them. */
    @ThreatRow("DOS-08")
    @Test
    void dos_08_trailersThatFindNoBufferAreNotLeftOut() {
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    int id = peer.request().streamId();
                    peer.head(id, 0, 200);
                    peer.content(id, Wire.bytes("hello"), 0);
                    Await.open("the memory is used up", release);
                    peer.trailers(id, "x", LONG);
                    peer.awaitEnd();
                });
                var proxy = proxyBefore(ProxySetup.before(origin.address()).upstream("protocol: h2"));
                var crowd = new Crowd(proxy, release);
                var client = Http2Peer.connect(proxy.port()).greet(Frames.INITIAL_WINDOW_SIZE, 0)) {
            client.send(Frames.request(1, FieldBlock.get("/", "te", "trailers")))
                    .awaitHead(1);
            crowd.useUpMemory();
            release.countDown();
            client.expectReset(1, INTERNAL_ERROR);
            proxy.awaitEndedBy(Cause.OVERLOADED, 1);
        }
    }

    /** Clients that send heads without an end, until no buffer is left. */
    private static final class Crowd implements AutoCloseable {
        private static final int BUFFER_BYTES_MAX = 32 << 10;
        private static final int BUFFER_BYTES_MIN = 4 << 10;

        private final ProxyHarness proxy;
        private final CountDownLatch release; // of what waits elsewhere
        private final List<RawClient> clients = new ArrayList<>();

        Crowd(ProxyHarness proxy, CountDownLatch release) {
            this.proxy = proxy;
            this.release = release;
        }

        /** The large buffers go first. */
        void useUpMemory() {
            for (int bytes = BUFFER_BYTES_MAX; bytes >= BUFFER_BYTES_MIN; bytes /= 2) {
                String line = "X: " + "a".repeat(995) + "␍␊";
                byte[] head = Wire.bytes("GET / HTTP/1.1␍␊Host: a␍␊" + line.repeat(bytes * 3 / 4 / 1000));
                int refused = 0; // in a row, for one can be seen late
                while (refused < 3) {
                    refused = isHeld(head) ? 0 : refused + 1;
                }
            }
        }

        private boolean isHeld(byte[] head) {
            long read = proxy.bytesRead();
            long abortsBefore = aborts();
            var client = proxy.connect();
            clients.add(client);
            client.trySend(head);
            Await.until(
                    "it is held, or has found no buffer",
                    () -> proxy.bytesRead() >= read + head.length || aborts() > abortsBefore);
            return aborts() == abortsBefore;
        }

        private long aborts() {
            return proxy.metrics().loops().getFirst().budgetAborts();
        }

        @Override
        public void close() {
            release.countDown();
            clients.forEach(RawClient::close);
        }
    }
}
