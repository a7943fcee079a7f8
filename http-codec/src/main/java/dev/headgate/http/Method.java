package dev.headgate.http;

import java.nio.ByteBuffer;

/** Known request methods as small numbers (RFC 9110 §9.3, RFC 5789). */
public final class Method {
    /** A well-formed method that has no number of its own. */
    public static final int OTHER = 0;

    public static final int GET = 1;
    public static final int HEAD = 2;
    public static final int POST = 3;
    public static final int PUT = 4;
    public static final int DELETE = 5;
    public static final int CONNECT = 6;
    public static final int OPTIONS = 7;
    public static final int TRACE = 8;
    public static final int PATCH = 9;

    private static final String[] NAMES = {
        "", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"
    };

    /** Each name as the bytes of a long, first byte lowest; every known name fits. */
    private static final long[] WORDS = words();

    private static final int SAFE = 1 << GET | 1 << HEAD | 1 << OPTIONS | 1 << TRACE;
    private static final int IDEMPOTENT = SAFE | 1 << PUT | 1 << DELETE;

    private Method() {}

    /** Whether the method is safe (RFC 9110 §9.2.1); {@link #OTHER} is not known to be. */
    public static boolean isSafe(int id) {
        return (SAFE >>> id & 1) != 0;
    }

    /** Whether the method is idempotent (RFC 9110 §9.2.2); {@link #OTHER} is not known to be. */
    public static boolean isIdempotent(int id) {
        return (IDEMPOTENT >>> id & 1) != 0;
    }

    /** The method's name on the wire; empty for {@link #OTHER}. */
    public static String name(int id) {
        return NAMES[id];
    }

    /** The number of the method whose case-sensitive name lies at {@code offset}, or {@link #OTHER}. */
    public static int idOf(ByteBuffer source, int offset, int length) {
        if (length < 3 || length > 7) {
            return OTHER;
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (source.get(offset + i) & 0xFFL) << (8 * i);
        }
        return idOf(word, length);
    }

    /**
     * The number of the method whose case-sensitive name is {@code word}, its first byte lowest, or {@link #OTHER}.
     *
     * @param length of the name in bytes: NUL bytes at its end do not show in the word
     */
    public static int idOf(long word, int length) {
        for (int id = GET; id <= PATCH; id++) {
            if (WORDS[id] == word && NAMES[id].length() == length) {
                return id;
            }
        }
        return OTHER;
    }

    /** The number of the method with this case-sensitive name, or {@link #OTHER}. */
    public static int idOf(String name) {
        for (int id = GET; id <= PATCH; id++) {
            if (NAMES[id].equals(name)) {
                return id;
            }
        }
        return OTHER;
    }

    private static long[] words() {
        var words = new long[NAMES.length];
        for (int id = GET; id < words.length; id++) {
            for (int i = 0; i < NAMES[id].length(); i++) {
                words[id] |= (long) NAMES[id].charAt(i) << (8 * i);
            }
        }
        return words;
    }
}
