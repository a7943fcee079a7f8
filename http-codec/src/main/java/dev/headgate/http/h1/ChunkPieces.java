package dev.headgate.http.h1;

import java.nio.ByteBuffer;

/**
 * One chunk in three pieces, its data uncopied between the line before it and the one behind (RFC 9112 §7.1). Used again for each chunk; not thread-safe,
 * allocates nothing.
 */
public final class ChunkPieces {
    /** How many pieces a chunk has. */
    public static final int COUNT = 3;

    private static final int DATA = 1;

    private final ByteBuffer prefix = ByteBuffer.allocateDirect(ChunkEncoder.PREFIX_BYTES_MAX);
    private final ByteBuffer end = ByteBuffer.allocateDirect(2).put((byte) '\r').put((byte) '\n');
    private final ByteBuffer[] pieces = {prefix, prefix, end};

    /** No chunk yet. */
    public ChunkPieces() {}

    /**
     * The chunk of {@code data}, which must not be empty: an empty chunk is the last one.
     *
     * @return {@link #COUNT} pieces, the second of them {@code data} itself; valid until the next call
     */
    public ByteBuffer[] of(ByteBuffer data) {
        assert data.hasRemaining() : "the last chunk is the encoder's";
        prefix.clear();
        ChunkEncoder.prefix(prefix, data.remaining());
        prefix.flip();
        end.clear();
        pieces[DATA] = data;
        return pieces;
    }
}
