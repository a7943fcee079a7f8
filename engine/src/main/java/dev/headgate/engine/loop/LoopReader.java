package dev.headgate.engine.loop;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads for all connections of a loop, into one large buffer that is lent to the handlers. Small reads of one poll wait for each other and are
 * then delivered one after the other: kernel and handlers would otherwise push each other's code out of the processor's nearest
 * cache with every request. Bytes that a handler leaves move to a pooled
 * buffer of the connection; later ones are then read behind them.
 */
@HotPath
@LoopConfined
final class LoopReader {
    private static final int FAILED = -2;

    /**
     * What is read at once from a connection that has not filled a read since its handler last paused it: where the bytes go may
     * be slow, and then all of them have to be kept. From a fast one the whole buffer is read: larger reads and writes save a
     * fifth of the processor time of large bodies.
     */
    private static final int CAUTIOUS_BYTES = 64 * 1024;

    /** So many reads wait for each other. */
    private static final int ARRIVALS_MAX = 32;

    /** Longer ones do not wait: they are not what a request or a small response is, and go on better while the caches have them. */
    private static final int WAITING_BYTES_MAX = 4 * 1024;

    private final LoopCore loop;
    private final ByteBuffer scratch;
    private final int cautiousBytes;
    private final int readsMax;

    // What has been read into the scratch and not been delivered yet.
    private final @Nullable TcpConnection[] arrived = new @Nullable TcpConnection[ARRIVALS_MAX];
    private final int[] arrivedEnds = new int[ARRIVALS_MAX];
    private int arrivals;
    private int arrivedBytes;

    LoopReader(LoopCore loop, int scratchBytes, int readsMax) {
        this.loop = loop;
        this.scratch = ByteBuffer.allocateDirect(scratchBytes);
        this.cautiousBytes = Math.min(CAUTIOUS_BYTES, scratchBytes);
        this.readsMax = readsMax;
    }

    void onReadable(TcpConnection connection) {
        if (connection.state() == TcpConnection.State.FLUSHING) {
            discardInput(connection);
            return;
        }
        if (!connection.mayRead()) {
            connection.stopWatchingInput();
            return;
        }
        // A read that fills its space may have left more. After readsMax of them others have their turn: the poller
        // reports what is left.
        for (int reads = 0; reads < readsMax && connection.mayRead(); reads++) {
            PooledBuffer retained = connection.retained;
            boolean isDrained = retained == null ? readLent(connection) : readBehind(connection, retained);
            if (isDrained) {
                return;
            }
        }
    }

    /** Answers whether the socket is drained, as a short read tells: no further read is made to see it say so. */
    private boolean readLent(TcpConnection connection) {
        int space = connection.isReadFast ? scratch.capacity() : cautiousBytes;
        if (arrivals == ARRIVALS_MAX || scratch.capacity() - arrivedBytes < space) {
            deliver();
            if (!connection.mayRead()) {
                return true; // By what another one's bytes have led to; the poller tells of these again.
            }
        }
        int start = arrivedBytes;
        int count = read(connection, scratch.limit(start + space).position(start));
        if (count <= 0) {
            return onNothingRead(connection, count);
        }
        connection.isReadFast |= count == space; // until the handler pauses reading
        connection.isInputDrained = count < space;
        arrived[arrivals] = connection;
        arrivedEnds[arrivals++] = start + count;
        arrivedBytes = start + count;
        if (count > WAITING_BYTES_MAX || count == space) {
            deliver(); // A full read is followed by another, which comes behind what the handler leaves of this one.
        }
        return count < space;
    }

    /** The whole buffer, empty, for somebody who reads by himself; until the next read. */
    ByteBuffer lend() {
        deliver();
        return scratch.clear();
    }

    /** Lends what has been read to its handlers, in the order in which it was read. */
    void deliver() {
        int start = 0;
        int count = arrivals;
        for (int i = 0; i < count; i++) {
            TcpConnection connection = arrived[i];
            arrived[i] = null;
            assert connection != null;
            try {
                deliver(connection, start, arrivedEnds[i]);
            } catch (Throwable failure) {
                connection.onReadyFailed(failure); // Its bytes are lost, and those of the others must not be.
            }
            start = arrivedEnds[i];
        }
        arrivals = 0;
        arrivedBytes = 0;
    }

    private void deliver(TcpConnection connection, int start, int end) {
        ByteBuffer bytes = scratch.limit(end).position(start);
        if (connection.mayRead()) {
            connection.callBytes(bytes);
            if (bytes.position() == end) {
                return;
            }
            bytes.limit(end); // A handler that narrowed its view has not consumed the rest.
        }
        retain(connection, bytes);
    }

