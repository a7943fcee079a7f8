package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/** What is counted of one upstream as a whole. Methods with a loop index are called by that loop only. */
@HotPath
public final class UpstreamMetrics {
    private static final int RETRIES = 0;
    private static final int RETRIES_REFUSED = 1;
    private static final int COUNTERS = 2;

    private final CounterRows counters;
    private final LoopHistograms attemptDurations;

    UpstreamMetrics(int loopCount) {
        counters = new CounterRows(loopCount, COUNTERS);
        attemptDurations = new LoopHistograms(loopCount);
    }

    /** An exchange makes a further attempt. */
    public void onRetry(int loopIndex) {
        counters.increment(loopIndex, RETRIES);
    }

    /** The budget did not allow a further attempt. */
    public void onRetryRefused(int loopIndex) {
        counters.increment(loopIndex, RETRIES_REFUSED);
    }

    /** An attempt has ended, from its start to the last byte of its response or its failure. */
    public void onAttemptEnded(int loopIndex, long durationUs) {
        attemptDurations.record(loopIndex, durationUs);
    }

    MetricsSnapshot.Upstream snapshot() {
        return new MetricsSnapshot.Upstream(
                counters.sum(RETRIES), counters.sum(RETRIES_REFUSED), attemptDurations.snapshot());
    }
}
