package dev.headgate.grpc;

import java.nio.ByteBuffer;

/**
 * Where in a sequence of messages one is: each has five bytes in front, a flag and its length ("gRPC over HTTP2"). Reads those and steps over the rest,
 * of pieces cut anywhere. Allocates nothing.
 */
final class MessageBoundaries {
    private static final int PREFIX_BYTES = 5;
    private static final long LENGTH_MASK = 0xFFFF_FFFFL;

    private int prefixBytes; // of the message that has begun
    private long leftBytes; // of it, once its prefix is whole; before, what is known of its length

    MessageBoundaries() {}

    /** Goes on over {@code bytes}, which stay as they are. */
    void pass(ByteBuffer bytes) {
        int at = bytes.position();
        int limit = bytes.limit();
        while (at < limit) {
            if (prefixBytes < PREFIX_BYTES) {
                leftBytes = prefixBytes == 0 ? 0 : (leftBytes << 8 | bytes.get(at) & 0xFF) & LENGTH_MASK;
                prefixBytes++;
                at++;
            } else {
                int step = (int) Math.min(leftBytes, limit - at);
                leftBytes -= step;
                at += step;
            }
            if (prefixBytes == PREFIX_BYTES && leftBytes == 0) {
                prefixBytes = 0;
            }
        }
    }

    /** Whether all that has begun is whole. */
    boolean isBetweenMessages() {
        return prefixBytes == 0;
    }
}
