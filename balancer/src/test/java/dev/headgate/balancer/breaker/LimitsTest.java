package dev.headgate.balancer.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void boundsEachKindByItself() {
        Limits limits = new Limits(new LimitSettings(1, 2, 3, 4), 2);

        assertEquals(1, limits.connections().limit());
        assertEquals(2, limits.pending().limit());
        assertEquals(3, limits.requests().limit());
        assertEquals(4, limits.retries().limit());
        assertTrue(limits.connections().tryTake());
        assertFalse(limits.connections().tryTake());
        assertTrue(limits.pending().tryTake());
    }

    @Test
    void keepsWhatIsUnderWayWhenItsValuesChange() {
        Limits limits = new Limits(new LimitSettings(1, 1, 1, 1), 2);
        limits.connections().tryTake();
        limits.requests().tryTake(0);
        limits.reconfigure(new LimitSettings(2, 3, 2, 5));

        assertTrue(limits.connections().tryTake());
        assertFalse(limits.connections().tryTake());
        assertTrue(limits.requests().tryTake(1));
        assertFalse(limits.requests().tryTake(1));
        assertEquals(3, limits.pending().limit());
        assertEquals(5, limits.retries().limit());
    }

    @Test
    void refusesNegativeLimits() {
        assertThrows(IllegalArgumentException.class, () -> new LimitSettings(1, 1, -1, 1));
    }
}
