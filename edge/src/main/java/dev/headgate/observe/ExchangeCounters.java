package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;

/**
 * What is counted of exchanges, for a listener or a route.
 *
 * <pre>
 *  row:   0…5 by status class (0: no final status) | 6 bytes in | 7 bytes out | 8 duration sum | 9… by cause
 * </pre>
 */
@HotPath
final class ExchangeCounters {
    static final int STATUS_CLASSES = 6;

    private static final int BYTES_IN = STATUS_CLASSES;
    private static final int BYTES_OUT = STATUS_CLASSES + 1;
    private static final int DURATION_SUM = STATUS_CLASSES + 2;
    private static final int CAUSES = STATUS_CLASSES + 3;

    private final CounterRows counters;
    private final int causeCount;

    ExchangeCounters(int loopCount, int causeCount) {
        this.counters = new CounterRows(loopCount, CAUSES + causeCount);
        this.causeCount = causeCount;
    }

    void onExchangeEnded(int loopIndex, int status, int cause, long bytesIn, long bytesOut, long durationUs) {
        assert cause >= 0 && cause < causeCount;
        counters.increment(loopIndex, statusClass(status));
        counters.increment(loopIndex, CAUSES + cause);
        counters.add(loopIndex, BYTES_IN, bytesIn);
        counters.add(loopIndex, BYTES_OUT, bytesOut);
        counters.add(loopIndex, DURATION_SUM, durationUs);
    }

    /** 1 to 5 for a status from 100 to 599, and 0 for anything else. */
    static int statusClass(int status) {
        return status >= 100 && status < 600 ? status / 100 : 0;
    }

    @AnyThread
    MetricsSnapshot.Exchanges snapshot() {
        long[] byStatusClass = new long[STATUS_CLASSES];
        for (int i = 0; i < STATUS_CLASSES; i++) {
            byStatusClass[i] = counters.sum(i);
        }
        long[] byCause = new long[causeCount];
        for (int i = 0; i < causeCount; i++) {
            byCause[i] = counters.sum(CAUSES + i);
        }
        return new MetricsSnapshot.Exchanges(
                byStatusClass, byCause, counters.sum(BYTES_IN), counters.sum(BYTES_OUT), counters.sum(DURATION_SUM));
    }
}
