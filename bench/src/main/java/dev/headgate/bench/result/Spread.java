package dev.headgate.bench.result;

import java.util.Arrays;

/**
 * Several values of the same thing in short.
 *
 * @param median the middle one, or the mean of the middle two
 * @param min the lowest
 * @param max the highest
 */
public record Spread(double median, double min, double max) {
    /**
     * The spread of {@code values}, which are left as they are.
     *
     * @throws IllegalArgumentException when there is none, or one that is no number
     */
    public static Spread of(double... values) {
        if (values.length == 0) throw new IllegalArgumentException("no values");
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        // NaN is sorted to the end.
        if (Double.isNaN(sorted[sorted.length - 1])) throw new IllegalArgumentException("not a number");
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}
