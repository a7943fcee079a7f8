package dev.headgate.bench.frames;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;

/** Content of the pattern on its way out on one stream, as far as windows and transport let it. */
@HotPath
@LoopConfined
public final class StreamContent {
    private long sentBytes;
    private long leftBytes;
    private boolean isEndOwed;

    /** Nothing to send yet. */
    public StreamContent() {}

    /**
     * Begins anew.
     *
     * @param bytes how much there is
     * @param end whether the stream ends with it
     */
    public void start(long bytes, StreamEnd end) {
        sentBytes = 0;
        leftBytes = bytes;
        isEndOwed = end == StreamEnd.END;
    }

    /** So much more follows. */
    public void more(long bytes, StreamEnd end) {
        leftBytes += bytes;
        isEndOwed = end == StreamEnd.END;
    }

    /**
     * Sends what can be sent at once. What cannot waits for its turn ({@link Http2Connection#nextToSend}), which is when this is to be called
     * again.
     *
     * @return whether all is sent, and the end with it
     */
    public boolean send(
            Http2Connection http2, Http2Stream stream, FrameOutbox frames, BodyPattern pattern, long nowNs) {
        frames.beginContent((int) Math.min(leftBytes, Integer.MAX_VALUE));
        while (leftBytes > 0 && !frames.isCongested()) {
            int room = http2.sendableBytes(stream);
            if (room <= 0) {
                break;
            }
            ByteBuffer piece = pattern.piece(sentBytes, Math.min(leftBytes, room));
            int length = piece.remaining();
            boolean isLast = isEndOwed && length == leftBytes;
            http2.beginData(stream, length, isLast ? StreamEnd.END : StreamEnd.OPEN);
            frames.payload(piece);
            sentBytes += length;
            leftBytes -= length;
            if (isLast) {
                isEndOwed = false;
            }
        }
        frames.endContent();
        if (leftBytes > 0) {
            http2.awaitTurn(stream, nowNs);
            return false;
        }
        if (isEndOwed) {
            isEndOwed = false;
            http2.beginData(stream, 0, StreamEnd.END);
        } else {
            http2.endTurns(stream);
        }
        return true;
    }
}
