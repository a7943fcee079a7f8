package dev.headgate.tls.transport;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where small plain pieces wait for each other, so that they share a record: one buffer per loop, with a segment for each connection that
 * has written, one behind the other. Only the last segment can grow.
 */
@HotPath
@LoopConfined
final class PlainCork {
    private static final int CAPACITY_BYTES = 32 * 1024;

    /** So many connections have their bytes protected before another one's wait. */
    private static final int SEGMENTS_MAX = 32;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY_BYTES); // those before the position are taken
    private final ByteBuffer segment = bytes.duplicate();
    private final @Nullable TlsConnection[] owners = new @Nullable TlsConnection[SEGMENTS_MAX];
    private final int[] ends = new int[SEGMENTS_MAX];
    private int segments;

    /** Whether {@code connection} can add a byte before the cork is emptied. */
    boolean takes(TlsConnection connection) {
        boolean hasSegment = connection.corkedBytes == 0 ? segments < SEGMENTS_MAX : isLast(connection);
        return hasSegment && claimedEnd() < CAPACITY_BYTES;
    }

    /** Whether nothing has been added behind the bytes of {@code connection}, which has some. */
    boolean isLast(TlsConnection connection) {
        return owners[segments - 1] == connection;
    }

    /** The free part; what is put there has to be claimed, or is overwritten. */
    ByteBuffer free() {
        return bytes.limit(CAPACITY_BYTES).position(claimedEnd());
    }

    /** Adds as much of {@code piece} as there is room for. */
    void add(TlsConnection connection, ByteBuffer piece) {
        ByteBuffer free = free();
        int count = Math.min(piece.remaining(), free.remaining());
        free.put(free.position(), piece, piece.position(), count);
        free.position(free.position() + count);
        piece.position(piece.position() + count);
        claim(connection);
    }

    /** What was put since the last claim is {@code connection}'s. */
    void claim(TlsConnection connection) {
        int added = bytes.position() - claimedEnd();
        if (added == 0) {
            return;
        }
        if (connection.corkedBytes == 0) {
            owners[segments++] = connection;
        }
        ends[segments - 1] = bytes.position();
        connection.corkedBytes += added;
    }

    private int claimedEnd() {
        return segments == 0 ? 0 : ends[segments - 1];
    }

    /** Takes the last segment out, which is {@code connection}'s: its bytes, lent until the next call. */
    ByteBuffer takeLast(TlsConnection connection) {
        int end = claimedEnd();
        segment.limit(end).position(end - connection.corkedBytes);
        connection.corkedBytes = 0;
        owners[--segments] = null;
        return segment;
    }

    int segments() {
        return segments;
    }

    /** Points {@link #segment} at segment {@code i} and answers whose it was; null when its connection has been forgotten. */
    @Nullable
    TlsConnection take(int i) {
        TlsConnection owner = owners[i];
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
    }

    /** The bytes of {@code connection} go nowhere. */
    void forget(TlsConnection connection) {
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
