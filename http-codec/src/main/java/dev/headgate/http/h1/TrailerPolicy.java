package dev.headgate.http.h1;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Says which fields may stand in a trailer section (RFC 9110 §6.5.1). Everything known that frames, routes,
 * authenticates, conditions, describes or stores a message is dropped, and so is every name of a family that does; what
 * is left are names of applications, such as {@code grpc-status}, and {@code ETag}.
 */
public final class TrailerPolicy {
    private static final long ALLOWED_IDS = 1L << Field.ETAG;

    private static final byte[][] DENIED_PREFIXES = {
        ascii("content-"),
        ascii("x-forwarded"),
        ascii("x-original-"),
        ascii("x-rewrite-"),
        ascii("proxy-"),
        ascii("sec-"),
        ascii("access-control-"),
        ascii("if-"),
        ascii("accept-"),
        ascii("strict-transport-"),
        ascii("clear-site-"),
        ascii("authentication-"),
        ascii("cdn-"),
        ascii("surrogate-"),
        ascii("x-accel-"),
        ascii("client-cert"),
        ascii("x-ssl-"),
    };

    private static final byte CASE_BIT = 0x20;

    private TrailerPolicy() {}

    /** Removes from {@code trailers} what may not stand there. */
    public static void apply(FieldSection trailers) {
        for (int i = 0; i < trailers.count(); i++) {
            if (!isAllowed(trailers, i)) {
                trailers.remove(i);
            }
        }
    }

    private static boolean isAllowed(FieldSection trailers, int i) {
        int id = trailers.id(i);
        if (id != Field.UNKNOWN) {
            return (ALLOWED_IDS >>> id & 1) != 0;
        }
        for (byte[] prefix : DENIED_PREFIXES) {
            if (trailers.nameLength(i) >= prefix.length && isPrefix(prefix, trailers.bytes(), trailers.nameOffset(i))) {
                return false;
            }
        }
        return true;
    }

    /** Underscores count as hyphens: behind gateways that make variables of names, the two are one. */
    private static boolean isPrefix(byte[] prefix, ByteBuffer bytes, int offset) {
        for (int i = 0; i < prefix.length; i++) {
            byte b = bytes.get(offset + i);
            if (b == '_') b = '-';
            if (b >= 'A' && b <= 'Z') b |= CASE_BIT;
            if (b != prefix[i]) return false;
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
