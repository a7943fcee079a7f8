package dev.headgate.balancer.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WaitingLoopsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 1024})
    void knowsEachLoop(int loopCount) {
        var waiting = new WaitingLoops(loopCount);
        assertFalse(waiting.isAnyone());
        assertEquals(WaitingLoops.NONE, waiting.next(0));
        for (int loop = 0; loop < loopCount; loop++) {
            waiting.add(loop);
            assertTrue(waiting.contains(loop));
            assertTrue(waiting.isAnyone());
            assertFalse(waiting.isAnotherThan(loop));
            assertEquals(loop, waiting.next(0));
            assertEquals(loop, waiting.next(loop));
            assertEquals(WaitingLoops.NONE, waiting.next(loop + 1));
            waiting.remove(loop);
            assertFalse(waiting.contains(loop));
        }
        assertFalse(waiting.isAnyone());
    }

    @Test
    void goesThroughThoseWhoWait() {
        var waiting = new WaitingLoops(200);
        List<Integer> all = List.of(0, 5, 63, 64, 127, 128, 199);
        all.forEach(waiting::add);
        waiting.add(5);
        List<Integer> seen = new ArrayList<>();
        for (int loop = waiting.next(0); loop != WaitingLoops.NONE; loop = waiting.next(loop + 1)) {
            seen.add(loop);
        }
        assertEquals(all, seen);
        assertTrue(waiting.isAnotherThan(5));
    }

    /** The protocol of the class, with threads for loops: if a wake-up could be lost, somebody would wait for ever. */
    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "4, 2", "8, 3"})
    void nobodyWaitsInVain(int loops, int permitCount) throws InterruptedException {
        int rounds = 20_000;
        var permits = new Permits(permitCount);
        var waiting = new WaitingLoops(loops);
        List<Semaphore> wakes = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            wakes.add(new Semaphore(0));
        }
        var most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            int loop = i;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int round = 0; round < rounds; round++) {
                    take(permits, waiting, loop, wakes);
                    most.accumulateAndGet(permits.taken(), Math::max);
                    permits.release();
                    wakeOne(waiting, wakes);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, permits.taken());
        assertFalse(waiting.isAnyone());
        assertTrue(most.get() <= permitCount);
    }

    private static void take(Permits permits, WaitingLoops waiting, int loop, List<Semaphore> wakes) {
        if (permits.tryTake()) {
            return;
        }
        waiting.add(loop);
        while (!permits.tryTake()) {
            wakes.get(loop).acquireUninterruptibly();
        }
        waiting.remove(loop);
        if (permits.isAnyLeft()) {
            wakeOne(waiting, wakes); // It may have been woken twice, and another not at all.
        }
    }

    private static void wakeOne(WaitingLoops waiting, List<Semaphore> wakes) {
        int next = waiting.next(0);
        if (next != WaitingLoops.NONE) {
            wakes.get(next).release();
        }
    }
}
