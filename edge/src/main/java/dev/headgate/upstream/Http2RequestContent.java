package dev.headgate.upstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.frames.HeldBytes;
import dev.headgate.frames.HeldTrailers;
import dev.headgate.http.FieldSection;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of one request on its way into DATA frames. What the windows or the connection do not allow waits here, in order, and the end
 * behind it. The stream ends with the last frame that has content where that can be known (RFC 9113 §8.1).
 */
@LoopConfined
@HotPath
final class Http2RequestContent {
    private static final long UNKNOWN = -1;

    private final HeldBytes held = new HeldBytes();
    private @Nullable HeldTrailers trailers; // made at the first need
    private long leftBytes = UNKNOWN; // until the stream ends with content
    private boolean isLastNext; // what is sent next is the last
    private boolean isEndDue; // behind what is held

    /** @param contentBytes how much content there is, when the stream is to end with the last of it; otherwise −1 */
    void start(long contentBytes) {
        leftBytes = contentBytes;
        isLastNext = false;
        isEndDue = false;
    }

    /** What is sent next is the last, and the stream ends with it. */
    void endWithNext() {
        isLastNext = true;
    }

    /** Whether content waits. */
    boolean isWaiting() {
        return !held.isEmpty();
    }

    int heldBytes() {
        return held.count();
    }

    /**
     * Sends content, and keeps what cannot be sent now; all is taken.
     *
     * @return false when there is no memory to keep it
     */
    boolean send(Http2ClientLink via, Http2Stream stream, ByteBuffer bytes, BufferPool pool) {
        if (isLastNext) {
            isLastNext = false;
            leftBytes = (long) held.count() + bytes.remaining();
        }
        if (held.isEmpty()) {
            sendNow(via, stream, bytes);
        }
        return !bytes.hasRemaining() || held.append(pool, bytes);
    }

    private void sendNow(Http2ClientLink via, Http2Stream stream, ByteBuffer bytes) {
        via.beginContent(bytes.remaining());
        try {
            while (bytes.hasRemaining()) {
                int length = Math.min(via.sendableBytes(stream), bytes.remaining());
                if (length == 0) {
                    break;
                }
                frame(via, stream, bytes, length, length == leftBytes);
            }
        } finally {
            via.endContent();
        }
    }

    private void frame(Http2ClientLink via, Http2Stream stream, ByteBuffer bytes, int length, boolean isLast) {
        if (leftBytes != UNKNOWN) {
            leftBytes -= length;
        }
        via.sendData(stream, bytes, length, isLast ? StreamEnd.END : StreamEnd.OPEN);
    }

    /** Sends a frame of what waits; false when it cannot be sent either. */
    boolean sendHeld(Http2ClientLink via, Http2Stream stream) {
        int sendable = via.sendableBytes(stream);
        if (sendable == 0) {
            return false;
        }
        int heldBytes = held.count();
        ByteBuffer piece = held.first(sendable);
        int length = piece.remaining();
        boolean endsHere = isEndDue && length == heldBytes && trailersOrNull() == null;
        frame(via, stream, piece, length, endsHere || length == leftBytes);
        held.taken();
        if (held.isEmpty() && isEndDue && stream.canSend()) {
            finish(via, stream, trailersOrNull());
        }
        return true;
    }

    private @Nullable FieldSection trailersOrNull() {
        return trailers == null ? null : trailers.section();
    }

    /**
     * The content is complete. The stream ends, or will behind what waits.
     *
     * @return false when there is no memory to keep the trailers
     */
    boolean end(Http2ClientLink via, Http2Stream stream, @Nullable FieldSection section, BufferPool pool) {
        if (held.isEmpty()) {
            finish(via, stream, section);
            return true;
        }
        isEndDue = true;
        return section == null || section.presentMask() == 0 || holder().hold(pool, section);
    }

    private HeldTrailers holder() {
        HeldTrailers holder = trailers;
        if (holder == null) {
            holder = new HeldTrailers();
            trailers = holder;
        }
        return holder;
    }

    private static void finish(Http2ClientLink via, Http2Stream stream, @Nullable FieldSection section) {
        boolean isSent = section != null && section.presentMask() != 0 && via.sendTrailers(stream, section);
        if (!isSent) {
            via.sendEnd(stream);
        }
    }

    /** Nothing more is sent. */
    void clear() {
        held.clear();
        if (trailers != null) {
            trailers.clear();
        }
    }
}
