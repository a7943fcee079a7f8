package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record per exchange, written to one destination. Loops format, each through its own {@link AccessLogWriter}; the agent
 * that calls {@link #doWork} writes.
 *
 * <p>When the destination fails (disk full, pipe closed), the agent keeps its place to the byte and tries again after
 * {@link #RETRY_NS}; meanwhile the blocks run out and the loops drop records and count them. No exchange waits.
 */
public final class AccessLog {
    /** The form of the records. */
    public enum Format {
        JSON,
        COMMON,
        COMBINED
    }

    /** Holds the longest possible record. */
    public static final int BLOCK_BYTES = 64 * 1024;

    /** The fewest blocks of a loop: one to fill while the other is written. */
    public static final int BLOCKS_MIN = 2;

    /** How long a failed destination is left alone. */
    public static final long RETRY_NS = 1_000_000_000L;

    private static final VarHandle REOPEN;
    private static final VarHandle WRITTEN;
    private static final VarHandle FAILURES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REOPEN = lookup.findVarHandle(AccessLog.class, "reopenRequested", boolean.class);
            WRITTEN = lookup.findVarHandle(AccessLog.class, "writtenRecords", long.class);
            FAILURES = lookup.findVarHandle(AccessLog.class, "writeFailures", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AccessLogWriter[] writers;
    private final LogSink sink;
    private final ErrorLog errors;

    // The agent's.
    private @Nullable LogBlock unfinished; // taken from unfinishedOf, and not written whole yet
    private int unfinishedOf;
    private boolean failing;
    private long retryAtNs;

    // Set by any thread, cleared by the agent.
    @SuppressWarnings("unused") // through REOPEN
    private boolean reopenRequested;

    // Written by the agent, read by any thread.
    @SuppressWarnings("unused") // through WRITTEN
    private long writtenRecords;

    @SuppressWarnings("unused") // through FAILURES
    private long writeFailures;

    /**
     * @param sink owned by the log from here on
     * @param bufferBytes per loop; rounded down to whole blocks, of which there are at least {@link #BLOCKS_MIN}
     */
    public AccessLog(Format format, LogSink sink, int loopCount, int bufferBytes, ErrorLog errors) {
        this.sink = sink;
        this.errors = errors;
        this.writers = new AccessLogWriter[loopCount];
        for (int loop = 0; loop < loopCount; loop++) {
            writers[loop] = new AccessLogWriter(formatOf(format), Math.max(bufferBytes / BLOCK_BYTES, BLOCKS_MIN));
        }
    }

    private static AccessFormat formatOf(Format format) {
        return switch (format) {
            case JSON -> new JsonAccessFormat();
            case COMMON -> new CommonAccessFormat(CommonAccessFormat.Columns.COMMON);
            case COMBINED -> new CommonAccessFormat(CommonAccessFormat.Columns.COMBINED);
        };
    }

    /** The end that belongs to the loop {@code loopIndex}. */
    public AccessLogWriter writer(int loopIndex) {
        return writers[loopIndex];
    }

    /** Makes the agent open the destination anew, for log rotation. */
    @AnyThread
    public void reopen() {
        REOPEN.setRelease(this, true);
    }

    /**
     * Writes what loops have handed over, at most one block of each. Called by the agent.
     *
     * @return the number of blocks that left
     */
    public int doWork(long nowNs) {
        if ((boolean) REOPEN.getAndSet(this, false)) {
            reopenSink();
        }
        if (failing && nowNs - retryAtNs < 0) {
            return 0;
        }
        int blocks = 0;
        for (int i = 0; i < writers.length; i++) {
            if (!writeNext(nowNs)) {
                break;
            }
            blocks++;
        }
        return blocks;
    }

    /**
     * Writes all that is left, once, and closes the destination. Called when the loops have ended and the agent calls
     * {@link #doWork} no more; records that cannot be written are lost.
     */
    public void close(long nowNs) throws IOException {
        for (AccessLogWriter writer : writers) {
            writer.flush();
        }
        failing = false;
        while (!failing && writeNext(nowNs)) {
            // until nothing is left, or the destination fails
        }
        sink.close();
    }

    /** Records that reached the destination. */
    @AnyThread
    public long writtenRecords() {
        return (long) WRITTEN.getOpaque(this);
    }

    /** Records that loops dropped because the destination did not keep up. */
    @AnyThread
    public long droppedRecords() {
        long dropped = 0;
        for (AccessLogWriter writer : writers) {
            dropped += writer.droppedRecords();
        }
        return dropped;
    }

    /** Writes and reopenings that failed. */
    @AnyThread
    public long writeFailures() {
        return (long) FAILURES.getOpaque(this);
    }

    private boolean writeNext(long nowNs) {
        LogBlock block = unfinished != null ? unfinished : takeFilled();
        if (block == null) {
            return false;
        }
        unfinished = block;
        try {
            ByteBuffer bytes = block.unwritten();
            while (bytes.hasRemaining()) {
                sink.write(bytes);
            }
        } catch (IOException e) {
            onWriteFailed(e, nowNs);
            return false;
        }
        onWritten(block);
        return true;
    }

    // Goes on with the next loop each time, so that a busy one does not keep the others waiting.
    private @Nullable LogBlock takeFilled() {
        for (int i = 0; i < writers.length; i++) {
            unfinishedOf = (unfinishedOf + 1) % writers.length;
            LogBlock block = writers[unfinishedOf].takeFilled();
            if (block != null) {
                return block;
            }
        }
        return null;
    }

    private void onWritten(LogBlock block) {
        WRITTEN.setOpaque(this, writtenRecords + block.recordCount());
        unfinished = null;
        writers[unfinishedOf].giveEmpty(block);
        if (failing) {
            failing = false;
            errors.report(LogEvent.ACCESS_LOG_RECOVERED, "dropped", droppedRecords());
        }
    }

    private void onWriteFailed(IOException e, long nowNs) {
        FAILURES.setOpaque(this, writeFailures + 1);
        retryAtNs = nowNs + RETRY_NS;
        if (!failing) {
            failing = true;
            errors.report(LogEvent.ACCESS_LOG_FAILED, "failure", String.valueOf(e.getMessage()));
        }
    }

    private void reopenSink() {
        try {
            sink.reopen();
        } catch (IOException e) {
            FAILURES.setOpaque(this, writeFailures + 1);
            errors.report(LogEvent.ACCESS_LOG_REOPEN_FAILED, "failure", String.valueOf(e.getMessage()));
        }
    }
}
