package dev.headgate.bench.parts;

import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.MemoryBudget;
import dev.headgate.engine.buffer.PooledBuffer;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What does it take to have a direct buffer for a moment, from the pool and from the system? */
@State(Scope.Thread)
public class BufferPoolBench {
    @Param({"4096", "65536"})
    private int bytes = 4096;

    private final BufferPool pool = new BufferPool(new MemoryBudget(16 << 20), 1 << 20, () -> true);

    @Benchmark
    public int pool() {
        PooledBuffer buffer = pool.take(bytes);
        if (buffer == null) {
            throw new IllegalStateException("the budget is used up");
        }
        int capacity = buffer.capacity();
        buffer.release();
        return capacity;
    }

    /** Left to the collector, as nothing else can free it. */
    @Benchmark
    public int allocateDirect() {
        return ByteBuffer.allocateDirect(bytes).capacity();
    }
}
