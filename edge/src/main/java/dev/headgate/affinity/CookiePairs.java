package dev.headgate.affinity;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;

/**
 * Finds cookies of one name in the {@code Cookie} fields of a request (RFC 6265 §4.2.1), of which there may be several where it came by HTTP/2.
 * What is not of the form {@code name=value} between semicolons is left alone.
 */
@HotPath
final class CookiePairs {
    /** No such cookie. */
    static final long NONE = -1;

    private final byte[] name;

    CookiePairs(byte[] name) {
        this.name = name;
    }

    /** The value of the first such cookie that is not empty, as {@code offset:32 length:32}, or {@link #NONE}. */
    long find(FieldSection fields) {
        for (int line = fields.find(Field.COOKIE); line >= 0; line = fields.findNext(Field.COOKIE, line)) {
            long value = findIn(fields.bytes(), fields.valueOffset(line), fields.valueLength(line));
            if (value != NONE) {
                return value;
            }
        }
        return NONE;
    }

    private long findIn(ByteBuffer bytes, int offset, int length) {
        int end = offset + length;
        for (int start = offset; start < end; ) {
            int next = endOfPair(bytes, start, end);
            int first = skipBlanks(bytes, start, next);
            if (isNamed(bytes, first, next)) {
                int value = first + name.length + 1;
                int valueEnd = trimBlanks(bytes, value, next);
                if (valueEnd > value) {
                    return (long) value << 32 | valueEnd - value;
                }
            }
            start = next + 1;
        }
        return NONE;
    }

    /** Takes all such cookies out of a retained head, and lines that have no others with them. */
    void strip(FieldSection fields) {
        for (int line = fields.find(Field.COOKIE); line >= 0; line = fields.findNext(Field.COOKIE, line)) {
            int length = strip(fields.bytes(), fields.valueOffset(line), fields.valueLength(line));
            if (length == 0) {
                fields.remove(line);
            } else if (length < fields.valueLength(line)) {
                fields.shortenValue(line, length);
            }
        }
    }

    /** Moves the pairs that stay together, and answers how many bytes they take. */
    private int strip(ByteBuffer bytes, int offset, int length) {
        int end = offset + length;
        int out = offset;
        for (int start = offset; start < end; ) {
            int next = endOfPair(bytes, start, end);
            if (!isNamed(bytes, skipBlanks(bytes, start, next), next)) {
                boolean isFirst = out == offset;
                int from = isFirst ? skipBlanks(bytes, start, next) : start;
                if (!isFirst) {
                    bytes.put(out++, (byte) ';');
                }
                if (out != from) {
                    bytes.put(out, bytes, from, next - from);
                }
                out += next - from;
            }
            start = next + 1;
        }
        return trimBlanks(bytes, offset, out) - offset;
    }

    private boolean isNamed(ByteBuffer bytes, int start, int end) {
        if (end - start <= name.length || bytes.get(start + name.length) != '=') {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes.get(start + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static int endOfPair(ByteBuffer bytes, int start, int end) {
        int at = start;
        while (at < end && bytes.get(at) != ';') {
            at++;
        }
        return at;
    }

    private static int skipBlanks(ByteBuffer bytes, int start, int end) {
        int at = start;
        while (at < end && isBlank(bytes.get(at))) {
            at++;
        }
        return at;
    }

    private static int trimBlanks(ByteBuffer bytes, int start, int end) {
        int at = end;
        while (at > start && isBlank(bytes.get(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
