package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/**
 * What is counted of tunnels, at a listener or to an upstream. Methods with a loop index are called by that loop only.
 *
 * <pre>
 *  row:   0 opened | 1 closed | 2 bytes in | 3 bytes out | 4 duration sum | 5… by cause
 * </pre>
 */
@HotPath
public final class TunnelMetrics {
    private static final int OPENED = 0;
    private static final int CLOSED = 1;
    private static final int BYTES_IN = 2;
    private static final int BYTES_OUT = 3;
    private static final int DURATION_SUM = 4;
    private static final int CAUSES = 5;

    private final CounterRows counters;
    private final LoopHistograms durations;
    private final int causeCount;

    TunnelMetrics(int loopCount, int causeCount) {
        this.causeCount = causeCount;
        this.counters = new CounterRows(loopCount, CAUSES + causeCount);
        this.durations = new LoopHistograms(loopCount);
    }

    /** A client has been joined with an endpoint. */
    public void onOpened(int loopIndex) {
        counters.increment(loopIndex, OPENED);
    }

    /** Bytes of the client's have come. */
    public void onBytesIn(int loopIndex, int bytes) {
        counters.add(loopIndex, BYTES_IN, bytes);
    }

    /** Bytes for the client have come. */
    public void onBytesOut(int loopIndex, int bytes) {
        counters.add(loopIndex, BYTES_OUT, bytes);
    }

    /** A tunnel that was open is over. */
    public void onClosed(int loopIndex, long durationUs) {
        counters.increment(loopIndex, CLOSED);
        counters.add(loopIndex, DURATION_SUM, durationUs);
        durations.record(loopIndex, durationUs);
    }

    /** A client that wanted a tunnel is gone, whether it had one or not; {@code cause} is an ordinal. */
    public void onEnded(int loopIndex, int cause) {
        counters.increment(loopIndex, CAUSES + cause);
    }

    MetricsSnapshot.Tunnels snapshot() {
        long[] byCause = new long[causeCount];
        for (int i = 0; i < byCause.length; i++) {
            byCause[i] = counters.sum(CAUSES + i);
        }
        // Closed before opened, so that the difference is never negative.
        long closed = counters.sum(CLOSED);
        return new MetricsSnapshot.Tunnels(
                counters.sum(OPENED),
                closed,
                byCause,
                counters.sum(BYTES_IN),
                counters.sum(BYTES_OUT),
                counters.sum(DURATION_SUM),
                durations.snapshot());
    }
}
