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
 * one write whatever stream they are of. Long payloads do not gather: they leave at once, with what lies before them, and uncopied; of content that is longer
 * than a frame, the frames leave together ({@link #beginContent}). Between cycles it holds no buffer.
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
    private final FrameScratch scratch; // the loop's
    private @Nullable PooledBuffer gathered;
    private @Nullable ByteBuffer lent; // from begin to end
    private int lentStart;
    private boolean isSingleLent; // there is no memory, and one frame goes by itself
    private boolean isContent; // its frames come together in the scratch
    private boolean isFlushDue;
    private boolean isCongested;
    private long putBytes;

    /**
     * Of {@code connection}, which has a handler that calls {@link #onWritable} and {@link #close}.
     *
     * @param scratch the loop's
     */
    public FrameOutbox(Connection connection, FrameScratch scratch) {
        this.loop = connection.loop();
        this.connection = connection;
        this.scratch = scratch;
    }

    @Override
    public @Nullable ByteBuffer begin(int bytes) {
        ByteBuffer to = roomFor(bytes);
        if (to != null) {
            lent = to;
            lentStart = to.position();
        }
        return to;
    }

    private @Nullable ByteBuffer roomFor(int bytes) {
        if (isContent) {
            assert bytes <= FRAME_BYTES_MIN : "no frames but those of the content";
            return scratch.header();
        }
        PooledBuffer to = withRoomFor(bytes);
        if (to != null) {
            return to.buffer();
        }
        ByteBuffer single = scratch.single();
        isSingleLent = bytes <= single.capacity();
        return isSingleLent ? single : null;
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
        ByteBuffer to = lent;
        if (to == null) {
            return;
        }
        lent = null;
        putBytes += to.position() - lentStart;
        if (isSingleLent) {
            isSingleLent = false;
            note(connection.write(to.flip()));
        }
    }

    /** Puts the payload behind the header of a DATA frame; all of {@code bytes} is taken. */
    public void payload(ByteBuffer bytes) {
        putBytes += bytes.remaining();
        PooledBuffer current = gathered;
        if (isContent) {
            if (scratch.add(bytes)) {
                writeContent();
            }
        } else if (current == null) {
            note(connection.write(bytes));
        } else if (bytes.remaining() <= COPIED_BYTES_MAX
                && bytes.remaining() <= current.buffer().remaining()) {
            current.buffer().put(bytes);
        } else {
            note(scratch.write(connection, current.buffer().flip(), bytes));
            current.buffer().clear();
        }
    }

    /**
     * Until {@link #endContent}, nothing is put here but DATA frames of one piece of content, which is lent for as long.
     *
     * @param bytes how much there is of it
     */
    public void beginContent(int bytes) {
        isContent = bytes > GATHERED_BYTES; // One frame alone is better off with what has gathered.
        scratch.clear();
    }

    /** The frames of the content are put, and leave with what lies before them. */
    public void endContent() {
        isContent = false;
        if (!scratch.isEmpty()) {
            writeContent();
        }
    }

    private void writeContent() {
        PooledBuffer current = gathered;
        if (current == null) {
            note(scratch.write(connection, NOTHING));
        } else {
            note(scratch.write(connection, current.buffer().flip()));
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
