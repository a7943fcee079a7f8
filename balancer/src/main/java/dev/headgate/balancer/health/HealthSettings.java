package dev.headgate.balancer.health;

/**
 * How an endpoint is checked.
 *
 * @param rise passes in a row that bring an endpoint up, 1 to {@link #CHECKS_MAX}
 * @param fall failures in a row that take it down, 1 to {@link #CHECKS_MAX}
 * @param start what it is before the first check: {@code UP}, {@code DOWN} or {@code UNKNOWN}
 * @param intervalNs between checks while it is up
 * @param fastIntervalNs between checks while it is unknown or changing
 * @param downIntervalNs between checks while it is down
 * @param jitterPercent how far an interval may be off, either way, 0 to 100
 */
public record HealthSettings(
        int rise,
        int fall,
        Health start,
        long intervalNs,
        long fastIntervalNs,
        long downIntervalNs,
        int jitterPercent) {
    /** The most checks in a row that a change may take. */
    public static final int CHECKS_MAX = 1_000;

    public HealthSettings {
        requireRange("rise", rise, 1, CHECKS_MAX);
        requireRange("fall", fall, 1, CHECKS_MAX);
        requireRange("jitterPercent", jitterPercent, 0, 100);
        if (start == Health.FAILING || start == Health.RISING) {
            throw new IllegalArgumentException("no state to start in: " + start);
        }
        if (intervalNs <= 0 || fastIntervalNs <= 0 || downIntervalNs <= 0) {
            throw new IllegalArgumentException("intervals must be positive: interval=" + intervalNs + ", fastInterval="
                    + fastIntervalNs + ", downInterval=" + downIntervalNs + " ns");
        }
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " out of range: " + value + ", expected " + min + " to " + max);
        }
    }
}