    private void retain(TcpConnection connection, ByteBuffer rest) {
        if (connection.state() != TcpConnection.State.OPEN) {
            return; // Closed meanwhile: nobody will ask for them.
        }
        PooledBuffer own = rest.remaining() > connection.options.retainedReadBytesMax()
                ? null
                : loop.buffers().take(rest.remaining());
        if (own == null) {
            connection.onBudgetExceeded();
            return;
        }
        own.buffer().put(rest).flip();
        connection.retained = own;
    }

    private boolean readBehind(TcpConnection connection, PooledBuffer retained) {
        PooledBuffer roomy = withRoom(connection, retained);
        ByteBuffer bytes = roomy.buffer();
        int start = bytes.position();
        int end = bytes.limit();
        int space = bytes.capacity() - end;
        if (space == 0) {
            return onFull(connection);
        }
        bytes.limit(end + space).position(end);
        int count = read(connection, bytes);
        bytes.limit(end + Math.max(count, 0)).position(start);
        if (count <= 0) {
            return onNothingRead(connection, count);
        }
        connection.isInputDrained = count < space;
        presentRetained(connection);
        return count < space;
    }

    /** All that may be retained is; end of stream is still welcome, bytes are not. */
    private boolean onFull(TcpConnection connection) {
        deliver(); // The scratch is needed.
        int count = read(connection, scratch.clear());
        if (count <= 0) {
            return onNothingRead(connection, count);
        }
        connection.onBudgetExceeded();
        return true;
    }

    private boolean onNothingRead(TcpConnection connection, int count) {
        if (count == StreamSocket.END_OF_STREAM) {
            onEndOfStream(connection);
        } else if (count == 0) {
            connection.onNothingToRead();
        }
        return true;
    }

    /** A handler that has resumed in this cycle is still owed what was retained; it comes before the end. */
    private void onEndOfStream(TcpConnection connection) {
        if (connection.isRepresentationOwed()) {
            presentRetained(connection);
        }
        if (connection.mayRead()) {
            connection.onInputEnd();
        } // Otherwise the end is read again when the handler has resumed.
    }

    /**
     * Makes half of the buffer free behind the bytes, by moving them to its front or to a larger buffer, as far as the limit goes:
     * doubling keeps the copying linear however small the pieces arrive in.
     */
    private PooledBuffer withRoom(TcpConnection connection, PooledBuffer retained) {
        ByteBuffer bytes = retained.buffer();
        int capacity = bytes.capacity();
        if (capacity - bytes.limit() >= capacity / 2) {
            return retained;
        }
        boolean isLargest = capacity >= BufferPool.capacityFor(connection.options.retainedReadBytesMax());
        PooledBuffer larger = isLargest || bytes.remaining() <= capacity / 2
                ? null
                : loop.buffers().take(capacity * 2);
        if (larger == null) {
            bytes.compact().flip();
            return retained;
        }
        larger.buffer().put(bytes).flip();
        connection.retained = larger;
        retained.release();
        return larger;
    }

    /** Shows the handler what it has left, with whatever arrived since. */
    void presentRetained(TcpConnection connection) {
        PooledBuffer retained = connection.retained;
        if (retained == null) {
            return;
        }
        ByteBuffer bytes = retained.buffer();
        int end = bytes.limit();
        connection.callBytes(bytes);
        bytes.limit(end);
        if (!bytes.hasRemaining() || connection.state() != TcpConnection.State.OPEN) {
            connection.retained = null;
            retained.release();
        } else if (bytes.remaining() > connection.options.retainedReadBytesMax()) {
            connection.onBudgetExceeded();
        }
    }

    /** The owner has closed and output is still leaving: what arrives is thrown away, so that it cannot turn into a reset. */
    private void discardInput(TcpConnection connection) {
        deliver(); // The scratch is needed.
        for (int reads = 0; reads < readsMax; reads++) {
            ByteBuffer bytes = scratch.clear();
            int count = read(connection, bytes);
            if (count == StreamSocket.END_OF_STREAM) {
                connection.onInputEnd();
            }
            if (count < bytes.capacity()) {
                return;
            }
        }
    }

    private int read(TcpConnection connection, ByteBuffer target) {
        CounterCells counters = loop.cells();
        counters.increment(CounterCells.READS);
        try {
            int count = connection.socket.read(target);
            if (count > 0) {
                counters.add(CounterCells.BYTES_READ, count);
            }
            return count;
        } catch (IOException e) {
            connection.onReadFailed();
            return FAILED;
        }
    }
}
