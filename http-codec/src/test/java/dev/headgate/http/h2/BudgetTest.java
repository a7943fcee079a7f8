package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final long START_NS = Long.MAX_VALUE - 50; // the clock passes its end

    private final Budget budget = new Budget(2, START_NS);

    private boolean take(long afterNs) {
        return budget.take(2, 100, START_NS + afterNs);
    }

    @Test
    void givesWhatItHas() {
        assertTrue(take(0));
        assertTrue(take(0));
        assertFalse(take(0));
    }

    @Test
    void comesBackBitByBit() {
        assertTrue(take(0));
        assertTrue(take(0));
        assertFalse(take(49));
        assertTrue(take(50));
        assertFalse(take(99));
        assertTrue(take(100));
        assertTrue(take(500));
        assertTrue(take(500));
        assertFalse(take(500));
    }

    @Test
    void holdsNoMoreThanItIsFullAfterALongRest() {
        assertTrue(take(10_000));
        assertTrue(take(10_000));
        assertFalse(take(10_000));
    }

    @Test
    void canBeGivenBack() {
        take(0);
        take(0);
        budget.giveBack(7, 2);
        assertTrue(take(0));
        assertTrue(take(0));
        assertFalse(take(0));
    }
}
