package dev.headgate.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Known field names as small numbers, so that one {@code long} says which of them a section holds.
 *
 * <p>A name is recognised by a perfect hash of its length, first eight and last eight bytes, then compared exactly:
 * letters in either case, every other byte as it is.
 */
public final class Field {
    /** A name without a number of its own. */
    public static final int UNKNOWN = 0;

    public static final int HOST = 1;
    public static final int CONNECTION = 2;
    public static final int CONTENT_LENGTH = 3;
    public static final int TRANSFER_ENCODING = 4;
    public static final int TE = 5;
    public static final int TRAILER = 6;
    public static final int UPGRADE = 7;
    public static final int KEEP_ALIVE = 8;
    public static final int PROXY_CONNECTION = 9;
    public static final int HTTP2_SETTINGS = 10;
    public static final int EXPECT = 11;
    public static final int DATE = 12;
    public static final int SERVER = 13;
    public static final int VIA = 14;
    public static final int X_POWERED_BY = 15;
    public static final int X_ASPNET_VERSION = 16;
    public static final int X_ASPNETMVC_VERSION = 17;
    public static final int X_GENERATOR = 18;
    public static final int X_RUNTIME = 19;
    public static final int FORWARDED = 20;
    public static final int X_FORWARDED_FOR = 21;
    public static final int X_FORWARDED_PROTO = 22;
    public static final int X_FORWARDED_HOST = 23;
    public static final int X_FORWARDED_PORT = 24;
    public static final int X_REAL_IP = 25;
    public static final int X_REQUEST_ID = 26;
    public static final int X_FORWARDED_CLIENT_CERT = 27;
    public static final int USER_AGENT = 28;
    public static final int REFERER = 29;
    public static final int ACCEPT = 30;
    public static final int ACCEPT_ENCODING = 31;
    public static final int ACCEPT_LANGUAGE = 32;
    public static final int AUTHORIZATION = 33;
    public static final int PROXY_AUTHORIZATION = 34;
    public static final int PROXY_AUTHENTICATE = 35;
    public static final int WWW_AUTHENTICATE = 36;
    public static final int COOKIE = 37;
    public static final int SET_COOKIE = 38;
    public static final int LOCATION = 39;
    public static final int CACHE_CONTROL = 40;
    public static final int PRAGMA = 41;
    public static final int ETAG = 42;
    public static final int LAST_MODIFIED = 43;
    public static final int IF_NONE_MATCH = 44;
    public static final int IF_MODIFIED_SINCE = 45;
    public static final int IF_MATCH = 46;
    public static final int IF_UNMODIFIED_SINCE = 47;
    public static final int IF_RANGE = 48;
    public static final int RANGE = 49;
    public static final int CONTENT_RANGE = 50;
    public static final int ACCEPT_RANGES = 51;
    public static final int VARY = 52;
    public static final int AGE = 53;
    public static final int EXPIRES = 54;
    public static final int CONTENT_TYPE = 55;
    public static final int CONTENT_ENCODING = 56;
    public static final int PROXY_STATUS = 57;
    public static final int RETRY_AFTER = 58;
    public static final int ORIGIN = 59;
    public static final int TRACEPARENT = 60;
    public static final int TRACESTATE = 61;
    public static final int MAX_FORWARDS = 62;

    /** The highest number in use; every number fits a bit of a {@code long}. */
    public static final int LAST = MAX_FORWARDS;

    private static final String[] NAMES = {
        "",
        "Host",
        "Connection",
        "Content-Length",
        "Transfer-Encoding",
        "TE",
        "Trailer",
        "Upgrade",
        "Keep-Alive",
        "Proxy-Connection",
        "HTTP2-Settings",
        "Expect",
        "Date",
        "Server",
        "Via",
        "X-Powered-By",
        "X-AspNet-Version",
        "X-AspNetMvc-Version",
        "X-Generator",
        "X-Runtime",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Real-IP",
        "X-Request-ID",
        "X-Forwarded-Client-Cert",
        "User-Agent",
        "Referer",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Proxy-Authorization",
        "Proxy-Authenticate",
        "WWW-Authenticate",
        "Cookie",
        "Set-Cookie",
        "Location",
        "Cache-Control",
        "Pragma",
        "ETag",
        "Last-Modified",
        "If-None-Match",
        "If-Modified-Since",
        "If-Match",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
        "Content-Range",
        "Accept-Ranges",
        "Vary",
        "Age",
        "Expires",
        "Content-Type",
        "Content-Encoding",
        "Proxy-Status",
        "Retry-After",
        "Origin",
        "Traceparent",
        "Tracestate",
        "Max-Forwards"
    };

    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long CASE_BITS = 0x2020202020202020L;

    /** Found by search over odd numbers so that the table below has no collision; building it checks. */
    private static final long MULTIPLIER = 0x1d264175b28ec3a3L;

    private static final byte[][] WIRE_NAMES = new byte[LAST + 1][];
    private static final byte[][] LOWER_NAMES = new byte[LAST + 1][];

