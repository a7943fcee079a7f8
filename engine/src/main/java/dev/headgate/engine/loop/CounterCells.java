package dev.headgate.engine.loop;

import dev.headgate.engine.LoopCounters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/** A loop's counters: cells of one array, kept off other loops' cache lines by padding at both ends. */
public final class CounterCells implements LoopCounters {
    static final int ACCEPTED = 0;
    static final int REFUSED = 1;
    static final int OPENED = 2;
    static final int CLOSED = 3;
    static final int ACCEPT_FAILURES = 4;
    static final int BYTES_READ = 5;
    static final int BYTES_WRITTEN = 6;
    static final int READS = 7;
    static final int WRITES = 8;
    static final int CYCLES = 9;
    static final int BUDGET_ABORTS = 10;
    static final int HANDLER_FAILURES = 11;
    static final int DESCRIPTOR_SHORTAGES = 12;
    private static final int CELLS = 13;

    private static final int PADDING = 16; // two cache lines of longs
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[PADDING + CELLS + PADDING];
    private final LongAdder mailboxRejects = new LongAdder();

    CounterCells() {}

    /** Only the loop writes, so no atomic addition is needed; opaque keeps a reader from seeing half a value. */
    void add(int counter, long amount) {
        int index = PADDING + counter;
        CELL.setOpaque(cells, index, cells[index] + amount);
    }

    void increment(int counter) {
        add(counter, 1);
    }

    private long read(int counter) {
        return (long) CELL.getOpaque(cells, PADDING + counter);
    }

    /** By any producer. */
    void onMailboxReject() {
        mailboxRejects.increment();
    }

    @Override
    public long connectionsAccepted() {
        return read(ACCEPTED);
    }

    @Override
    public long connectionsRefused() {
        return read(REFUSED);
    }

    @Override
    public long connectionsOpened() {
        return read(OPENED);
    }

    @Override
    public long connectionsClosed() {
        return read(CLOSED);
    }

    @Override
    public long connectionsOpen() {
        // Ends are read before beginnings, so that the difference is never negative.
        long closed = read(CLOSED);
        return read(ACCEPTED) + read(OPENED) - closed;
    }

    @Override
    public long acceptFailures() {
        return read(ACCEPT_FAILURES);
    }

    @Override
    public long descriptorShortages() {
        return read(DESCRIPTOR_SHORTAGES);
    }

    @Override
    public long bytesRead() {
        return read(BYTES_READ);
    }

    @Override
    public long bytesWritten() {
        return read(BYTES_WRITTEN);
    }

    @Override
    public long reads() {
        return read(READS);
    }

    @Override
    public long writes() {
        return read(WRITES);
    }

    @Override
    public long cycles() {
        return read(CYCLES);
    }

    @Override
    public long mailboxRejects() {
        return mailboxRejects.sum();
    }

    @Override
    public long budgetAborts() {
        return read(BUDGET_ABORTS);
    }

    @Override
    public long handlerFailures() {
        return read(HANDLER_FAILURES);
    }
}
