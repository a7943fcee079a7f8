package dev.headgate.balancer.breaker;

import dev.headgate.balancer.Backoff;

/**
 * When a breaker trips, and how it comes back.
 *
 * @param windowNs over which shares are taken
 * @param requestsMin with fewer requests in the window it does not trip
 * @param errorPercent it trips when at least this share of them failed; 0 for never
 * @param slowPercent or when at least this share of them was slow; 0 for never
 * @param openTime how long it stays open, by how often it has tripped in short order; see {@link Backoff#boundNs}
 * @param openJitterPercent and up to this much longer, 0 to 100
 * @param probes how many requests it lets through before it decides, 1 to {@link #PROBES_MAX}
 * @param probeTimeoutNs when they have not all ended after this time, as many others get their chance
 * @param returnNs over which the share of admitted requests then grows; 0 to admit all at once
 * @param returnStartPercent where that share begins, 1 to 100
 */
public record BreakerSettings(
        long windowNs,
        int requestsMin,
        int errorPercent,
        int slowPercent,
        Backoff openTime,
        int openJitterPercent,
        int probes,
        long probeTimeoutNs,
        long returnNs,
        int returnStartPercent) {
    /** The most probes. */
    public static final int PROBES_MAX = 1_000;

    public BreakerSettings {
        requireRange("errorPercent", errorPercent, 0, 100);
        requireRange("slowPercent", slowPercent, 0, 100);
        requireRange("openJitterPercent", openJitterPercent, 0, 100);
        requireRange("returnStartPercent", returnStartPercent, 1, 100);
        requireRange("probes", probes, 1, PROBES_MAX);
        requireRange("requestsMin", requestsMin, 1, Integer.MAX_VALUE);
        if (windowNs <= 0 || probeTimeoutNs <= 0 || returnNs < 0 || openTime.baseNs() <= 0) {
            throw new IllegalArgumentException("times out of range: window=" + windowNs + ", probeTimeout="
                    + probeTimeoutNs + ", return=" + returnNs + ", open=" + openTime.baseNs() + " ns");
        }
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " out of range: " + value + ", expected " + min + " to " + max);
        }
    }
}
