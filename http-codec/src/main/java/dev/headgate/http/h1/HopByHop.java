package dev.headgate.http.h1;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Removes the fields that concern one connection only (RFC 9110 §7.6.1), before anything else looks at the section.
 *
 * <p>The sender names them in Connection, which is also a way to make a proxy drop a field that the origin relies on. An
 * option therefore removes nothing when it names a field that frames or routes the message, carries credentials, or is
 * the proxy's own to set.
 */
public final class HopByHop {
    private static final long ALWAYS = 1L << Field.CONNECTION
            | 1L << Field.KEEP_ALIVE
            | 1L << Field.PROXY_CONNECTION
            | 1L << Field.TE
            | 1L << Field.TRAILER
            | 1L << Field.TRANSFER_ENCODING
            | 1L << Field.UPGRADE
            | 1L << Field.HTTP2_SETTINGS
            | 1L << Field.PROXY_AUTHENTICATE
            | 1L << Field.PROXY_AUTHORIZATION;

    private static final long PROTECTED = 1L << Field.HOST
            | 1L << Field.CONTENT_LENGTH
            | 1L << Field.CONTENT_TYPE
            | 1L << Field.CONTENT_ENCODING
            | 1L << Field.CONTENT_RANGE
            | 1L << Field.TRANSFER_ENCODING
            | 1L << Field.AUTHORIZATION
            | 1L << Field.WWW_AUTHENTICATE
            | 1L << Field.COOKIE
            | 1L << Field.SET_COOKIE
            | 1L << Field.CACHE_CONTROL
            | 1L << Field.VARY
            | 1L << Field.EXPECT
            | 1L << Field.VIA
            | 1L << Field.DATE
            | 1L << Field.FORWARDED
            | 1L << Field.X_FORWARDED_FOR
            | 1L << Field.X_FORWARDED_PROTO
            | 1L << Field.X_FORWARDED_HOST
            | 1L << Field.X_FORWARDED_PORT
            | 1L << Field.X_FORWARDED_CLIENT_CERT
            | 1L << Field.X_REAL_IP
            | 1L << Field.X_REQUEST_ID
            | 1L << Field.MAX_FORWARDS;

    private static final byte[] TRAILERS = "trailers".getBytes(StandardCharsets.US_ASCII);

    private HopByHop() {}

    /**
     * Removes what Connection names, unless it is protected, then what is always about one connection.
     *
     * @return whether the sender takes trailers, as {@code TE: trailers} says (RFC 9110 §10.1.4)
     */
    public static boolean strip(FieldSection fields) {
        if ((fields.presentMask() & ALWAYS) == 0) {
            return false;
        }
        boolean takesTrailers = lists(fields, Field.TE, TRAILERS);
        for (int i = fields.find(Field.CONNECTION); i >= 0; i = fields.findNext(Field.CONNECTION, i)) {
            removeNamed(fields, i);
        }
        for (long left = fields.presentMask() & ALWAYS; left != 0; left &= left - 1) {
            fields.removeAll(Long.numberOfTrailingZeros(left));
        }
        return takesTrailers;
    }

    /** Whether one of the lines with this name, each a list (RFC 9110 §5.6.1), has {@code lowerCaseToken}, letters in either case. */
    public static boolean lists(FieldSection fields, int id, byte[] lowerCaseToken) {
        ByteBuffer bytes = fields.bytes();
        for (int i = fields.find(id); i >= 0; i = fields.findNext(id, i)) {
            int end = fields.valueOffset(i) + fields.valueLength(i);
            for (int at = fields.valueOffset(i); at < end; ) {
                int stop = ListElement.end(bytes, at, end);
                int from = ListElement.trimStart(bytes, at, stop);
                int to = ListElement.trimEnd(bytes, from, stop);
                if (FieldSyntax.equalsIgnoreCase(bytes, from, to - from, lowerCaseToken)) {
                    return true;
                }
                at = stop + 1;
            }
        }
        return false;
    }

    private static void removeNamed(FieldSection fields, int connection) {
        ByteBuffer bytes = fields.bytes();
        int start = fields.valueOffset(connection);
        int end = start + fields.valueLength(connection);
        // A lone keep-alive, as all browsers send it, names nothing that would stay.
        if (Field.idOf(bytes, start, end - start) == Field.KEEP_ALIVE) {
            return;
        }
        for (int at = start; at < end; ) {
            int stop = ListElement.end(bytes, at, end);
            int from = ListElement.trimStart(bytes, at, stop);
            int length = ListElement.trimEnd(bytes, from, stop) - from;
            int id = Field.idOf(bytes, from, length);
            // Connection itself goes last: its other lines still have to be read.
            if (id == Field.UNKNOWN) {
                if (FieldSyntax.isToken(bytes, from, length)) {
                    fields.removeAll(bytes, from, length);
                }
            } else if (((PROTECTED | ALWAYS) >>> id & 1) == 0) {
                fields.removeAll(id);
            }
            at = stop + 1;
        }
    }
}
