package dev.headgate.engine.loop;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where small pieces wait for each other: one buffer per loop with a segment for each connection that has written, one behind the
 * other. Only the last segment can grow.
 */
@HotPath
@LoopConfined
final class Cork {
    /** So many connections have their bytes sent before another one's wait. */
    private static final int SEGMENTS_MAX = 32;

    private final ByteBuffer bytes; // those before the position are taken
    private final ByteBuffer segment; // a view of the same
    private final @Nullable TcpConnection[] owners = new @Nullable TcpConnection[SEGMENTS_MAX];
    private final int[] ends = new int[SEGMENTS_MAX];
    private int segments;

    Cork(int capacityBytes) {
        bytes = ByteBuffer.allocateDirect(capacityBytes);
        segment = bytes.duplicate();
    }

    /** Whether {@code connection} can add a byte before the cork is emptied. */
    boolean takes(TcpConnection connection) {
        boolean hasSegment = connection.corkedBytes == 0 ? segments < SEGMENTS_MAX : isLast(connection);
        return hasSegment && bytes.hasRemaining();
    }

    /** Whether that many bytes can be added before the cork is emptied. */
    boolean hasRoomFor(long lengthBytes) {
        return lengthBytes <= bytes.capacity() - claimedEnd();
    }

    /** Whether nothing has been added behind the bytes of {@code connection}, which has some. */
    boolean isLast(TcpConnection connection) {
        return owners[segments - 1] == connection;
    }

    /** The free part; what is put there has to be claimed, or is overwritten: a handler may have failed half-way. */
    ByteBuffer free() {
        return bytes.position(claimedEnd());
    }

    /** Adds as much of {@code piece} as there is room for. */
    void add(TcpConnection connection, ByteBuffer piece) {
        free();
        int count = Math.min(piece.remaining(), bytes.remaining());
        bytes.put(bytes.position(), piece, piece.position(), count);
        bytes.position(bytes.position() + count);
        piece.position(piece.position() + count);
        claim(connection);
    }

    /** What was put since the last claim is {@code connection}'s. */
    void claim(TcpConnection connection) {
        int end = bytes.position();
        int start = claimedEnd();
        if (end == start) {
            return;
        }
        if (connection.corkedBytes == 0) {
            owners[segments++] = connection;
        }
        ends[segments - 1] = end;
        connection.corkedBytes += end - start;
    }

    private int claimedEnd() {
        return segments == 0 ? 0 : ends[segments - 1];
    }

    /** Takes the last segment out, which is {@code connection}'s: its bytes, lent until the next call. */
    ByteBuffer takeLast(TcpConnection connection) {
        int end = claimedEnd();
        int start = end - connection.corkedBytes;
        connection.corkedBytes = 0;
        owners[--segments] = null;
        bytes.position(start);
        return segment.limit(end).position(start);
    }

    int segments() {
        return segments;
    }

    /** Points {@link #segment} at segment {@code i} and answers whose it was; null when its connection has been forgotten. */
    @Nullable
    TcpConnection take(int i) {
        TcpConnection owner = owners[i];
        owners[i] = null;
        segment.limit(ends[i]).position(i == 0 ? 0 : ends[i - 1]);
        if (owner != null) {
            owner.corkedBytes = 0;
        }
        return owner;
    }

    ByteBuffer segment() {
        return segment;
    }

    /** All segments have been taken. */
    void clear() {
        segments = 0;
        bytes.clear();
    }

    /** The bytes of {@code connection} go nowhere. */
    void forget(TcpConnection connection) {
        if (connection.corkedBytes == 0) {
            return;
        }
        connection.corkedBytes = 0;
        for (int i = 0; i < segments; i++) {
            if (owners[i] == connection) {
                owners[i] = null;
            }
        }
    }
}
