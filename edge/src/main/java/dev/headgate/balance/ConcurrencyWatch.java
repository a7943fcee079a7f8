package dev.headgate.balance;

import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.breaker.ConcurrencyLimit;
import dev.headgate.balancer.breaker.ConcurrencySettings;
import dev.headgate.balancer.breaker.RequestPermits;
import dev.headgate.config.ConcurrencyConfig;
import dev.headgate.engine.io.Chance;
import dev.headgate.upstream.UpstreamNode;

/**
 * Feeds the limit that adapts with windows of what the loops have counted, and sets permits for requests by it. How many attempts were under
 * way is looked at whenever the agent has a cycle, and is at the least what arrivals and latencies say (Little's law). The agent's alone.
 */
final class ConcurrencyWatch {
    private static final int JITTER_PERCENT = 20;
    private static final int REMEASURE_PERCENT = 50;
    private static final int SMOOTHING_PERCENT = 30;
    private static final int SAMPLES_MIN = 10;

    private final UpstreamNode upstream;
    private final RequestPermits permits;
    private final ConcurrencyLimit limit;
    private final int fixedLimit;
    private final long windowNs;
    private long windowEndNs;

    private long answers;
    private long latencySumNs;
    private long timeouts;
    private int underWayMax;

    ConcurrencyWatch(UpstreamNode upstream, ConcurrencyConfig config, long nowNs) {
        this.upstream = upstream;
        this.permits = upstream.limits().requests();
        this.limit = new ConcurrencyLimit(settings(config), nowNs);
        this.fixedLimit = upstream.config().breaker().requests();
        this.windowNs = config.windowNs();
        this.windowEndNs = nowNs + windowNs;
        apply();
    }

    private static ConcurrencySettings settings(ConcurrencyConfig config) {
        return new ConcurrencySettings(
                config.initial(),
                config.min(),
                config.max(),
                config.tolerancePercent(),
                SMOOTHING_PERCENT,
                SAMPLES_MIN,
                config.remeasureNs(),
                JITTER_PERCENT,
                REMEASURE_PERCENT);
    }

    int limit() {
        return limit.limit();
    }

    /** Answers whether the limit is another one than before. */
    boolean doWork(long nowNs, Chance chance) {
        underWayMax = Math.max(underWayMax, permits.inUse());
        if (windowEndNs - nowNs > 0) {
            return false;
        }
        int before = limit.limit();
        endWindow(nowNs, chance.nextLong());
        windowEndNs = nowNs + windowNs;
        apply();
        return limit.limit() != before;
    }

    private void endWindow(long nowNs, long random) {
        long answersNow = 0;
        long latencySumNow = 0;
        long timeoutsNow = 0;
        for (int i = 0; i < upstream.endpointCount(); i++) {
            EndpointStats stats = upstream.endpoint(i).stats();
            answersNow += stats.answers();
            latencySumNow += stats.answerLatencySumNs();
            timeoutsNow += stats.failures(EndpointFailure.TIMEOUT);
        }
        // An endpoint that has gone takes what it has counted along.
        int ended = (int) Math.max(0, answersNow - answers);
        long sumNs = Math.max(0, latencySumNow - latencySumNs);
        int underWay = (int) Math.max(underWayMax, sumNs / (windowNs + Math.max(0, nowNs - windowEndNs)));
        limit.onWindow(
                ended,
                ended == 0 ? 0 : sumNs / ended,
                (int) Math.max(0, timeoutsNow - timeouts),
                underWay,
                nowNs,
                random);
        answers = answersNow;
        latencySumNs = latencySumNow;
        timeouts = timeoutsNow;
        underWayMax = permits.inUse();
    }

    private void apply() {
        permits.setLimit(Math.min(limit.limit(), fixedLimit));
    }
}
