package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.Optional;

/**
 * When endpoints are taken out for a while, by what requests to them come to.
 *
 * @param failures failures in a row of any kind, statuses of 500 and above included; default 5; 0: never
 * @param gatewayFailures of those, statuses 502, 503 and 504 in a row; default 0
 * @param localFailures failures in a row that leave no answer; default 0
 * @param isLocalApart whether failures that leave no answer count in {@code localFailures} alone
 * @param timeNs how long the first time; the n-th time in short order takes n times as long; default 30 s
 * @param maxNs never longer; default 300 s
 * @param decayNs for each such time that an endpoint is well, one of its ejections is forgotten; default 60 s
 * @param jitterPercent up to this much longer, so that endpoints do not come back together; default 10
 * @param sharePercent of the endpoints that may be out at once; one always may; default 50
 * @param returning whether checks that pass bring an endpoint back before its time; default {@link Returning#UNANSWERED}
 * @param successRate comparison by the share of successes; empty: none
 * @param latency comparison by the time to the response head; empty: none
 */
@Immutable
public record EjectionConfig(
        int failures,
        int gatewayFailures,
        int localFailures,
        boolean isLocalApart,
        long timeNs,
        long maxNs,
        long decayNs,
        int jitterPercent,
        int sharePercent,
        Returning returning,
        Optional<Outlier> successRate,
        Optional<Outlier> latency) {
    /** Whether checks that pass bring an endpoint back before its time. */
    public enum Returning {
        /** Time alone does. */
        NEVER,
        /** They do where the endpoint was taken out because it did not answer at all. */
        UNANSWERED,
        /** They do. */
        ALWAYS
    }

    /**
     * When an endpoint is too far from the others of its upstream, by what was counted in a window of time.
     *
     * @param windowNs the window; default 10 s
     * @param factor how many standard deviations from the mean of the others; 0 to 100; default 1.9
     * @param marginPercent and at least so far from it; default 10, of latency 50
     * @param endpoints fewer with enough requests are not compared; at least 3, default 5
     * @param requests an endpoint with fewer of them in a window is left out; default 100
     */
    public record Outlier(long windowNs, double factor, int marginPercent, int endpoints, int requests) {}
}
