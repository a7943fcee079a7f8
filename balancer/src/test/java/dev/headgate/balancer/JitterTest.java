package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class JitterTest {
    private static final long LEAST = 0; // random bits
    private static final long MOST = -1;
    private static final long MIDDLE = Long.MIN_VALUE;

    @Test
    void includesBothEnds() {
        assertEquals(0, Jitter.upTo(10, LEAST));
        assertEquals(5, Jitter.upTo(10, MIDDLE));
        assertEquals(10, Jitter.upTo(10, MOST));
        assertEquals(90, Jitter.around(100, 10, LEAST));
        assertEquals(100, Jitter.around(100, 10, MIDDLE));
        assertEquals(110, Jitter.around(100, 10, MOST));
        assertEquals(100, Jitter.above(100, 10, LEAST));
        assertEquals(110, Jitter.above(100, 10, MOST));
        assertEquals(100, Jitter.below(100, 10, LEAST));
        assertEquals(90, Jitter.below(100, 10, MOST));
        assertEquals(0, Jitter.below(100, 100, MOST));
    }

    @Property(tries = 500)
    void staysWithinItsBounds(
            @ForAll @LongRange(max = Long.MAX_VALUE / 4) long lengthNs,
            @ForAll @IntRange(max = 100) int percent,
            @ForAll long random) {
        long up = Jitter.upTo(lengthNs, random);
        long around = Jitter.around(lengthNs, percent, random);
        long above = Jitter.above(lengthNs, percent, random);
        long below = Jitter.below(lengthNs, percent, random);
        double spread = lengthNs * (percent / 100.0) * (1 + 1e-9) + 1;

        assertTrue(up >= 0 && up <= lengthNs, "up to: " + up);
        assertTrue(around >= 0 && Math.abs(around - lengthNs) <= spread, "around: " + around);
        assertTrue(above >= lengthNs && above - lengthNs <= spread, "above: " + above);
        assertTrue(below <= lengthNs && below >= 0 && lengthNs - below <= spread, "below: " + below);
    }
}
