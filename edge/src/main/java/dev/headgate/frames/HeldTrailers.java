package dev.headgate.frames;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.http.FieldSection;
import org.jspecify.annotations.Nullable;

/** A trailer section that has to wait behind content. Holds a pooled buffer while there is one. */
@LoopConfined
@HotPath
public final class HeldTrailers {
    private final FieldSection fields = new FieldSection();
    private @Nullable PooledBuffer store;

    /** None yet. */
    public HeldTrailers() {}

    /**
     * Copies a section; an empty one is none.
     *
     * @return false when there is no memory for it: the message must not go on as if it had none
     */
    public boolean hold(BufferPool pool, FieldSection section) {
        int length = section.lineBytes();
        if (length == 0) {
            return true;
        }
        PooledBuffer taken = length <= BufferPool.CAPACITY_MAX ? pool.take(length) : null;
        if (taken == null) {
            return false;
        }
        store = taken;
        fields.startIn(taken.buffer());
        return fields.addAll(section);
    }

    /** What is held, lent until {@link #clear}; null when nothing is. */
    public @Nullable FieldSection section() {
        return store == null ? null : fields;
    }

    /** Lets go of it. */
    public void clear() {
        if (store != null) {
            fields.clear();
            store.release();
            store = null;
        }
    }
}
