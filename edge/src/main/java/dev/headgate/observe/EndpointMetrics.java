package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/**
 * What is counted of one endpoint for those who look on; what the balancer decides by, {@link
 * dev.headgate.balancer.EndpointStats} counts. Methods with a loop index are called by that loop only.
 */
@HotPath
public final class EndpointMetrics {
    private static final int POOL_HITS = 0;
    private static final int POOL_MISSES = 1;
    private static final int CONNECTIONS_OPENED = 2;
    private static final int CONNECTIONS_CLOSED = 3;
    private static final int BYTES_SENT = 4;
    private static final int BYTES_RECEIVED = 5;
    private static final int ATTEMPTS = 6;
    private static final int PRECONNECTED = 7;
    private static final int PRECONNECTS_FAILED = 8;
    private static final int STATUS_CLASSES = 9;
    private static final int COUNTERS = STATUS_CLASSES + ExchangeCounters.STATUS_CLASSES;

    private final CounterRows counters;
    private final EndpointHealthMetrics health = new EndpointHealthMetrics();

    EndpointMetrics(int loopCount) {
        counters = new CounterRows(loopCount, COUNTERS);
    }

    /** An attempt uses an idle connection. */
    public void onPoolHit(int loopIndex) {
        counters.increment(loopIndex, POOL_HITS);
    }

    /** An attempt needs a new connection. */
    public void onPoolMiss(int loopIndex) {
        counters.increment(loopIndex, POOL_MISSES);
    }

    public void onConnectionOpened(int loopIndex) {
        counters.increment(loopIndex, CONNECTIONS_OPENED);
    }

    public void onConnectionClosed(int loopIndex) {
        counters.increment(loopIndex, CONNECTIONS_CLOSED);
    }

    /** A connection that nobody had asked for is open. */
    public void onPreconnected(int loopIndex) {
        counters.increment(loopIndex, PRECONNECTED);
    }

    /** Such a connection has not come about. */
    public void onPreconnectFailed(int loopIndex) {
        counters.increment(loopIndex, PRECONNECTS_FAILED);
    }

    public void onAttemptStarted(int loopIndex) {
        counters.increment(loopIndex, ATTEMPTS);
    }

    /**
     * The attempt has ended, well or not.
     *
     * @param status the final status, or 0 when none was received
     * @param bytesSent head and content of the request, without the framing of a chunked body
     * @param bytesReceived head and content of the response as far as it was forwarded, likewise
     */
    public void onAttemptEnded(int loopIndex, int status, long bytesSent, long bytesReceived) {
        counters.increment(loopIndex, STATUS_CLASSES + ExchangeCounters.statusClass(status));
        counters.add(loopIndex, BYTES_SENT, bytesSent);
        counters.add(loopIndex, BYTES_RECEIVED, bytesReceived);
    }

    // ---- by the balancer agent alone -------------------------------------------------------------------------------

    public void onCheck(boolean isPassed) {
        health.onCheck(isPassed);
    }

    /** Checks have taken it down, or brought it up. */
    public void onHealthChanged(boolean isUp) {
        health.onHealthChanged(isUp);
    }

    /** It has been ejected, or was not for a reason. */
    public void onEjection(boolean isEjected) {
        health.onEjection(isEjected);
    }

    MetricsSnapshot.Endpoint snapshot() {
        long[] byStatusClass = new long[ExchangeCounters.STATUS_CLASSES];
        for (int i = 0; i < byStatusClass.length; i++) {
            byStatusClass[i] = counters.sum(STATUS_CLASSES + i);
        }
        // Ended before started and closed before opened, so that no difference is ever negative.
        long closed = counters.sum(CONNECTIONS_CLOSED);
        return new MetricsSnapshot.Endpoint(
                counters.sum(ATTEMPTS),
                counters.sum(POOL_HITS),
                counters.sum(POOL_MISSES),
                counters.sum(CONNECTIONS_OPENED),
                closed,
                counters.sum(PRECONNECTED),
                counters.sum(PRECONNECTS_FAILED),
                byStatusClass,
                counters.sum(BYTES_SENT),
                counters.sum(BYTES_RECEIVED),
                health.snapshot());
    }
}
