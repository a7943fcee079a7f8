package dev.headgate.http.hpack;

import dev.headgate.http.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Names of fields in HTTP/2 as small numbers: those of {@link Field}, and behind them the pseudo-header fields
 * (RFC 9113 §8.3, RFC 8441 §4).
 */
public final class HpackName {
    public static final int AUTHORITY = 64;
    public static final int METHOD = 65;
    public static final int PATH = 66;
    public static final int SCHEME = 67;
    public static final int STATUS = 68;
    public static final int PROTOCOL = 69;
    /** Begins with a colon and is none of the others. */
    public static final int OTHER_PSEUDO = 70;

    private static final byte[][] PSEUDO_NAMES = {
        ascii(":authority"), ascii(":method"), ascii(":path"), ascii(":scheme"), ascii(":status"), ascii(":protocol")
    };

    private HpackName() {}

    /** Whether the number is one of a pseudo-header field. */
    public static boolean isPseudo(int id) {
        return id >= AUTHORITY;
    }

    /** The name in lower case; empty for {@link Field#UNKNOWN} and {@link #OTHER_PSEUDO}. Shared: must not be changed. */
    static byte[] lowerName(int id) {
        if (id < AUTHORITY) {
            return Field.lowerName(id);
        }
        return id == OTHER_PSEUDO ? Field.lowerName(Field.UNKNOWN) : PSEUDO_NAMES[id - AUTHORITY];
    }

    /** The number of the name at {@code offset}. */
    static int idOf(ByteBuffer source, int offset, int length) {
        if (length == 0 || source.get(offset) != ':') {
            return Field.idOf(source, offset, length);
        }
        for (int i = 0; i < PSEUDO_NAMES.length; i++) {
            if (isSame(source, offset, length, PSEUDO_NAMES[i])) {
                return AUTHORITY + i;
            }
        }
        return OTHER_PSEUDO;
    }

    private static boolean isSame(ByteBuffer source, int offset, int length, byte[] name) {
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (source.get(offset + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
