package dev.headgate.fuzz.soak;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Load comes and goes: at ebb nothing is under way, and what is still held then is held for good. Any thread may call. */
final class Tide {
    private static final long POLL_NS = 2_000_000;

    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean isHigh = true;
    private volatile boolean isOver;

    /** Waits for high tide and begins something that ends with {@link #leave}; false when there will be no more. */
    boolean enter() {
        while (!isOver) {
            underWay.incrementAndGet();
            if (isHigh) {
                return true;
            }
            underWay.decrementAndGet();
            LockSupport.parkNanos(POLL_NS);
        }
        return false;
    }

    void leave() {
        underWay.decrementAndGet();
    }

    void fall() {
        isHigh = false;
    }

    void rise() {
        isHigh = true;
    }

    void end() {
        isHigh = false;
        isOver = true;
    }

    boolean isHigh() {
        return isHigh;
    }

    boolean isOver() {
        return isOver;
    }

    boolean isEbb() {
        return !isHigh && underWay.get() == 0;
    }
}
