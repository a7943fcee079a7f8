package dev.headgate.testkit;

import java.io.ByteArrayOutputStream;

/**
 * The notation of byte scripts. One character is one byte (ISO 8859-1), except that the control pictures stand for the
 * control bytes, so that a script shows every byte: {@code "GET / HTTP/1.1␍␊Host: a␍␊␍␊"}, {@code ␀} for NUL,
 * {@code ␉} for a tab, {@code ␡} for DEL.
 */
public final class Wire {
    private static final char PICTURE_FIRST = '␀';
    private static final char PICTURE_LAST = '␟';
    private static final char PICTURE_DELETE = '␡';
    private static final int DELETE = 0x7F;

    private Wire() {}

    /** The bytes that {@code script} stands for. */
    public static byte[] bytes(String script) {
        byte[] bytes = new byte[script.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = toByte(script.charAt(i), i);
        }
        return bytes;
    }

    private static byte toByte(char c, int index) {
        if (c >= PICTURE_FIRST && c <= PICTURE_LAST) {
            return (byte) (c - PICTURE_FIRST);
        }
        if (c == PICTURE_DELETE) {
            return DELETE;
        }
        if (c > 0xFF) {
            throw new IllegalArgumentException("no byte for U+%04X at index %d".formatted((int) c, index));
        }
        return (byte) c;
    }

    /** The script that stands for {@code bytes}; the inverse of {@link #bytes}. */
    public static String script(byte[] bytes) {
        return script(bytes, 0, bytes.length);
    }

    /** The script that stands for {@code length} bytes from {@code offset}. */
    public static String script(byte[] bytes, int offset, int length) {
        var script = new StringBuilder(length);
        for (int i = offset; i < offset + length; i++) {
            int b = bytes[i] & 0xFF;
            if (b < ' ') {
                script.append((char) (PICTURE_FIRST + b));
            } else {
                script.append(b == DELETE ? PICTURE_DELETE : (char) b);
            }
        }
        return script.toString();
    }

    /** All {@code parts} as one array. */
    public static byte[] join(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
