package dev.headgate.testkit.sim;

import dev.headgate.engine.io.Chance;

/** SplitMix64: the same numbers for the same seed, on every JDK. */
public final class SimChance implements Chance {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    public SimChance(long seed) {
        state = seed;
    }

    /** The number that belongs to {@code value}: a hash that spreads every bit. */
    public static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }

    /** Another source, whose numbers do not depend on how many are taken from this one later. */
    public SimChance fork() {
        return new SimChance(nextLong());
    }

    @Override
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    @Override
    public int nextInt(int bound) {
        return (int) ((nextLong() >>> 33) * bound >>> 31);
    }

    /** Uniform in {@code [least, most]}. */
    public int between(int least, int most) {
        return least + nextInt(most - least + 1);
    }

    /** Uniform in {@code [least, most]}. */
    public long between(long least, long most) {
        return least + Long.remainderUnsigned(nextLong(), most - least + 1);
    }

    /** True once in {@code n} times on average; never for 0. */
    public boolean oneIn(int n) {
        return n > 0 && nextInt(n) == 0;
    }

    /** One of {@code values}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // Only read from.
    public final <T> T oneOf(T... values) {
        return values[nextInt(values.length)];
    }

    /** Mostly small, sometimes up to {@code most}: each power of two is as likely as the next. */
    public int skewed(int most) {
        int bits = nextInt(33 - Integer.numberOfLeadingZeros(most));
        return (int) Math.min(most, nextLong() >>> 1 & (1L << bits) - 1);
    }
}
