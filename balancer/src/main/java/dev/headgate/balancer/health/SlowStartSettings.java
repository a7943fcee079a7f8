package dev.headgate.balancer.health;

/**
 * How the share of a new or recovered endpoint grows.
 *
 * @param windowNs from the first request to the full share; 0 for none
 * @param minimumPercent the share at the beginning, 1 to 100
 * @param aggression the exponent's inverse: 1 grows evenly, above it faster at first, below it slower at first
 */
public record SlowStartSettings(long windowNs, int minimumPercent, double aggression) {
    /** Every endpoint has its full share at once. */
    public static final SlowStartSettings OFF = new SlowStartSettings(0, 100, 1);

    public SlowStartSettings {
        if (windowNs < 0) {
            throw new IllegalArgumentException("window must not be negative: " + windowNs + " ns");
        }
        if (minimumPercent < 1 || minimumPercent > 100) {
            throw new IllegalArgumentException("minimumPercent out of range: " + minimumPercent);
        }
        if (!(aggression >= 0.1) || aggression > 10) {
            throw new IllegalArgumentException("aggression out of range: " + aggression + ", expected 0.1 to 10");
        }
    }
}
