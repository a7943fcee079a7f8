package dev.headgate.frames;

import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.http.FieldSection;
import org.jspecify.annotations.Nullable;

/**
 * A trailer section that must wait behind content that cannot be passed on yet. That is rare, and costs a copy. Holds a pooled buffer
 * while it has lines.
 */
@LoopConfined
public final class KeptTrailers {
    private static final int INDEX_BYTES = 8; // of one line in its store, beside name and value

    private final FieldSection fields = new FieldSection();
    private @Nullable PooledBuffer store;

    /** Nothing yet. */
    public KeptTrailers() {}

    /** Copies {@code trailers}, which is lent. Where there is no memory they are dropped, as anybody may (RFC 9110 §6.5.1). */
    public void keep(BufferPool pool, FieldSection trailers) {
        clear();
        int bytes = bytesOf(trailers);
        if (bytes == 0 || bytes > BufferPool.CAPACITY_MAX) {
            return;
        }
        PooledBuffer taken = pool.take(bytes);
        if (taken == null) {
            return;
        }
        store = taken;
        fields.startIn(taken.buffer());
        for (int i = 0; i < trailers.count(); i++) {
            if (trailers.isLive(i)) {
                fields.add(
                        copy(trailers, trailers.nameOffset(i), trailers.nameLength(i)),
                        copy(trailers, trailers.valueOffset(i), trailers.valueLength(i)));
            }
        }
    }

    private static int bytesOf(FieldSection trailers) {
        int bytes = 0;
        for (int i = 0; i < trailers.count(); i++) {
            if (trailers.isLive(i)) {
                bytes += trailers.nameLength(i) + trailers.valueLength(i) + INDEX_BYTES;
            }
        }
        return bytes;
    }

    private static byte[] copy(FieldSection from, int offset, int length) {
        byte[] bytes = new byte[length];
        from.bytes().get(offset, bytes);
        return bytes;
    }

    /** What is kept, lent until {@link #clear}; null when nothing is. */
    public @Nullable FieldSection fields() {
        return store == null ? null : fields;
    }

    /** Lets go of what is kept. */
    public void clear() {
        if (store != null) {
            fields.clear();
            store.release();
            store = null;
        }
    }
}
