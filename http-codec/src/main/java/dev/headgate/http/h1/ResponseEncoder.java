package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Persistence;
import java.nio.ByteBuffer;

/** Writes response heads. */
public final class ResponseEncoder {
    private ResponseEncoder() {}

    /** With {@link BodyKind#NONE}, a contentLength ≥ 0 writes what the origin said (HEAD, 304); −1 writes none. */
    public static boolean encode(
            ByteBuffer out, int status, FieldSection fields, BodyKind kind, long contentLength, Persistence persistence) {
        return false;
    }

    /** A 1xx response. */
    public static boolean encodeInterim(ByteBuffer out, int status, FieldSection fields) {
        return false;
    }
}
