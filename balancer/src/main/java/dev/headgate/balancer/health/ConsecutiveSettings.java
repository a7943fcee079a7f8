package dev.headgate.balancer.health;

/**
 * How many failures in a row are reported; 0 stands for never.
 *
 * @param failures of any kind
 * @param gatewayFailures statuses 502, 503 and 504
 * @param localFailures failures that left no answer
 * @param local where failures that left no answer count
 */
public record ConsecutiveSettings(int failures, int gatewayFailures, int localFailures, Local local) {
    /** The highest threshold. */
    public static final int THRESHOLD_MAX = 10_000;

    /** Where failures that left no answer count. */
    public enum Local {
        /** With all the others: a refused connection is a gateway failure, as the client sees it. */
        TOGETHER,
        /** By themselves alone, so that trouble on the way and trouble at the endpoint have thresholds of their own. */
        APART
    }

    public ConsecutiveSettings {
        requireThreshold("failures", failures);
        requireThreshold("gatewayFailures", gatewayFailures);
        requireThreshold("localFailures", localFailures);
    }

    private static void requireThreshold(String name, int threshold) {
        if (threshold < 0 || threshold > THRESHOLD_MAX) {
            throw new IllegalArgumentException(
                    "threshold out of range: " + name + "=" + threshold + ", limit=" + THRESHOLD_MAX);
        }
    }
}
