package dev.headgate.bench.frames;

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
 * The frames of one connection, which leave in one write when the handlers of the engine's cycle have run: over TLS in one record, too. Between cycles
 * it holds no buffer.
 */
@HotPath
@LoopConfined
public final class GatheredFrames implements Http2Outbox, Runnable {
    private static final int GATHERED_BYTES = 16 << 10;

    /** A payload up to here costs less to copy than to write from two places. */
    private static final int COPIED_BYTES_MAX = 4 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final EventLoop loop;
    private final Connection connection;
    private final ByteBuffer spare; // for when there is no memory
    private @Nullable PooledBuffer gathered;
    private boolean isSpareLent;
    private boolean isFlushDue;
    private boolean isCongested;

    /**
     * Frames for {@code connection}.
     *
     * @param spare of the loop, with room for {@link Http2Outbox#FRAME_BYTES_MIN} bytes; used within one call
     */
    public GatheredFrames(EventLoop loop, Connection connection, ByteBuffer spare) {
        this.loop = loop;
        this.connection = connection;
        this.spare = spare;
    }

    @Override
    public @Nullable ByteBuffer begin(int bytes) {
        PooledBuffer to = withRoomFor(bytes);
        if (to != null) {
            return to.buffer();
        }
        isSpareLent = bytes <= spare.capacity();
        return isSpareLent ? spare.clear() : null;
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
        if (isSpareLent) {
            isSpareLent = false;
            note(connection.write(spare.flip()));
        }
    }

    /** Puts the payload behind the header of a DATA frame; all of {@code bytes} is taken. A long one leaves at once, uncopied. */
    public void payload(ByteBuffer bytes) {
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

    /** Whether the peer does not keep up: content waits until {@link #onWritable}. */
    public boolean isCongested() {
        return isCongested;
    }

    /** Whether nothing waits to be taken by the transport, neither here nor there. */
    public boolean isDrained() {
        return gathered == null && connection.pendingWriteBytes() == 0;
    }

    /** The connection is gone, and what has gathered with it. */
    public void close() {
        PooledBuffer current = gathered;
        if (current != null) {
            gathered = null;
            current.release();
        }
    }
}
