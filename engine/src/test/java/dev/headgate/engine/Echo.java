package dev.headgate.engine;

import java.nio.ByteBuffer;

/** Sends back what it gets; stops reading while the peer does not. */
final class Echo implements ConnectionHandler {
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
    public void onClosed(Connection connection, CloseCause cause) {}
}
