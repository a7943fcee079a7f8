package dev.headgate.downstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.frames.HeldBytes;
import dev.headgate.frames.HeldTrailers;
import dev.headgate.http.FieldSection;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a response on its way out: it leaves as DATA frames as far as windows and transport allow, and what they do not is held,
 * at most one piece as the origin's side hands it over. The stream ends with the last frame of content where that is known to be the last.
 */
@LoopConfined
@HotPath
final class ResponseContent {
    private static final long UNKNOWN = -1;

    private final HeldBytes held = new HeldBytes();
    private final HeldTrailers trailers = new HeldTrailers();
    private long owedBytes = UNKNOWN; // until the end, when nothing comes behind the content
    private long leftBytes = UNKNOWN; // until the announced length
    private boolean isComplete; // the exchange has nothing more to send
    private boolean isEndSent;

    /** A response begins. */
    void begin() {
        owedBytes = UNKNOWN;
        leftBytes = UNKNOWN;
        isComplete = false;
        isEndSent = false;
    }

    /** So many bytes follow, as the client has been told. */
    void announce(long bytes) {
        leftBytes = bytes;
    }

    /** Whether the client has been sent all that was announced, and only the end of the stream may be missing. */
    boolean isAllSent() {
        return leftBytes == 0;
    }

    /** So many bytes follow, and nothing behind them. */
    void owe(long bytes) {
        owedBytes = bytes;
    }

    /** The stream has ended with the head. */
    void endSent() {
        isEndSent = true;
    }

    boolean isEndSent() {
        return isEndSent;
    }

    int heldBytes() {
        return held.count();
    }

    /** Whether bytes wait for a window or for the transport. */
    boolean isHeld() {
        return !held.isEmpty();
    }

    /** Whether the exchange has done its part, and the stream has yet to be ended. */
    boolean isFlushing() {
        return isComplete && !isEndSent;
    }

    /**
     * Sends content, or holds it.
     *
     * @return false when there is no memory to hold it
     */
    boolean send(Http2Connection http2, Http2Stream stream, FrameOutbox outbox, BufferPool pool, ByteBuffer bytes) {
        if (held.isEmpty()) {
            sendNow(http2, stream, outbox, bytes);
        }
        return held.append(pool, bytes);
    }

    private void sendNow(Http2Connection http2, Http2Stream stream, FrameOutbox outbox, ByteBuffer bytes) {
        outbox.beginContent(bytes.remaining());
        try {
            while (bytes.hasRemaining() && !outbox.isCongested()) {
                int length = Math.min(bytes.remaining(), http2.sendableBytes(stream));
                if (length <= 0) {
                    break;
                }
                int limit = bytes.limit();
                bytes.limit(bytes.position() + length);
                frame(http2, stream, outbox, bytes, false);
                bytes.limit(limit);
            }
        } finally {
            outbox.endContent();
        }
    }

    /** One frame with all of {@code payload}. */
    private void frame(
            Http2Connection http2, Http2Stream stream, FrameOutbox outbox, ByteBuffer payload, boolean isLastHeld) {
        int length = payload.remaining();
        if (owedBytes != UNKNOWN) {
            owedBytes -= length;
        }
        if (leftBytes != UNKNOWN) {
            leftBytes -= length;
        }
        boolean isLast = owedBytes == 0 || isLastHeld && isComplete && trailers.section() == null;
        http2.beginData(stream, length, isLast ? StreamEnd.END : StreamEnd.OPEN);
        outbox.payload(payload);
        isEndSent |= isLast;
    }

    /** The stream has its turn: one frame of what is held leaves, and behind the last one the end. */
    void onTurn(Http2Connection http2, Http2Stream stream, FrameOutbox outbox) {
        if (!held.isEmpty()) {
            ByteBuffer first = held.first(http2.sendableBytes(stream));
            frame(http2, stream, outbox, first, first.remaining() == held.count());
            held.taken();
        }
        if (held.isEmpty() && isFlushing()) {
            sendEnd(http2, stream, trailers.section());
        }
    }

    /**
     * The response is complete.
     *
     * @return false when there is no memory to hold its trailers
     */
    boolean complete(Http2Connection http2, Http2Stream stream, BufferPool pool, @Nullable FieldSection section) {
        if (!isEndSent && !held.isEmpty() && section != null && !trailers.hold(pool, section)) {
            return false;
        }
        isComplete = true;
        if (!isEndSent && held.isEmpty()) {
            sendEnd(http2, stream, section);
        }
        return true;
    }

    private void sendEnd(Http2Connection http2, Http2Stream stream, @Nullable FieldSection section) {
        if (section == null || section.lineBytes() == 0 || !http2.sendTrailers(stream, section)) {
            http2.beginData(stream, 0, StreamEnd.END);
        }
        isEndSent = true;
    }

    void release() {
        held.clear();
        trailers.clear();
    }
}
