package dev.headgate.engine.loop;

import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.PooledBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes for all connections of a loop. Small pieces wait in the {@link Cork} until the end of a batch and then leave connection by connection:
 * done in a row, writes find the kernel's code in the processor's caches, and wake a peer once for several. Large pieces, and those that the
 * cork has no room for, are gathered with what waits for them: split in two, they would cost two calls. What the socket does not take is copied into a chain of pooled buffers, and from then on everything
 * queues there until the socket has taken it all: while a connection has a chain, it has nothing in the cork.
 */
@HotPath
@LoopConfined
final class LoopWriter {
    private static final int GATHER_MAX = 1 + Connection.PIECES_MAX;
    private static final int DRAINS_MAX = 4; // write calls for one connection and event
    private static final int CHAIN_PIECE_MIN = 4 * 1024;
    private static final int CHAIN_PIECE_MAX = 64 * 1024;
    private static final int FAILED = -1;

    private final LoopCore loop;
    private final int copyMaxBytes;
    private final Cork cork;
    private final ByteBuffer empty = ByteBuffer.allocateDirect(0);
    private final ByteBuffer[] gather =
            new ByteBuffer[GATHER_MAX]; // empty between calls: never holds on to what was lent

    LoopWriter(LoopCore loop, int corkBytes, int copyMaxBytes) {
        this.loop = loop;
        this.cork = new Cork(corkBytes);
        this.copyMaxBytes = copyMaxBytes;
        Arrays.fill(gather, empty);
    }

    // ---- joining

    void write(TcpConnection connection, ByteBuffer bytes) {
        boolean isLarge = bytes.remaining() > copyMaxBytes;
        boolean fits = cork.hasRoomFor(bytes.remaining());
        if ((isLarge || !fits) && bytes.isDirect()) {
            gather[1] = bytes;
            writeGathered(connection, 1);
            if (!fits) {
                flush();
            }
        } else {
            copyThroughCork(connection, bytes);
        }
    }

    void write(TcpConnection connection, ByteBuffer[] pieces, int count) {
        long length = 0;
        boolean isDirect = true;
        for (int i = 0; i < count; i++) {
            length += pieces[i].remaining();
            isDirect &= pieces[i].isDirect();
        }
        boolean fits = cork.hasRoomFor(length);
        if ((length > copyMaxBytes || !fits) && isDirect) {
            System.arraycopy(pieces, 0, gather, 1, count);
            writeGathered(connection, count);
            if (!fits) {
                flush();
            }
        } else {
            for (int i = 0; i < count; i++) {
                copyThroughCork(connection, pieces[i]);
            }
        }
    }

    /** The free part of the cork, for bytes of {@code connection}; null when it cannot be used now. */
    @Nullable
    ByteBuffer begin(TcpConnection connection) {
        if (connection.outputHead != null) {
            return null;
        }
        if (!cork.takes(connection)) {
            flush();
        }
        return connection.mayWrite() && connection.outputHead == null ? cork.free() : null;
    }

    /** The bytes that were put since {@link #begin} are {@code connection}'s. */
    void end(TcpConnection connection) {
        cork.claim(connection);
    }

