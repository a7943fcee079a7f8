package dev.headgate.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/** Latencies counted from a microsecond to 100 seconds with two significant digits, so that several of them can be joined. Immutable. */
public final class LatencyCounts {
    /** Of nothing. */
    public static final LatencyCounts NONE = new LatencyCounts(newHistogram());

    private static final long NS_MIN = 1_000;
    private static final long NS_MAX = 100_000_000_000L;
    private static final int DIGITS = 2;

    private final IntCountsHistogram counts; // not changed from here on

    private LatencyCounts(IntCountsHistogram counts) {
        this.counts = counts;
    }

    static IntCountsHistogram newHistogram() {
        return new IntCountsHistogram(NS_MIN, NS_MAX, DIGITS);
    }

    static LatencyCounts of(IntCountsHistogram counts) {
        return new LatencyCounts(counts.copy());
    }

    /** One of each. */
    public static LatencyCounts ofNs(long... latencies) {
        IntCountsHistogram counts = newHistogram();
        Arrays.stream(latencies).forEach(counts::recordValue);
        return new LatencyCounts(counts);
    }

    /** Those of both. */
    public LatencyCounts plus(LatencyCounts other) {
        IntCountsHistogram sum = counts.copy();
        sum.add(other.counts);
        return new LatencyCounts(sum);
    }

    /** How many. */
    public long count() {
        return counts.getTotalCount();
    }

    /** How many took {@code ns} or longer. */
    public long countFrom(long ns) {
        return counts.getTotalCount() == 0 ? 0 : counts.getCountBetweenValues(Math.min(ns, NS_MAX), NS_MAX);
    }

    public LatencySummary summary() {
        return LatencySummary.of(counts);
    }

    /** As bytes, for {@link #decoded}. */
    public byte[] encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(counts.getNeededByteBufferCapacity());
        counts.encodeIntoByteBuffer(bytes);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** What {@link #encoded} has made. */
    public static LatencyCounts decoded(byte[] bytes) {
        IntCountsHistogram counts = IntCountsHistogram.decodeFromByteBuffer(ByteBuffer.wrap(bytes), NS_MAX);
        return counts.getTotalCount() == 0 ? NONE : NONE.plus(new LatencyCounts(counts));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LatencyCounts that && counts.equals(that.counts);
    }

    @Override
    public int hashCode() {
        return counts.hashCode();
    }

    @Override
    public String toString() {
        return count() + " latencies";
    }
}
