package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.AllocationMeter;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    private final Metrics metrics = new Metrics(3, 4, 2, 2);

    @Test
    void sumsAListenerOverItsLoops() {
        ListenerMetrics web = metrics.listener("web");
        web.onConnectionOpened(0);
        web.onConnectionOpened(2);
        web.onConnectionClosed(2);
        web.onConnectionRefused(1);
        web.onExchangeEnded(0, 200, 0, 400, 1_000, 1_500, 20);
        web.onExchangeEnded(2, 502, 3, 400, 100, 500, 40);
        web.onExchangeEnded(2, 0, 1, 10, 0, 100, 1);

        MetricsSnapshot.Listener seen = snapshot().listeners().get("web");
        assertEquals(2, seen.connectionsOpened());
        assertEquals(1, seen.connectionsClosed());
        assertEquals(1, seen.connectionsRefused());
        assertEquals(3, seen.exchanges().count());
        assertArrayEquals(new long[] {1, 0, 1, 0, 0, 1}, seen.exchanges().byStatusClass());
        assertArrayEquals(new long[] {1, 1, 0, 1}, seen.exchanges().byCause());
        assertEquals(810, seen.exchanges().bytesIn());
        assertEquals(1_100, seen.exchanges().bytesOut());
        assertEquals(2_100, seen.exchanges().durationSumUs());
        assertEquals(3, seen.durationUs().count());
        assertEquals(2, seen.overheadUs().countUpTo(20));
    }

    @Test
    void sumsARouteOverItsLoops() {
        RouteMetrics route = metrics.route("static");
        route.onExchangeEnded(0, 304, 0, 1, 2, 3);
        route.onExchangeEnded(1, 304, 2, 10, 20, 30);

        route.onFallback(0);
        route.onFallback(1);

        MetricsSnapshot.Route whole = Objects.requireNonNull(snapshot().routes().get("static"));
        MetricsSnapshot.Exchanges seen = whole.exchanges();
        assertEquals(2, whole.fallbacks());
        assertArrayEquals(new long[] {0, 0, 0, 2, 0, 0}, seen.byStatusClass());
        assertArrayEquals(new long[] {1, 0, 1, 0}, seen.byCause());
        assertEquals(11, seen.bytesIn());
        assertEquals(22, seen.bytesOut());
        assertEquals(33, seen.durationSumUs());
    }

    @Test
    void sumsAnUpstreamAndItsEndpoints() {
        UpstreamMetrics app = metrics.upstream("app");
        app.onRetry(0);
        app.onRetry(1);
        app.onRetryRefused(2);
        app.onHttp2Violation(0, 1);
        app.onHttp2Violation(2, 1);
        app.onAttemptEnded(1, 17);
        EndpointMetrics endpoint = metrics.endpoint("app", "10.0.0.11:8080");
        endpoint.onPoolMiss(0);
        endpoint.onConnectionOpened(0);
        endpoint.onPoolHit(0);
        endpoint.onPoolHit(1);
        endpoint.onConnectionClosed(0);
        endpoint.onAttemptStarted(0);
        endpoint.onAttemptStarted(1);
        endpoint.onAttemptEnded(0, 404, 300, 500);

        MetricsSnapshot seen = snapshot();
        assertEquals(2, seen.upstreams().get("app").retries());
        assertEquals(1, seen.upstreams().get("app").retriesRefused());
        assertArrayEquals(new long[] {0, 2}, seen.upstreams().get("app").byHttp2Violation());
        assertEquals(17, seen.upstreams().get("app").attemptDurationUs().quantile(1));
        MetricsSnapshot.Endpoint one = seen.endpoints().get(new Metrics.EndpointName("app", "10.0.0.11:8080"));
        assertEquals(2, one.attempts());
        assertEquals(1, one.attemptsInFlight());
        assertEquals(2, one.poolHits());
        assertEquals(1, one.poolMisses());
        assertEquals(1, one.connectionsOpened());
        assertEquals(1, one.connectionsClosed());
        assertArrayEquals(new long[] {0, 0, 0, 0, 1, 0}, one.byStatusClass());
        assertEquals(300, one.bytesSent());
        assertEquals(500, one.bytesReceived());
    }

    /** One that has come back may count beside the one that it was before, whose last requests are still under way. */
    @Test
    void rowOfAnEndpointGoesWithTheLastThatCountsInIt() {
        EndpointMetrics before = metrics.endpoint("app", "gone");
        before.onAttemptStarted(0);
        assertSame(before, metrics.endpoint("app", "gone"));
        metrics.dropEndpoint("app", "gone");
        assertEquals(1, endpointAttempts("gone"));
        metrics.dropEndpoint("app", "gone");
        assertFalse(snapshot().endpoints().containsKey(new Metrics.EndpointName("app", "gone")));
        metrics.dropEndpoint("app", "gone");
        metrics.endpoint("app", "gone");
        assertEquals(0, endpointAttempts("gone"), "a new one begins anew");
    }

    private long endpointAttempts(String endpoint) {
        return Objects.requireNonNull(snapshot().endpoints().get(new Metrics.EndpointName("app", endpoint)))
                .attempts();
    }

    @Test
    void keepsTheCountsOfANameAndTellsNamesApart() {
        assertSame(metrics.route("a"), metrics.route("a"));
        assertSame(metrics.endpoint("x", "a"), metrics.endpoint("x", "a"));
        metrics.endpoint("y", "a").onPoolHit(0);
        metrics.route("b");

        assertEquals(List.of("a", "b"), List.copyOf(snapshot().routes().keySet()));
        assertEquals(
                0,
                snapshot().endpoints().get(new Metrics.EndpointName("x", "a")).poolHits());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "99, 0", "100, 1", "199, 1", "200, 2", "499, 4", "500, 5", "599, 5", "600, 0", "-1, 0"})
    void sortsStatusesIntoClasses(int status, int expected) {
        assertEquals(expected, ExchangeCounters.statusClass(status));
    }

    @Test
    @Timeout(60)
    void losesNothingWhileEveryLoopCountsAndOneThreadReads() throws InterruptedException {
        int exchanges = 50_000;
        ListenerMetrics web = metrics.listener("web");
        Thread[] loops = new Thread[3];
        for (int i = 0; i < loops.length; i++) {
            int loop = i;
            loops[i] = Thread.ofPlatform().start(() -> {
                for (int n = 0; n < exchanges; n++) {
                    web.onConnectionOpened(loop);
                    web.onExchangeEnded(loop, 200, 0, 1, 2, n, 3);
                    web.onConnectionClosed(loop);
                }
            });
        }
        long before = 0;
        while (loops[0].isAlive() || loops[1].isAlive() || loops[2].isAlive()) {
            MetricsSnapshot.Listener seen = snapshot().listeners().get("web");
            assertTrue(seen.connectionsOpened() >= seen.connectionsClosed());
            assertTrue(seen.exchanges().count() >= before);
            before = seen.exchanges().count();
        }
        for (Thread loop : loops) {
            loop.join();
        }

        MetricsSnapshot.Listener seen = snapshot().listeners().get("web");
        assertEquals(3L * exchanges, seen.exchanges().count());
        assertEquals(3L * exchanges, seen.durationUs().count());
        assertEquals(6L * exchanges, seen.exchanges().bytesOut());
    }

    @Test
    void allocatesNothingOnceALoopHasItsRows() {
        ListenerMetrics web = metrics.listener("web");
        RouteMetrics route = metrics.route("static");
        UpstreamMetrics app = metrics.upstream("app");
        EndpointMetrics endpoint = metrics.endpoint("app", "a");
        Runnable exchanges = () -> {
            for (int i = 0; i < 100_000; i++) {
                endpoint.onPoolHit(1);
                endpoint.onAttemptEnded(1, 200, 400, 1_000);
                app.onAttemptEnded(1, i);
                route.onExchangeEnded(1, 200, 0, 400, 1_000, i);
                web.onExchangeEnded(1, 200, 0, 400, 1_000, i, 20);
            }
        };
        exchanges.run();
        AllocationMeter meter = AllocationMeter.start(Thread.currentThread().threadId());
        long overhead = meter.bytes();
        exchanges.run();

        assertTrue(meter.bytes() - overhead <= 2 * overhead, "bytes: " + (meter.bytes() - overhead));
    }

    private MetricsSnapshot snapshot() {
        return metrics.snapshot(List.of());
    }
}
