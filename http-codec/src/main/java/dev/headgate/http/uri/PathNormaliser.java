package dev.headgate.http.uri;

import dev.headgate.http.Violation;
import java.nio.ByteBuffer;

/**
 * Normalises an absolute path (RFC 3986 §6.2.2): escapes of unreserved bytes are undone, others written in upper case,
 * bytes that may not stand raw are escaped, runs of slashes merged, dot segments removed.
 *
 * <p>Results are indexes; a negative one is a {@link #violation}.
 */
final class PathNormaliser {
    private static final Violation[] VIOLATIONS = Violation.values();
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    /** May stand in a canonical path as it is, a slash included; a dot needs a look behind a slash. */
    private static final boolean[] PLAIN = bytes(true, "-._~!$&'()*+,;=:@/");
    /** RFC 3986 §2.3: an escape of one of these means the same as the byte. */
    private static final boolean[] UNRESERVED = bytes(true, "-._~");
    /** Browsers send these raw although RFC 3986 has no place for them: they are escaped. */
    private static final boolean[] ESCAPED_FOR_BROWSERS = bytes(false, "|[]^{}\"<>`");

    private PathNormaliser() {}

    /**
     * Whether the path from {@code from} to {@code end} is surely canonical. Byte by byte: words were tried, and cost more
     * at the lengths that paths have.
     */
    static boolean isNormal(ByteBuffer bytes, int from, int end) {
        byte before = 0;
        for (int i = from; i < end; i++) {
            byte b = bytes.get(i);
            if (!PLAIN[b & 0xFF] || before == '/' && (b == '/' || b == '.')) {
                return false;
            }
            before = b;
        }
        return bytes.get(from) == '/';
    }

    /** The most bytes that {@link #normalise} writes for this path. */
    static int writtenBytesMax(ByteBuffer bytes, int from, int end) {
        int count = end - from;
        for (int i = from; i < end; i++) {
            if (ESCAPED_FOR_BROWSERS[bytes.get(i) & 0xFF]) {
                count += 2;
            }
        }
        return count;
    }

    /**
     * Writes the canonical form of the path from {@code from} to {@code end} at {@code start} of the same buffer.
     *
     * @return the index behind it, or a violation
     */
    static int normalise(ByteBuffer bytes, int from, int end, int start, UriPolicy policy) {
        if (bytes.get(from) != '/') {
            return refuse(Violation.PATH_INVALID);
        }
        boolean mergeSlashes = policy.slashes() == UriPolicy.Slashes.MERGE;
        int in = from + 1;
        int out = put(bytes, start, (byte) '/');
        while (out >= 0) {
            // Here out is just behind a slash.
            int segment = out;
            int segmentEnd = segmentEnd(bytes, in, end);
            boolean isLast = segmentEnd == end;
            out = segment(bytes, in, segmentEnd, segment, policy);
            if (out < 0) {
                return out;
            }
            if (isNested(bytes, segment, out)) {
                return refuse(Violation.PATH_ESCAPE_NESTED);
            }
            int dots = dots(bytes, segment, out);
            if (dots < 0) {
                return dots;
            }
            if (dots == 2) {
                out = parent(bytes, start, segment);
            } else if (dots == 1) {
                out = segment;
            } else if (!isLast && (out > segment || !mergeSlashes)) {
                out = put(bytes, out, (byte) '/');
            }
            if (isLast) {
                return out;
            }
            in = segmentEnd + 1;
        }
        return out;
    }

    /** What a negative result stands for. */
    static Violation violation(int result) {
        return VIOLATIONS[-1 - result];
    }

    private static int refuse(Violation violation) {
        return -1 - violation.ordinal();
    }

