package dev.headgate.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A distribution of latencies, in nanoseconds with three significant digits.
 *
 * @param count how many
 * @param meanNs 0 when there are none, like all that follows
 * @param curve the whole distribution for drawing: points with rising percentiles, denser towards 100
 */
public record LatencySummary(
        long count,
        double meanNs,
        long minNs,
        long p50Ns,
        long p90Ns,
        long p99Ns,
        long p999Ns,
        long p9999Ns,
        long maxNs,
        List<Point> curve) {
    private static final int CURVE_TICKS_PER_HALF_DISTANCE = 5;

    /**
     * A point of the curve: {@code percentile} of the latencies are at most {@code latencyNs}.
     *
     * @param percentile from 0 to 100
     */
    public record Point(double percentile, long latencyNs) {}

    public LatencySummary {
        curve = List.copyOf(curve);
    }

    static LatencySummary of(AbstractHistogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return new LatencySummary(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
        }
        List<Point> curve = new ArrayList<>();
        for (HistogramIterationValue value : histogram.percentiles(CURVE_TICKS_PER_HALF_DISTANCE)) {
            curve.add(new Point(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo()));
        }
        return new LatencySummary(
                histogram.getTotalCount(),
                histogram.getMean(),
                histogram.getMinValue(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getValueAtPercentile(99.99),
                histogram.getMaxValue(),
                curve);
    }
}
