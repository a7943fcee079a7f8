package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.peer.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long connections last, each a little shorter than the others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolLifeIT {
    private static final Duration A_MOMENT = Duration.ofMillis(200); // more than two ticks of the timers
    private static final long LEAST = 0; // bits of chance
    private static final long MOST = -1;

    private static long open(ProxyHarness proxy) {
        var endpoint = proxy.metrics().endpoints().values().iterator().next();
        return endpoint.connectionsOpened() - endpoint.connectionsClosed();
    }

    private static void pass(SteeredIo io, ProxyHarness proxy, Duration time) {
        io.pass(time);
        long cycles = proxy.cycles();
        Await.until("the timers are looked at", () -> {
            io.pass(Duration.ZERO); // wakes the loop, which may sleep for long
            return proxy.cycles() > cycles + 1;
        });
    }

    private static String get(int path) {
        return "GET /" + path + " HTTP/1.1␍␊Host: a␍␊␍␊";
    }

    @ParameterizedTest
    @CsvSource({
        // bits, jitter, how long an idle connection stays with a limit of ten seconds
        LEAST + ", 20%, 10s",
        MOST + ", 20%, 8s",
        MOST + ", 0%, 10s",
        MOST + ", 100%, 0s",
        LEAST + ", 100%, 10s",
    })
    void idleConnectionIsClosedWhenItsOwnTimeIsOver(long bits, String jitter, String after) {
        var io = new SteeredIo().frozen().drawing(bits);
        Duration life = Duration.parse("PT" + after);
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {jitter: " + jitter + "}, timeouts: {poolIdle: 10s}")
                        .start(io);
                var client = proxy.connect()) {
            client.send("GET /free HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            if (life.compareTo(A_MOMENT) > 0) {
                pass(io, proxy, life.minus(A_MOMENT));
                assertEquals(1, open(proxy));
            }
            io.pass(A_MOMENT.plus(A_MOMENT));
            Await.until("it is closed", () -> open(proxy) == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // how long an idle connection stays, where it may be a minute old at the most and idle for an hour
        LEAST + ", 60s",
        MOST + ", 54s",
    })
    void idleConnectionThatIsTooOldIsClosed(long bits, String after) {
        var io = new SteeredIo().frozen().drawing(bits);
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {age: 1m}, timeouts: {poolIdle: 1h}")
                        .start(io);
                var client = proxy.connect()) {
            client.send("GET /free HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            pass(io, proxy, Duration.parse("PT" + after).minus(A_MOMENT));
            client.send("GET /free HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals(1, origin.connections().size());
            io.pass(A_MOMENT.plus(A_MOMENT));
            Await.until("it is closed", () -> open(proxy) == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({LEAST + ", 10s", MOST + ", 9s"})
    void soIsOneByHttp2(long bits, String after) {
        var io = new SteeredIo().frozen().drawing(bits);
        try (var origin = Http2Origin.start(
                        Script.serving((peer, request) -> peer.respond(request.streamId(), 200, "hi")));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2, timeouts: {poolIdle: 10s}")
                        .start(io);
                var client = proxy.connect()) {
            client.send(get(1)).expectStatus(200);
            pass(io, proxy, Duration.parse("PT" + after).minus(A_MOMENT));
            assertEquals(1, open(proxy));
            io.pass(A_MOMENT.plus(A_MOMENT));
            Await.until("it is closed", () -> open(proxy) == 0);
        }
    }

    @Test
    void idleConnectionByHttp2ThatIsTooOldIsClosed() {
        var io = new SteeredIo().frozen().drawing(MOST);
        try (var origin = Http2Origin.start(
                        Script.serving((peer, request) -> peer.respond(request.streamId(), 200, "hi")));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2, pool: {age: 1m}, timeouts: {poolIdle: 1h}")
                        .start(io);
                var client = proxy.connect()) {
            client.send(get(1)).expectStatus(200);
            pass(io, proxy, Duration.ofSeconds(54).minus(A_MOMENT));
            client.send(get(1)).expectStatus(200);
            assertEquals(1, origin.connections());
            io.pass(A_MOMENT.plus(A_MOMENT));
            Await.until("it is closed", () -> open(proxy) == 0);
        }
    }

    /** By chance as it comes: that all of thirty would draw the same second of ten is out of the question. */
    @Test
    void connectionsOpenedTogetherDoNotCloseTogether() {
        int count = 30;
        var io = new SteeredIo().frozen();
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {jitter: 100%}, timeouts: {poolIdle: 10s}")
                        .start(io)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(proxy.connect().send(get(i)));
            }
            for (int i = 0; i < count; i++) {
                origin.awaitArrived("/" + i);
            }
            for (int i = 0; i < count; i++) {
                origin.answer("/" + i);
                clients.get(i).expectStatus(200);
                clients.get(i).close();
            }
            int seconds = 0; // in which some were closed
            for (int i = 0; i < 10; i++) {
                long before = open(proxy);
                pass(io, proxy, Duration.ofSeconds(1));
                seconds += open(proxy) < before ? 1 : 0;
            }
            int spread = seconds;
            assertTrue(spread > 1, () -> "seconds=" + spread);
            io.pass(A_MOMENT);
            Await.until("all are closed", () -> open(proxy) == 0);
        }
    }
}
