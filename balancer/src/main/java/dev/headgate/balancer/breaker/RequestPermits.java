package dev.headgate.balancer.breaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bounds the requests under way over all loops, without a word that each request writes.
 *
 * <p>A counter that all loops change would go back and forth between processors twice for each request; counts per loop that
 * each request adds up would cost a fetched line for each other loop. So loops take permits by the batch from one shared
 * word, and hand them out themselves:
 * <pre>
 *            shared: taken 96 of 1024
 *              │ batch of 32            │ batch of 32
 *      loop 0: 20 in use, 12 spare      loop 1: 32 in use, 0 spare ── next request: another batch
 * </pre>
 * How exact that is:
 * <ul>
 * <li>Never are more than the limit under way. (After a lower one is set, those under way stay, and none is added.)
 * <li>A request may be refused while other loops have spare permits. With k loops a batch is a 16th of a loop's part of the
 *     limit, and a loop keeps at most two, so that nothing is refused below 7/8 of the limit.
 * <li>A limit of less than 16 per loop makes batches of one, and no loop keeps spare ones: then the limit is exact.
 * </ul>
 * Each loop has a row that it alone writes; an update is a plain read and an opaque write, so that others can read it.
 */
public final class RequestPermits {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);

    private static final int IN_USE_OFFSET = 0;
    private static final int SPARE_OFFSET = 1;

    // Two cache lines: processors fetch lines in pairs, and neighbours written by two loops would go back and forth.
    private static final int ROW_LENGTH = 32;

    private static final int BATCHES_PER_LOOP = 16;
    private static final int BATCH_MAX = 1_024;

    private final Permits shared;
    private final int loopCount;
    private final int[] cells; // one row of padding on either side, for the objects next to the array

    public RequestPermits(int loopCount, int limit) {
        if (loopCount < 1) {
            throw new IllegalArgumentException("loopCount must be positive: " + loopCount);
        }
        this.shared = new Permits(limit);
        this.loopCount = loopCount;
        this.cells = new int[(loopCount + 2) * ROW_LENGTH];
    }

    /** Sets another limit, from any thread. */
    public void setLimit(int limit) {
        shared.setLimit(limit);
    }

    /** Takes a permit if the loop can get one; {@link #release} must follow exactly once on the same loop. */
    public boolean tryTake(int loopIndex) {
        int row = row(loopIndex);
        int limit = shared.limit();
        if (cells[row + SPARE_OFFSET] > 0 && shared.taken() > limit) {
            giveBack(row, cells[row + SPARE_OFFSET]); // from before the limit was lowered
        }
        if (cells[row + SPARE_OFFSET] == 0) {
            int granted = shared.take(batch(limit));
            if (granted == 0) {
                return false;
            }
            set(row + SPARE_OFFSET, granted);
        }
        set(row + SPARE_OFFSET, cells[row + SPARE_OFFSET] - 1);
        set(row + IN_USE_OFFSET, cells[row + IN_USE_OFFSET] + 1);
        return true;
    }

    public void release(int loopIndex) {
        int row = row(loopIndex);
        assert cells[row + IN_USE_OFFSET] > 0 : "released more than was taken";
        set(row + IN_USE_OFFSET, cells[row + IN_USE_OFFSET] - 1);
        set(row + SPARE_OFFSET, cells[row + SPARE_OFFSET] + 1);
        int limit = shared.limit();
        int batch = batch(limit);
        int spare = cells[row + SPARE_OFFSET];
        if (batch == 1 || shared.taken() > limit) {
            giveBack(row, spare);
        } else if (spare > 2 * batch) {
            giveBack(row, Math.max(batch, spare - 2 * batch));
        }
    }

    /**
     * Gives the loop's spare permits back, for other loops to take.
     *
     * @return whether there were any
     */
    public boolean giveSpareBack(int loopIndex) {
        int row = row(loopIndex);
        int spare = cells[row + SPARE_OFFSET];
        if (spare > 0) {
            giveBack(row, spare);
        }
        return spare > 0;
    }

    /** Whether a loop without spare permits might get one. */
    public boolean isAnyLeft() {
        return shared.isAnyLeft();
    }

    /** Requests under way on all loops; a reader may lag a little behind. */
    public int inUse() {
        int sum = 0;
        for (int loop = 0; loop < loopCount; loop++) {
            sum += (int) CELL.getOpaque(cells, row(loop) + IN_USE_OFFSET);
        }
        return sum;
    }

    public int limit() {
        return shared.limit();
    }

    private int batch(int limit) {
        return Math.clamp(limit / ((long) loopCount * BATCHES_PER_LOOP), 1, BATCH_MAX);
    }

    private void giveBack(int row, int count) {
        set(row + SPARE_OFFSET, cells[row + SPARE_OFFSET] - count);
        shared.release(count);
    }

    private int row(int loopIndex) {
        assert loopIndex >= 0 && loopIndex < loopCount : "no such loop: " + loopIndex;
        return (loopIndex + 1) * ROW_LENGTH;
    }

    private void set(int index, int value) {
        CELL.setOpaque(cells, index, value);
    }
}
