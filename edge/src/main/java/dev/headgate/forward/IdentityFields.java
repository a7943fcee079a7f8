package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The request fields by which a proxy tells an origin who the client is or what it asked for, and which an origin might
 * believe from anyone. Those of an untrusted peer are removed.
 *
 * <p>Names are compared with underscore and hyphen taken for each other: CGI-like origins cannot tell them apart.
 */
@HotPath
final class IdentityFields {
    private static final byte[] PREFIX = "x-forwarded-".getBytes(StandardCharsets.US_ASCII);

    private static final int[] KNOWN = {
        Field.FORWARDED,
        Field.X_FORWARDED_FOR,
        Field.X_FORWARDED_PROTO,
        Field.X_FORWARDED_HOST,
        Field.X_FORWARDED_PORT,
        Field.X_FORWARDED_CLIENT_CERT,
        Field.X_REAL_IP,
        Field.X_REQUEST_ID,
    };

    private static final long KNOWN_MASK = maskOf(KNOWN);

    // Everything under the prefix is one of them too.
    private static final byte[][] OTHERS_BY_LENGTH = sortedByLength(
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "client-cert",
            "client-cert-chain",
            "client-ip",
            "fastly-client-ip",
            "forwarded",
            "forwarded-for",
            "front-end-https",
            "true-client-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-forwarded",
            "x-host",
            "x-original-forwarded-for",
            "x-original-host",
            "x-original-url",
            "x-originating-ip",
            "x-real-ip",
            "x-remote-addr",
            "x-remote-ip",
            "x-request-id",
            "x-retry-attempt",
            "x-rewrite-url",
            "x-ssl-client-verify",
            "x-url-scheme");

    /** Those that speak of a client's certificate; the lengths differ. */
    private static final byte[][] CERTIFICATES_BY_LENGTH =
            sortedByLength("client-cert", "client-cert-chain", "x-forwarded-client-cert", "x-ssl-client-verify");

    private IdentityFields() {}

    private static long maskOf(int[] ids) {
        long mask = 0;
        for (int id : ids) {
            mask |= 1L << id;
        }
        return mask;
    }

    private static byte[][] sortedByLength(String... names) {
        byte[][] sorted = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            sorted[i] = names[i].getBytes(StandardCharsets.US_ASCII);
        }
        Arrays.sort(sorted, (a, b) -> Integer.compare(a.length, b.length));
        return sorted;
    }

    /** Removes all of them. */
    static void strip(FieldSection fields) {
        if ((fields.presentMask() & KNOWN_MASK) != 0) {
            for (int id : KNOWN) {
                fields.removeAll(id);
            }
        }
        if (!fields.contains(Field.UNKNOWN)) {
            return;
        }
        ByteBuffer bytes = fields.bytes();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.id(i) == Field.UNKNOWN
                    && fields.isLive(i)
                    && isIdentity(bytes, fields.nameOffset(i), fields.nameLength(i))) {
                fields.remove(i);
            }
        }
    }

    /** Removes those that speak of a client's certificate. */
    static void stripCertificates(FieldSection fields) {
        fields.removeAll(Field.X_FORWARDED_CLIENT_CERT);
        if (!fields.contains(Field.UNKNOWN)) {
            return;
        }
        ByteBuffer bytes = fields.bytes();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.id(i) == Field.UNKNOWN
                    && fields.isLive(i)
                    && isOneOf(CERTIFICATES_BY_LENGTH, bytes, fields.nameOffset(i), fields.nameLength(i))) {
                fields.remove(i);
            }
        }
    }

    private static boolean isIdentity(ByteBuffer bytes, int offset, int length) {
        if (length > PREFIX.length && startsWith(bytes, offset, PREFIX)) {
            return true;
        }
        return isOneOf(OTHERS_BY_LENGTH, bytes, offset, length);
    }

    private static boolean isOneOf(byte[][] names, ByteBuffer bytes, int offset, int length) {
        for (byte[] name : names) {
            if (name.length > length) {
                return false;
            }
            if (name.length == length && startsWith(bytes, offset, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(ByteBuffer bytes, int offset, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (folded(bytes.get(offset + i)) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte folded(byte b) {
        if (b == '_') {
            return '-';
        }
        return FieldSyntax.lower(b);
    }
}
