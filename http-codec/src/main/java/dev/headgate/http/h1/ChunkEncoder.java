package dev.headgate.http.h1;

import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;

/**
 * Writes the chunked coding (RFC 9112 §7.1). A chunk is {@link #prefix}, its data, {@link #crlf}; a body ends with
 * {@link #last} or {@link #lastWithTrailers}. Every method returns false, with nothing written, when {@code out} lacks
 * room.
 */
public final class ChunkEncoder {
    /** The longest prefix: sixteen digits, CR, LF. */
    public static final int PREFIX_BYTES_MAX = 18;

    private static final byte[] DIGITS = HeadWriter.ascii("0123456789abcdef");
    private static final byte[] LAST_CHUNK = HeadWriter.ascii("0\r\n");
    private static final byte[] LAST = HeadWriter.ascii("0\r\n\r\n");

    private ChunkEncoder() {}

    /**
     * Writes the line before a chunk's data.
     *
     * @param length at least 1: a chunk of no bytes would end the body
     */
    public static boolean prefix(ByteBuffer out, long length) {
        if (length <= 0) {
            throw new IllegalArgumentException("chunk of no bytes: length=" + length);
        }
        int digits = 16 - Long.numberOfLeadingZeros(length) / 4;
        if (out.remaining() < digits + 2) {
            return false;
        }
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.put(DIGITS[(int) (length >>> shift) & 0xF]);
        }
        out.put((byte) '\r').put((byte) '\n');
        return true;
    }

    /** Writes the line end behind a chunk's data. */
    public static boolean crlf(ByteBuffer out) {
        return finish(out, HeadWriter.crlf(out, out.position()));
    }

    /** Writes the last chunk and an empty trailer section. */
    public static boolean last(ByteBuffer out) {
        return finish(out, HeadWriter.copy(out, out.position(), LAST));
    }

    /** Writes the last chunk and the live fields of {@code trailers}, without any that {@link TrailerPolicy} forbids. */
    public static boolean lastWithTrailers(ByteBuffer out, FieldSection trailers) {
        TrailerPolicy.apply(trailers);
        int at = HeadWriter.copy(out, out.position(), LAST_CHUNK);
        at = HeadWriter.fields(out, at, trailers, HeadWriter.FRAMING_IDS);
        return finish(out, HeadWriter.crlf(out, at));
    }

    private static boolean finish(ByteBuffer out, int at) {
        if (at == HeadWriter.NO_ROOM) {
            return false;
        }
        out.position(at);
        return true;
    }
}
