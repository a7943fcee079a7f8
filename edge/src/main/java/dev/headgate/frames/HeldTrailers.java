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

    /** Copies a section; an empty one, and one for which there is no memory, is none. */
    public void hold(BufferPool pool, FieldSection section) {
        int length = section.lineBytes();
        if (length == 0 || length > BufferPool.CAPACITY_MAX) {
            return;
        }
        PooledBuffer taken = pool.take(length);
        if (taken == null) {
            return;
        }
        store = taken;
        fields.startIn(taken.buffer());
        fields.addAll(section);
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
