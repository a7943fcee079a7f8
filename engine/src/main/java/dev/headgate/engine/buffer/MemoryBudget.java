package dev.headgate.engine.buffer;

import dev.headgate.engine.AnyThread;
import java.util.concurrent.atomic.AtomicLong;

/** A bound on bytes shared by several pools. Touched once per slab, so one atomic word serves. */
@AnyThread
public final class MemoryBudget {
    private final long limitBytes;
    private final AtomicLong reservedBytes = new AtomicLong();

    public MemoryBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Reserves {@code bytes} if they fit under the limit. */
    public boolean tryReserve(long bytes) {
        long reserved;
        do {
            reserved = reservedBytes.get();
            if (bytes > limitBytes - reserved) {
                return false;
            }
        } while (!reservedBytes.compareAndSet(reserved, reserved + bytes));
        return true;
    }

    /** Gives back what {@link #tryReserve} granted. */
    public void release(long bytes) {
        reservedBytes.addAndGet(-bytes);
    }

    public long reservedBytes() {
        return reservedBytes.get();
    }
}
