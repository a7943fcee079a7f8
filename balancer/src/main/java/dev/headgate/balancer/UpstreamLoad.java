package dev.headgate.balancer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the attempts under way against all endpoints of one upstream together, so that whoever wants to know need not add up
 * a thousand endpoints. The {@link EndpointStats} that were made with it keep it.
 *
 * <p>Each loop has a row of its own that it alone writes; any thread adds the rows up, and may lag a little behind.
 */
public final class UpstreamLoad {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    // Two pairs of cache lines, as in EndpointStats.
    private static final int ROW_LENGTH = 32;

    private final int loopCount;
    private final long[] cells; // one row of padding on either side, for the objects next to the array

    public UpstreamLoad(int loopCount) {
        if (loopCount < 1) {
            throw new IllegalArgumentException("loopCount must be positive: " + loopCount);
        }
        this.loopCount = loopCount;
        this.cells = new long[(loopCount + 2) * ROW_LENGTH];
    }

    int loopCount() {
        return loopCount;
    }

    void onAttemptStarted(int loopIndex) {
        add(loopIndex, 1);
    }

    void onAttemptEnded(int loopIndex) {
        add(loopIndex, -1);
    }

    private void add(int loopIndex, long delta) {
        int index = (loopIndex + 1) * ROW_LENGTH;
        CELL.setOpaque(cells, index, cells[index] + delta);
    }

    /** Attempts under way on all loops. */
    public long inFlight() {
        long sum = 0;
        for (int loop = 1; loop <= loopCount; loop++) {
            sum += (long) CELL.getOpaque(cells, loop * ROW_LENGTH);
        }
        return sum;
    }
}
