package dev.headgate.exchange;

import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;

/**
 * What is left of a stream that has become one side of a tunnel. Over HTTP/1.1 it is the whole connection; a stream of another protocol is one of
 * many on its connection, and has a {@link Connection} of its own to show.
 */
@LoopConfined
public interface TunnelEnd {
    /** Where the tunnel's bytes come from and go to. Its handler is the caller's to set from now on. */
    Connection connection();

    /** Whether bytes have been left with the connection. */
    boolean hasKept();

    /** Whether the peer has ended its stream already. */
    boolean hasEnded();

    /** The connection is gone: the caller's handler has been told so. */
    void onGone();
}
