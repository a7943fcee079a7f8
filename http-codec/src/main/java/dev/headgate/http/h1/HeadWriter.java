package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Persistence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the parts that request and response heads have in common. Every method takes the index to write at and returns
 * the one behind what it wrote, or {@link #NO_ROOM}, which it also hands on when it is given it: an encoder asks once, at
 * the end. The position of the output never moves here.
 */
final class HeadWriter {
    /** The output's limit was reached. */
    static final int NO_ROOM = -1;

    /** The fields that say where a message ends and what its connection does: only the encoder writes them. */
    static final long FRAMING_IDS = 1L << Field.CONNECTION
            | 1L << Field.CONTENT_LENGTH
            | 1L << Field.TRANSFER_ENCODING
            | 1L << Field.KEEP_ALIVE
            | 1L << Field.PROXY_CONNECTION
            | 1L << Field.TE
            | 1L << Field.TRAILER
            | 1L << Field.UPGRADE
            | 1L << Field.HTTP2_SETTINGS;

    private static final int CRLF_LENGTH = 2;
    private static final byte[] SEPARATOR = ascii(": ");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] TO_WEB_SOCKET = ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");

    private HeadWriter() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes the live lines but for those with an id in {@code owned}. Adjacent lines that lie in the bytes just as they
     * would be written are copied at once: a head that is forwarded unchanged is two or three copies.
     */
    static int fields(ByteBuffer out, int at, FieldSection fields, long owned) {
        ByteBuffer bytes = fields.bytes();
        int next = at;
        int runStart = 0;
        int runEnd = 0;
        int count = fields.count();
        for (int i = 0; i < count; i++) {
            if (!fields.isLive(i) || (owned >>> fields.id(i) & 1) != 0) {
                continue;
            }
            if (!fields.isCanonicalLine(i)) {
                next = copy(out, next, bytes, runStart, runEnd - runStart);
                runEnd = runStart;
                next = line(out, next, fields, i);
                continue;
            }
            int start = fields.nameOffset(i);
            if (start != runEnd || runEnd == runStart) {
                next = copy(out, next, bytes, runStart, runEnd - runStart);
                runStart = start;
            }
            runEnd = fields.valueOffset(i) + fields.valueLength(i) + CRLF_LENGTH;
        }
        return copy(out, next, bytes, runStart, runEnd - runStart);
    }

    /** Writes the framing fields. */
    static int framing(ByteBuffer out, int at, BodyKind kind, long contentLength, Persistence persistence) {
        int next = at;
        if (kind == BodyKind.CHUNKED) {
            next = copy(out, next, CHUNKED);
        } else if (kind != BodyKind.UNTIL_CLOSE && contentLength >= 0) {
            next = copy(out, next, CONTENT_LENGTH);
            next = decimal(out, next, contentLength);
            next = crlf(out, next);
        }
        return persistence == Persistence.CLOSE ? copy(out, next, CLOSE) : next;
    }

    /** Writes that the connection is to speak WebSocket (RFC 6455 §4.1, §4.2.2). */
    static int toWebSocket(ByteBuffer out, int at) {
        return copy(out, at, TO_WEB_SOCKET);
    }

    static int crlf(ByteBuffer out, int at) {
        if (at < 0 || CRLF_LENGTH > out.limit() - at) {
            return NO_ROOM;
        }
        out.put(at, (byte) '\r').put(at + 1, (byte) '\n');
        return at + CRLF_LENGTH;
    }

    static int copy(ByteBuffer out, int at, byte[] bytes) {
        if (at < 0 || bytes.length > out.limit() - at) {
            return NO_ROOM;
        }
        out.put(at, bytes);
        return at + bytes.length;
    }

    static int copy(ByteBuffer out, int at, ByteBuffer bytes, int offset, int length) {
        if (at < 0 || length > out.limit() - at) {
            return NO_ROOM;
        }
        if (length > 0) {
            out.put(at, bytes, offset, length);
        }
        return at + length;
    }

    static int one(ByteBuffer out, int at, char b) {
        if (at < 0 || at == out.limit()) {
            return NO_ROOM;
        }
        out.put(at, (byte) b);
        return at + 1;
    }

    private static int line(ByteBuffer out, int at, FieldSection fields, int i) {
        ByteBuffer bytes = fields.bytes();
        int next = copy(out, at, bytes, fields.nameOffset(i), fields.nameLength(i));
        next = copy(out, next, SEPARATOR);
        next = copy(out, next, bytes, fields.valueOffset(i), fields.valueLength(i));
        return crlf(out, next);
    }

    private static int decimal(ByteBuffer out, int at, long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        if (at < 0 || digits > out.limit() - at) {
            return NO_ROOM;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            out.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return at + digits;
    }
}
