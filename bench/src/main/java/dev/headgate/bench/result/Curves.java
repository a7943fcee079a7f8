package dev.headgate.bench.result;

import dev.headgate.bench.load.LatencySummary;
import java.util.ArrayList;
import java.util.List;

/** Distributions of several rounds as one, with the range in which the rounds lie. */
public final class Curves {
    private static final double NS_PER_US = 1000;
    private static final int POINTS_PER_NINE = 16;

    /**
     * A point of the joined distribution.
     *
     * @param fraction so many of the requests, from 0 to 1, were no slower
     * @param us than this, in microseconds, over the rounds
     */
    public record Point(double fraction, Spread us) {}

    private Curves() {}

    /** Joins the rounds at so many nines; rounds without latencies do not count. */
    public static List<Point> join(List<Run> rounds, int nines) {
        List<List<LatencySummary.Point>> curves = rounds.stream()
                .map(Run::curve)
                .filter(curve -> !curve.isEmpty())
                .toList();
        List<Point> joined = new ArrayList<>();
        if (curves.isEmpty()) return joined;
        for (int i = 0; i <= nines * POINTS_PER_NINE; i++) {
            double fraction = 1 - Math.pow(10, -(double) i / POINTS_PER_NINE);
            double[] micros = curves.stream()
                    .mapToDouble(curve -> latencyNs(curve, fraction * 100) / NS_PER_US)
                    .toArray();
            joined.add(new Point(fraction, Spread.of(micros)));
        }
        return joined;
    }

    /** The latency at a percentile, from 0 to 100: that of the first point that reaches it. */
    static double latencyNs(List<LatencySummary.Point> curve, double percentile) {
        for (LatencySummary.Point point : curve) {
            if (point.percentile() >= percentile - 1e-9) return point.latencyNs();
        }
        return curve.getLast().latencyNs();
    }
}
