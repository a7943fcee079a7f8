package dev.headgate.balancer.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Allocation;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimitTest {
    private static final long MS = 1_000_000;
    private static final long WINDOW = 100 * MS;
    private static final ConcurrencySettings SETTINGS = ConcurrencySettings.DEFAULTS;

    /** An origin that works at some requests at once, lets the others wait, and always has as many as it is given. */
    private static final class Origin {
        private final ConcurrencyLimit limit;
        private final SplittableRandom random = new SplittableRandom(5);
        int workers;
        long serviceNs = 10 * MS;
        int demand = Integer.MAX_VALUE; // the most that clients have under way
        long nowNs;
        int measuringWindows;
        int lowest = Integer.MAX_VALUE;
        int highest;

        Origin(ConcurrencySettings settings, int workers) {
            this.limit = new ConcurrencyLimit(settings, 0);
            this.workers = workers;
        }

        Origin run(int windows) {
            lowest = Integer.MAX_VALUE;
            highest = 0;
            for (int i = 0; i < windows; i++) {
                int inFlight = Math.min(limit.limit(), demand);
                double noise = 0.97 + 0.06 * random.nextDouble();
                long latencyNs = (long) (serviceNs * Math.max(1.0, (double) inFlight / workers) * noise);
                int samples = (int) Math.min((long) inFlight * WINDOW / latencyNs, 1_000_000);
                nowNs += WINDOW;
                limit.onWindow(samples, latencyNs, 0, inFlight, nowNs, random.nextLong());
                measuringWindows += limit.isMeasuring() ? 1 : 0;
                lowest = Math.min(lowest, limit.limit());
                highest = Math.max(highest, limit.limit());
            }
            return this;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 20, 50, 100, 300})
    void findsTheKnee(int workers) {
        Origin origin = new Origin(SETTINGS, workers).run(500);
        origin.run(100);

        // Not below it, and no more waiting than working above it.
        assertTrue(origin.highest >= workers && origin.highest <= 2 * workers + 10, "limit " + origin.highest);
        assertTrue(origin.lowest >= workers / 2, "lowest " + origin.lowest);
    }

    @Test
    void followsAnOriginThatLosesAndRegainsWorkers() {
        Origin origin = new Origin(SETTINGS, 100).run(500);
        origin.workers = 20;
        origin.run(200);
        assertTrue(origin.limit.limit() <= 50, "limit " + origin.limit.limit());
        origin.workers = 100;
        origin.run(200);
        assertTrue(origin.limit.limit() >= 100, "limit " + origin.limit.limit());
    }

    @Test
    void getsUsedToAnOriginThatIsSlowerForGood() {
        Origin origin = new Origin(SETTINGS, 50).run(500);
        origin.serviceNs = 60 * MS;
        origin.run(1_500);

        assertTrue(origin.limit.limit() >= 50, "limit " + origin.limit.limit());
        assertEquals(60, origin.limit.baselineNs() / (double) MS, 6);
    }

    @Test
    void doesNotGetUsedToItsOwnQueue() {
        Origin origin = new Origin(SETTINGS, 20).run(20_000); // half an hour

        assertTrue(origin.highest <= 60, "limit " + origin.highest);
        assertEquals(10, origin.limit.baselineNs() / (double) MS, 1);
    }

    @Test
    void measuresSeldomAndShortlyAndNotBelowHalf() {
        Origin origin = new Origin(SETTINGS, 100).run(1_000);
        origin.measuringWindows = 0;
        origin.run(6_000); // ten minutes

        assertTrue(origin.measuringWindows >= 5 && origin.measuringWindows <= 20, "" + origin.measuringWindows);
        assertTrue(origin.lowest >= 55, "lowest " + origin.lowest);
    }

    @Test
    void doesNotGrowNorMeasureWithLittleTraffic() {
        Origin origin = new Origin(SETTINGS, 1_000);
        origin.demand = 5;
        origin.run(6_000);

        assertEquals(SETTINGS.initial(), origin.limit.limit());
        assertEquals(0, origin.measuringWindows);
    }

    @Test
    void shrinksWhenRequestsTimeOut() {
        Origin origin = new Origin(SETTINGS, 50).run(500);
        ConcurrencyLimit limit = origin.limit;
        int before = limit.limit();
        limit.onWindow(95, 10 * MS, 5, before, origin.nowNs += WINDOW, 0);
        assertTrue(limit.limit() >= before, "a few are no sign");
        for (int i = 0; i < 60; i++) {
            limit.onWindow(0, 0, 50, limit.limit(), origin.nowNs += WINDOW, 0);
        }
        assertTrue(limit.limit() <= 6, "limit " + limit.limit());

        origin.run(300);
        assertTrue(limit.limit() >= 50, "limit " + limit.limit());
    }

    @Test
    void takesWindowsWithTooFewSamplesTogether() {
        ConcurrencyLimit limit = new ConcurrencyLimit(SETTINGS, 0);
        limit.onWindow(SETTINGS.samplesMin() / 2, 10 * MS, 0, 5, WINDOW, 0);
        assertEquals(0, limit.baselineNs());
        limit.onWindow(SETTINGS.samplesMin() / 2, 20 * MS, 0, 5, 2 * WINDOW, 0);

        assertEquals(15 * MS, limit.baselineNs());
    }

    @Test
    void measuresAtTheStartUntilThereIsNoQueue() {
        Origin origin = new Origin(new ConcurrencySettings(100, 4, 1_000, 25, 30, 10, 60_000 * MS, 0, 50), 10);
        origin.run(20);

        assertEquals(10, origin.limit.baselineNs() / (double) MS, 1);
    }

    @Test
    void givesUpMeasuringWhenTheQueueDoesNotEmpty() {
        ConcurrencyLimit limit = new ConcurrencyLimit(SETTINGS, 0);
        long nowNs = 0;
        int measuring = 0;
        for (int i = 0; i < 2_000; i++) {
            limit.onWindow(100, 10 * MS + i * 1_000, 0, 1_000, nowNs += WINDOW, 0);
            measuring += limit.isMeasuring() ? 1 : 0;
        }

        assertTrue(measuring > 0 && measuring < 100, "windows: " + measuring);
        assertEquals(10 * MS, limit.baselineNs());
    }

    @Test
    void movesIntoANewRangeAtOnce() {
        ConcurrencyLimit limit = new ConcurrencyLimit(SETTINGS, 0);
        limit.reconfigure(new ConcurrencySettings(50, 40, 60, 25, 30, 10, 1, 0, 50));

        assertEquals(40, limit.limit());
        assertFalse(limit.isMeasuring());
    }

    @Test
    void refusesSettingsOutsideTheirRanges() {
        assertThrows(IllegalArgumentException.class, () -> new ConcurrencySettings(5, 6, 10, 25, 30, 10, 1, 0, 50));
        assertThrows(IllegalArgumentException.class, () -> new ConcurrencySettings(5, 0, 10, 25, 30, 10, 1, 0, 50));
        assertThrows(IllegalArgumentException.class, () -> new ConcurrencySettings(5, 1, 10, 25, 0, 10, 1, 0, 50));
        assertThrows(IllegalArgumentException.class, () -> new ConcurrencySettings(5, 1, 10, 25, 30, 10, 0, 0, 50));
    }

    @Property(tries = 300)
    void staysWithinItsBoundsWhateverItIsTold(
            @ForAll @IntRange(min = 1, max = 50) int min, @ForAll @IntRange(max = 200) int range, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ConcurrencySettings settings = new ConcurrencySettings(min, min, min + range, 25, 50, 1, 3 * WINDOW, 20, 50);
        ConcurrencyLimit limit = new ConcurrencyLimit(settings, 0);
        for (int i = 1; i < 200; i++) {
            int value = limit.onWindow(
                    random.nextInt(100),
                    random.nextLong(1_000 * MS),
                    random.nextInt(3) * random.nextInt(50),
                    random.nextInt(500),
                    i * WINDOW,
                    random.nextLong());
            assertEquals(value, limit.limit());
            assertTrue(value >= min && value <= min + range, "limit " + value);
        }
    }

    @Test
    void isReadWithoutAllocating() {
        ConcurrencyLimit limit = new ConcurrencyLimit(SETTINGS, 0);
        long[] sum = new long[1];

        assertEquals(0, Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                sum[0] += limit.limit();
            }
        }));
    }
}
