package dev.headgate.bench.report.svg;

import java.util.ArrayList;
import java.util.List;

/**
 * Equal distances for equal factors, between two marks of the row 1, 2, 5, 10.
 *
 * @param start the first mark
 * @param end the last mark
 * @param unit of the labels
 */
public record LogScale(double start, double end, LogUnit unit) implements Scale {
    private static final int[] FACTORS = {1, 2, 5};
    private static final int LABELS_MAX = 8;

    /** How labels are written. */
    public enum LogUnit {
        PLAIN,
        /** Values are microseconds; labels become milliseconds and seconds where these are rounder. */
        MICROSECONDS;

        String label(double value) {
            return this == PLAIN ? NumberText.axis(value) : NumberText.micros(value);
        }
    }

    /** The smallest scale that holds values from {@code min} to {@code max}, which lie above 0. */
    public static LogScale over(double min, double max, LogUnit unit) {
        if (!(min > 0) || !(max >= min)) return new LogScale(1, 10, unit);
        double start = floor(min);
        double end = ceiling(max);
        return new LogScale(start, end > start ? end : ceiling(start * 1.5), unit);
    }

    private static double floor(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        double floor = power;
        for (int factor : FACTORS) {
            if (factor * power <= value * (1 + 1e-9)) floor = factor * power;
        }
        return floor;
    }

    private static double ceiling(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (int factor : FACTORS) {
            if (factor * power >= value * (1 - 1e-9)) return factor * power;
        }
        return 10 * power;
    }

    @Override
    public double placeOf(double value) {
        if (value <= start) return 0;
        return Math.min(1, Math.log(value / start) / Math.log(end / start));
    }

    @Override
    public List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        boolean isWide = Math.log10(end / start) * FACTORS.length > LABELS_MAX;
        double power = Math.pow(10, Math.floor(Math.log10(start) + 1e-9));
        for (; power <= end * (1 + 1e-9); power *= 10) {
            for (int factor : FACTORS) {
                double value = factor * power;
                if (value < start * (1 - 1e-9) || value > end * (1 + 1e-9)) continue;
                ticks.add(new Tick(value, factor == 1 || !isWide ? unit.label(value) : ""));
            }
        }
        return ticks;
    }
}
