package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class HistogramProperties {
    @Property(tries = 5_000)
    void knowsEveryValueToWithinAThirtySecond(@ForAll @LongRange(max = Histogram.VALUE_MAX) long value) {
        int bucket = Histogram.bucketOf(value);
        long highest = Histogram.highestOf(bucket);

        assertTrue(highest >= value);
        assertTrue((highest - value) * Histogram.SUB_COUNT <= value, value + " is taken for " + highest);
    }

    @Example
    void dividesTheRangeWithoutGapOrOverlap() {
        long next = 0;
        for (int bucket = 0; bucket < Histogram.BUCKET_COUNT; bucket++) {
            assertEquals(bucket, Histogram.bucketOf(next), "first value of the bucket");
            assertEquals(bucket, Histogram.bucketOf(Histogram.highestOf(bucket)), "last value of the bucket");
            next = Histogram.highestOf(bucket) + 1;
        }
        assertEquals(Histogram.VALUE_MAX + 1, next);
    }

    @Example
    void takesValuesOutsideTheRangeForItsEnds() {
        assertEquals(0, Histogram.bucketOf(-1));
        assertEquals(0, Histogram.bucketOf(Long.MIN_VALUE));
        assertEquals(Histogram.BUCKET_COUNT - 1, Histogram.bucketOf(Histogram.VALUE_MAX));
        assertEquals(Histogram.BUCKET_COUNT - 1, Histogram.bucketOf(Histogram.VALUE_MAX + 1));
        assertEquals(Histogram.BUCKET_COUNT - 1, Histogram.bucketOf(Long.MAX_VALUE));
    }

    @Property(tries = 500)
    void givesTheQuantilesOfTheValues(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(max = 10_000_000) Long> values,
            @ForAll @LongRange(max = 1_000) long perMille) {
        LoopHistograms histograms = new LoopHistograms(2);
        for (int i = 0; i < values.size(); i++) {
            histograms.record(i & 1, values.get(i));
        }
        MetricsSnapshot.Distribution distribution = histograms.snapshot();

        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        long exact = sorted[Math.max((int) Math.ceil(perMille / 1_000.0 * sorted.length) - 1, 0)];
        long told = distribution.quantile(perMille / 1_000.0);
        assertEquals(values.size(), distribution.count());
        assertTrue(told >= exact && (told - exact) * Histogram.SUB_COUNT <= exact, exact + " told as " + told);
        assertEquals(Arrays.stream(sorted).filter(v -> v <= told).count(), distribution.countUpTo(told));
    }

    @Example
    void isZeroWithoutValues() {
        MetricsSnapshot.Distribution distribution = new LoopHistograms(1).snapshot();

        assertEquals(0, distribution.count());
        assertEquals(0, distribution.quantile(0.5));
        assertEquals(0, distribution.countUpTo(Long.MAX_VALUE));
    }
}
