package dev.headgate.balancer.breaker;

/**
 * How a {@link ConcurrencyLimit} adapts.
 *
 * @param initial where it begins
 * @param min it is never lower, 1 at least
 * @param max it is never higher, at most {@link #LIMIT_MAX}
 * @param tolerancePercent latency may be this much above its baseline before the limit shrinks
 * @param smoothingPercent how far it goes towards the computed limit with each window, 1 to 100
 * @param samplesMin windows with fewer samples are taken together
 * @param remeasureNs when the baseline has not been confirmed for this long, it is measured anew
 * @param remeasureJitterPercent and up to this much later, 0 to 100
 * @param remeasurePercent the share of the limit that is left while it is measured, 10 to 100
 */
public record ConcurrencySettings(
        int initial,
        int min,
        int max,
        int tolerancePercent,
        int smoothingPercent,
        int samplesMin,
        long remeasureNs,
        int remeasureJitterPercent,
        int remeasurePercent) {
    /** The highest limit. */
    public static final int LIMIT_MAX = 1_000_000;

    /** From 20, between 4 and 1,000; a quarter above the baseline; measured anew after a minute at the earliest. */
    public static final ConcurrencySettings DEFAULTS =
            new ConcurrencySettings(20, 4, 1_000, 25, 30, 10, 60_000_000_000L, 20, 50);

    public ConcurrencySettings {
        requireRange("min", min, 1, LIMIT_MAX);
        requireRange("max", max, min, LIMIT_MAX);
        requireRange("initial", initial, min, max);
        requireRange("tolerancePercent", tolerancePercent, 0, 1_000);
        requireRange("smoothingPercent", smoothingPercent, 1, 100);
        requireRange("samplesMin", samplesMin, 1, Integer.MAX_VALUE);
        requireRange("remeasureJitterPercent", remeasureJitterPercent, 0, 100);
        requireRange("remeasurePercent", remeasurePercent, 10, 100);
        if (remeasureNs <= 0) {
            throw new IllegalArgumentException("remeasure must be positive: " + remeasureNs + " ns");
        }
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " out of range: " + value + ", expected " + min + " to " + max);
        }
    }
}
