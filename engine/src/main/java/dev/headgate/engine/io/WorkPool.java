package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;

/** Threads for blocking work of one kind, with a bounded queue before them. */
@AnyThread
public interface WorkPool extends AutoCloseable {
    /**
     * Hands over {@code work}; its result comes back as a command.
     *
     * @return false when the queue is full or the pool is closed: the work was not taken
     */
    boolean submit(Runnable work);

    /** Takes no more work; what is queued still runs. */
    @Override
    void close();
}
