package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EndpointStatsTest {
    @Test
    void sumsWhatTheLoopsCount() {
        EndpointStats stats = new EndpointStats(3);
        stats.onAttemptStarted(0);
        stats.onAttemptStarted(2);
        stats.onAttemptStarted(2);
        stats.onAttemptEnded(2, 40);
        stats.onAttemptFailed(0, EndpointFailure.RESET, 2);

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
                stats.onAttemptStarted(0);
                stats.onAttemptFailed(0, kind, 1);
            }
        }

        times = 0;
        for (EndpointFailure kind : EndpointFailure.values()) {
            assertEquals(++times, stats.failures(kind), kind.name());
        }
        assertEquals(0, stats.inFlight());
    }

    @Test
    void noticesAnAttemptThatEndsTwice() {
        EndpointStats stats = new EndpointStats(1);
        stats.onAttemptStarted(0);
        stats.onAttemptEnded(0, 1);

        assertThrows(AssertionError.class, () -> stats.onAttemptEnded(0, 1));
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
                    stats.onAttemptStarted(own);
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