    /** As many entries as six bits count, which spares the compiled code a check of each index. */
    private static final int ID_MASK = 63;
    /** Per id: the first eight bytes in lower case, fewer of a shorter name, the first byte lowest. */
    private static final long[] FIRST = new long[ID_MASK + 1];
    /** Per id: the last eight bytes in lower case, of names with at least so many. */
    private static final long[] FINAL = new long[ID_MASK + 1];
    /** Per id: all bits but 0x20 wherever {@link #FIRST} has a letter, which is where case may differ. */
    private static final long[] FIRST_EXACT = new long[ID_MASK + 1];
    /** Per id: all bits but 0x20 wherever {@link #FINAL} has a letter. */
    private static final long[] FINAL_EXACT = new long[ID_MASK + 1];

    private static final byte[] LENGTHS = new byte[ID_MASK + 1];

    private static final byte[] TABLE = new byte[256];

    static {
        for (int id = 0; id <= LAST; id++) {
            WIRE_NAMES[id] = NAMES[id].getBytes(StandardCharsets.US_ASCII);
            byte[] lower = WIRE_NAMES[id].clone();
            for (int i = 0; i < lower.length; i++) {
                lower[i] = FieldSyntax.lower(lower[i]);
            }
            LOWER_NAMES[id] = lower;
            LENGTHS[id] = (byte) lower.length;
            int firstLength = Math.min(lower.length, 8);
            FIRST[id] = word(lower, 0, firstLength);
            FIRST_EXACT[id] = ~letters(lower, 0, firstLength);
            if (lower.length >= 8) {
                FINAL[id] = word(lower, lower.length - 8, 8);
                FINAL_EXACT[id] = ~letters(lower, lower.length - 8, 8);
            }
        }
        for (int id = 1; id <= LAST; id++) {
            int slot = slotOf(FIRST[id], FINAL[id], LENGTHS[id]);
            if (TABLE[slot] != 0) {
                throw new AssertionError("field name hash collides: " + NAMES[id] + ", " + NAMES[TABLE[slot]]);
            }
            TABLE[slot] = (byte) id;
        }
    }

    private Field() {}

    /** The name as it is best written on the wire. Shared: must not be changed. */
    public static byte[] wireName(int id) {
        return WIRE_NAMES[id];
    }

    /** The name in lower case. Shared: must not be changed. */
    public static byte[] lowerName(int id) {
        return LOWER_NAMES[id];
    }

    /** The number of the name at {@code offset}, whatever its case, or {@link #UNKNOWN}. */
    public static int idOf(ByteBuffer source, int offset, int length) {
        if (length >= 8) {
            return idOf(source, offset, length, (long) LONG_LE.get(source, offset));
        }
        return length == 0 ? UNKNOWN : idOfShort(shortWord(source, offset, length), length);
    }

    /**
     * The same for a reader that has the eight bytes at {@code offset} in its hands.
     *
     * @param length at least one
     * @param first these bytes, the first lowest; those behind a shorter name do not matter
     */
    public static int idOf(ByteBuffer source, int offset, int length, long first) {
        if (length < 8) {
            return idOfShort(first & -1L >>> 64 - 8 * length, length);
        }
        long last = (long) LONG_LE.get(source, offset + length - 8);
        int id = TABLE[slotOf(first | CASE_BITS, last | CASE_BITS, length)] & ID_MASK;
        long differences = (first ^ FIRST[id]) & FIRST_EXACT[id] | (last ^ FINAL[id]) & FINAL_EXACT[id];
        boolean same = (differences | length ^ LENGTHS[id]) == 0;
        return same && (length <= 16 || sameMiddle(source, offset, length, LOWER_NAMES[id])) ? id : UNKNOWN;
    }

    /** The number of this name, whatever its case, or {@link #UNKNOWN}. */
    public static int idOf(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return idOf(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private static int idOfShort(long first, int length) {
        int id = TABLE[slotOf(first | CASE_BITS >>> 64 - 8 * length, 0, length)] & ID_MASK;
        return ((first ^ FIRST[id]) & FIRST_EXACT[id] | length ^ LENGTHS[id]) == 0 ? id : UNKNOWN;
    }

    private static int slotOf(long first, long last, int length) {
        return (int) ((first + Long.rotateLeft(last, 27) + length) * MULTIPLIER >>> 56);
    }

    /** Whether the bytes that neither the first eight nor the last eight cover are the name's. */
    private static boolean sameMiddle(ByteBuffer source, int offset, int length, byte[] lowerName) {
        for (int i = 8; i < length - 8; i++) {
            if (FieldSyntax.lower(source.get(offset + i)) != lowerName[i]) {
                return false;
            }
        }
        return true;
    }

    /** Up to seven bytes as a word; one load when the buffer goes on far enough behind them. */
    private static long shortWord(ByteBuffer source, int offset, int length) {
        if (offset + 8 <= source.limit()) {
            return (long) LONG_LE.get(source, offset) & -1L >>> (64 - 8 * length);
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (source.get(offset + i) & 0xFFL) << (8 * i);
        }
        return word;
    }

    private static long word(byte[] bytes, int offset, int length) {
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (long) bytes[offset + i] << (8 * i);
        }
        return word;
    }

    private static long letters(byte[] lowerCase, int offset, int length) {
        long mask = 0;
        for (int i = 0; i < length; i++) {
            mask |= (Character.isLetter(lowerCase[offset + i]) ? 0x20L : 0L) << (8 * i);
        }
        return mask;
    }
}
