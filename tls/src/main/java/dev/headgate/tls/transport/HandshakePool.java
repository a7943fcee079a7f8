package dev.headgate.tls.transport;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.WorkPool;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that compute handshakes. Of those that begin so many may wait, and no more. Those under way have found a place once, and are not
 * turned away for others that came after them: they have as many places again, so that a flood wastes little of what has been computed, and
 * still no queue grows without bound.
 */
@AnyThread
final class HandshakePool implements AutoCloseable {
    private final WorkPool pool;
    private final int beginningMax; // counted with what is computed at the moment
    private final AtomicInteger count = new AtomicInteger(); // what is computed, and what waits
    private volatile boolean isClosed;

    /**
     * @param threads of {@code pool}
     * @param waitingMax handshakes that may wait to begin; the pool's queue has {@link #places} for them
     */
    HandshakePool(WorkPool pool, int threads, int waitingMax) {
        this.pool = pool;
        this.beginningMax = Math.addExact(threads, waitingMax);
    }

    /** How long the queue of a pool has to be. */
    static int places(int waitingMax) {
        return Math.multiplyExact(2, waitingMax);
    }

    /** Takes the first piece of work of a handshake; false when too many wait. */
    boolean begin(Runnable work) {
        return take(work, beginningMax);
    }

    /** Takes a further piece of a handshake that has begun; false when twice as many wait. */
    boolean goOn(Runnable work) {
        return take(work, Integer.MAX_VALUE); // The queue's own bound is left.
    }

    private boolean take(Runnable work, int max) {
        if (!tryCount(max)) {
            return false;
        }
        boolean isTaken = false;
        try {
            isTaken = pool.submit(() -> run(work));
        } finally {
            if (!isTaken) {
                count.decrementAndGet(); // Also when it throws, for want of another thread.
            }
        }
        return isTaken;
    }

    /** Counts one more, unless there are {@code max}: who is refused is never counted, so that nobody else is refused for it. */
    private boolean tryCount(int max) {
        int known = count.get();
        while (known < max) {
            int seen = count.compareAndExchange(known, known + 1);
            if (seen == known) {
                return true;
            }
            known = seen;
        }
        return false;
    }

    private void run(Runnable work) {
        try {
            work.run();
        } finally {
            count.decrementAndGet();
        }
    }

    /** Whether any is computed now, or waits. */
    boolean isAtWork() {
        return count.get() > 0;
    }

    /** Whether none may begin at the moment. */
    boolean isFull() {
        return count.get() >= beginningMax;
    }

    /** Whether work is refused for good. */
    boolean isClosed() {
        return isClosed;
    }

    /** Takes no more work; what is queued still runs. */
    @Override
    public void close() {
        isClosed = true;
        pool.close();
    }
}
