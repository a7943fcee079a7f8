package dev.headgate.testkit;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A body of any length in which every byte follows from its offset, so that a lost, repeated or moved byte shows at the
 * place where it happened and nobody has to hold the body in memory.
 */
public final class Pattern {
    private static final int PIECE_BYTES = 64 * 1024;

    private Pattern() {}

    /** The byte at {@code offset}. A multiplicative hash: neighbouring 64 KiB pieces look different. */
    public static byte at(long offset) {
        long mixed = offset * 0x9E37_79B9_7F4A_7C15L;
        return (byte) (mixed >>> 56);
    }

    /** {@code length} bytes from {@code offset}. */
    public static byte[] bytes(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(offset + i);
        }
        return bytes;
    }

    /** Writes the first {@code length} bytes in pieces of at most 64 KiB. */
    public static void write(OutputStream out, long length) throws IOException {
        for (long offset = 0; offset < length; offset += PIECE_BYTES) {
            out.write(bytes(offset, (int) Math.min(PIECE_BYTES, length - offset)));
        }
    }

    /** A sink that fails at the first byte which is not the pattern's, and counts. */
    public static Verifier verifier() {
        return new Verifier();
    }

    /** Compares what is written to it with the pattern. Owned by one thread. */
    public static final class Verifier extends OutputStream {
        private long count;

        private Verifier() {}

        @Override
        public void write(int b) {
            if ((byte) b != at(count)) {
                throw new AssertionError(
                        "body differs at offset %d: expected %02x, actual %02x".formatted(count, at(count), (byte) b));
            }
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }

        /** How many bytes came, all of them right. */
        public long count() {
            return count;
        }
    }
}
