package dev.headgate.engine.loop;

import dev.headgate.engine.AnyThread;
import java.util.concurrent.atomic.AtomicInteger;

/** A cap on open connections across loops; touched when one opens and when it ends. */
@AnyThread
public final class ConnectionPermits {
    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionPermits(int max) {
        this.max = max;
    }

    boolean tryTake() {
        if (open.incrementAndGet() <= max) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void giveBack() {
        open.decrementAndGet();
    }

    /** Permits taken now; for a moment it may count an attempt that is about to be refused. */
    public int open() {
        return open.get();
    }
}
