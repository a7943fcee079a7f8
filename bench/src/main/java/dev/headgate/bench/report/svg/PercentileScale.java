package dev.headgate.bench.report.svg;

import java.util.ArrayList;
import java.util.List;

/**
 * Percentiles as HdrHistogram draws them: each nine has the width of the one before, so that the tail can be seen. Values
 * are fractions: 0.99 is the 99th percentile.
 *
 * @param nines how many there are: 4 ends at 99.99 %
 */
public record PercentileScale(int nines) implements Scale {
    private static final String[] LABELS = {"90%", "99%", "99.9%", "99.99%", "99.999%", "99.9999%"};

    /** A scale on which {@code count} values can be told apart: the last nine has at least ten of them. */
    public static PercentileScale of(long count) {
        return new PercentileScale(Math.clamp((long) Math.log10(Math.max(count, 1) / 10.0) + 1, 2, LABELS.length));
    }

    @Override
    public double placeOf(double fraction) {
        if (fraction <= 0) return 0;
        if (fraction >= 1) return 1;
        return Math.min(1, -Math.log10(1 - fraction) / nines);
    }

    /** The fraction at the end of the scale. */
    public double end() {
        return 1 - Math.pow(10, -nines);
    }

    @Override
    public List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        ticks.add(new Tick(0, "0%"));
        ticks.add(new Tick(0.5, "50%"));
        for (int nine = 1; nine <= nines; nine++) {
            ticks.add(new Tick(1 - Math.pow(10, -nine), LABELS[nine - 1]));
        }
        return ticks;
    }
}
