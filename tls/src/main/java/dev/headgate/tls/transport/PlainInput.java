package dev.headgate.tls.transport;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import java.nio.ByteBuffer;

/**
 * Shows plain bytes to the handlers of a loop's connections, and after them the peer's end. What a handler leaves is kept with its connection until more comes,
 * or it resumes reading.
 */
@HotPath
@LoopConfined
final class PlainInput {
    private final EventLoop loop;

    PlainInput(EventLoop loop) {
        this.loop = loop;
    }

    /** Shows plain bytes, which are lent; what the handler leaves is kept. */
    void deliver(TlsConnection connection, ByteBuffer plain) {
        if (!connection.isEstablished()) {
            return;
        }
        PooledBuffer before = connection.retained;
        if (before != null) {
            if (retainBehind(connection, before, plain)) {
                presentRetained(connection);
            }
            return;
        }
        int end = plain.limit();
        connection.handler().onBytes(connection, plain);
        plain.limit(end); // A handler that narrowed its view has not consumed the rest.
        if (plain.hasRemaining() && connection.isEstablished()) {
            retain(connection, plain);
        }
    }

    private void retain(TlsConnection connection, ByteBuffer rest) {
        PooledBuffer own = loop.buffers().take(rest.remaining());
        if (own == null) {
            connection.abort(CloseCause.BUDGET_EXCEEDED);
            return;
        }
        own.buffer().put(rest).flip();
        connection.retained = own;
    }

    /** Puts {@code more} behind what is retained; answers whether there was room. */
    private boolean retainBehind(TlsConnection connection, PooledBuffer before, ByteBuffer more) {
        ByteBuffer bytes = before.buffer();
        int needed = bytes.remaining() + more.remaining();
        if (needed > BufferPool.CAPACITY_MAX) {
            connection.abort(CloseCause.BUDGET_EXCEEDED);
            return false;
        }
        if (bytes.capacity() - bytes.limit() < more.remaining()) {
            bytes.compact().flip();
        }
        if (bytes.capacity() - bytes.limit() < more.remaining()) {
            PooledBuffer larger = loop.buffers().take(Math.min(2 * needed, BufferPool.CAPACITY_MAX));
            if (larger == null) {
                connection.abort(CloseCause.BUDGET_EXCEEDED);
                return false;
            }
            larger.buffer().put(bytes).flip();
            connection.retained = larger;
            before.release();
            bytes = larger.buffer();
        }
        int end = bytes.limit();
        int added = more.remaining();
        bytes.limit(end + added);
        bytes.put(end, more, more.position(), added);
        more.position(more.limit());
        return true;
    }

    private void presentRetained(TlsConnection connection) {
        PooledBuffer kept = connection.retained;
        if (kept == null) {
            return;
        }
        ByteBuffer bytes = kept.buffer();
        int end = bytes.limit();
        connection.handler().onBytes(connection, bytes);
        if (connection.retained != kept) {
            return; // Given back by the end of the connection.
        }
        bytes.limit(end);
        if (!bytes.hasRemaining() || !connection.isEstablished()) {
            connection.retained = null;
            kept.release();
        }
    }

    /** The handler has resumed reading; from the loop's deferred queue it is shown what it has left. */
    void presentLater(TlsConnection connection) {
        if (!connection.isPresentationOwed) {
            connection.isPresentationOwed = true;
            loop.defer(connection);
        }
    }

    /** From the loop's deferred queue. */
    void presentOwed(TlsConnection connection) {
        if (!connection.isPresentationOwed) {
            return;
        }
        connection.isPresentationOwed = false;
        if (!connection.isEstablished() || connection.isReadingPaused()) {
            return;
        }
        try {
            connection.isAllShown = false; // The transport may have brought more since.
            presentRetained(connection);
            tellEndIfOwed(connection);
        } catch (RuntimeException | Error e) {
            connection.abort(CloseCause.HANDLER_FAILED);
            throw e; // The loop reports it.
        }
    }

    /** The peer has said that nothing more comes. */
    void onCloseNotify(TlsConnection connection) {
        if (connection.isInputEnded) {
            return;
        }
        connection.isInputEnded = true;
        connection.isEndOwed = true;
        tellEndIfOwed(connection);
    }

    private static void tellEndIfOwed(TlsConnection connection) {
        // Not before what the handler has left and will be shown again.
        if (connection.isEndOwed
                && connection.isEstablished()
                && !connection.isReadingPaused()
                && !connection.isPresentationOwed) {
            connection.isEndOwed = false;
            connection.handler().onEnd(connection);
        }
    }

    /** The connection is gone, and what it has kept goes back. */
    void release(TlsConnection connection) {
        PooledBuffer left = connection.retained;
        if (left != null) {
            connection.retained = null;
            left.release();
        }
    }
}
