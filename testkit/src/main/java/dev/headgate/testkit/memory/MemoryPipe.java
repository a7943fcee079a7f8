package dev.headgate.testkit.memory;

import java.nio.ByteBuffer;

/** Bytes on their way in one direction, with the room that the kernel's two buffers would have. */
final class MemoryPipe {
    private final byte[] bytes;
    private int start;
    private int end;
    private boolean isEnded;

    MemoryPipe(int capacity) {
        bytes = new byte[capacity];
    }

    int length() {
        return end - start;
    }

    int room() {
        return bytes.length - length();
    }

    byte at(int offset) {
        return bytes[start + offset];
    }

    /** No more comes behind what is there. */
    void end() {
        isEnded = true;
    }

    boolean isEnded() {
        return isEnded;
    }

    boolean isAtEnd() {
        return isEnded && length() == 0;
    }

    /** Makes it as new. */
    void clear() {
        start = 0;
        end = 0;
        isEnded = false;
    }

    /** Takes as much of {@code source} as there is room for. */
    int put(ByteBuffer source) {
        int count = Math.min(source.remaining(), room());
        makeRoom(count);
        source.get(bytes, end, count);
        end += count;
        return count;
    }

    /** Takes as many of the bytes as there is room for. */
    int put(byte[] source, int offset, int length) {
        int count = Math.min(length, room());
        makeRoom(count);
        System.arraycopy(source, offset, bytes, end, count);
        end += count;
        return count;
    }

    private void makeRoom(int count) {
        if (end + count > bytes.length) {
            System.arraycopy(bytes, start, bytes, 0, length());
            end -= start;
            start = 0;
        }
    }

    int take(ByteBuffer target) {
        int count = Math.min(target.remaining(), length());
        target.put(bytes, start, count);
        drop(count);
        return count;
    }

    void drop(int count) {
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
        }
    }
}