    private static int segmentEnd(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at < end && bytes.get(at) != '/') {
            at++;
        }
        return at;
    }

    private static int segment(ByteBuffer bytes, int from, int end, int start, UriPolicy policy) {
        int out = start;
        int in = from;
        while (in < end && out >= 0) {
            byte b = bytes.get(in);
            if (b == '%') {
                int value = escape(bytes, in, end);
                int length = value < 0x80 ? 3 : EscapedUtf8.length(bytes, in, end);
                if (value < 0 || length < 0) {
                    return refuse(value < 0 ? Violation.PATH_ESCAPE_INVALID : Violation.PATH_UTF8_INVALID);
                }
                out = escapes(bytes, in, length, end, out, policy);
                in += length;
            } else if (PLAIN[b & 0xFF]) {
                out = put(bytes, out, b);
                in++;
            } else if (ESCAPED_FOR_BROWSERS[b & 0xFF]) {
                out = putEscape(bytes, out, b);
                in++;
            } else {
                return refuse(Violation.PATH_INVALID);
            }
        }
        return out;
    }

    /** Writes {@code length} bytes of well-formed escapes that stand for one character. */
    private static int escapes(ByteBuffer bytes, int in, int length, int end, int start, UriPolicy policy) {
        int value = escape(bytes, in, end);
        if (UNRESERVED[value]) {
            return put(bytes, start, (byte) value);
        }
        if (isForbidden(value, policy)) {
            return refuse(Violation.PATH_ESCAPE_FORBIDDEN);
        }
        int out = start;
        for (int i = in; i < in + length && out >= 0; i += 3) {
            out = putEscape(bytes, out, (byte) escape(bytes, i, end));
        }
        return out;
    }

    /**
     * Whether an escape of this byte is refused. An origin that puts a decoded path into a header ends a line at an escaped line end,
     * one that takes it for a file name ends it at NUL.
     */
    private static boolean isForbidden(int value, UriPolicy policy) {
        if (value == '/' || value == '\\') {
            return policy.escapedSeparators() == UriPolicy.EscapedSeparators.REJECT;
        }
        boolean isControl = value < ' ' || value == 0x7F;
        return value == 0 || isControl && policy.escapedControls() == UriPolicy.EscapedControls.REJECT;
    }

    /**
     * Whether the written segment has an escaped percent sign before two digits, which becomes another escape as soon as
     * somebody decodes twice. Looked for in what was written: the digits may have been escaped themselves.
     */
    private static boolean isNested(ByteBuffer bytes, int segment, int end) {
        for (int i = segment; i < end; i++) {
            if (escape(bytes, i, end) == '%' && escapeDigits(bytes, i + 3, end) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the written segment is one dot or two; zero when neither. A dot segment that hides behind a parameter or an
     * escaped separator is a violation: some origins cut the one off, or undo the other, and then resolve it.
     */
    private static int dots(ByteBuffer bytes, int segment, int end) {
        int piece = segment;
        while (true) {
            int at = piece;
            while (at < end && at - piece < 3 && bytes.get(at) == '.') {
                at++;
            }
            int dots = at - piece;
            boolean isDotPiece = dots == 1 || dots == 2;
            if (isDotPiece && at == end && piece == segment) {
                return dots;
            }
            if (isDotPiece && (at == end || endsPiece(bytes, at, end))) {
                return refuse(Violation.PATH_DOT_PARAMETER);
            }
            while (at < end && !isEscapedSeparator(bytes, at, end)) {
                at++;
            }
            if (at == end) {
                return 0;
            }
            piece = at + 3;
        }
    }

    private static boolean endsPiece(ByteBuffer bytes, int at, int end) {
        return bytes.get(at) == ';' || escape(bytes, at, end) == ';' || isEscapedSeparator(bytes, at, end);
    }

    private static boolean isEscapedSeparator(ByteBuffer bytes, int at, int end) {
        int value = escape(bytes, at, end);
        return value == '/' || value == '\\';
    }

    /** Where to go on when the segment at {@code segment} means the parent. */
    private static int parent(ByteBuffer bytes, int start, int segment) {
        if (segment - 1 == start) {
            return refuse(Violation.PATH_ABOVE_ROOT);
        }
        int at = segment - 1;
        while (bytes.get(at - 1) != '/') {
            at--;
        }
        return at;
    }

    private static int put(ByteBuffer bytes, int at, byte b) {
        if (at < 0) {
            return at;
        }
        if (at == bytes.capacity()) {
            return refuse(Violation.PATH_TOO_LONG);
        }
        bytes.put(at, b);
        return at + 1;
    }

    private static int putEscape(ByteBuffer bytes, int at, byte b) {
        int next = put(bytes, at, (byte) '%');
        next = put(bytes, next, HEX[b >>> 4 & 0xF]);
        return put(bytes, next, HEX[b & 0xF]);
    }

    /** The byte that the escape at {@code at} stands for, or −1. */
    static int escape(ByteBuffer bytes, int at, int end) {
        return at < end && bytes.get(at) == '%' ? escapeDigits(bytes, at + 1, end) : -1;
    }

    private static int escapeDigits(ByteBuffer bytes, int at, int end) {
        if (end - at < 2) {
            return -1;
        }
        int high = hexDigit(bytes.get(at));
        int low = hexDigit(bytes.get(at + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    private static boolean[] bytes(boolean alphanumeric, String marks) {
        var table = new boolean[256];
        for (int c = 0; c < 128; c++) {
            boolean letterOrDigit = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            table[c] = alphanumeric && letterOrDigit || marks.indexOf(c) >= 0;
        }
        return table;
    }
}
