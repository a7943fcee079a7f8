package dev.headgate.engine.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BufferPoolProperties {
    private static final int SLAB = 256 * 1024;
    private static final int BUDGET = 5 * SLAB;

    /** Positive numbers take, others release. */
    @Property(tries = 300)
    void buffersOutNeverOverlapAndTheAccountsBalance(
            @ForAll @Size(max = 300) List<@IntRange(min = -200_000, max = 262_144) Integer> walk) {
        MemoryBudget budget = new MemoryBudget(BUDGET);
        BufferPool pool = new BufferPool(budget, SLAB, () -> true);
        List<PooledBuffer> out = new ArrayList<>();
        for (int step : walk) {
            if (step >= 0) {
                PooledBuffer taken = pool.take(step);
                if (taken != null) {
                    assertTrue(taken.capacity() >= step);
                    out.add(taken);
                }
            } else if (!out.isEmpty()) {
                out.remove(-step % out.size()).release();
            }
            stampAndCheck(out);
            assertEquals(out.size(), pool.outstandingBuffers());
            assertEquals(out.stream().mapToLong(PooledBuffer::capacity).sum(), pool.outstandingBytes());
            assertTrue(pool.outstandingBytes() <= budget.reservedBytes() && budget.reservedBytes() <= BUDGET);
        }
        out.forEach(PooledBuffer::release);
        assertEquals(0, pool.outstandingBuffers());
    }

    /** Writes a stamp of its own to both ends of every buffer, then finds each unharmed. */
    private static void stampAndCheck(List<PooledBuffer> out) {
        for (int i = 0; i < out.size(); i++) {
            out.get(i).buffer().putInt(0, i).putInt(out.get(i).capacity() - 4, i);
        }
        for (int i = 0; i < out.size(); i++) {
            assertEquals(i, out.get(i).buffer().getInt(0));
            assertEquals(i, out.get(i).buffer().getInt(out.get(i).capacity() - 4));
        }
    }
}
