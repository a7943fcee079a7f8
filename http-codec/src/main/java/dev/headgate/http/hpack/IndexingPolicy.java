package dev.headgate.http.hpack;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSyntax;
import java.nio.ByteBuffer;

/**
 * Which fields go into the encoder's table. A secret never does: whoever can add a field of his own to a connection's
 * blocks could find it by guessing and looking at lengths (RFC 7541 §7.1). Nor does what changes from message to message.
 */
final class IndexingPolicy {
    /** Into the table once it has been seen twice. */
    static final int REPEATED = 0;
    /** Not into the table. */
    static final int PLAIN = 1;
    /** Into no table on the whole way (RFC 7541 §6.2.3). */
    static final int NEVER = 2;

    private static final int[] SECRETS = {
        Field.AUTHORIZATION, Field.PROXY_AUTHORIZATION, Field.COOKIE, Field.SET_COOKIE, Field.X_FORWARDED_CLIENT_CERT,
    };

    private static final int[] CHANGING = {
        HpackName.PATH,
        Field.CONTENT_LENGTH,
        Field.CONTENT_RANGE,
        Field.RANGE,
        Field.AGE,
        Field.ETAG,
        Field.IF_MATCH,
        Field.IF_NONE_MATCH,
        Field.IF_RANGE,
        Field.IF_MODIFIED_SINCE,
        Field.IF_UNMODIFIED_SINCE,
        Field.LAST_MODIFIED,
        Field.EXPIRES,
        Field.LOCATION,
        Field.REFERER,
        Field.RETRY_AFTER,
        Field.WWW_AUTHENTICATE,
        Field.PROXY_AUTHENTICATE,
        Field.X_REQUEST_ID,
        Field.TRACEPARENT,
        Field.TRACESTATE,
    };

    /** Parts of names that applications give to what proves an identity. */
    private static final byte[][] TELLING = {
        HpackName.ascii("token"),
        HpackName.ascii("secret"),
        HpackName.ascii("key"),
        HpackName.ascii("auth"),
        HpackName.ascii("session"),
        HpackName.ascii("passw"),
        HpackName.ascii("credential"),
        HpackName.ascii("signature"),
        HpackName.ascii("csrf"),
        HpackName.ascii("xsrf"),
    };

    private static final int TOKEN_BYTES_MIN = 16;
    private static final int TOKEN_BYTES_MAX = 512;

    private static final byte[] BY_ID = new byte[HpackName.OTHER_PSEUDO + 1];

    static {
        for (int id : SECRETS) {
            BY_ID[id] = NEVER;
        }
        for (int id : CHANGING) {
            BY_ID[id] = PLAIN;
        }
    }

    private IndexingPolicy() {}

    /** The policy for a name with a number. */
    static int ofId(int id) {
        return BY_ID[id];
    }

    /** The policy for a field whose name has no number, by what name and value look like. */
    static int ofUnknown(ByteBuffer source, int nameOffset, int nameLength, int valueOffset, int valueLength) {
        return isTelling(source, nameOffset, nameLength) || isToken(source, valueOffset, valueLength)
                ? NEVER
                : REPEATED;
    }

    private static boolean isTelling(ByteBuffer source, int offset, int length) {
        for (byte[] part : TELLING) {
            for (int at = offset; at + part.length <= offset + length; at++) {
                if (FieldSyntax.equalsIgnoreCase(source, at, part.length, part)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One word of letters and digits mixed, as keys, hashes and identifiers are. */
    private static boolean isToken(ByteBuffer source, int offset, int length) {
        if (length < TOKEN_BYTES_MIN || length > TOKEN_BYTES_MAX) {
            return false;
        }
        int digits = 0;
        int letters = 0;
        for (int i = offset; i < offset + length; i++) {
            byte b = source.get(i);
            if (b >= '0' && b <= '9') {
                digits++;
            } else if (b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z') {
                letters++;
            } else if (b != '-' && b != '_' && b != '+' && b != '/' && b != '=' && b != '.' && b != '~') {
                return false;
            }
        }
        return digits >= 2 && letters >= 2;
    }
}
