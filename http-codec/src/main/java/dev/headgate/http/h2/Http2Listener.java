package dev.headgate.http.h2;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection tells its owner, from within {@link Http2Connection#receive}. Heads, sections and buffers are lent for
 * the call; the connection may be called from here.
 */
public interface Http2Listener {
    /**
     * A request has begun (server). With {@link StreamEnd#END} it is complete. An owner that keeps the head retains it, and
     * takes it over by {@link Http2Scratch#swapRequest}.
     */
    void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end);

    /**
     * A request has come that is not served, but can be answered (server): with the violation's status. The owner answers
     * or resets the stream, and releases it in either case.
     *
     * @param head what was understood of it
     */
    void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation violation, StreamEnd end);

    /** An interim response has come (client). */
    void onInterim(Http2Stream stream, ResponseHead head);

    /** The final response has begun (client). With {@link StreamEnd#END} it is complete. */
    void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end);

    /**
     * Content has come, of which all counts as taken: what the owner cannot pass on it keeps, which flow control bounds.
     * What it is done with it gives back by {@link Http2Connection#consumed}.
     */
    void onData(Http2Stream stream, ByteBuffer content);

    /** The peer has ended its side, behind a head that did not; trailers that may not stand there are gone already. */
    void onEnd(Http2Stream stream, @Nullable FieldSection trailers);

    /**
     * The stream is closed, without what is missing. The owner releases it.
     *
     * @param errorCode of {@link ResetBy#GOAWAY} REFUSED_STREAM, or HTTP_1_1_REQUIRED if that is what the peer has said
     */
    void onReset(Http2Stream stream, int errorCode, ResetBy by);

    /** A stream that waits for its window may send again, when its turn comes: {@link Http2Connection#nextToSend}. */
    void onWindowOpened(Http2Stream stream);

    /** The peer's settings have changed. */
    void onSettings();

    /** The peer goes by our settings from now on. */
    void onSettingsAcknowledged();

    /**
     * The peer takes no more streams. Those of ours that it has not looked at have been reset before,
     * {@link ResetBy#GOAWAY}.
     */
    void onGoAway(int lastStreamId, int errorCode);

    /** A ping of ours has come back. */
    void onPingAcknowledged(long opaque);

    /** The peer has done something wrong, and has been told; for counters and logs. */
    void onViolation(Http2Violation violation, int streamId);
}
