package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.LoopConfined;

/** Waits until sockets are ready or another thread wakes it. */
@LoopConfined
public interface Poller {
    /** Waits without end. */
    long FOREVER = Long.MAX_VALUE;

    /**
     * Waits at most {@code timeoutNs}, 0 meaning not at all, and tells every ready socket's {@link Pollable}.
     *
     * @return how many were told
     */
    int poll(long timeoutNs);

    /** Ends the current wait, or else the next one, at once. */
    @AnyThread
    void wakeup();

    /** Closes the poller, and finishes the closing of sockets that were registered with it. */
    void close();
}
