package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final long MS = 1_000_000;

    @Test
    void doublesItsBoundUpToTheMaximum() {
        Backoff backoff = new Backoff(25 * MS, 250 * MS);

        long[] bounds = {25, 50, 100, 200, 250, 250};
        for (int failures = 1; failures <= bounds.length; failures++) {
            assertEquals(bounds[failures - 1] * MS, backoff.boundNs(failures));
        }
        assertEquals(250 * MS, backoff.boundNs(Integer.MAX_VALUE));
    }

    @Test
    void doublesAsFarAsNumbersGo() {
        Backoff backoff = new Backoff(1L << 62, Long.MAX_VALUE - 1);

        assertEquals(1L << 62, backoff.boundNs(1));
        assertEquals(Long.MAX_VALUE - 1, backoff.boundNs(2));
        assertEquals(1L << 62, new Backoff(1, Long.MAX_VALUE - 1).boundNs(63));
        assertEquals(Long.MAX_VALUE - 1, new Backoff(1, Long.MAX_VALUE - 1).boundNs(64));
    }

    @Test
    void waitsFromNothingToTheBound() {
        Backoff backoff = new Backoff(25 * MS, 250 * MS);

        assertEquals(0, backoff.delayNs(2, 0));
        assertEquals(25 * MS, backoff.delayNs(2, Long.MIN_VALUE));
        assertEquals(50 * MS, backoff.delayNs(2, -1));
    }

    @Test
    void spreadsItsWaitsEvenly() {
        Backoff backoff = new Backoff(3, 3);
        SplittableRandom random = new SplittableRandom(11);
        long[] counts = new long[4];
        for (int i = 0; i < 40_000; i++) {
            counts[(int) backoff.delayNs(1, random.nextLong())]++;
        }

        ChiSquare.assertFollows(new int[] {1, 1, 1, 1}, counts);
    }

    @Test
    void mayBeNoWaitAtAll() {
        Backoff backoff = new Backoff(0, 0);

        assertEquals(0, backoff.delayNs(1, -1));
        assertEquals(0, backoff.delayNs(100, -1));
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new Backoff(-1, 5));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(6, 5));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(6, Long.MAX_VALUE));
    }

    @Property(tries = 500)
    void neverOverflowsAndNeverShrinksWithFailures(
            @ForAll @LongRange(max = Long.MAX_VALUE - 1) long a,
            @ForAll @LongRange(max = Long.MAX_VALUE - 1) long b,
            @ForAll @IntRange(min = 1, max = 200) int failures,
            @ForAll long random) {
        Backoff backoff = new Backoff(Math.min(a, b), Math.max(a, b));
        long boundNs = backoff.boundNs(failures);
        long delayNs = backoff.delayNs(failures, random);

        assertTrue(delayNs >= 0 && delayNs <= boundNs, delayNs + " of " + boundNs);
        assertTrue(boundNs <= backoff.boundNs(failures + 1));
        assertTrue(boundNs <= backoff.maxNs());
    }

    @Test
    void allocatesNothing() {
        Backoff backoff = new Backoff(25 * MS, 250 * MS);
        long[] sum = new long[1];

        assertEquals(0, Allocation.bytesOf(5, () -> {
            for (int i = 1; i < 1_000; i++) {
                sum[0] += backoff.delayNs(i, i * 0x9E37_79B9_7F4A_7C15L);
            }
        }));
    }
}
