package dev.headgate.grpc;

import java.nio.ByteBuffer;
import java.util.Base64;

/** Base64 (RFC 4648 §4) of content that comes in pieces: as one text, padded only where it is told to end. */
final class Base64Encoder {
    private static final int GROUP_BYTES = 3;

    private final byte[] left = new byte[GROUP_BYTES]; // less than a group
    private int leftBytes;

    Base64Encoder() {}

    /** Encodes what is whole of all that has come. */
    ByteBuffer encode(ByteBuffer piece) {
        int bytes = leftBytes + piece.remaining();
        byte[] whole = new byte[bytes / GROUP_BYTES * GROUP_BYTES];
        int rest = bytes - whole.length;
        if (whole.length > 0) {
            System.arraycopy(left, 0, whole, 0, leftBytes);
            piece.get(whole, leftBytes, whole.length - leftBytes);
            leftBytes = 0;
        }
        piece.get(left, leftBytes, rest - leftBytes);
        leftBytes = rest;
        return ByteBuffer.wrap(Base64.getEncoder().encode(whole));
    }

    /** The last group; what comes then begins anew. */
    ByteBuffer end() {
        byte[] rest = java.util.Arrays.copyOf(left, leftBytes);
        leftBytes = 0;
        return ByteBuffer.wrap(Base64.getEncoder().encode(rest));
    }
}
