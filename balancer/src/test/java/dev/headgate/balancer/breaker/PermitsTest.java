package dev.headgate.balancer.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Allocation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PermitsTest {
    @Test
    void grantsTheLimitAndNotOneMore() {
        Permits permits = new Permits(2);
        assertTrue(permits.tryTake());
        assertTrue(permits.tryTake());
        assertFalse(permits.tryTake());
        permits.release();

        assertTrue(permits.tryTake());
        assertFalse(permits.tryTake());
        assertEquals(2, permits.taken());
    }

    @Test
    void mayBeClosedAltogetherOrOpenForAll() {
        assertFalse(new Permits(0).tryTake());
        assertTrue(new Permits(Permits.UNLIMITED).tryTake());
        assertThrows(IllegalArgumentException.class, () -> new Permits(-1));
    }

    @Test
    void addsNoneWhileThereAreMoreThanALowerLimit() {
        Permits permits = new Permits(3);
        permits.tryTake();
        permits.tryTake();
        permits.tryTake();
        permits.setLimit(1);
        permits.release();
        permits.release();
        assertFalse(permits.tryTake());
        permits.release();

        assertTrue(permits.tryTake());
    }

    @Test
    void noticesWhatIsReleasedTwice() {
        assertThrows(AssertionError.class, () -> new Permits(3).release());
    }

    @Test
    @Timeout(60)
    void neverGrantsMoreWhenAllLoopsComeAtOnce() throws InterruptedException {
        int limit = 3;
        Permits permits = new Permits(limit);
        AtomicInteger inUse = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int loop = 0; loop < 4; loop++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50_000; i++) {
                    if (permits.tryTake()) {
                        most.accumulateAndGet(inUse.incrementAndGet(), Math::max);
                        inUse.decrementAndGet();
                        permits.release();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertTrue(most.get() <= limit, "in use: " + most);
        assertEquals(0, permits.taken());
    }

    @Test
    void allocatesNothing() {
        Permits permits = new Permits(3);

        assertEquals(0, Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                if (permits.tryTake()) {
                    permits.release();
                }
            }
        }));
    }
}
