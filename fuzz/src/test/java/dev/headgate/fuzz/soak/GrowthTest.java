package dev.headgate.fuzz.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.sim.SimChance;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final int SEEDS = 500;
    private static final double REQUESTS_PER_SECOND = 400;

    private static double[] seconds(int count, double each) {
        double[] seconds = new double[count];
        for (int i = 0; i < count; i++) {
            seconds[i] = (i + 1) * each;
        }
        return seconds;
    }

    private static double noise(SimChance chance, double amplitude) {
        return amplitude * (chance.nextInt(2001) - 1000) / 1000;
    }

    @Test
    void findsOneBufferLostInAThousandRequests() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            var chance = new SimChance(seed);
            double[] seconds = seconds(60, 60);
            double[] buffers = new double[seconds.length];
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = Math.floor(seconds[i] * REQUESTS_PER_SECOND / 1000) + noise(chance, 100);
            }
            assertTrue(Growth.judge(seconds, buffers, 2).isLeak(), "seed " + seed);
        }
    }

    @Test
    void findsItInTwoMinutesWhereReadingsAreSteady() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            var chance = new SimChance(seed);
            double[] seconds = seconds(14, 120.0 / 14);
            double[] buffers = new double[seconds.length];
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = Math.floor(seconds[i] * REQUESTS_PER_SECOND / 1000) + noise(chance, 2);
            }
            assertTrue(Growth.judge(seconds, buffers, 2).isLeak(), "seed " + seed);
        }
    }

    @Test
    void findsAFewBytesPerRequestOnTheHeapWithinAnHour() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            var chance = new SimChance(seed);
            double[] seconds = seconds(60, 60);
            double[] heap = new double[seconds.length];
            for (int i = 0; i < heap.length; i++) {
                heap[i] = 6_000 + seconds[i] * REQUESTS_PER_SECOND / 1024 + noise(chance, 80);
            }
            assertTrue(Growth.judge(seconds, heap, 256).isLeak(), "seed " + seed);
        }
    }

    @Test
    void takesNoNoiseForALeak() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            var chance = new SimChance(seed);
            int count = chance.between(8, 120);
            double[] seconds = seconds(count, 10);
            double[] heap = new double[count];
            for (int i = 0; i < count; i++) {
                heap[i] = 6_000 + noise(chance, 80);
            }
            assertFalse(Growth.judge(seconds, heap, 256).isLeak(), "seed " + seed);
        }
    }

    @Test
    void takesFillingUpAndStepsForWhatTheyAre() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            var chance = new SimChance(seed);
            double[] seconds = seconds(30, 10);
            double[] direct = new double[seconds.length];
            int step = chance.between(12, 29); // one more slab, at some time
            for (int i = 0; i < direct.length; i++) {
                double warmUp = 8_000 * (1 - Math.exp(-seconds[i] / 20));
                direct[i] = warmUp + (i >= step ? 1_024 : 0) + noise(chance, 20);
            }
            assertFalse(Growth.judge(seconds, direct, 2_048).isLeak(), "seed " + seed);
        }
    }

    @Test
    void outliersDoNotMoveTheSlope() {
        double[] seconds = seconds(30, 10);
        double[] threads = new double[seconds.length];
        threads[17] = 1_000;
        threads[25] = 1_000;
        Growth growth = Growth.judge(seconds, threads, 0);
        assertEquals(0, growth.perHour());
        assertFalse(growth.isLeak());
    }

    @Test
    void saysNothingAboutTooFewReadings() {
        double[] seconds = seconds(Growth.READINGS_MIN - 1, 10);
        assertFalse(Growth.judge(seconds, seconds, 0).isLeak());
        double[] more = seconds(14, 10);
        assertTrue(Growth.judge(more, more, 0).isLeak());
    }
}
