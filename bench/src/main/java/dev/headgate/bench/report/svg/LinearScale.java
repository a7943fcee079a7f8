package dev.headgate.bench.report.svg;

import java.util.ArrayList;
import java.util.List;

/**
 * From 0 to a round number.
 *
 * @param step between two marks: 1, 2 or 5 times a power of ten
 * @param end the last mark, at or above the largest value
 */
public record LinearScale(double step, double end) implements Scale {
    /** A scale with some {@code stepsMax} marks that holds values up to {@code max}. */
    public static LinearScale upTo(double max, int stepsMax) {
        if (!(max > 0)) return new LinearScale(1, 1);
        double raw = max / stepsMax;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = 10 * power;
        for (int factor : new int[] {5, 2, 1}) {
            if (factor * power >= raw * 0.999_999) step = factor * power;
        }
        return new LinearScale(step, step * Math.ceil(max / step - 1e-9));
    }

    @Override
    public double placeOf(double value) {
        return Math.clamp(value / end, 0, 1);
    }

    @Override
    public List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        long count = Math.round(end / step);
        for (long i = 0; i <= count; i++) {
            ticks.add(new Tick(i * step, NumberText.axis(i * step)));
        }
        return ticks;
    }
}
