package dev.headgate.balancer.health;

import static dev.headgate.balancer.health.SlowStart.FULL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SlowStartTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void growsInStepsFromItsMinimumToAll() {
        SlowStart slowStart = new SlowStart(new SlowStartSettings(20 * SECOND, 10, 1));

        assertEquals(FULL / 10, slowStart.share(0, 0));
        assertEquals(FULL / 10, slowStart.share(0, 2 * SECOND));
        assertEquals(FULL * 3 / 20, slowStart.share(0, 3 * SECOND));
        assertEquals(FULL * 3 / 20, slowStart.share(0, 4 * SECOND - 1));
        assertEquals(FULL / 2, slowStart.share(0, 10 * SECOND));
        assertEquals(FULL * 19 / 20, slowStart.share(0, 20 * SECOND - 1));
        assertEquals(FULL, slowStart.share(0, 20 * SECOND));
        assertEquals(FULL, slowStart.share(0, 1_000 * SECOND));
    }

    @Test
    void growsFasterAtFirstWithMoreAggression() {
        SlowStart bold = new SlowStart(new SlowStartSettings(20 * SECOND, 1, 2));
        SlowStart shy = new SlowStart(new SlowStartSettings(20 * SECOND, 1, 0.5));

        assertEquals(FULL / 2, bold.share(0, 5 * SECOND));
        assertEquals(FULL / 16, shy.share(0, 5 * SECOND));
    }

    @Test
    void isOverAtOnceWhenOff() {
        SlowStart slowStart = new SlowStart(SlowStartSettings.OFF);

        assertEquals(FULL, slowStart.share(7, 7));
        assertEquals(Long.MAX_VALUE, slowStart.nextChangeInNs(7, 7));
    }

    @Test
    void changesNoMoreThanTenTimesASecond() {
        SlowStart slowStart = new SlowStart(new SlowStartSettings(SECOND / 2, 1, 1));

        assertEquals(SECOND / 10, slowStart.nextChangeInNs(0, 0));
        assertEquals(SECOND / 10 - 1, slowStart.nextChangeInNs(0, 1));
    }

    @Test
    void toleratesAClockReadingFromBefore() {
        SlowStart slowStart = new SlowStart(new SlowStartSettings(20 * SECOND, 10, 1));

        assertEquals(FULL / 10, slowStart.share(0, -SECOND));
        assertEquals(2 * SECOND, slowStart.nextChangeInNs(0, -SECOND));
    }

    @Test
    void refusesSettingsOutsideTheirRanges() {
        assertThrows(IllegalArgumentException.class, () -> new SlowStartSettings(-1, 10, 1));
        assertThrows(IllegalArgumentException.class, () -> new SlowStartSettings(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new SlowStartSettings(1, 101, 1));
        assertThrows(IllegalArgumentException.class, () -> new SlowStartSettings(1, 10, 0));
        assertThrows(IllegalArgumentException.class, () -> new SlowStartSettings(1, 10, Double.NaN));
    }

    @Property(tries = 300)
    void neverShrinksAndChangesOnlyWhenItSaid(
            @ForAll @LongRange(min = 1, max = 3_600 * SECOND) long windowNs,
            @ForAll @IntRange(min = 1, max = 100) int minimumPercent,
            @ForAll @DoubleRange(min = 0.1, max = 10) double aggression,
            @ForAll long sinceNs) {
        SlowStart slowStart = new SlowStart(new SlowStartSettings(windowNs, minimumPercent, aggression));
        long nowNs = sinceNs;
        int share = slowStart.share(sinceNs, nowNs);
        int changes = 0;
        for (long waitNs = slowStart.nextChangeInNs(sinceNs, nowNs);
                waitNs != Long.MAX_VALUE;
                waitNs = slowStart.nextChangeInNs(sinceNs, nowNs)) {
            assertEquals(share, slowStart.share(sinceNs, nowNs + waitNs - 1));
            nowNs += waitNs;
            int next = slowStart.share(sinceNs, nowNs);
            assertTrue(next >= share && share >= 1);
            share = next;
            changes++;
        }

        assertEquals(FULL, share);
        assertTrue(changes <= 21, "changes: " + changes);
    }
}
