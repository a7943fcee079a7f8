package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RetryBudgetProperties {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int PERCENT = 20;
    private static final int FLOOR = 3;
    private static final int BURST = 30; // ten seconds' worth of the floor

    @Property(tries = 300)
    void neverGrantsMoreThanItsBudgetNorLessThanItsFloor(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 60) Integer> requestsPerSecond,
            @ForAll @Size(min = 60, max = 60) List<@IntRange(max = 40) Integer> retriesPerSecond,
            @ForAll long startNs) {
        RetryBudget budget = new RetryBudget(PERCENT, FLOOR, startNs);
        int hundredthsFed = BURST * 100;
        int toppedUp = 0; // hundredths, at the end of the second before
        int granted = 0;
        for (int second = 0; second < requestsPerSecond.size(); second++) {
            long nowNs = startNs + second * SECOND_NS;
            int wanted = retriesPerSecond.get(second);
            int grantedNow = 0;
            for (int i = 0; i < requestsPerSecond.get(second); i++) {
                budget.onRequest(nowNs);
            }
            for (int i = 0; i < wanted; i++) {
                grantedNow += budget.tryRetry(nowNs + i) ? 1 : 0;
            }
            granted += grantedNow;
            hundredthsFed += requestsPerSecond.get(second) * PERCENT;

            assertTrue(granted * 100 <= hundredthsFed, "granted " + granted + " of " + hundredthsFed + "/100");
            int floor = (toppedUp + requestsPerSecond.get(second) * PERCENT) / 100;
            assertTrue(grantedNow >= Math.min(wanted, floor), "granted " + grantedNow + " in second " + second);
            toppedUp = Math.max(FLOOR * 100 - requestsPerSecond.get(second) * PERCENT, 0);
            hundredthsFed += toppedUp;
        }
    }

    @Property(tries = 300)
    void behavesTheSameWhereverTheClockStands(@ForAll long startNs, @ForAll @LongRange(max = 400) long idleSeconds) {
        RetryBudget plain = RetryBudgetTest.drained(0);
        RetryBudget shifted = RetryBudgetTest.drained(startNs);

        long nowNs = idleSeconds * SECOND_NS;
        assertEquals(plain.available(nowNs), shifted.available(startNs + nowNs));
        assertEquals(RetryBudgetTest.takeAll(plain, nowNs), RetryBudgetTest.takeAll(shifted, startNs + nowNs));
    }
}
