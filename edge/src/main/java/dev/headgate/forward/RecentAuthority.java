package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.RequestHead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The authority of the last request of a loop, which most likely is that of the next one too: comparing is cheaper than copying and judging. */
@HotPath
final class RecentAuthority {
    /** Longer ones are not for here. */
    static final int LENGTH_MAX = 255;

    private static final VarHandle ARRAY_WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle BUFFER_WORD =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final byte[] bytes = new byte[LENGTH_MAX];
    private int length;
    private boolean isToken;

    /** Takes the authority of a head, which has one. */
    void take(RequestHead head) {
        int offset = head.authorityOffset();
        if (head.authorityLength() != length || !isSame(head.bytes(), offset)) {
            length = head.authorityLength();
            head.bytes().get(offset, bytes, 0, length);
            isToken = FieldSyntax.isToken(bytes, length);
        }
    }

    /** Eight bytes at a time, the last eight with an overlap. */
    private boolean isSame(ByteBuffer other, int offset) {
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if ((long) BUFFER_WORD.get(other, offset + i) != (long) ARRAY_WORD.get(bytes, i)) {
                return false;
            }
        }
        return last >= 0 && (long) BUFFER_WORD.get(other, offset + last) == (long) ARRAY_WORD.get(bytes, last);
    }

    /** The first {@link #length} bytes count. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isToken() {
        return isToken;
    }
}
