package dev.headgate.frames;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Content of a stream that cannot be passed on yet, in order. Holds pooled buffers while it holds bytes, and none otherwise. How much
 * may be held is the owner's to bound.
 */
@LoopConfined
@HotPath
public final class HeldBytes {
    private static final int BUFFER_BYTES_MIN = 4096;

    // A chain of buffers, all but the last one full. The head's position is where reading goes on, the tail's end is
    // apart.
    private @Nullable PooledBuffer head;
    private @Nullable PooledBuffer tail;
    private int headStart;
    private int tailEnd;
    private int count;

    /** Nothing yet. */
    public HeldBytes() {}

    /** Bytes held. */
    public int count() {
        return count;
    }

    /** Whether nothing is held. */
    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * Copies {@code bytes} behind those that are held; their position moves behind what was taken.
     *
     * @return false when the loop's memory is used up: the rest is not taken
     */
    public boolean append(BufferPool pool, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            PooledBuffer last = tail;
            if (last == null || tailEnd == last.capacity()) {
                last = grow(pool, bytes.remaining());
                if (last == null) {
                    return false;
                }
            }
            int length = Math.min(bytes.remaining(), last.capacity() - tailEnd);
            last.buffer().clear().put(tailEnd, bytes, bytes.position(), length);
            bytes.position(bytes.position() + length);
            tailEnd += length;
            count += length;
        }
        return true;
    }

    /** Takes over what {@code other} holds. Nothing may be held here. */
    public void takeAll(HeldBytes other) {
        assert count == 0;
        head = other.head;
        tail = other.tail;
        headStart = other.headStart;
        tailEnd = other.tailEnd;
        count = other.count;
        other.head = null;
        other.tail = null;
        other.count = 0;
    }

    private @Nullable PooledBuffer grow(BufferPool pool, int bytes) {
        PooledBuffer added = pool.take(Math.clamp(bytes, BUFFER_BYTES_MIN, BufferPool.CAPACITY_MAX));
        if (added == null) {
            return null;
        }
        if (tail == null) {
            head = added;
            headStart = 0;
        } else {
            tail.next(added);
        }
        tail = added;
        tailEnd = 0;
        return added;
    }

    /**
     * The first bytes, as many as lie together and {@code bytesMax} at the most; lent until {@link #taken}, which must follow.
     * Something must be held.
     */
    public ByteBuffer first(int bytesMax) {
        PooledBuffer from = head();
        int end = from == tail ? tailEnd : from.capacity();
        return from.buffer()
                .clear()
                .limit(headStart + Math.min(bytesMax, end - headStart))
                .position(headStart);
    }

    /** What lies before the position of the buffer that {@link #first} has lent is done with. */
    public void taken() {
        PooledBuffer from = head();
        int position = from.buffer().position();
        count -= position - headStart;
        headStart = position;
        if (from != tail && position == from.capacity()) {
            head = from.next();
            headStart = 0;
            from.release();
        } else if (count == 0) {
            clear();
        }
    }

    /** Lets go of all that is held. */
    public void clear() {
        PooledBuffer next = head;
        while (next != null) {
            PooledBuffer released = next;
            next = released.next();
            released.release();
        }
        head = null;
        tail = null;
        count = 0;
    }

    private PooledBuffer head() {
        PooledBuffer current = head;
        assert current != null : "nothing is held";
        return current;
    }
}
