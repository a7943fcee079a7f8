package dev.headgate.engine.buffer;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A direct buffer out of a {@link BufferPool}: yours from {@link BufferPool#take} until {@link #release}, which is called exactly once. With
 * assertions on, a second release and a use after release fail at once.
 */
@HotPath
@LoopConfined
public final class PooledBuffer {
    private final BufferPool pool;
    private final ByteBuffer buffer;
    final int sizeClass;

    private boolean taken;
    private int generation; // changes with every take and release, so that a stale holder can be told

    // The pool's free list while free; the owner's own chain while taken.
    private @Nullable PooledBuffer next;

    PooledBuffer(BufferPool pool, ByteBuffer buffer, int sizeClass) {
        this.pool = pool;
        this.buffer = buffer;
        this.sizeClass = sizeClass;
    }

    void onTaken() {
        assert !taken;
        taken = true;
        generation++;
        next = null;
        buffer.clear();
    }

    /** The bytes. {@code take} has cleared it: position 0, limit at the capacity. */
    public ByteBuffer buffer() {
        assert taken : "used after release";
        return buffer;
    }

    public int capacity() {
        return buffer.capacity();
    }

    /** Another buffer of the same owner, for chains without a container. */
    public @Nullable PooledBuffer next() {
        assert taken : "used after release";
        return next;
    }

    public void next(@Nullable PooledBuffer following) {
        assert taken : "used after release";
        next = following;
    }

    /** A number that identifies this taking; a holder that outlives its right to the buffer sees another one. */
    public int generation() {
        return generation;
    }

    /** Gives the buffer back. Its chain link is dropped, not followed. */
    public void release() {
        assert taken : "released twice";
        taken = false;
        generation++;
        buffer.position(0).limit(0); // A stale reader finds nothing rather than another owner's bytes.
        pool.giveBack(this);
    }

    // For the pool, while the buffer is free.

    @Nullable
    PooledBuffer nextFree() {
        return next;
    }

    void nextFree(@Nullable PooledBuffer free) {
        next = free;
    }
}
