package dev.headgate.engine;

import java.nio.ByteBuffer;

/**
 * The handler of a connection that is being opened, until it is open: it then sends some bytes ahead of all others, and leaves the connection to
 * the handler behind it, whose {@code onOpen} follows.
 */
@LoopConfined
public final class FirstWords implements ConnectionHandler {
    private final byte[] words;
    private final ConnectionHandler next;

    /**
     * @param words not to be changed
     * @param next whose connection it is
     */
    public FirstWords(byte[] words, ConnectionHandler next) {
        this.words = words;
        this.next = next;
    }

    @Override
    public void onOpen(Connection connection) {
        connection.handler(next);
        connection.write(ByteBuffer.wrap(words));
        next.onOpen(connection);
    }

    @Override
    public void onBytes(Connection connection, ByteBuffer bytes) {
        next.onBytes(connection, bytes);
    }

    @Override
    public void onClosed(Connection connection, CloseCause cause) {
        next.onClosed(connection, cause);
    }
}
