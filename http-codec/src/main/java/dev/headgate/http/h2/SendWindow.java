package dev.headgate.http.h2;

/**
 * What may be sent, as the peer has said (RFC 9113 §6.9). It may be negative: a smaller initial window also counts
 * against what has been sent already. Sending waits until it is positive; it is never clamped (RFC 9113 §6.9.2).
 */
final class SendWindow {
    private int bytes;

    SendWindow(int bytes) {
        this.bytes = bytes;
    }

    void reset(int initialBytes) {
        bytes = initialBytes;
    }

    int bytes() {
        return bytes;
    }

    boolean isOpen() {
        return bytes > 0;
    }

    /** Adds {@code change}, which may be negative; false, with nothing changed, when that is more than a window can be. */
    boolean add(int change) {
        long sum = (long) bytes + change;
        if (sum > Frames.WINDOW_MAX || sum < Integer.MIN_VALUE) {
            return false;
        }
        bytes = (int) sum;
        return true;
    }

    void take(int sentBytes) {
        bytes -= sentBytes;
    }
}
