package dev.headgate.frames;

import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Further views of the buffers that a loop reads into: gathering several parts of one buffer takes a view for each. Those of the last
 * buffers are kept. A loop has one buffer for what comes in plain and one for what comes by TLS, which it lends over and over, and what had to be held lies in
 * buffers of its pool, of which it takes those again that it has had last; so none is made in steady state.
 */
@LoopConfined
final class BufferViews {
    private static final int BUFFERS = 16;

    private final @Nullable ByteBuffer[] buffers = new @Nullable ByteBuffer[BUFFERS];
    private final ByteBuffer[][] views = new ByteBuffer[BUFFERS][];
    private final int count;
    private int oldest;

    /** @param count views of one buffer that are in use together */
    BufferViews(int count) {
        this.count = count;
    }

    @SuppressWarnings("ReferenceEquality") // Another buffer with the same bytes is another buffer.
    private static boolean isSame(@Nullable ByteBuffer one, ByteBuffer other) {
        return one == other;
    }

    /** The view {@code index} of {@code buffer}, with its position and limit. */
    ByteBuffer of(ByteBuffer buffer, int index) {
        for (int i = 0; i < BUFFERS; i++) {
            if (isSame(buffers[i], buffer)) {
                return views[i][index].limit(buffer.limit()).position(buffer.position());
            }
        }
        make(buffer);
        return of(buffer, index);
    }

    private void make(ByteBuffer buffer) {
        ByteBuffer[] made = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            made[i] = buffer.duplicate();
        }
        buffers[oldest] = buffer;
        views[oldest] = made;
        oldest = (oldest + 1) % BUFFERS;
    }
}
