package dev.headgate.grpc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Base64 (RFC 4648 §4) that comes in pieces cut anywhere. Padding may stand within: a sender may have encoded each of several parts on its
 * own.
 */
final class Base64Decoder {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int DIGITS = 4;
    private static final byte[] VALUES = new byte[128];

    static {
        java.util.Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            VALUES[ALPHABET.charAt(i)] = (byte) i;
        }
    }

    private int group; // the digits of a group that is not whole
    private int digits;
    private int padding;

    Base64Decoder() {}

    /** Decodes a piece, as far as its groups are whole; null for what is no base64. */
    @Nullable
    ByteBuffer decode(ByteBuffer piece) {
        ByteBuffer out = ByteBuffer.allocate((digits + piece.remaining()) / DIGITS * 3 + 3);
        while (piece.hasRemaining()) {
            if (!take(piece.get(), out)) {
                return null;
            }
        }
        return out.flip();
    }

    private boolean take(byte b, ByteBuffer out) {
        if (b == '=') {
            padding++;
            group <<= 6;
        } else {
            int value = b < 0 ? -1 : VALUES[b];
            if (value < 0 || padding > 0) {
                return false;
            }
            group = group << 6 | value;
        }
        if (++digits == DIGITS) {
            if (padding > 2) {
                return false;
            }
            for (int i = 0; i < 3 - padding; i++) {
                out.put((byte) (group >> 16 - 8 * i));
            }
            group = 0;
            digits = 0;
            padding = 0;
        }
        return true;
    }

    /** Whether all of it was whole groups. */
    boolean isWhole() {
        return digits == 0;
    }
}
