package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A block of formatted records. It belongs to the loop that fills it, then to the agent that writes it, then to the loop
 * again; the queues between them order the accesses. Callers make sure that what they put fits.
 */
@HotPath
final class LogBlock {
    private static final int DIGITS_MAX = 19;

    private final byte[] bytes;
    private final ByteBuffer unwritten;
    private int index; // the next byte to fill
    private int recordCount;

    LogBlock(int capacityBytes) {
        this.bytes = new byte[capacityBytes];
        this.unwritten = ByteBuffer.wrap(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    int index() {
        return index;
    }

    void index(int next) {
        index = next;
    }

    int remaining() {
        return bytes.length - index;
    }

    int recordCount() {
        return recordCount;
    }

    void put(byte b) {
        bytes[index++] = b;
    }

    void put(byte[] text) {
        System.arraycopy(text, 0, bytes, index, text.length);
        index += text.length;
    }

    /** Appends {@code number} in decimal; a negative one counts as 0. */
    void putNumber(long number) {
        long left = Math.max(number, 0);
        int end = index + digitsOf(left);
        for (int i = end - 1; i >= index; i--) {
            long rest = left / 10;
            bytes[i] = (byte) ('0' + (left - rest * 10));
            left = rest;
        }
        index = end;
    }

    private static int digitsOf(long number) {
        int digits = 1;
        for (long bound = 10; digits < DIGITS_MAX && number >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    void endRecord() {
        put((byte) '\n');
        recordCount++;
    }

    /** The filled bytes, for the agent to write; what a short write leaves is there at the next call. */
    ByteBuffer unwritten() {
        return unwritten.limit(index);
    }

    /** Makes the block empty again. */
    void clear() {
        index = 0;
        recordCount = 0;
        unwritten.clear();
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, index);
    }
}
