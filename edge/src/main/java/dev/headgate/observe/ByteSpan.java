package dev.headgate.observe;

import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;

/** Points at the bytes of one field value where they lie; absent until set. */
@LoopConfined
public final class ByteSpan {
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final int ABSENT = -1;

    private ByteBuffer bytes = NO_BYTES;
    private int offset;
    private int length = ABSENT;

    ByteSpan() {}

    /**
     * Points at {@code length} bytes of {@code bytes} from index {@code offset}. The buffer is lent until the record is
     * written; its position and limit do not matter and stay as they are.
     */
    public void set(ByteBuffer bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset + length <= bytes.limit();
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    public void clear() {
        bytes = NO_BYTES;
        offset = 0;
        length = ABSENT;
    }

    boolean isPresent() {
        return length != ABSENT;
    }

    /** 0 when absent. */
    int length() {
        return Math.max(length, 0);
    }

    byte byteAt(int index) {
        return bytes.get(offset + index);
    }

    void copyTo(byte[] target, int index, int count) {
        copyRangeTo(0, target, index, count);
    }

    void copyRangeTo(int from, byte[] target, int index, int count) {
        if (count > 0) {
            bytes.get(offset + from, target, index, count);
        }
    }
}
