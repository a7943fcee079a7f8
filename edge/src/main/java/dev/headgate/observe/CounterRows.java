package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A number of counters with one row per loop, which that loop alone writes. A row is made when its loop first counts, so
 * that what never sees traffic costs nothing. Any thread reads; it may lag behind a little, but never sees half a value.
 */
@HotPath
final class CounterRows {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(long[][].class);

    private static final int PADDING = 8; // on both sides of a row: a cache line away from what another loop writes

    private final int counterCount;
    private final long[] @Nullable [] rows;

    CounterRows(int loopCount, int counterCount) {
        this.counterCount = counterCount;
        this.rows = new long[loopCount][];
    }

    void increment(int loopIndex, int counter) {
        add(loopIndex, counter, 1);
    }

    void add(int loopIndex, int counter, long delta) {
        long[] row = rows[loopIndex];
        if (row == null) {
            row = makeRow(loopIndex);
        }
        int index = PADDING + counter;
        CELL.setOpaque(row, index, row[index] + delta);
    }

    private long[] makeRow(int loopIndex) {
        long[] row = new long[counterCount + 2 * PADDING];
        ROW.setRelease(rows, loopIndex, row); // pairs with the acquire in sum: a reader sees zeros, not garbage
        return row;
    }

    @AnyThread
    long sum(int counter) {
        long sum = 0;
        for (int loop = 0; loop < rows.length; loop++) {
            long @Nullable [] row = (long[]) ROW.getAcquire(rows, loop);
            if (row != null) {
                sum += (long) CELL.getOpaque(row, PADDING + counter);
            }
        }
        return sum;
    }
}
