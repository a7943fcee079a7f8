package dev.headgate.fuzz.soak;

import java.util.Arrays;

/**
 * Judges whether a row of readings grows. The slope is the median over all pairs of readings (Theil and Sen), which a few outliers or one step do
 * not move; readings of the first third are left out, for caches and pools are still filling. It is a leak when the line rises by more than the
 * allowance over the readings that count, and chance alone would hardly ever make it rise (the lower end of Sen's interval is positive).
 *
 * @param perHour the slope
 * @param grown what the line rises over the readings that count
 * @param isLeak the verdict
 */
record Growth(double perHour, double grown, boolean isLeak) {
    /** With fewer readings there is no verdict: the interval would never exclude chance. */
    static final int READINGS_MIN = 8;

    private static final double NORMAL_QUANTILE = 2.58; // 99 % on both sides
    private static final double SECONDS_PER_HOUR = 3600;

    /**
     * Judges {@code readings}, taken at {@code seconds}.
     *
     * @param allowance how much a row that does not leak may rise
     */
    static Growth judge(double[] seconds, double[] readings, double allowance) {
        int first = readings.length / 3;
        double[] x = Arrays.copyOfRange(seconds, first, seconds.length);
        double[] y = Arrays.copyOfRange(readings, first, readings.length);
        if (readings.length < READINGS_MIN) {
            return new Growth(0, 0, false);
        }
        double[] slopes = slopes(x, y);
        double slope = slopes.length % 2 == 1
                ? slopes[slopes.length / 2]
                : (slopes[slopes.length / 2 - 1] + slopes[slopes.length / 2]) / 2;
        double grown = slope * (x[x.length - 1] - x[0]);
        return new Growth(slope * SECONDS_PER_HOUR, grown, grown > allowance && lowest(slopes, x.length) > 0);
    }

    private static double[] slopes(double[] x, double[] y) {
        double[] slopes = new double[x.length * (x.length - 1) / 2];
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = i + 1; j < x.length; j++) {
                slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
            }
        }
        Arrays.sort(slopes);
        return slopes;
    }

    /** The lower end of the interval around the median slope, by the variance of Kendall's statistic. */
    private static double lowest(double[] slopes, int n) {
        double spread = NORMAL_QUANTILE * Math.sqrt(n * (n - 1.0) * (2 * n + 5) / 18);
        int index = (int) Math.floor((slopes.length - spread) / 2);
        return index < 0 ? Double.NEGATIVE_INFINITY : slopes[index];
    }
}
