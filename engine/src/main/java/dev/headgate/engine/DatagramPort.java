package dev.headgate.engine;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A UDP socket that exchanges datagrams with one peer, from a port of its own; what comes from elsewhere never gets here. Made by
 * {@link EventLoop#openDatagram}. Datagrams may be lost, late, doubled or out of order.
 */
@LoopConfined
public interface DatagramPort {
    /**
     * Sends one datagram at once. {@code datagram} is direct, lent for the call, and consumed.
     *
     * @return false when the system has no room for it; nobody will hear of it
     * @throws IOException when it cannot be sent, or when an earlier one is known not to have arrived; the port stays open
     */
    boolean send(ByteBuffer datagram) throws IOException;

    /** Closes; the handler hears nothing more. A second call does nothing. */
    void close();
}
