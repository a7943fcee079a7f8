package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

/** Pearson's test that counts follow weights. */
public final class ChiSquare {
    private ChiSquare() {}

    /** Fails if the counts would deviate this much from the weights in fewer than about one of 100,000 honest samples. */
    public static void assertFollows(int[] weights, long[] counts) {
        long total = Arrays.stream(counts).sum();
        double totalWeight = Arrays.stream(weights).sum();
        double statistic = 0;
        int freedom = -1;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == 0) {
                assertEquals(0, counts[i], "picked although its weight is 0: " + i);
                continue;
            }
            double expected = total * weights[i] / totalWeight;
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
            freedom++;
        }
        double limit = quantile(freedom);
        assertTrue(
                statistic <= limit,
                "chi-square " + statistic + " > " + limit + " for weights " + Arrays.toString(weights) + ", counts "
                        + Arrays.toString(counts));
    }

    // Wilson and Hilferty's approximation of the chi-square quantile, at the normal quantile 4.27 (1 - 1e-5).
    private static double quantile(int freedom) {
        if (freedom <= 0) {
            return 0;
        }
        double term = 2.0 / (9.0 * freedom);
        double root = 1 - term + 4.27 * Math.sqrt(term);
        return freedom * root * root * root;
    }
}
