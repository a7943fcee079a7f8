package dev.headgate.http.h2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection puts the frames that it makes, in their order. What is put here leaves when the owner sends it:
 * all frames of a cycle can go in one write. The payload of a DATA frame may be left to the owner, see
 * {@link Http2Connection#beginData}.
 */
public interface Http2Outbox {
    /** The owner always has room for so much: no frame but those of heads is larger. */
    int FRAME_BYTES_MIN = 128;

    /**
     * Lends room for frames. Bytes put before the position, once {@link #end} follows, are to be sent.
     *
     * @param bytes how many can follow at most
     * @return a buffer, big-endian, with at least so much room behind its position; null when there is none, which is an
     *     answer for more than {@link #FRAME_BYTES_MIN} only
     */
    @Nullable
    ByteBuffer begin(int bytes);

    /** The frames are written. */
    void end();
}
