package dev.headgate.http.h1;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSyntax;
import java.nio.ByteBuffer;

/**
 * Knows the names that pass for one that matters to security once an origin reads underscores as hyphens, as every
 * origin does that hands fields to programs the CGI way. Such a field slips past whoever looks for the true name.
 */
public final class UnderscoreAlias {
    private static final int[] SENSITIVE = {
        Field.CONTENT_LENGTH,
        Field.TRANSFER_ENCODING,
        Field.KEEP_ALIVE,
        Field.PROXY_CONNECTION,
        Field.HTTP2_SETTINGS,
        Field.X_FORWARDED_FOR,
        Field.X_FORWARDED_PROTO,
        Field.X_FORWARDED_HOST,
        Field.X_FORWARDED_PORT,
        Field.X_FORWARDED_CLIENT_CERT,
        Field.X_REAL_IP,
        Field.X_REQUEST_ID,
        Field.PROXY_AUTHORIZATION,
        Field.PROXY_AUTHENTICATE,
        Field.WWW_AUTHENTICATE,
        Field.SET_COOKIE,
        Field.CONTENT_TYPE,
        Field.CONTENT_ENCODING,
        Field.MAX_FORWARDS,
    };

    private UnderscoreAlias() {}

    /** Whether the name, which has an underscore, is a sensitive one but for underscores. */
    public static boolean isAlias(ByteBuffer source, int offset, int length) {
        for (int id : SENSITIVE) {
            if (equalsButForUnderscores(source, offset, length, Field.lowerName(id))) {
                return true;
            }
        }
        return false;
    }

    private static boolean equalsButForUnderscores(ByteBuffer source, int offset, int length, byte[] lowerName) {
        if (length != lowerName.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = FieldSyntax.lower(source.get(offset + i));
            if (b != lowerName[i] && !(b == '_' && lowerName[i] == '-')) {
                return false;
            }
        }
        return true;
    }
}
