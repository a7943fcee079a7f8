package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One loop's end of the access log: formats records into blocks and hands them to the agent.
 *
 * <pre>
 *  loop: current ──full, or tick──> [filled] ──> agent writes ──> [empty] ──> loop: current
 * </pre>
 *
 * There are at most {@code blocksMax} blocks, made when first needed. While none is free, records are dropped and counted.
 */
@LoopConfined
@HotPath
public final class AccessLogWriter {
    /** How long a record may wait in a block that is not full. */
    public static final long HAND_OVER_NS = 100_000_000L;

    private static final VarHandle DROPPED;

    static {
        try {
            DROPPED = MethodHandles.lookup().findVarHandle(AccessLogWriter.class, "droppedRecords", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AccessFormat format;
    private final int blocksMax;

    // Loop to agent, and back. Neither is ever full: each has room for all blocks.
    private final Queue<LogBlock> filled;
    private final Queue<LogBlock> empty;

    // The loop's.
    private @Nullable LogBlock current;
    private int blockCount;
    private long lastTickNs; // meaningful once ticked
    private boolean ticked;

    @SuppressWarnings("unused") // through DROPPED; written by the loop, read by any thread
    private long droppedRecords;

    AccessLogWriter(AccessFormat format, int blocksMax) {
        this.format = format;
        this.blocksMax = blocksMax;
        this.filled = new SpscVarHandleArrayQueue<>(blocksMax);
        this.empty = new SpscVarHandleArrayQueue<>(blocksMax);
    }

    /**
     * Writes one record. Nothing of {@code record} is kept.
     *
     * @return false when no block was free: the record is dropped and counted
     */
    public boolean write(AccessRecord record) {
        LogBlock block = blockWith(format.bytesMax(record));
        if (block == null) {
            DROPPED.setOpaque(this, droppedRecords + 1);
            return false;
        }
        format.put(block, record);
        return true;
    }

    /**
     * Hands over a partly filled block, unless it did so less than {@link #HAND_OVER_NS} ago. Called in every cycle, or by a
     * timer as long as {@link #isPending}.
     */
    public void tick(long nowNs) {
        if (isPending() && (!ticked || nowNs - lastTickNs >= HAND_OVER_NS)) {
            ticked = true;
            lastTickNs = nowNs;
            flush();
        }
    }

    /** Whether records wait in a block that is not handed over yet. */
    public boolean isPending() {
        return current != null && current.recordCount() > 0;
    }

    /** Hands over what there is, now: for a loop that ends. */
    public void flush() {
        LogBlock block = current;
        if (block != null && block.recordCount() > 0) {
            current = null;
            boolean taken = filled.offer(block);
            assert taken;
        }
    }

    /** Records for which there was no room. */
    @AnyThread
    public long droppedRecords() {
        return (long) DROPPED.getOpaque(this);
    }

    private @Nullable LogBlock blockWith(int bytes) {
        if (current != null && current.remaining() >= bytes) {
            return current;
        }
        flush();
        if (current == null) {
            current = takeEmpty();
        }
        return current;
    }

    private @Nullable LogBlock takeEmpty() {
        LogBlock block = empty.poll();
        if (block == null && blockCount < blocksMax) {
            blockCount++;
            return new LogBlock(AccessLog.BLOCK_BYTES);
        }
        return block;
    }

    // ---- called by the agent ----

    @Nullable
    LogBlock takeFilled() {
        return filled.poll();
    }

    void giveEmpty(LogBlock block) {
        block.clear();
        boolean taken = empty.offer(block);
        assert taken;
    }
}
