package dev.headgate.tls.transport;

import dev.headgate.engine.Connection;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Protects what the connections of a loop write. Small pieces wait in the {@link PlainCork} until the handlers of this cycle have been called, and then
 * leave in one record for each connection; large ones become records at once, together with what waits before them.
 *
 * <p>Records are made in a heap array, for which the JDK's ciphers are fastest (direct memory costs them 28 to 90 % more), and copied once
 * to where the socket takes them from.
 */
@HotPath
@LoopConfined
final class RecordWriter implements Runnable {
    private static final int GATHER_MAX = 1 + Connection.PIECES_MAX;

    /** Up to this length pieces are joined by copying; the engine's writer joins up to the same. */
    private static final int COPY_MAX_BYTES = 4 * 1024;

    /** After a pause the first bytes go in records of this length, so that a reader need not wait for 16 KiB to use the first of them. */
    private static final int FIRST_RECORD_BYTES = 4 * 1024 - 64;

    private static final int FIRST_RECORDS_BYTES = 4 * FIRST_RECORD_BYTES;

    private final EventLoop loop;
    private final PlainCork cork = new PlainCork();
    private final ByteBuffer records = ByteBuffer.allocate(5 * TlsLoop.RECORD_BYTES_MAX);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(records.capacity());
    private final ByteBuffer empty = ByteBuffer.allocate(0);
    private final ByteBuffer[] gather =
            new ByteBuffer[GATHER_MAX]; // empty between calls: never holds on to what was lent
    private boolean isFlushOwed;

    RecordWriter(EventLoop loop) {
        this.loop = loop;
        Arrays.fill(gather, empty);
    }

    // ---- plain bytes

    void write(TlsConnection connection, ByteBuffer bytes) {
        if (bytes.remaining() <= COPY_MAX_BYTES) {
            join(connection, bytes);
        } else {
            gather[1] = bytes;
            writeGathered(connection, 1);
        }
    }

    void write(TlsConnection connection, ByteBuffer[] pieces, int count) {
        long length = 0;
        for (int i = 0; i < count; i++) {
            length += pieces[i].remaining();
        }
        if (length <= COPY_MAX_BYTES) {
            for (int i = 0; i < count; i++) {
                join(connection, pieces[i]);
            }
        } else {
            System.arraycopy(pieces, 0, gather, 1, count);
            writeGathered(connection, count);
        }
    }

    private void join(TlsConnection connection, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (!connection.mayWrite()) {
                bytes.position(bytes.limit());
            } else if (cork.takes(connection)) {
                cork.add(connection, bytes);
                flushLater();
            } else {
                flush();
            }
        }
    }

    private void writeGathered(TlsConnection connection, int count) {
        if (connection.corkedBytes > 0 && !cork.isLast(connection)) {
            flush();
        }
        if (connection.corkedBytes > 0) {
            gather[0] = cork.takeLast(connection);
        }
        protect(connection, count + 1);
        for (int i = 0; i <= count; i++) {
            gather[i].position(gather[i].limit()); // What could not be protected goes nowhere.
            gather[i] = empty;
        }
    }

    /** The free part of the cork, for bytes of {@code connection}. */
    ByteBuffer begin(TlsConnection connection) {
        if (!cork.takes(connection)) {
            flush();
        }
        return cork.free();
    }

    /** The bytes that were put since {@link #begin} are {@code connection}'s. */
    void end(TlsConnection connection) {
        cork.claim(connection);
        flushLater();
    }

    private void flushLater() {
        if (!isFlushOwed) {
            isFlushOwed = true;
            loop.defer(this);
        }
    }

    /** From the loop's deferred queue. */
    @Override
    public void run() {
        isFlushOwed = false;
        flush();
    }

    /** Protects what waits in the cork. */
    void flush() {
        int segments = cork.segments();
        for (int i = 0; i < segments; i++) {
            TlsConnection connection = cork.take(i);
            if (connection != null) {
                gather[0] = cork.segment();
                try {
                    protect(connection, 1);
                } catch (RuntimeException e) {
                    connection.fail(TlsFailure.INTERNAL, e); // Its bytes are lost, and those of the others must not be.
                }
                gather[0] = empty;
            }
        }
        cork.clear();
    }

    /** The bytes of {@code connection} that wait are dropped. */
    void forget(TlsConnection connection) {
        cork.forget(connection);
    }

    // ---- records

    /** Makes records of the first {@code count} buffers of the gather array, and sends them. */
    private void protect(TlsConnection connection, int count) {
        SSLEngine engine = connection.engine();
        records.clear();
        try {
            while (hasBytes(count) && connection.mayWrite()) {
                if (records.remaining() < TlsLoop.RECORD_BYTES_MAX) {
                    send(connection);
                }
                int cut = connection.burstBytes < FIRST_RECORDS_BYTES ? cutAt(FIRST_RECORD_BYTES, count) : count;
                int limit = cut < count ? restoredLimit : 0;
                SSLEngineResult result = engine.wrap(gather, 0, cut < count ? cut + 1 : count, records);
                if (cut < count) {
                    gather[cut].limit(limit);
                }
                connection.burstBytes = Math.min(connection.burstBytes + result.bytesConsumed(), Integer.MAX_VALUE / 2);
                // A record may be the engine's own, such as a key update when a key has protected as much as it may.
                boolean isMoving = result.bytesConsumed() > 0 || result.bytesProduced() > 0;
                if (result.getStatus() != Status.OK || !isMoving) {
                    connection.onOutputClosed();
                    break;
                }
            }
        } catch (SSLException e) {
            connection.fail(TlsFailure.INTERNAL, e);
        }
        send(connection);
    }

    private int restoredLimit; // of the buffer that cutAt has cut

    /**
     * Cuts the buffers of the gather array to {@code bytesMax} together.
     *
     * @return the index of the buffer whose limit was set back, from {@link #restoredLimit}; {@code count} when all are shorter
     */
    private int cutAt(int bytesMax, int count) {
        int left = bytesMax;
        for (int i = 0; i < count; i++) {
            ByteBuffer piece = gather[i];
            if (piece.remaining() > left) {
                restoredLimit = piece.limit();
                piece.limit(piece.position() + left);
                return i;
            }
            left -= piece.remaining();
        }
        return count;
    }

    private boolean hasBytes(int count) {
        for (int i = 0; i < count; i++) {
            if (gather[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Sends what the engine has to say by itself: messages of the handshake, key updates, alerts.
     *
     * @return whether there was anything
     */
    boolean sendOwn(TlsConnection connection) throws SSLException {
        SSLEngine engine = connection.engine();
        records.clear();
        boolean isAnySaid = false;
        SSLEngineResult result;
        do {
            if (records.remaining() < TlsLoop.RECORD_BYTES_MAX) {
                send(connection);
            }
            result = engine.wrap(empty, records);
            isAnySaid |= result.bytesProduced() > 0;
            // Without bytes there is no progress, whatever the status says: some states of the engine ask for a wrap
            // for ever.
        } while (result.bytesProduced() > 0 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        send(connection);
        return isAnySaid;
    }

    private void send(TlsConnection connection) {
        records.flip();
        if (records.remaining() > COPY_MAX_BYTES) {
            connection.send(direct.clear().put(records).flip()); // The transport writes it in one call, uncopied.
        } else if (records.hasRemaining()) {
            connection.send(records);
        }
        records.clear();
    }
}
