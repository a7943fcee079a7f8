package dev.headgate.http;

import java.nio.ByteBuffer;

/** What bytes may stand in field names and values (RFC 9110 §5.1, §5.5, §5.6.2). */
public final class FieldSyntax {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (int c = 0; c < 128; c++) {
            TOKEN[c] =
                    c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || TOKEN_MARKS.indexOf(c) >= 0;
        }
    }

    private FieldSyntax() {}

    /** Whether {@code b} is a {@code tchar}. */
    public static boolean isTokenByte(byte b) {
        return TOKEN[b & 0xFF];
    }

    /** Whether the bytes are a {@code token}: at least one byte, each a {@code tchar}. */
    public static boolean isToken(ByteBuffer source, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (!TOKEN[source.get(i) & 0xFF]) {
                return false;
            }
        }
        return length > 0;
    }

    /** Whether the bytes are a {@code token}. */
    public static boolean isToken(byte[] bytes) {
        return isToken(bytes, bytes.length);
    }

    /** Whether the first {@code length} bytes are a {@code token}. */
    public static boolean isToken(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (!TOKEN[bytes[i] & 0xFF]) {
                return false;
            }
        }
        return length > 0;
    }

    /** Whether {@code b} may stand inside a field value: visible, blank, or 0x80 and above. */
    public static boolean isValueByte(byte b) {
        return b < 0 || b >= ' ' && b != 0x7F || b == '\t';
    }

    /** Whether the bytes are a field value that can be written as it is: no control byte, no blank at either end. */
    public static boolean isValue(ByteBuffer source, int offset, int length) {
        if (length > 0 && (isBlank(source.get(offset)) || isBlank(source.get(offset + length - 1)))) {
            return false;
        }
        for (int i = offset; i < offset + length; i++) {
            if (!isValueByte(source.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes are a field value that can be written as it is. */
    public static boolean isValue(byte[] bytes, int offset, int length) {
        if (length > 0 && (isBlank(bytes[offset]) || isBlank(bytes[offset + length - 1]))) {
            return false;
        }
        for (int i = offset; i < offset + length; i++) {
            if (!isValueByte(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code b} is a space or a horizontal tab. */
    public static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** An ASCII letter in lower case, any other byte as it is. */
    public static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /** Whether the bytes at {@code offset} are {@code lowerCase}, letters in either case. */
    public static boolean equalsIgnoreCase(ByteBuffer source, int offset, int length, byte[] lowerCase) {
        if (length != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(source.get(offset + i)) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }
}
