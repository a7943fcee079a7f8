package dev.headgate.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.MemoryBudget;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HeldBytesProperties {
    private static final int SLAB_BYTES = 1 << 20;

    /** Positive numbers append so many bytes, negative ones take so many at the most. */
    @Property(tries = 500)
    void givesBackWhatItTookInOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = -300_000, max = 300_000) Integer> steps) {
        BufferPool pool = new BufferPool(new MemoryBudget(64L << 20), SLAB_BYTES, () -> true);
        HeldBytes held = new HeldBytes();
        int appended = 0;
        int read = 0;
        for (int step : steps) {
            if (step >= 0) {
                assertTrue(held.append(pool, pattern(appended, step)));
                appended += step;
            } else if (!held.isEmpty()) {
                ByteBuffer first = held.first(-step);
                assertTrue(first.hasRemaining());
                assertTrue(first.remaining() <= -step);
                int taken = (first.remaining() + 1) / 2;
                for (int i = 0; i < taken; i++) {
                    assertEquals(byteAt(read++), first.get());
                }
                held.taken();
            }
            if (step % 5 == 0) { // Somebody else takes it over.
                HeldBytes taker = new HeldBytes();
                taker.takeAll(held);
                assertTrue(held.isEmpty());
                held = taker;
            }
            assertEquals(appended - read, held.count());
            assertEquals(held.isEmpty(), pool.outstandingBuffers() == 0);
        }
        held.clear();
        assertEquals(0, pool.outstandingBuffers());
        assertTrue(held.isEmpty());
    }

    @Example
    void takesNoMoreThanThereIsMemory() {
        BufferPool pool = new BufferPool(new MemoryBudget(SLAB_BYTES), SLAB_BYTES, () -> true);
        HeldBytes held = new HeldBytes();
        ByteBuffer much = ByteBuffer.allocate(2 * SLAB_BYTES);

        assertFalse(held.append(pool, much));

        assertEquals(held.count(), much.position());
        held.clear();
        assertEquals(0, pool.outstandingBuffers());
    }

    private static ByteBuffer pattern(int from, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(byteAt(from + i));
        }
        return bytes.flip();
    }

    private static byte byteAt(int index) {
        return (byte) (index * 31 + (index >> 8));
    }
}
