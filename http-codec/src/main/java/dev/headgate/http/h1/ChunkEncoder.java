package dev.headgate.http.h1;

import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;

/** Writes the chunked coding (RFC 9112 §7.1). Every method returns false, nothing written, when there is no room. */
public final class ChunkEncoder {
    public static final int PREFIX_BYTES_MAX = 18;

    private ChunkEncoder() {}

    public static boolean prefix(ByteBuffer out, long length) {
        return false;
    }

    public static boolean crlf(ByteBuffer out) {
        return false;
    }

    public static boolean last(ByteBuffer out) {
        return false;
    }

    public static boolean lastWithTrailers(ByteBuffer out, FieldSection trailers) {
        return false;
    }
}
