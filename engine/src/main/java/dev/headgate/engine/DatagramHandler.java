package dev.headgate.engine;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a {@link DatagramPort} tells its owner. All methods run on the port's loop, never from inside a call that the owner makes on the port. */
@LoopConfined
public interface DatagramHandler {
    /** A datagram has come. {@code datagram} is lent for the call and ready to read; it may be empty. */
    void onDatagram(DatagramPort port, ByteBuffer datagram);

    /** The port is closed: the peer is known not to listen, the socket has failed, or the loop stops. Nothing follows. */
    void onFailed(DatagramPort port, IOException failure);
}