    /** To the end of {@code bytes}: they go to the cork, to the chain, or nowhere once an earlier piece has broken the connection. */
    private void copyThroughCork(TcpConnection connection, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (!connection.mayWrite()) {
                bytes.position(bytes.limit());
            } else if (connection.outputHead != null) {
                enqueue(connection, bytes);
            } else if (cork.takes(connection)) {
                cork.add(connection, bytes);
            } else {
                flush();
            }
        }
    }

    /** Sends what waits in the cork. */
    void flush() {
        int segments = cork.segments();
        if (segments == 0) {
            return;
        }
        for (int i = 0; i < segments; i++) {
            TcpConnection connection = cork.take(i);
            if (connection != null) {
                try {
                    send(connection, cork.segment());
                } catch (Throwable failure) {
                    connection.onReadyFailed(failure); // Its bytes are lost, and those of the others must not be.
                }
            }
        }
        cork.clear();
    }

    private void send(TcpConnection connection, ByteBuffer segment) {
        writeOne(connection, segment);
        keepRemainder(connection, segment);
        connection.afterOutput();
    }

    /** The connection is ending: its corked bytes are dropped. */
    void forget(TcpConnection connection) {
        cork.forget(connection);
    }

    // ---- sending

    /**
     * Writes what the cork has of {@code connection}, and behind it {@code count} buffers of the gather array, from its second place
     * on, in one call; the remainder joins the chain.
     */
    private void writeGathered(TcpConnection connection, int count) {
        if (connection.corkedBytes > 0 && !cork.isLast(connection)) {
            flush();
        }
        if (connection.corkedBytes > 0) {
            ByteBuffer corked = cork.takeLast(connection);
            gather[0] = corked;
            writeMany(connection, count + 1);
            gather[0] = empty;
            keepRemainder(connection, corked);
        } else if (connection.outputHead == null && connection.isWritten()) {
            writeBehindNothing(connection, count);
        }
        for (int i = 1; i <= count; i++) {
            keepRemainder(connection, gather[i]);
            gather[i] = empty;
        }
        if (connection.isWritten()) {
            connection.afterOutput();
        }
    }

    private void writeBehindNothing(TcpConnection connection, int count) {
        if (count == 1) {
            writeOne(connection, gather[1]);
        } else {
            writeMany(connection, count + 1); // the first is empty
        }
    }

    private void keepRemainder(TcpConnection connection, ByteBuffer piece) {
        if (!piece.hasRemaining()) {
            return;
        }
        if (connection.isWritten()) {
            enqueue(connection, piece);
        } else {
            piece.position(piece.limit());
        }
    }

    private void writeOne(TcpConnection connection, ByteBuffer source) {
        try {
            connection.beforeSocketWrite();
            count(connection, connection.socket.write(source));
        } catch (IOException e) {
            connection.onWriteFailed();
        }
    }

    private long writeMany(TcpConnection connection, int count) {
        try {
            connection.beforeSocketWrite();
            long written = connection.socket.write(gather, count);
            count(connection, written);
            return written;
        } catch (IOException e) {
            connection.onWriteFailed();
            return FAILED;
        }
    }

    private void count(TcpConnection connection, long written) {
        CounterCells counters = loop.cells();
        long cycle = counters.cycles();
        if (connection.sentCycle != cycle) {
            connection.sentCycle = cycle;
            connection.sentBytesBeforeCycle = connection.sentBytes;
        }
        connection.sentBytes += written;
        counters.increment(CounterCells.WRITES);
        counters.add(CounterCells.BYTES_WRITTEN, written);
    }

    // ---- the chain

    private void enqueue(TcpConnection connection, ByteBuffer bytes) {
        int added = bytes.remaining();
        if (added > connection.options.pendingWriteBytesMax() - connection.outputQueuedBytes) {
            bytes.position(bytes.limit());
            connection.onBudgetExceeded();
            return;
        }
        while (bytes.hasRemaining()) {
            PooledBuffer tail = connection.outputTail;
            if (tail == null || tail.buffer().limit() == tail.capacity()) {
                tail = appendPiece(connection, bytes.remaining());
            }
            if (tail == null) {
                bytes.position(bytes.limit());
                connection.onBudgetExceeded();
                return;
            }
            append(tail.buffer(), bytes);
        }
        connection.outputQueuedBytes += added;
        connection.watchOutput();
    }

    private @Nullable PooledBuffer appendPiece(TcpConnection connection, int bytes) {
        PooledBuffer piece = loop.buffers().take(Math.clamp(bytes, CHAIN_PIECE_MIN, CHAIN_PIECE_MAX));
        if (piece == null) {
            return null;
        }
        piece.buffer().limit(0);
        PooledBuffer tail = connection.outputTail;
        if (tail == null) {
            connection.outputHead = piece;
        } else {
            tail.next(piece);
        }
        connection.outputTail = piece;
        return piece;
    }

    /** Copies as much of {@code bytes} as fits behind the limit of {@code tail}, which stays ready to read. */
    private static void append(ByteBuffer tail, ByteBuffer bytes) {
        int end = tail.limit();
        int count = Math.min(bytes.remaining(), tail.capacity() - end);
        tail.limit(end + count);
        tail.put(end, bytes, bytes.position(), count);
        bytes.position(bytes.position() + count);
    }

    /** The socket takes bytes again. */
    void onWritable(TcpConnection connection) {
        if (!connection.isWritten()) {
            return;
        }
        boolean mayTakeMore = true;
        for (int drains = 0; drains < DRAINS_MAX && mayTakeMore && connection.outputHead != null; drains++) {
            mayTakeMore = drainOnce(connection);
        }
        if (!connection.isWritten()) {
            return;
        }
        if (connection.outputHead == null) {
            connection.stopWatchingOutput();
        }
        connection.afterOutput();
    }

    private boolean drainOnce(TcpConnection connection) {
        int count = 0;
        long offered = 0;
        for (PooledBuffer piece = connection.outputHead; piece != null && count < GATHER_MAX; piece = piece.next()) {
            gather[count++] = piece.buffer();
            offered += piece.buffer().remaining();
        }
        long written = writeMany(connection, count);
        for (int i = 0; i < count; i++) {
            gather[i] = empty;
        }
        if (written <= 0) {
            return false;
        }
        connection.outputQueuedBytes -= (int) written;
        releaseSent(connection);
        return written == offered;
    }

    private void releaseSent(TcpConnection connection) {
        PooledBuffer head = connection.outputHead;
        while (head != null && !head.buffer().hasRemaining()) {
            PooledBuffer next = head.next();
            head.release();
            head = next;
        }
        connection.outputHead = head;
        if (head == null) {
            connection.outputTail = null;
        }
    }

    /** Gives the whole chain back, sent or not. */
    void releaseOutput(TcpConnection connection) {
        PooledBuffer head = connection.outputHead;
        connection.outputHead = null;
        connection.outputTail = null;
        connection.outputQueuedBytes = 0;
        while (head != null) {
            PooledBuffer next = head.next();
            head.release();
            head = next;
        }
    }
}
