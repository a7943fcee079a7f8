package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;

/** Runs one {@link DutyCycle}. */
@AnyThread
public interface Runner {
    /** Begins; once. */
    void start();

    /** Whether the caller is running inside this runner's cycle. */
    boolean isCurrent();

    /** Ends a pause between cycles, if there is one. */
    void wakeup();

    /**
     * Waits until the cycle has answered {@link DutyCycle#DONE}.
     *
     * @return whether it has; false when {@code timeoutNs} went by first
     */
    boolean awaitTermination(long timeoutNs) throws InterruptedException;
}
