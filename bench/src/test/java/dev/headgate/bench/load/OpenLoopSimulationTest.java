package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.io.Clock;
import dev.headgate.testkit.sim.FaultPlan;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimIo;
import dev.headgate.testkit.sim.Simulator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The open loop in virtual time, where an origin's answers come exactly when the test says. What is left open is how long the simulated threads
 * take to run: some microseconds, drawn from the seed.
 */
class OpenLoopSimulationTest {
    private static final long MS = 1_000_000;
    private static final long WAY_NS = 50_000;
    private static final long JITTER_NS = 150_000; // of threads: waking, cycles, on both ways
    private static final int RATE = 1_000;
    private static final InetSocketAddress ORIGIN = new InetSocketAddress("10.0.0.2", 80);

    /** Where every byte is under way for as long as any other. */
    private static final FaultPlan EVEN = new FaultPlan(
            WAY_NS, WAY_NS, 0, 0, 64 << 10, 64 << 10, 0, 0, 0, 0, false, 0, false, 0, 0, 0, 0, 10_000, 0, 0, 0, 0, 0,
            true, 0, 0);

    private static final LoadPlan PLAN =
            LoadPlan.open(ORIGIN, LoadRequest.get("/", 2), 1_000, RATE).withTimes(Duration.ZERO, Duration.ofSeconds(1));

    /** A simulated world with one origin. */
    private static final class World {
        private final Simulator simulator;
        private final SimIo io;
        private SimulatedOrigin origin;

        World(long seed) {
            simulator = new Simulator(seed);
            io = new SimIo(simulator, EVEN, Sabotage.NONE);
            answerAt(now -> now);
        }

        World answerAt(LongUnaryOperator answerNs) {
            origin = new SimulatedOrigin(simulator, answerNs);
            io.host(ORIGIN, origin);
            return this;
        }

        LoadResult run(LoadPlan plan) throws Exception {
            return new LoadGenerator(io, _ -> new SimulatedMetronome(simulator, io.clock()), () -> 0)
                    .run(plan, LoadObserver.NONE);
        }
    }

    /** Beats at every due time, exactly. */
    private record SimulatedMetronome(Simulator simulator, Clock clock) implements Metronome {
        @Override
        public void start(Timetable timetable, Runnable beat) {
            next(timetable, beat, 0);
        }

        private void next(Timetable timetable, Runnable beat, long number) {
            if (!timetable.isOver(timetable.dueNs(number))) {
                simulator.after(timetable.dueNs(number) - clock.monotonicNs(), () -> {
                    beat.run();
                    next(timetable, beat, number + 1);
                });
            }
        }

        @Override
        public void stop() {
            // The timetable ends by itself.
        }
    }

    private static void assertBetween(long least, long most, long actual) {
        assertTrue(actual >= least && actual <= most, () -> actual + " is not from " + least + " to " + most);
    }

    @Test
    void everyRequestIsSentWhenItIsDueAndTakesTheWayThereAndBack() throws Exception {
        World world = new World(1);
        LoadResult result = world.run(PLAN);
        assertEquals(RATE, world.origin.requests());
        assertEquals(RATE, result.latency().count());
        assertEquals(0, result.errorCount());
        assertBetween(2 * WAY_NS, 2 * WAY_NS + JITTER_NS, result.latency().minNs());
        assertBetween(2 * WAY_NS, 2 * WAY_NS + JITTER_NS, result.latency().maxNs());
        assertBetween(0, JITTER_NS, result.sendDelay().maxNs());
    }

