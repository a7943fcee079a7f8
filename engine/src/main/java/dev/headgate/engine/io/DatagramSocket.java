package dev.headgate.engine.io;

import dev.headgate.engine.LoopConfined;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One UDP socket, connected: it sends to one peer, and what comes from any other address or port does not reach it. No call blocks. Buffers are
 * direct. An {@link IOException} tells what became of an earlier datagram, such as that nobody listens there.
 */
@LoopConfined
public interface DatagramSocket {
    /** What {@link #receive} answers when there is no datagram; one without content has a length of 0. */
    int NOTHING = -1;

    /**
     * Sends {@code datagram}, which is consumed.
     *
     * @return false when the system has no room for it: it is lost, as it might be on its way
     */
    boolean send(ByteBuffer datagram) throws IOException;

    /**
     * Receives one datagram into {@code target}; what is longer than that is cut.
     *
     * @return its length, or {@link #NOTHING}
     */
    int receive(ByteBuffer target) throws IOException;

    /** Registers with {@code poller}; once. */
    void register(Poller poller, Pollable pollable, int ops) throws IOException;

    /** Closes; a second call does nothing. The descriptor may live until the next poll. */
    void close();

    /** The local address; null when it is closed. */
    @Nullable
    SocketAddress localAddress();
}
