package dev.headgate.tls.transport;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads records for all connections of a loop. What a socket has brought is copied to a heap array, where the JDK's ciphers are
 * fastest, and the plain bytes of as many records as there are go to the handler in one call. An incomplete record stays with the socket's connection.
 */
@HotPath
@LoopConfined
final class RecordReader {
    private static final int CIPHER_BYTES = 64 * 1024 + TlsLoop.RECORD_BYTES_MAX;
    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_OFFSET = 3;
    private static final int TYPE_MIN = 20; // change_cipher_spec (RFC 8446 Appendix B.1)
    private static final int TYPE_MAX = 24; // heartbeat, which the engine refuses

    private static final long CONTROL_WINDOW_NS = 10_000_000_000L;

    private enum Outcome {
        /** All whole records are read, or there is no room for the next one's plain bytes. */
        GO_ON,
        /** The connection takes no records now, or never again. */
        STOP,
        /** The peer's last handshake message was read. */
        HANDSHAKE_DONE,
        /** The peer's close_notify was read. */
        INPUT_CLOSED
    }

    private final EventLoop loop;
    private final PlainInput input;
    private final RecordWriter writer;
    private final int controlRecordsMax;
    private final int handshakeRecordsMax;
    private final byte[] array = new byte[CIPHER_BYTES];
    private final ByteBuffer cipher = ByteBuffer.wrap(array);
    private @Nullable SSLException failure; // of the unwrapping at hand
    private final ByteBuffer plain = ByteBuffer.allocateDirect(CIPHER_BYTES);

    /**
     * @param controlRecordsMax records without data that an open connection may send in ten seconds
     * @param handshakeRecordsMax records that its handshake may take: of a message that comes in small pieces, the engine copies for each
     *     what has come before
     */
    RecordReader(
            EventLoop loop, PlainInput input, RecordWriter writer, int controlRecordsMax, int handshakeRecordsMax) {
        this.loop = loop;
        this.input = input;
        this.writer = writer;
        this.controlRecordsMax = controlRecordsMax;
        this.handshakeRecordsMax = handshakeRecordsMax;
    }

    /** Consumes whole records of {@code lent} as long as the connection takes what is in them. */
    void read(TlsConnection connection, ByteBuffer lent) {
        failure = null;
        boolean isMoving = true;
        while (isMoving && connection.mayUnwrap() && isRecordWhole(lent)) {
            int start = lent.position();
            int taken = Math.min(lent.remaining(), array.length);
            lent.get(start, array, 0, taken);
            cipher.clear().limit(taken);
            plain.clear();
            Outcome outcome = unwrap(connection);
            lent.position(start + cipher.position());
            isMoving = cipher.position() > 0 && outcome != Outcome.STOP;
            connection.onRead(lent.hasRemaining(), outcome == Outcome.INPUT_CLOSED || failure != null);
            if (plain.position() > 0) {
                input.deliver(connection, plain.flip());
            }
            SSLException thrown = failure;
            if (thrown != null) {
                failure = null;
                connection.fail(TlsFailures.kindOf(thrown), thrown);
            }
            if (outcome == Outcome.HANDSHAKE_DONE) {
                connection.onHandshakeDone();
            } else if (outcome == Outcome.INPUT_CLOSED) {
                input.onCloseNotify(connection);
            }
        }
        if (lent.hasRemaining()) {
            connection.onRead(true, false); // Part of a record waits below.
        }
    }

    /** Whether a record is there to its end, or what can be none and is to be refused; otherwise copying it would be in vain. */
    private static boolean isRecordWhole(ByteBuffer lent) {
        if (lent.remaining() < HEADER_BYTES) {
            return false;
        }
        int type = lent.get(lent.position());
        int length = lent.getShort(lent.position() + LENGTH_OFFSET) & 0xFFFF;
        boolean isRecord = type >= TYPE_MIN && type <= TYPE_MAX && HEADER_BYTES + length <= TlsLoop.RECORD_BYTES_MAX;
        return !isRecord || lent.remaining() >= HEADER_BYTES + length;
    }

    private Outcome unwrap(TlsConnection connection) {
        try {
            return unwrapRecords(connection);
        } catch (SSLException e) {
            failure = e; // After what came before it has been delivered.
            return Outcome.STOP;
        }
    }

    private Outcome unwrapRecords(TlsConnection connection) throws SSLException {
        SSLEngine engine = connection.engine();
        while (cipher.hasRemaining()) {
            SSLEngineResult result = engine.unwrap(cipher, plain);
            if (result.getStatus() == Status.CLOSED) {
                return Outcome.INPUT_CLOSED;
            }
            if (result.getStatus() != Status.OK) {
                return Outcome.GO_ON; // Overflow or underflow: no room, or the rest of a record is missing.
            }
            if (result.bytesProduced() == 0) {
                Outcome outcome = onControlRecord(connection, result.getHandshakeStatus());
                if (outcome != Outcome.GO_ON) {
                    return outcome;
                }
            } else if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && connection.isTls13()) {
                writer.sendOwn(connection); // A key has protected as much as it may: the peer is told to change it.
            }
        }
        return Outcome.GO_ON;
    }

    private Outcome onControlRecord(TlsConnection connection, HandshakeStatus status) throws SSLException {
        Handshake handshake = connection.handshake();
        int max = handshake == null ? controlRecordsMax : handshakeRecordsMax;
        if (countControlRecord(connection) > max) {
            failFlooding(connection, max);
            return Outcome.STOP;
        }
        if (handshake != null) {
            return switch (handshake.advance()) {
                case NOTHING -> Outcome.HANDSHAKE_DONE;
                case BYTES -> Outcome.GO_ON;
                case TASK -> Outcome.STOP;
            };
        }
        if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
            return Outcome.GO_ON;
        }
        if (!connection.isTls13() && !connection.isOutputEnded) {
            // No other reason to talk is left in TLS 1.2: the peer wants a new handshake.
            connection.fail(TlsFailure.RENEGOTIATION, "refused");
            return Outcome.STOP;
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            writer.sendOwn(connection); // the answer to a key update
        }
        return Outcome.GO_ON;
    }

    private static void failFlooding(TlsConnection connection, int max) {
        connection.fail(TlsFailure.RECORD_FLOOD, "more than " + max + " records without data in 10 s");
    }

    /** Counts a record without data; answers how many there were in a time of about the window. */
    private int countControlRecord(TlsConnection connection) {
        long nowNs = loop.nowNs();
        if (connection.controlRecords == 0 || nowNs - connection.controlSinceNs > CONTROL_WINDOW_NS) {
            connection.controlRecords = 0;
            connection.controlSinceNs = nowNs;
        }
        return ++connection.controlRecords;
    }
}
