package dev.headgate.tls.hello;

/**
 * Reads numbers and vectors (RFC 8446 §3.4) from a stretch of an array, never over its end. What is not whole is −1;
 * the hello is refused then, so where the cursor stands no longer matters.
 */
final class HelloCursor {
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    void set(byte[] newBytes, int from, int to) {
        bytes = newBytes;
        at = from;
        end = to;
    }

    /** Index of the next byte. */
    int index() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    int u8() {
        return remaining() < 1 ? -1 : bytes[at++] & 0xFF;
    }

    int u16() {
        if (remaining() < 2) {
            return -1;
        }
        int value = (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
        at += 2;
        return value;
    }

    /** Passes over {@code length} bytes, if they are there. */
    boolean skip(int length) {
        if (remaining() < length) {
            return false;
        }
        at += length;
        return true;
    }

    /** Passes over a vector whose length takes two bytes, and says that length. */
    int skipVector16() {
        int length = u16();
        return length >= 0 && skip(length) ? length : -1;
    }

    /** Passes over a vector whose length takes one byte, and says that length. */
    int skipVector8() {
        int length = u8();
        return length >= 0 && skip(length) ? length : -1;
    }

    /** Passes over the length of a vector that must fill the rest exactly, and have {@code min} bytes. */
    boolean enterRest16(int min) {
        int length = u16();
        return length >= min && length == remaining();
    }

    /** The same, where the length takes one byte. */
    boolean enterRest8(int min) {
        int length = u8();
        return length >= min && length == remaining();
    }
}
