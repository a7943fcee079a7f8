package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.load.LoadRequest.BodyFraming;
import dev.headgate.bench.origin.FastOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generator by HTTP/2 on real sockets, against the built-in origin. What is asserted does not depend on how fast either is. */
@Timeout(60)
@Tag("compiled")
class LoadGeneratorHttp2IT {
    private static final Duration SHORT = Duration.ofMillis(100);
    private FastOrigin origin;

    @BeforeEach
    void startOrigin() throws Exception {
        origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    }

    @AfterEach
    void stopOrigin() throws Exception {
        origin.close();
        assertTrue(origin.awaitTermination(Duration.ofSeconds(10)));
    }

    private LoadPlan closed(LoadRequest request, int connections, int streams) {
        return LoadPlan.closed(origin.address(), request, connections)
                .withHttp2Streams(streams)
                .withTimes(Duration.ZERO, SHORT);
    }

    private static LoadResult run(LoadPlan plan) throws Exception {
        return LoadGenerator.ofProcess().run(plan, LoadObserver.NONE);
    }

    private static void assertFlawless(LoadResult result) {
        assertEquals(0, result.errorCount(), () -> result.errors() + " " + result.examples());
        assertTrue(result.totalRequests() > 0, "no answer");
    }

    @ParameterizedTest
    @CsvSource({
        "/0, 0, 1",
        "/1, 1, 10",
        "/1k, 1024, 10",
        "/100k, 102400, 3",
        "/9m, 9437184, 2",
        "/chunked/0, 0, 10",
        "/chunked/100k, 102400, 10"
    })
    void everyAnswerOfAClosedLoopIsCountedWithItsContent(String path, long bytes, int streams) throws Exception {
        LoadResult result =
                run(closed(LoadRequest.get(path, bytes).verified(), 2, streams).withTimeout(Duration.ofSeconds(20)));
        assertFlawless(result);
        assertEquals(origin.stats().requests(), result.totalRequests());
        assertEquals(2, origin.stats().connections());
        assertEquals(2, result.connectionsOpened());
        assertEquals(result.requests() * bytes, result.bodyBytes());
        assertEquals(result.requests(), result.latency().count());
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, 0", "LENGTH, 1", "LENGTH, 5000000", "CHUNKED, 0", "CHUNKED, 16384", "CHUNKED, 1000000"})
    void contentOfRequestsArrivesWhole(BodyFraming framing, long bytes) throws Exception {
        LoadResult result = run(closed(LoadRequest.post("/1k", bytes, framing), 2, 4));
        assertFlawless(result);
        assertEquals(origin.stats().requests(), result.totalRequests());
        assertEquals(bytes * result.totalRequests(), origin.stats().receivedBytes());
    }

    @Test
    void answersToHeadHaveNoContent() throws Exception {
        assertFlawless(run(closed(LoadRequest.get("/1m", 0).withMethod("HEAD"), 2, 5)));
    }

    @Test
    void anOpenLoopSendsWhatIsOnItsTimetable() throws Exception {
        LoadPlan plan = closed(LoadRequest.get("/1k", 1024), 4, 5)
                .withRatePerSecond(1_000)
                .withLoops(2);
        LoadResult result = run(plan);
        assertFlawless(result);
        assertEquals(100, origin.stats().requests());
        assertEquals(100, result.totalRequests());
        assertEquals(100, result.latency().count());
        assertEquals(100, result.sendDelay().count());
        assertEquals(4, origin.stats().connections());
    }

    @Test
    void moreRequestsThanTheTargetTakesAtATimeWaitForTheirStreams() throws Exception {
        LoadResult result = run(closed(LoadRequest.get("/delay/5/1", 1), 1, 2_500));
        assertFlawless(result);
        assertEquals(1, origin.stats().connections());
        assertTrue(result.totalRequests() >= 2_500, () -> result.toString());
    }

    @Test
    void eachRequestHasAConnectionOfItsOwnIfThePlanSaysSo() throws Exception {
        LoadPlan plan = closed(LoadRequest.get("/1k", 1024), 4, 1).withConnectionUse(ConnectionUse.PER_REQUEST);
        LoadResult result = run(plan);
        assertFlawless(result);
        assertEquals(result.totalRequests(), result.connectionsOpened());
        assertEquals(result.totalRequests(), origin.stats().connections());
    }

    @Test
    void idleConnectionsAreHeldWhileTheLoadGoesOnAndAnswerInTheEnd() throws Exception {
        LoadResult result = run(closed(LoadRequest.get("/1k", 1024), 2, 10)
                .withIdleConnections(250)
                .withLoops(2));
        assertFlawless(result);
        assertEquals(new LoadResult.Idle(250, 0, 250), result.idle());
        assertEquals(252, origin.stats().connections());
        assertEquals(result.totalRequests() + 2 * 250, origin.stats().requests());
    }

    @Test
    void steadyStateAllocatesNothing() throws Exception {
        LoadPlan plan =
                closed(LoadRequest.get("/1k", 1024), 10, 10).withTimes(Duration.ofMillis(400), Duration.ofMillis(400));
        Garbage.assertNone(plan, LoadGeneratorHttp2IT::assertFlawless);
    }

    @Test
    void whatDoesNotFitTogetherIsNoPlan() {
        LoadPlan plan = closed(LoadRequest.get("/1k", 1024), 4, 1);
        assertThrows(IllegalArgumentException.class, () -> plan.withHttp2Streams(-1));
        assertThrows(IllegalArgumentException.class, () -> plan.withHttp2Streams(LoadPlan.HTTP2_STREAMS_MAX + 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> plan.withConnections(1_000).withHttp2Streams(1_001));
        assertThrows(
                IllegalArgumentException.class,
                () -> plan.withConnectionUse(ConnectionUse.PER_REQUEST).withHttp2Streams(2));
        SlowClients slow = new SlowClients(1, SlowClients.Kind.SENDING, "/1", Duration.ofMillis(1));
        assertThrows(IllegalArgumentException.class, () -> plan.withSlowClients(slow));
    }
}
