package dev.headgate.exchange;

import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a request body, kept so that they can be sent once more. Once the window overflows it lets go of everything:
 * the exchange streams on and is no longer replayable.
 *
 * <p>Owned by one exchange. Holds a pooled buffer from the first body byte until overflow or {@link #release}.
 */
final class ReplayWindow {
    private int bytesMax;
    private @Nullable PooledBuffer kept;
    private boolean complete = true;

    /** Sets how many bytes are kept at the most; before the first of them. */
    void limit(int bytes) {
        bytesMax = bytes;
    }

    /** Whether every body byte so far is still here. */
    boolean isComplete() {
        return complete;
    }

    /** Whether so much more may be kept beside what is here. */
    boolean admits(int bytes) {
        return complete && length() + bytes <= bytesMax;
    }

    /** How many bytes are kept. */
    int length() {
        return kept == null ? 0 : kept.buffer().position();
    }

    /** Copies {@code bytes}, which stays as it is. */
    void append(BufferPool pool, ByteBuffer bytes) {
        if (!complete) {
            return;
        }
        int length = length() + bytes.remaining();
        PooledBuffer target = length <= bytesMax ? withRoomFor(pool, length) : null;
        if (target == null) {
            giveUp();
            return;
        }
        ByteBuffer buffer = target.buffer();
        int count = bytes.remaining();
        buffer.put(buffer.position(), bytes, bytes.position(), count);
        buffer.position(buffer.position() + count);
    }

    /** The kept bytes, ready to read and lent until the next call; null when there are none. */
    @Nullable
    ByteBuffer bytes() {
        if (kept == null) {
            return null;
        }
        ByteBuffer view = kept.buffer().duplicate();
        return view.flip();
    }

    /** Lets go of everything: what was sent cannot be sent once more. */
    void giveUp() {
        complete = false;
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    /** Gives the buffer back and starts anew. */
    void release() {
        giveUp();
        complete = true;
    }

    private @Nullable PooledBuffer withRoomFor(BufferPool pool, int length) {
        PooledBuffer current = kept;
        if (current != null && current.capacity() >= length) {
            return current;
        }
        PooledBuffer larger = pool.take(length);
        if (larger != null && current != null) {
            larger.buffer().put(current.buffer().flip());
            current.release();
        }
        if (larger != null) {
            kept = larger;
        }
        return larger;
    }
}
