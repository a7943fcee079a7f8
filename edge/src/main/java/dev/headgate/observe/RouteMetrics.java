package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/** What is counted of one route. Has no histogram: there may be ten thousand routes. */
@HotPath
public final class RouteMetrics {
    private final ExchangeCounters exchanges;

    RouteMetrics(int loopCount, int causeCount) {
        exchanges = new ExchangeCounters(loopCount, causeCount);
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

    MetricsSnapshot.Exchanges snapshot() {
        return exchanges.snapshot();
    }
}
