package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadObserver.Phase;
import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.load.LoadRequest.BodyFraming;
import dev.headgate.bench.origin.FastOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator on real sockets, against the built-in origin. What is asserted does not depend on how fast either is. */
@Timeout(60)
@Tag("compiled")
class LoadGeneratorIT {
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

    private SocketAddress target() {
        return origin.address();
    }

    private LoadPlan closed(LoadRequest request, int connections) {
        return LoadPlan.closed(target(), request, connections).withTimes(Duration.ZERO, SHORT);
    }

    private static LoadResult run(LoadPlan plan) throws Exception {
        return LoadGenerator.ofProcess().run(plan, LoadObserver.NONE);
    }

    private static void assertFlawless(LoadResult result) {
        assertEquals(0, result.errorCount(), () -> result.errors() + " " + result.examples());
        assertTrue(result.totalRequests() > 0, "no answer");
    }

    @ParameterizedTest
    @CsvSource({"/0, 0", "/1, 1", "/1k, 1024", "/100k, 102400", "/3m, 3145728", "/chunked/0, 0", "/chunked/100k, 102400"
    })
    void everyAnswerOfAClosedLoopIsCountedWithItsContent(String path, long bytes) throws Exception {
        LoadResult result = run(closed(LoadRequest.get(path, bytes).verified(), 4));
        assertFlawless(result);
        assertEquals(origin.stats().requests(), result.totalRequests());
        assertEquals(4, origin.stats().connections());
        assertEquals(4, result.connectionsOpened());
        assertEquals(result.requests() * bytes, result.bodyBytes());
        assertEquals(result.requests(), result.latency().count());
        assertEquals(
                result.requests(),
                result.intervals().stream().mapToLong(IntervalSample::count).sum());
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, 0", "LENGTH, 1", "LENGTH, 1000000", "CHUNKED, 0", "CHUNKED, 16384", "CHUNKED, 1000000"})
    void contentOfRequestsArrivesWhole(BodyFraming framing, long bytes) throws Exception {
        LoadResult result = run(closed(LoadRequest.post("/1k", bytes, framing), 2));
        assertFlawless(result);
        assertEquals(origin.stats().requests(), result.totalRequests());
        assertEquals(bytes * result.totalRequests(), origin.stats().receivedBytes());
    }

    @Test
    void answersToHeadHaveNoContent() throws Exception {
        LoadResult result = run(closed(LoadRequest.get("/1m", 0).withMethod("HEAD"), 2));
        assertFlawless(result);
    }

    @Test
    void anOpenLoopSendsWhatIsOnItsTimetable() throws Exception {
        LoadPlan plan =
                closed(LoadRequest.get("/1k", 1024), 8).withRatePerSecond(1_000).withLoops(2);
        LoadResult result = run(plan);
        assertFlawless(result);
        assertEquals(100, origin.stats().requests());
        assertEquals(100, result.totalRequests());
        assertEquals(100, result.latency().count());
        assertEquals(100, result.sendDelay().count());
        assertEquals(8, origin.stats().connections());
    }

    @Test
    void warmUpDoesNotCount() throws Exception {
        LoadPlan plan = closed(LoadRequest.get("/1k", 1024), 2)
                .withRatePerSecond(1_000)
                .withTimes(Duration.ofMillis(60), Duration.ofMillis(40));
        LoadResult result = run(plan);
        assertFlawless(result);
        assertEquals(100, result.totalRequests());
        assertEquals(40, result.latency().count());
    }

    @Test
    void eachRequestHasAConnectionOfItsOwnIfThePlanSaysSo() throws Exception {
        LoadResult result = run(closed(LoadRequest.get("/1k", 1024), 4).withConnectionUse(ConnectionUse.PER_REQUEST));
        assertFlawless(result);
        assertEquals(result.totalRequests(), result.connectionsOpened());
        assertEquals(result.totalRequests(), origin.stats().connections());
    }

    @Test
    void idleConnectionsAreHeldWhileTheLoadGoesOnAndAnswerInTheEnd() throws Exception {
        LoadResult result = run(
                closed(LoadRequest.get("/1k", 1024), 2).withIdleConnections(250).withLoops(2));
        assertFlawless(result);
        assertEquals(new LoadResult.Idle(250, 0, 250), result.idle());
        assertEquals(252, origin.stats().connections());
        assertEquals(result.totalRequests() + 2 * 250, origin.stats().requests());
    }

    @Test
    void connectionsMayBeHeldIdleWithoutAnyLoad() throws Exception {
        LoadResult result = run(closed(LoadRequest.get("/1k", 1024), 0).withIdleConnections(10));
        assertEquals(new LoadResult.Idle(10, 0, 10), result.idle());
        assertEquals(20, origin.stats().requests());
        assertEquals(0, result.requests());
    }

    @Test
    void webSocketsAreHeldAndAMessageComesBackInTheEnd() throws Exception {
        LoadPlan plan = closed(LoadRequest.get("/ws", LoadRequest.ANY_LENGTH), 0)
                .withIdleConnections(250)
                .withIdleUse(LoadPlan.IdleUse.WEB_SOCKET);
        LoadResult result = run(plan.withLoops(2));
        assertEquals(
                new LoadResult.Idle(250, 0, 250),
                result.idle(),
                () -> result.examples().toString());
        assertEquals(250, origin.stats().connections());
        assertEquals(250, origin.stats().requests());
    }

    @Test
    void whatIsGrantedNoWebSocketIsNotOpened() throws Exception {
        LoadPlan plan = closed(LoadRequest.get("/1k", LoadRequest.ANY_LENGTH), 0)
                .withIdleConnections(2)
                .withIdleUse(LoadPlan.IdleUse.WEB_SOCKET);
        LoadResult result = run(plan);
        assertEquals(new LoadResult.Idle(0, 0, 0), result.idle());
        assertEquals("status: no WebSocket, but status 200", result.examples().getFirst());
    }

    @Test
    void slowSendersGetTheirAnswersByteByByte() throws Exception {
        LoadPlan plan = closed(LoadRequest.get("/1k", 1024), 1)
                .withRatePerSecond(10)
                .withSlowClients(new SlowClients(3, SlowClients.Kind.SENDING, "/1", Duration.ofMillis(1)))
                .withTimes(Duration.ofMillis(100), Duration.ofMillis(200));
        LoadResult result = run(plan);
        assertFlawless(result);
        assertTrue(result.slowAnswers() > 0);
        assertEquals(0, result.slowFailures());
        assertEquals(
                result.totalRequests() + result.slowAnswers(), origin.stats().requests());
    }

    @Test
    void slowReadersGetTheirAnswersPieceByPiece() throws Exception {
        LoadPlan plan = closed(LoadRequest.get("/1k", 1024), 1)
                .withRatePerSecond(10)
                .withSlowClients(new SlowClients(3, SlowClients.Kind.READING, "/20k", Duration.ofMillis(2)))
                .withTimes(Duration.ofMillis(100), Duration.ofMillis(200));
        LoadResult result = run(plan);
        assertFlawless(result);
        assertTrue(result.slowAnswers() > 0);
        assertEquals(0, result.slowFailures());
    }

    @Test
    void phasesFollowEachOther() throws Exception {
        List<Phase> phases = new ArrayList<>();
        LoadGenerator.ofProcess().run(closed(LoadRequest.get("/1", 1), 1).withIdleConnections(1), new LoadObserver() {
            @Override
            public void onPhase(Phase phase) {
                phases.add(phase);
            }
        });
        assertEquals(List.of(Phase.values()), phases);
    }

    @Test
    void steadyStateAllocatesNothing() throws Exception {
        LoadPlan plan =
                closed(LoadRequest.get("/1k", 1024), 16).withTimes(Duration.ofMillis(400), Duration.ofMillis(400));
        Garbage.assertNone(plan, LoadGeneratorIT::assertFlawless);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\r\nX: y", "a", "/a#b"})
    void aRequestThatNoServerTakesIsNotSent(String target) {
        assertThrows(IllegalArgumentException.class, () -> run(closed(LoadRequest.get(target, 0), 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no colon", "X : y", "Content-Length: 5", "X: y\r\n\r\nGET / HTTP/1.1"})
    void aFieldLineThatBreaksTheRequestIsNotSent(String line) {
        LoadRequest request = LoadRequest.post("/1", 3, BodyFraming.LENGTH).withFieldLines(List.of(line));
        assertThrows(IllegalArgumentException.class, () -> run(closed(request, 1)));
    }
}
