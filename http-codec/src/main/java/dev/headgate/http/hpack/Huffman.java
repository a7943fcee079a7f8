package dev.headgate.http.hpack;

import dev.headgate.http.FieldSyntax;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads and writes Huffman-coded strings (RFC 7541 §5.2). */
final class Huffman {
    /** Answer: the string has the code of EOS in it. */
    static final int EOS_IN_STRING = -1;
    /** Answer: what stands behind the last symbol is not the beginning of EOS, or is a byte or more. */
    static final int PADDING_INVALID = -2;
    /** Answer: the string does not fit the output. */
    static final int TOO_LONG = -3;

    private static final VarHandle INT_BE = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Codes of up to so many bits, all of printable text nearly, are found by one look. */
    private static final int TABLE_BITS = 10;
    /** Per first ten bits: {@code symbol:8 length:8}; zero where the code is longer. */
    private static final short[] TABLE = table();

    /** Lengths and codes of bytes as they are. */
    static final Case AS_IS = new Case(false);
    /** Lengths and codes of letters in lower case, whatever theirs is. */
    static final Case LOWER = new Case(true);

    /** What a byte is encoded as. */
    static final class Case {
        private final byte[] lengths = new byte[256];
        private final int[] codes = new int[256];

        private Case(boolean lower) {
            for (int b = 0; b < 256; b++) {
                int symbol = lower ? FieldSyntax.lower((byte) b) & 0xFF : b;
                lengths[b] = HuffmanCode.LENGTHS[symbol];
                codes[b] = HuffmanCode.CODES[symbol];
            }
        }
    }

    private Huffman() {}

    private static short[] table() {
        var table = new short[1 << TABLE_BITS];
        for (int symbol = 0; symbol < HuffmanCode.EOS; symbol++) {
            int spare = TABLE_BITS - HuffmanCode.LENGTHS[symbol];
            for (int i = 0; spare >= 0 && i < 1 << spare; i++) {
                table[HuffmanCode.CODES[symbol] << spare | i] = (short) (symbol << 8 | HuffmanCode.LENGTHS[symbol]);
            }
        }
        return table;
    }

    /** The fewest bytes that {@code encodedLength} bytes can stand for. */
    static int decodedLengthMin(int encodedLength) {
        return (int) ((encodedLength * 8L - 7) / HuffmanCode.LENGTH_MAX);
    }

    /**
     * Decodes the bytes from {@code from} to {@code to} into {@code out} at {@code at}; no position moves.
     *
     * @param limit exclusive end of what may be written
     * @return the index behind the last byte written, or one of the negative answers
     */
    static int decode(ByteBuffer source, int from, int to, ByteBuffer out, int at, int limit) {
        long window = 0; // its lowest windowBits bits are yet to be decoded
        int windowBits = 0;
        int in = from;
        int next = at;
        while (to - in >= Integer.BYTES) {
            window = window << 32 | (int) INT_BE.get(source, in) & 0xFFFFFFFFL;
            windowBits += 32;
            in += Integer.BYTES;
            // Every code fits, so that there is nothing to ask but whether it is a long one.
            while (windowBits >= HuffmanCode.LENGTH_MAX) {
                int entry = TABLE[(int) (window >>> windowBits - TABLE_BITS) & TABLE.length - 1];
                if (entry == 0 || next == limit) {
                    return decodeSlowly(source, in, to, out, next, limit, window, windowBits);
                }
                out.put(next++, (byte) (entry >>> 8));
                windowBits -= entry & 0xFF;
            }
        }
        return decodeSlowly(source, in, to, out, next, limit, window, windowBits);
    }

    /** The same for any code, and for ends; goes on with what the window has. */
    private static int decodeSlowly(
            ByteBuffer source, int from, int to, ByteBuffer out, int at, int limit, long rest, int restBits) {
        long window = rest;
        int windowBits = restBits;
        int in = from;
        int next = at;
        while (true) {
            if (windowBits < HuffmanCode.LENGTH_MAX && in < to) {
                window = window << 8 | source.get(in++) & 0xFF;
                windowBits += 8;
                continue;
            }
            int entry = TABLE[first(window, windowBits, TABLE_BITS)] & 0xFFFF;
            int length = entry == 0 ? longCodeLength(window, windowBits) : entry & 0xFF;
            if (length > windowBits) {
                return isPadding(window, windowBits) ? next : PADDING_INVALID;
            }
            int symbol = entry == 0 ? longCodeSymbol(window, windowBits, length) : entry >>> 8;
            if (symbol == HuffmanCode.EOS) {
                return EOS_IN_STRING;
            }
            if (next == limit) {
                return TOO_LONG;
            }
            out.put(next++, (byte) symbol);
            windowBits -= length;
        }
    }

    /** The first bits of the window, followed by ones where it has fewer. */
    private static int first(long window, int windowBits, int count) {
        int missing = count - windowBits;
        long bits = missing <= 0 ? window >>> -missing : window << missing | (1L << missing) - 1;
        return (int) bits & (1 << count) - 1;
    }

    private static int longCodeLength(long window, int windowBits) {
        int bits = first(window, windowBits, HuffmanCode.LENGTH_MAX);
        int length = TABLE_BITS + 1;
        while (length < HuffmanCode.LENGTH_MAX
                && bits >>> HuffmanCode.LENGTH_MAX - length >= HuffmanCode.END_CODE[length]) {
            length++;
        }
        return length;
    }

    private static int longCodeSymbol(long window, int windowBits, int length) {
        int code = first(window, windowBits, length);
        return HuffmanCode.BY_CODE[HuffmanCode.FIRST_PLACE[length] + code - HuffmanCode.FIRST_CODE[length]];
    }

    /** The rest is a prefix of EOS, which is all ones, and shorter than a byte. */
    private static boolean isPadding(long window, int windowBits) {
        int ones = (1 << windowBits) - 1;
        return windowBits < 8 && ((int) window & ones) == ones;
    }

    /** How many bytes the string takes once it is encoded. */
    static int encodedLength(ByteBuffer source, int offset, int length, Case letters) {
        byte[] lengths = letters.lengths;
        int bits = 0;
        for (int i = offset; i < offset + length; i++) {
            bits += lengths[source.get(i) & 0xFF];
        }
        return bits + 7 >>> 3;
    }

    /** Encodes the string at {@code out}'s position, which moves; there is room. */
    static void encode(ByteBuffer source, int offset, int length, Case letters, ByteBuffer out) {
        byte[] lengths = letters.lengths;
        int[] codes = letters.codes;
        long window = 0;
        int windowBits = 0;
        int at = out.position();
        for (int i = offset; i < offset + length; i++) {
            int b = source.get(i) & 0xFF;
            window = window << lengths[b] | codes[b];
            windowBits += lengths[b];
            if (windowBits >= 32) {
                windowBits -= 32;
                INT_BE.set(out, at, (int) (window >>> windowBits));
                at += Integer.BYTES;
            }
        }
        for (; windowBits >= 8; windowBits -= 8) {
            out.put(at++, (byte) (window >>> windowBits - 8));
        }
        if (windowBits > 0) {
            int missing = 8 - windowBits;
            out.put(at++, (byte) (window << missing | (1 << missing) - 1));
        }
        out.position(at);
    }
}
