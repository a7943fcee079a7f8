package dev.headgate.engine.io;

import dev.headgate.engine.LoopConfined;

/** What a poller tells about readiness. Neither method may poll again or close the poller. */
@LoopConfined
public interface Pollable {
    /** The socket is ready for {@code readyOps}, bits of {@link Ops}. */
    void onReady(int readyOps);

    /** {@link #onReady} threw; the poller has caught it and goes on with the other sockets. */
    void onReadyFailed(Throwable failure);
}
