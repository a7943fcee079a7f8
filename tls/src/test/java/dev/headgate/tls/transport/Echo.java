package dev.headgate.tls.transport;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends back what it gets; stops reading while the peer does not. Remembers how it ended. */
class Echo implements ConnectionHandler {
    volatile @Nullable CloseCause cause;
    volatile boolean hasEnded;
    volatile boolean isOpen;

    @Override
    public void onOpen(Connection connection) {
        isOpen = true;
    }

    @Override
    public void onBytes(Connection connection, ByteBuffer bytes) {
        if (!connection.write(bytes)) {
            connection.pauseReading();
        }
    }

    @Override
    public void onWritable(Connection connection) {
        connection.resumeReading();
    }

    @Override
    public void onEnd(Connection connection) {
        hasEnded = true;
        connection.close();
    }

    @Override
    public void onClosed(Connection connection, CloseCause why) {
        cause = why;
    }
}
