package dev.headgate.balancer.breaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts how attempts ended, apart for each time (<em>epoch</em>) that a breaker was in one state.
 *
 * <p>Each loop has a row that it alone writes, and that tells of one epoch, the latest in which one of the loop's ended
 * attempts began. Attempts of earlier ones are ignored: they say nothing about how things are now.
 *
 * <pre>
 *  row of one loop, in longs:   0 epoch | 1 ended | 2 failed | 3 slow | padding to 16
 * </pre>
 */
final class AttemptRows {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int EPOCH_OFFSET = 0;
    private static final int ENDED_OFFSET = 1;
    private static final int FAILED_OFFSET = 2;
    private static final int SLOW_OFFSET = 3;

    // Two cache lines: processors fetch lines in pairs, and neighbours written by two loops would go back and forth.
    private static final int ROW_LENGTH = 16;

    private final int loopCount;
    private final long[] cells; // one row of padding on either side, for the objects next to the array

    AttemptRows(int loopCount) {
        if (loopCount < 1) {
            throw new IllegalArgumentException("loopCount must be positive: " + loopCount);
        }
        this.loopCount = loopCount;
        this.cells = new long[(loopCount + 2) * ROW_LENGTH];
    }

    /** What was counted in one epoch. */
    record Counts(long ended, long failed, long slow) {
        static final Counts NONE = new Counts(0, 0, 0);

        Counts minus(Counts earlier) {
            return new Counts(ended - earlier.ended, failed - earlier.failed, slow - earlier.slow);
        }
    }

    /** An attempt that began in {@code epoch} has ended. For the loop. */
    void onEnded(int loopIndex, int epoch, AttemptEnd end) {
        int row = row(loopIndex);
        int ahead = (epoch - (int) cells[row + EPOCH_OFFSET]) << 1; // of 31 bits: the sign says which is later
        if (ahead < 0) {
            return;
        }
        if (ahead > 0) {
            set(row + ENDED_OFFSET, 0);
            set(row + FAILED_OFFSET, 0);
            set(row + SLOW_OFFSET, 0);
            CELL.setRelease(cells, row + EPOCH_OFFSET, (long) epoch); // pairs with acquire in counts
        }
        // Before the total: a reader then never sees a passed probe that has failed.
        switch (end) {
            case FAILED -> set(row + FAILED_OFFSET, cells[row + FAILED_OFFSET] + 1);
            case SLOW -> set(row + SLOW_OFFSET, cells[row + SLOW_OFFSET] + 1);
            case GOOD -> {}
        }
        CELL.setRelease(cells, row + ENDED_OFFSET, cells[row + ENDED_OFFSET] + 1); // pairs with acquire in counts
    }

    /** For the one who decides. */
    Counts counts(int epoch) {
        long ended = 0;
        long failed = 0;
        long slow = 0;
        for (int loop = 0; loop < loopCount; loop++) {
            int row = row(loop);
            if ((int) (long) CELL.getAcquire(cells, row + EPOCH_OFFSET) == epoch) {
                ended += (long) CELL.getAcquire(cells, row + ENDED_OFFSET);
                failed += (long) CELL.getOpaque(cells, row + FAILED_OFFSET);
                slow += (long) CELL.getOpaque(cells, row + SLOW_OFFSET);
            }
        }
        return new Counts(ended, failed, slow);
    }

    private int row(int loopIndex) {
        assert loopIndex >= 0 && loopIndex < loopCount : "no such loop: " + loopIndex;
        return (loopIndex + 1) * ROW_LENGTH;
    }

    private void set(int index, long value) {
        CELL.setOpaque(cells, index, value);
    }
}
