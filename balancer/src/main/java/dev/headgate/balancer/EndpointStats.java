package dev.headgate.balancer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts what the event loops see of one endpoint.
 *
 * <p>Each loop has a row of its own that it alone writes, so that an update is a plain read and an opaque write. Any thread
 * reads the rows with opaque access and sums them: a reader may lag a little behind, but never sees half a value. An attempt
 * starts and ends on the same loop, so no row's in-flight count is ever negative.
 *
 * <pre>
 *  row of one loop, in longs:   0 in-flight | 1 started | 2 ended | 3 latency sum | 4… failures by kind | padding to 16
 * </pre>
 */
public final class EndpointStats {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int IN_FLIGHT_OFFSET = 0;
    private static final int STARTED_OFFSET = 1;
    private static final int ENDED_OFFSET = 2;
    private static final int LATENCY_SUM_OFFSET = 3;
    private static final int FAILURES_OFFSET = 4;

    // Two cache lines: processors fetch lines in pairs, and neighbours written by two loops would go back and forth.
    private static final int ROW_LENGTH = 16;

    private final int loopCount;
    private final long[] cells; // one row of padding on either side, for the objects next to the array

    public EndpointStats(int loopCount) {
        if (loopCount < 1) {
            throw new IllegalArgumentException("loopCount must be positive: " + loopCount);
        }
        assert FAILURES_OFFSET + EndpointFailure.values().length <= ROW_LENGTH;
        this.loopCount = loopCount;
        this.cells = new long[(loopCount + 2) * ROW_LENGTH];
    }

    /** An attempt against the endpoint begins; exactly one of the two methods below follows on the same loop. */
    public void onAttemptStarted(int loopIndex) {
        int row = row(loopIndex);
        add(row + IN_FLIGHT_OFFSET, 1);
        add(row + STARTED_OFFSET, 1);
    }

    /**
     * The attempt has ended with a whole response, or was given up for a reason that is not the endpoint's.
     *
     * @param latencyNs from the start of the attempt to its end
     */
    public void onAttemptEnded(int loopIndex, long latencyNs) {
        int row = row(loopIndex);
        assert cells[row + IN_FLIGHT_OFFSET] > 0 : "an attempt ended that had not started";
        add(row + IN_FLIGHT_OFFSET, -1);
        add(row + ENDED_OFFSET, 1);
        add(row + LATENCY_SUM_OFFSET, latencyNs);
    }

    /** The attempt has failed; it counts as ended too. */
    public void onAttemptFailed(int loopIndex, EndpointFailure kind, long latencyNs) {
        add(row(loopIndex) + FAILURES_OFFSET + offsetOf(kind), 1);
        onAttemptEnded(loopIndex, latencyNs);
    }

    /** Attempts under way on all loops. */
    public long inFlight() {
        return sum(IN_FLIGHT_OFFSET);
    }

    public long started() {
        return sum(STARTED_OFFSET);
    }

    /** Attempts that are over, failed ones included. */
    public long ended() {
        return sum(ENDED_OFFSET);
    }

    public long failures(EndpointFailure kind) {
        return sum(FAILURES_OFFSET + offsetOf(kind));
    }

    /** The latencies of all attempts that are over, added up. */
    public long latencySumNs() {
        return sum(LATENCY_SUM_OFFSET);
    }

    private int row(int loopIndex) {
        assert loopIndex >= 0 && loopIndex < loopCount : "no such loop: " + loopIndex;
        return (loopIndex + 1) * ROW_LENGTH;
    }

    @SuppressWarnings("EnumOrdinal") // one cell per kind, in memory only
    private static int offsetOf(EndpointFailure kind) {
        return kind.ordinal();
    }

    private void add(int index, long delta) {
        // The loop reads its own last write; opaque, so that a reader on another thread sees it whole and soon.
        CELL.setOpaque(cells, index, cells[index] + delta);
    }

    private long sum(int offset) {
        long sum = 0;
        for (int loop = 0; loop < loopCount; loop++) {
            sum += (long) CELL.getOpaque(cells, row(loop) + offset);
        }
        return sum;
    }
}
