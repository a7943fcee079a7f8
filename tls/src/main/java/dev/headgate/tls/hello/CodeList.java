package dev.headgate.tls.hello;

/**
 * A list of 16-bit codes of one hello, such as cipher suites or groups, in the client's order and without reserved values
 * (RFC 8701). A view over the hello's bytes, and valid as long as they are.
 */
public final class CodeList {
    private static final int CODE_BYTES = 2;

    private final byte[] bytes;
    private int offset;
    private int count;
    private boolean present;

    CodeList(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether the hello has such a list, be it of reserved values only. */
    public boolean isPresent() {
        return present;
    }

    /** Number of codes. */
    public int count() {
        return count;
    }

    /** The code at {@code i}, from 0 to {@link #count()} − 1. */
    public int at(int i) {
        assert i >= 0 && i < count;
        return u16(offset + CODE_BYTES * i);
    }

    /** Whether {@code code} is in the list. */
    public boolean contains(int code) {
        for (int i = 0; i < count; i++) {
            if (at(i) == code) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        present = false;
        count = 0;
    }

    /** Takes {@code length} bytes at {@code from}, an even number, and moves codes to the front over reserved ones. */
    void take(int from, int length) {
        present = true;
        offset = from;
        count = 0;
        for (int at = from; at < from + length; at += CODE_BYTES) {
            if (!isReserved(u16(at))) {
                int to = offset + CODE_BYTES * count++;
                bytes[to] = bytes[at];
                bytes[to + 1] = bytes[at + 1];
            }
        }
    }

    /** Values that clients send so that servers learn to ignore what they do not know (RFC 8701 §2). */
    static boolean isReserved(int code) {
        return (code & 0x0F0F) == 0x0A0A && code >>> 8 == (code & 0xFF);
    }

    private int u16(int index) {
        return (bytes[index] & 0xFF) << 8 | bytes[index + 1] & 0xFF;
    }

    @Override
    public String toString() {
        var text = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(Integer.toHexString(0x1_0000 | at(i)), 1, 5);
        }
        return text.append(']').toString();
    }
}