    /**
     * The origin stands still for half a second. 500 requests are due meanwhile; the first waits for 499.5 ms and each later one for 1 ms less: so
     * the distribution is known, whether there is a free connection for each of them or one for all.
     */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 20, 1})
    void aStallIsChargedToEveryRequestThatItDelays(int connections) throws Exception {
        World world = new World(2).answerAt(new Stall(250 * MS - MS / 2, 500 * MS));
        LoadResult result = world.run(PLAN.withConnections(connections));
        assertEquals(RATE, result.latency().count());
        assertEquals(RATE, result.requests() + queued(result));
        assertEquals(0, result.errorCount());
        // Behind the stall stand 500 requests, and those that are due until they are served; one connection needs a way
        // there and back for each.
        long queueNs = connections >= 500 ? 0 : 2 * 500 / connections * (2 * WAY_NS + JITTER_NS);
        assertBetween(499 * MS, 501 * MS + queueNs, result.latency().maxNs());
        assertBetween(489 * MS, 491 * MS + queueNs, result.latency().p99Ns());
        assertBetween(399 * MS, 401 * MS + queueNs, result.latency().p90Ns());
    }

    /** Answers that came after the measured time. */
    private static long queued(LoadResult result) {
        return result.totalRequests() - result.requests();
    }

    /** Answers at once, but for a time during which it does not answer; counted from the first request on. */
    private static final class Stall implements LongUnaryOperator {
        private final long offsetNs;
        private final long lengthNs;
        private long firstNs = -1;

        Stall(long offsetNs, long lengthNs) {
            this.offsetNs = offsetNs;
            this.lengthNs = lengthNs;
        }

        @Override
        public long applyAsLong(long nowNs) {
            if (firstNs < 0) {
                firstNs = nowNs;
            }
            long beginNs = firstNs + offsetNs;
            long endNs = beginNs + lengthNs;
            return nowNs >= beginNs && nowNs < endNs ? endNs : nowNs;
        }
    }

    @Test
    void withoutAFreeConnectionARequestWaitsAndItsWaitCounts() throws Exception {
        // One connection, and an answer takes 10 ms: a tenth of the rate.
        World world = new World(3).answerAt(now -> now + 10 * MS);
        LoadResult result = world.run(PLAN.withConnections(1).withTimeout(Duration.ofMillis(500)));
        assertBetween(95, 100, result.requests());
        assertEquals(RATE, result.latency().count());
        assertEquals(RATE, result.totalRequests() + result.errors(LoadError.UNFINISHED));
        assertEquals(result.errorCount(), result.errors(LoadError.UNFINISHED));
        // Half a second after the end the run is over; the last request on the timetable was due 1 ms before the end.
        assertBetween(500 * MS, 1_500 * MS, result.latency().p50Ns());
        assertEquals(world.origin.requests(), result.totalRequests() + 1, "one is under way in the end");
    }

    @Test
    void roundRobinTakesAllConnectionsInTurnAndHottestAsFewAsItCan() throws Exception {
        LoadPlan plan = PLAN.withConnections(100);
        for (LoadPlan.Spread spread : LoadPlan.Spread.values()) {
            World world = new World(4);
            world.run(plan.withSpread(spread));
            assertEquals(100, world.origin.connections());
            assertEquals(
                    spread == LoadPlan.Spread.ROUND_ROBIN ? 100 : 1,
                    world.origin.connectionsWithRequests(),
                    spread.name());
        }
    }

    @Test
    void noAnswerInTimeIsATimeoutAndTheConnectionIsOpenedAnew() throws Exception {
        World world = new World(5).answerAt(now -> Long.MAX_VALUE / 2);
        LoadResult result =
                world.run(PLAN.withConnections(10).withRatePerSecond(10).withTimeout(Duration.ofMillis(100)));
        assertEquals(10, result.errors(LoadError.TIMEOUT));
        assertEquals(10, result.errorCount());
        assertBetween(100 * MS, 115 * MS, result.latency().minNs());
        assertBetween(100 * MS, 115 * MS, result.latency().maxNs());
        assertBetween(9, 10, result.reconnects());
    }

    @Test
    void everyLoopKeepsItsPartOfTheTimetable() throws Exception {
        World world = new World(6);
        LoadResult result = world.run(PLAN.withLoops(3));
        assertEquals(RATE, world.origin.requests());
        assertEquals(RATE, result.latency().count());
        assertBetween(2 * WAY_NS, 2 * WAY_NS + JITTER_NS, result.latency().maxNs());
    }

    @Test
    void theSameSeedGivesTheSameResult() throws Exception {
        LoadPlan plan = PLAN.withLoops(2).withIdleConnections(50);
        LoadResult first = new World(7).run(plan);
        assertEquals(first, new World(7).run(plan));
        assertNotEquals(first, new World(8).run(plan));
    }

    @Test
    void aLongRunKeepsTheTimetableToItsEnd() throws Exception {
        World world = new World(9);
        LoadResult result = world.run(PLAN.withConnections(2)
                .withRatePerSecond(20)
                .withInterval(Duration.ofSeconds(1))
                .withTimes(Duration.ZERO, Duration.ofMinutes(2)));
        assertEquals(2_400, result.requests());
        assertBetween(2 * WAY_NS, 2 * WAY_NS + JITTER_NS, result.latency().maxNs());
        assertEquals(120, result.intervals().size());
        assertTrue(result.intervals().stream().allMatch(interval -> interval.count() == 20));
    }
}
