package dev.headgate.frames;

import dev.headgate.engine.Connection;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.http.h2.Http2Outbox;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the frames of one connection gather until the handlers of the engine's cycle have run, so that all frames of a cycle leave in
 * one write whatever stream they are of. Long payloads do not gather: they leave at once, with what lies before them, and uncopied. Between cycles it
 * holds no buffer.
 */
@LoopConfined
@HotPath
public final class FrameOutbox implements Http2Outbox, Runnable {
    private static final int GATHERED_BYTES = 16 << 10;
    /** A payload up to here costs less to copy than to gather from two places. */
    private static final int COPIED_BYTES_MAX = 4 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final EventLoop loop;
    private final Connection connection;
    private final ByteBuffer scratch; // the loop's, for when there is no memory
    private @Nullable PooledBuffer gathered;
    private boolean isScratchLent;
    private boolean isFlushDue;
    private boolean isCongested;
    private long putBytes;
    private int lentStart;

    /**
     * Of {@code connection}, which has a handler that calls {@link #onWritable} and {@link #close}.
     *
     * @param scratch of the loop, with room for any frame but heads; used within one call
     */
    public FrameOutbox(Connection connection, ByteBuffer scratch) {
        this.loop = connection.loop();
        this.connection = connection;
        this.scratch = scratch;
    }

    @Override
    public @Nullable ByteBuffer begin(int bytes) {
        PooledBuffer to = withRoomFor(bytes);
        if (to != null) {
            lentStart = to.buffer().position();
            return to.buffer();
        }
        if (bytes > scratch.capacity()) {
            return null;
        }
        isScratchLent = true;
        lentStart = 0;
        return scratch.clear();
    }

    private @Nullable PooledBuffer withRoomFor(int bytes) {
        PooledBuffer current = gathered;
        if (current != null && current.buffer().remaining() >= bytes) {
            return current;
        }
        flush();
        if (bytes > BufferPool.CAPACITY_MAX) {
            return null;
        }
        current = loop.buffers().take(Math.max(bytes, GATHERED_BYTES));
        gathered = current;
        if (!isFlushDue) {
            isFlushDue = true;
            loop.defer(this);
        }
        return current;
    }

    @Override
    public void end() {
        PooledBuffer current = gathered;
        if (isScratchLent) {
            isScratchLent = false;
            putBytes += scratch.position();
            note(connection.write(scratch.flip()));
        } else if (current != null) {
            putBytes += current.buffer().position() - lentStart;
        }
    }

    /** Puts the payload behind the header of a DATA frame; all of {@code bytes} is taken. */
    public void payload(ByteBuffer bytes) {
        putBytes += bytes.remaining();
        PooledBuffer current = gathered;
        if (current == null) {
            note(connection.write(bytes));
        } else if (bytes.remaining() <= COPIED_BYTES_MAX
                && bytes.remaining() <= current.buffer().remaining()) {
            current.buffer().put(bytes);
        } else {
            note(connection.write(current.buffer().flip(), bytes, NOTHING));
            current.buffer().clear();
        }
    }

    /** The cycle's handlers have run. */
    @Override
    public void run() {
        isFlushDue = false;
        flush();
    }

    /** Hands over what has gathered. */
    public void flush() {
        PooledBuffer current = gathered;
        if (current == null) {
            return;
        }
        gathered = null;
        if (current.buffer().position() > 0) {
            note(connection.write(current.buffer().flip()));
        }
        current.release();
    }

    private void note(boolean keepsUp) {
        if (!keepsUp) {
            isCongested = true;
        }
    }

    /** The connection takes bytes again. */
    public void onWritable() {
        isCongested = false;
    }

    /** Whether the peer does not keep up: what is not urgent had better wait until {@link #onWritable}. */
    public boolean isCongested() {
        return isCongested;
    }

    /** Whether nothing waits to be taken by the transport, neither here nor there. */
    public boolean isDrained() {
        return gathered == null && connection.pendingWriteBytes() == 0;
    }

    /** Bytes put here since the connection began. */
    public long putBytes() {
        return putBytes;
    }

    /** The connection is gone, and what has gathered with it. */
    public void close() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
