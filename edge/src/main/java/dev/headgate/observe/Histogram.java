package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts values in buckets whose width grows with the value, so that each is known to within 1/32 (3 %) from 0 to
 * {@link #VALUE_MAX}. One writer; any thread reads.
 *
 * <p>Values below 32 have a bucket each. Above, every power of two is divided into 32 buckets of equal width: the bucket is
 * the value's exponent and its five bits after the first.
 */
@HotPath
final class Histogram {
    static final int SUB_BITS = 5;
    static final int SUB_COUNT = 1 << SUB_BITS;

    /** More than an hour in microseconds; greater values count as this one. */
    static final long VALUE_MAX = (1L << 32) - 1;

    static final int BUCKET_COUNT = (32 - SUB_BITS + 1) * SUB_COUNT;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[BUCKET_COUNT];

    void record(long value) {
        int bucket = bucketOf(value);
        CELL.setOpaque(counts, bucket, counts[bucket] + 1);
    }

    /** Adds this histogram's counts to {@code sums}, which has {@link #BUCKET_COUNT} elements. Any thread. */
    void addTo(long[] sums) {
        for (int bucket = 0; bucket < BUCKET_COUNT; bucket++) {
            sums[bucket] += (long) CELL.getOpaque(counts, bucket);
        }
    }

    static int bucketOf(long value) {
        long clamped = Math.clamp(value, 0, VALUE_MAX);
        // The number of bits below the six leading ones; 0 up to 63, where buckets are one wide.
        int shift = Math.max(Long.SIZE - SUB_BITS - 1 - Long.numberOfLeadingZeros(clamped), 0);
        return (shift << SUB_BITS) + (int) (clamped >>> shift);
    }

    /** The greatest value that falls into {@code bucket}. */
    static long highestOf(int bucket) {
        int shift = Math.max((bucket >> SUB_BITS) - 1, 0);
        long lowest = (long) (bucket - (shift << SUB_BITS)) << shift;
        return lowest + (1L << shift) - 1;
    }
}
