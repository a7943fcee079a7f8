package dev.headgate.engine;

import java.nio.ByteBuffer;

/**
 * What a connection tells its owner. All methods run on the connection's loop, never from inside a call that the handler
 * itself makes on {@link Connection}: {@link #onWritable}, {@link #onOutputBroken} and {@link #onClosed} come from the loop's
 * deferred queue.
 *
 * <p>Order: {@code onOpen} once; then any number of {@code onBytes} and {@code onWritable}; {@code onEnd} at most once,
 * after which no {@code onBytes} follows except for bytes that were left unconsumed; {@code onClosed} exactly once and last. A
 * connect that fails sees {@code onClosed} alone.
 */
@LoopConfined
public interface ConnectionHandler {
    /** The connection is accepted, or its connect has completed. */
    default void onOpen(Connection connection) {}

    /**
     * Bytes have arrived. {@code bytes} is lent for the call and ready to read. What the handler leaves between position and
     * limit, the connection keeps in a buffer of its own and presents again, followed by later bytes: when more bytes arrive, or
     * after {@link Connection#resumeReading}. A handler that leaves bytes without having paused reading waits for more of them.
     */
    void onBytes(Connection connection, ByteBuffer bytes);

    /** Pending output has fallen below the low watermark after a write had reported the high one. */
    default void onWritable(Connection connection) {}

    /**
     * A write has failed: nothing more will reach the peer, and what is written is dropped. The peer may have sent bytes before, such as
     * the reason; they and {@code onClosed} follow as reading goes on. A handler that has no use for them closes.
     */
    default void onOutputBroken(Connection connection) {}

    /** The peer has finished sending (half-close); output still works. */
    default void onEnd(Connection connection) {
        connection.close();
    }

    /** The connection is gone; nothing follows. */
    void onClosed(Connection connection, CloseCause cause);
}
