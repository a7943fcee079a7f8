package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EndpointStatsTest {
    private static final long MS = 1_000_000;
    private static final long HALF_LIFE_NS = LatencyDecay.DEFAULTS.halfLifeNs();

    @Test
    void sumsWhatTheLoopsCount() {
        EndpointStats stats = new EndpointStats(3);
        stats.onAttemptStarted(0, 1);
        stats.onAttemptStarted(2, 1);
        stats.onAttemptStarted(2, 1);
        stats.onAttemptEnded(2, 40);
        stats.onAttemptFailed(0, EndpointFailure.RESET, 2, 3);

        assertEquals(1, stats.inFlight());
        assertEquals(3, stats.started());
        assertEquals(2, stats.ended());
        assertEquals(42, stats.latencySumNs());
        assertEquals(1, stats.failures(EndpointFailure.RESET));
        assertEquals(0, stats.failures(EndpointFailure.CONNECT));
    }

    @Test
    void keepsTheKindsOfFailureApart() {
        EndpointStats stats = new EndpointStats(1);
        int times = 0;
        for (EndpointFailure kind : EndpointFailure.values()) {
            times++;
            for (int i = 0; i < times; i++) {
                stats.onAttemptStarted(0, 1);
                stats.onAttemptFailed(0, kind, 1, 2);
            }
        }

        times = 0;
        for (EndpointFailure kind : EndpointFailure.values()) {
            assertEquals(++times, stats.failures(kind), kind.name());
        }
        assertEquals(0, stats.inFlight());
    }

    @Test
    void anAnswerThatFailsInItsTrailersIsNoSecondAnswer() {
        EndpointStats stats = new EndpointStats(1);
        stats.onAttemptStarted(0, 1);
        stats.onResponseHead(0, 10, 11);
        double good = stats.latencyNs(11);
        stats.onErrorTrailers(0, 20, 21);
        stats.onAttemptEnded(0, 20);

        assertEquals(1, stats.answers());
        assertEquals(1, stats.allFailures());
        assertEquals(0, stats.inFlight());
        assertTrue(stats.latencyNs(21) > good);
    }

    @Test
    void noticesAnAttemptThatEndsTwice() {
        EndpointStats stats = new EndpointStats(1);
        stats.onAttemptStarted(0, 1);
        stats.onAttemptEnded(0, 1);

        assertThrows(AssertionError.class, () -> stats.onAttemptEnded(0, 1));
    }

    @Test
    void knowsNoLatencyBeforeTheFirst() {
        EndpointStats stats = new EndpointStats(2);
        stats.onAttemptStarted(1, 5);

        assertEquals(0, stats.latencyNs(100));
        assertEquals(5, stats.lastStartedNs());
    }

    @Test
    void takesAPeakAtOnceAndForgetsItByHalves() {
        EndpointStats stats = new EndpointStats(1);
        stats.onAttemptStarted(0, 0);
        stats.onResponseHead(0, MS, 0);
        stats.onResponseHead(0, 101 * MS, 0);

        assertEquals(101 * MS, stats.latencyNs(0));
        stats.onResponseHead(0, MS, HALF_LIFE_NS);
        assertEquals(51 * MS, stats.latencyNs(HALF_LIFE_NS));
        stats.onResponseHead(0, MS, 2 * HALF_LIFE_NS);
        assertEquals(26 * MS, stats.latencyNs(2 * HALF_LIFE_NS));
    }

    @Test
    void fadesWhileNobodyUsesTheEndpointButNotWhileItOwesAnswers() {
        EndpointStats stats = new EndpointStats(1);
        stats.onAttemptStarted(0, 0);
        stats.onResponseHead(0, 80 * MS, 0);

        assertEquals(20 * MS, stats.latencyNs(2 * HALF_LIFE_NS));
        stats.onAttemptStarted(0, 2 * HALF_LIFE_NS);
        assertEquals(80 * MS, stats.latencyNs(2 * HALF_LIFE_NS));
    }

    @Test
    void goesByTheSlowestThatAnyLoopHasSeen() {
        EndpointStats stats = new EndpointStats(3);
        stats.onAttemptStarted(2, 0);
        stats.onResponseHead(2, 80 * MS, 0);
        stats.onAttemptStarted(0, HALF_LIFE_NS);
        stats.onResponseHead(0, 10 * MS, HALF_LIFE_NS);

        assertEquals(40 * MS, stats.latencyNs(HALF_LIFE_NS));
        assertEquals(HALF_LIFE_NS, stats.lastStartedNs());
    }

    @Test
    void countsFailuresAsSlowHoweverFastTheyCome() {
        EndpointStats stats = new EndpointStats(1);
        stats.onAttemptStarted(0, 0);
        stats.onResponseHead(0, MS, 0);
        stats.onAttemptFailed(0, EndpointFailure.CONNECT, 10, 0);
        assertEquals(1_000 * MS, stats.latencyNs(0));
        stats.onErrorResponse(0, 10, 0);
        assertEquals(2_000 * MS, stats.latencyNs(0));
        for (int i = 0; i < 20; i++) {
            stats.onErrorResponse(0, 10, 0);
        }

        assertEquals(LatencyDecay.PENALTY_MAX_NS, stats.latencyNs(0));
        stats.onErrorResponse(0, 90_000 * MS, 0);
        assertEquals(90_000 * MS, stats.latencyNs(0));
    }

    @Test
    void letsAnAttemptThatWasGivenUpRaiseTheAverageOnly() {
        EndpointStats stats = new EndpointStats(1);
        stats.onAttemptStarted(0, 0);
        stats.onResponseHead(0, 10 * MS, 0);
        stats.onResponseHeadMissed(0, MS, HALF_LIFE_NS);
        assertEquals(5 * MS, stats.latencyNs(HALF_LIFE_NS));
        stats.onResponseHeadMissed(0, 30 * MS, HALF_LIFE_NS);
        assertEquals(30 * MS, stats.latencyNs(HALF_LIFE_NS));
    }

    @Test
    void averagesTheSameWhereverTheClockStands() {
        for (long startNs : new long[] {0, -5, Long.MAX_VALUE - HALF_LIFE_NS / 2, Long.MIN_VALUE}) {
            EndpointStats stats = new EndpointStats(2);
            stats.onAttemptStarted(0, startNs);
            stats.onResponseHead(0, 8 * MS, startNs);
            stats.onResponseHead(0, 4 * MS, startNs + HALF_LIFE_NS);

            assertEquals(3 * MS, stats.latencyNs(startNs + 2 * HALF_LIFE_NS));
            assertEquals(startNs, stats.lastStartedNs());
            assertEquals(startNs + HALF_LIFE_NS, stats.lastTouchedNs());
        }
    }

    @Test
    void averagesByTheDecayThatIsSet() {
        EndpointStats stats = new EndpointStats(1);
        stats.decayBy(new LatencyDecay(100, 7 * MS));
        stats.onAttemptStarted(0, 0);
        stats.onAttemptFailed(0, EndpointFailure.RESET, 1, 0);

        assertEquals(7 * MS, stats.latencyNs(0));
        assertEquals(7 * MS / 4.0, stats.latencyNs(200));
    }

    @Test
    void fadesCloseToThePowersOfTwo() {
        double perNs = new LatencyDecay(1_000, 0).halvingsPerNs();
        for (long ageNs = 0; ageNs < 30_000; ageNs++) {
            double exact = Math.pow(2, -ageNs / 1_000.0);
            double factor = LatencyDecay.factor(ageNs * perNs);
            assertTrue(factor >= exact * 0.999_999 && factor <= exact * 1.062, "at " + ageNs + ": " + factor);
            assertTrue(factor >= LatencyDecay.factor((ageNs + 1) * perNs));
        }
        assertTrue(LatencyDecay.factor(Long.MAX_VALUE * perNs) > 0);
        assertEquals(1, LatencyDecay.factor(-1 * perNs));
    }

    @Test
    void refusesDecaysOutsideTheirRanges() {
        assertThrows(IllegalArgumentException.class, () -> new LatencyDecay(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new LatencyDecay(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new LatencyDecay(1, LatencyDecay.PENALTY_MAX_NS + 1));
    }

    @Test
    void needsAtLeastOneLoop() {
        assertThrows(IllegalArgumentException.class, () -> new EndpointStats(0));
    }

    @Test
    @Timeout(60)
    void losesNothingWhileEveryLoopWritesAndOneThreadReads() throws InterruptedException {
        int loops = 4;
        int attempts = 50_000;
        EndpointStats stats = new EndpointStats(loops);
        List<Thread> threads = new ArrayList<>();
        for (int loop = 0; loop < loops; loop++) {
            int own = loop;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < attempts; i++) {
                    stats.onAttemptStarted(own, i);
                    stats.onAttemptEnded(own, 1);
                }
            }));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            long inFlight = stats.inFlight();
            assertTrue(inFlight >= 0 && inFlight <= loops, "in flight: " + inFlight);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals((long) loops * attempts, stats.ended());
        assertEquals(0, stats.inFlight());
    }
}
