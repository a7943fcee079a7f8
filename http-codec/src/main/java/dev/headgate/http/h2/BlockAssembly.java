package dev.headgate.http.h2;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A field block that comes in pieces, HEADERS and CONTINUATION frames (RFC 9113 §6.10), until it is whole. Blocks that
 * one frame holds, nearly all, do not come here. The bytes are bounded by what a block within the limits could be, and are
 * let go with its end.
 */
final class BlockAssembly {
    private static final byte[] NONE = new byte[0];
    private static final int EMPTY_MAX = 1;

    private final int bytesMax;
    private final int piecesMax;

    private byte[] bytes = NONE;
    private int length;
    private int pieces;
    private int emptyPieces;
    private int streamId; // zero while no block is open
    private int flags;

    BlockAssembly(Http2HeadLimits limits) {
        bytesMax = limits.blockBytes();
        piecesMax = limits.continuationCount();
    }

    boolean isOpen() {
        return streamId != 0;
    }

    int streamId() {
        return streamId;
    }

    /** The flags of the HEADERS frame. */
    int flags() {
        return flags;
    }

    /** Begins with what a HEADERS frame has. */
    @Nullable
    Http2Violation begin(int ofStream, int headersFlags, ByteBuffer source, int offset, int count) {
        streamId = ofStream;
        flags = headersFlags;
        length = 0;
        pieces = 0;
        emptyPieces = 0;
        return append(source, offset, count);
    }

    /** Goes on with what a CONTINUATION frame has. */
    @Nullable
    Http2Violation add(ByteBuffer source, int offset, int count) {
        if (++pieces > piecesMax) {
            return Http2Violation.CONTINUATION_COUNT;
        }
        if (count == 0 && ++emptyPieces > EMPTY_MAX) {
            return Http2Violation.CONTINUATION_EMPTY;
        }
        return append(source, offset, count);
    }

    private @Nullable Http2Violation append(ByteBuffer source, int offset, int count) {
        if (count > bytesMax - length) {
            return Http2Violation.BLOCK_TOO_LARGE;
        }
        if (count > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.min(bytesMax, Math.max(2 * bytes.length, length + count)));
        }
        source.get(offset, bytes, length, count);
        length += count;
        return null;
    }

    /** Ends the block and gives it away. */
    ByteBuffer take() {
        ByteBuffer block = ByteBuffer.wrap(bytes, 0, length);
        bytes = NONE;
        streamId = 0;
        return block;
    }
}
