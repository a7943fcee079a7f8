package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WarmUpPaceTest {
    private static final long START_NS = Long.MAX_VALUE - 10; // A clock may wrap.

    private final WarmUpPace pace = new WarmUpPace(7, START_NS);

    @Test
    void goesOnFromTheStartWhileNobodyComes() {
        assertTrue(pace.mayGoOn(7, false, START_NS));
        assertTrue(pace.mayGoOn(7, false, START_NS + 1));
    }

    @Test
    void givesWayUntilItHasBeenQuiet() {
        assertFalse(pace.mayGoOn(8, false, START_NS + 1));
        assertFalse(pace.mayGoOn(8, false, START_NS + WarmUpPace.QUIET_NS));
        assertTrue(pace.mayGoOn(8, false, START_NS + 1 + WarmUpPace.QUIET_NS));
    }

    @Test
    void givesWayToOneThatIsNotDone() {
        assertFalse(pace.mayGoOn(7, true, START_NS));
        assertFalse(pace.mayGoOn(7, true, START_NS + 2 * WarmUpPace.QUIET_NS));
        assertFalse(pace.mayGoOn(7, false, START_NS + 3 * WarmUpPace.QUIET_NS - 1));
        assertTrue(pace.mayGoOn(7, false, START_NS + 3 * WarmUpPace.QUIET_NS));
    }

    @Test
    void givesWayForAsLongAsOthersCome() {
        long now = START_NS;
        for (int i = 1; i < 100; i++) {
            now += WarmUpPace.QUIET_NS;
            assertFalse(pace.mayGoOn(7 + i, false, now));
        }
        assertTrue(pace.mayGoOn(106, false, now + WarmUpPace.QUIET_NS));
    }
}
