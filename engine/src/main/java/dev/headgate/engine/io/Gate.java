package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;

/** Opens, for good, when it has been counted down: how one thread waits for others. Made by {@link Io#gate}. */
@AnyThread
public interface Gate {
    /** One less to wait for; does nothing once the gate is open. */
    void countDown();

    /**
     * Waits until the gate is open. Never called on a loop.
     *
     * @return whether it is; false when {@code timeoutNs} went by first
     */
    boolean await(long timeoutNs) throws InterruptedException;
}
