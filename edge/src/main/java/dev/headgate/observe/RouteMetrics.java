package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/** What is counted of one route. Has no histogram: there may be ten thousand routes. */
@HotPath
public final class RouteMetrics {
    private static final int FALLBACKS = 0;
    private static final int COUNTERS = 1;

    private final ExchangeCounters exchanges;
    private final CounterRows counters;

    RouteMetrics(int loopCount, int causeCount) {
        exchanges = new ExchangeCounters(loopCount, causeCount);
        counters = new CounterRows(loopCount, COUNTERS);
    }

    /** The route's fallback is taken. Called by the loop {@code loopIndex}. */
    public void onFallback(int loopIndex) {
        counters.increment(loopIndex, FALLBACKS);
    }

    /**
     * Called by the loop {@code loopIndex}.
     *
     * @param status the final status, or 0 when none was sent
     * @param cause the ordinal of the exchange's cause
     */
    public void onExchangeEnded(int loopIndex, int status, int cause, long bytesIn, long bytesOut, long durationUs) {
        exchanges.onExchangeEnded(loopIndex, status, cause, bytesIn, bytesOut, durationUs);
    }

    MetricsSnapshot.Route snapshot() {
        return new MetricsSnapshot.Route(exchanges.snapshot(), counters.sum(FALLBACKS));
    }
}
