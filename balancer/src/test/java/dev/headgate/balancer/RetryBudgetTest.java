package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RetryBudgetTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int PERCENT = 20;
    private static final int FLOOR = 3;
    private static final int BURST = 30; // ten seconds' worth of the floor

    @Test
    void startsWithTenSecondsWorthOfTheFloor() {
        RetryBudget budget = new RetryBudget(PERCENT, FLOOR, 0);

        assertEquals(BURST, takeAll(budget, 0));
        assertFalse(budget.tryRetry(0));
    }

    @Test
    void grantsOneRetryForFiveRequests() {
        RetryBudget budget = drained(0);
        for (int i = 0; i < 4; i++) {
            budget.onRequest(0);
            assertFalse(budget.tryRetry(0));
        }
        budget.onRequest(0);

        assertTrue(budget.tryRetry(0));
        assertFalse(budget.tryRetry(0));
    }

    @Test
    void grantsTheFloorEverySecondWithoutTraffic() {
        RetryBudget budget = drained(0);
        for (int second = 1; second <= 100; second++) {
            assertEquals(0, budget.available(second * SECOND_NS - 1));
            assertEquals(FLOOR, takeAll(budget, second * SECOND_NS));
        }
    }

    @Test
    void addsNoFloorOnTopOfEnoughTraffic() {
        RetryBudget budget = drained(0);
        long granted = 0;
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 1_000; i++) {
                long nowNs = second * SECOND_NS + i * 1_000_000L;
                budget.onRequest(nowNs);
                granted += budget.tryRetry(nowNs) ? 1 : 0;
            }
        }

        assertEquals(60 * 200, granted);
    }

    @Test
    void savesUpTenSecondsWorthOfTheRequestsShare() {
        RetryBudget budget = new RetryBudget(PERCENT, FLOOR, 0);
        for (int second = 0; second < 200; second++) {
            for (int i = 0; i < 1_000; i++) {
                budget.onRequest(second * SECOND_NS);
            }
        }

        assertEquals(2_000, budget.available(200 * SECOND_NS - 1), 10);
        assertEquals(1_800, budget.available(200 * SECOND_NS), 10);
    }

    @Test
    void forgetsWhatWasSavedUpWhenTrafficStops() {
        RetryBudget budget = new RetryBudget(PERCENT, FLOOR, 0);
        for (int i = 0; i < 100_000; i++) {
            budget.onRequest(0);
        }

        assertEquals(20_030, budget.available(0));
        assertTrue(budget.available(10 * SECOND_NS) < 7_500);
        assertEquals(BURST, budget.available(169 * SECOND_NS));
        assertEquals(BURST, budget.available(170 * SECOND_NS));
        assertEquals(BURST, budget.available(171 * SECOND_NS));
    }

    @Test
    void survivesTheWrapOfTheClock() {
        RetryBudget budget = drained(Long.MAX_VALUE - SECOND_NS / 2);

        assertEquals(0, budget.available(Long.MAX_VALUE));
        assertEquals(0, budget.available(Long.MIN_VALUE + SECOND_NS / 4));
        assertEquals(FLOOR, budget.available(Long.MIN_VALUE + SECOND_NS / 2));
    }

    @Test
    void survivesTheWrapOfItsSeconds() {
        long wrapSeconds = 1L << 28;
        RetryBudget budget = drained(0);
        for (long years = 1; years <= 4; years++) {
            assertEquals(BURST, takeAll(budget, years * (wrapSeconds / 4) * SECOND_NS - SECOND_NS));
        }

        assertEquals(FLOOR, takeAll(budget, wrapSeconds * SECOND_NS));
        assertEquals(FLOOR, takeAll(budget, (wrapSeconds + 1) * SECOND_NS));
    }

    @Test
    void takesNoHarmFromALoopWhoseClockReadingIsOlder() {
        RetryBudget budget = drained(0);
        assertEquals(FLOOR, takeAll(budget, 5 * SECOND_NS) - 9); // five seconds: 12.2 tokens
        budget.onRequest(3 * SECOND_NS);

        assertFalse(budget.tryRetry(4 * SECOND_NS));
        assertEquals(FLOOR, takeAll(budget, 6 * SECOND_NS));
    }

    @Test
    void takesBackWhatWasNotUsed() {
        RetryBudget budget = drained(0);
        for (int i = 0; i < 5; i++) {
            budget.onRequest(0);
        }
        assertTrue(budget.tryRetry(0));
        budget.onUnused(0);

        assertEquals(1, takeAll(budget, 0));
    }

    @Test
    void canBeClosedAltogether() {
        RetryBudget budget = new RetryBudget(0, 0, 0);
        for (int i = 0; i < 1_000; i++) {
            budget.onRequest(i * SECOND_NS);
        }

        assertFalse(budget.tryRetry(1_000 * SECOND_NS));
    }

    @Test
    void refusesSettingsOutsideTheirRanges() {
        assertTrue(new RetryBudget(100, RetryBudget.FLOOR_PER_SECOND_MAX, 0).tryRetry(0));
        assertThrows(IllegalArgumentException.class, () -> new RetryBudget(101, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> new RetryBudget(-1, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> new RetryBudget(20, -1, 0));
        assertThrows(
                IllegalArgumentException.class, () -> new RetryBudget(20, RetryBudget.FLOOR_PER_SECOND_MAX + 1, 0));
    }

    @Test
    void doesNotOverflowUnderAFlood() {
        RetryBudget budget = new RetryBudget(100, 3, 0);
        for (int i = 0; i < 1_000_000; i++) {
            budget.onRequest(0);
        }

        assertEquals((1 << 26) / 100, budget.available(0));
    }

    @Test
    @Timeout(60)
    void countsExactlyWhenAllLoopsComeAtOnce() throws InterruptedException {
        RetryBudget budget = drained(0);
        AtomicInteger granted = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int loop = 0; loop < 4; loop++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50_000; i++) {
                    budget.onRequest(0);
                    granted.addAndGet(budget.tryRetry(0) ? 1 : 0);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(4 * 50_000 / 5, granted.get() + budget.available(0));
    }

    @Test
    void allocatesNothing() {
        RetryBudget budget = new RetryBudget(PERCENT, FLOOR, 0);

        long bytes = Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                budget.onRequest(i * 1_000_000L);
                budget.tryRetry(i * 1_000_000L);
            }
        });
        assertEquals(0, bytes);
    }

    static RetryBudget drained(long startNs) {
        RetryBudget budget = new RetryBudget(PERCENT, FLOOR, startNs);
        takeAll(budget, startNs);
        return budget;
    }

    static int takeAll(RetryBudget budget, long nowNs) {
        int taken = 0;
        while (budget.tryRetry(nowNs)) {
            taken++;
        }
        return taken;
    }
}
