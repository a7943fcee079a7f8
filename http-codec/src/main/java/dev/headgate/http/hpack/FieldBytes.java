package dev.headgate.http.hpack;

import dev.headgate.http.FieldSyntax;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Judges names and values as they come out of literals (RFC 9113 §8.2.1). */
final class FieldBytes {
    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private static final byte PLAIN = 1;
    private static final byte UNDERSCORE = 2;
    private static final byte[] NAME_CLASS = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean isName = FieldSyntax.isTokenByte((byte) c) && !(c >= 'A' && c <= 'Z');
            NAME_CLASS[c] = !isName ? 0 : c == '_' ? UNDERSCORE : PLAIN;
        }
    }

    private FieldBytes() {}

    /** Flags of {@link HpackSink} for the name; those of pseudo-header fields are judged by their number. */
    static int nameFlags(ByteBuffer source, int offset, int length, int id) {
        if (HpackName.isPseudo(id)) {
            return 0;
        }
        int seen = 0;
        for (int i = offset; i < offset + length; i++) {
            byte kind = NAME_CLASS[source.get(i) & 0xFF];
            if (kind == 0) {
                return HpackSink.NAME_INVALID;
            }
            seen |= kind;
        }
        return length == 0 ? HpackSink.NAME_INVALID : (seen & UNDERSCORE) != 0 ? HpackSink.NAME_UNDERSCORE : 0;
    }

    /** Flags of {@link HpackSink} for the value. */
    static int valueFlags(ByteBuffer source, int offset, int length) {
        return isPlain(source, offset, length) || FieldSyntax.isValue(source, offset, length)
                ? 0
                : HpackSink.VALUE_INVALID;
    }

    /** Whether there is no control byte, tabs among them, and no blank at an end; eight bytes per step. */
    private static boolean isPlain(ByteBuffer source, int offset, int length) {
        if (length == 0) {
            return true;
        }
        if (source.get(offset) == ' ' || source.get(offset + length - 1) == ' ') {
            return false;
        }
        int end = offset + length;
        int at = offset;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            long word = (long) LONG_LE.get(source, at);
            // A borrow may mark a byte falsely above a true mark only: no mark, no control byte.
            long marks = (word - ' ' * ONES | (word ^ 0x7F * ONES) - ONES) & ~word & HIGH;
            if (marks != 0) {
                return false;
            }
        }
        for (; at < end; at++) {
            byte b = source.get(at);
            if (b >= 0 && b < ' ' || b == 0x7F) {
                return false;
            }
        }
        return true;
    }
}
