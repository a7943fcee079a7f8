package dev.headgate.engine;

import java.net.SocketAddress;

/** A bound address at which an engine accepts connections, on every loop. */
@AnyThread
public interface Listener extends AutoCloseable {
    /** Where it is bound, with the actual port. */
    SocketAddress address();

    /** Connections accepted here that are open now. */
    int openConnections();

    /** Leaves new connections waiting in the queue; each loop follows in its next cycle. */
    void pause();

    /** Undoes {@link #pause}. */
    void resume();

    /** Stops listening, each loop in its next cycle; open connections live on, those waiting in the queue are lost. */
    @Override
    void close();
}
