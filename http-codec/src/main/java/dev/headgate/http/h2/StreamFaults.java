package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/** Ends streams for what the peer has done wrong on them (RFC 9113 §5.4.2). */
final class StreamFaults {
    private final Streams streams;
    private final FrameSender frames;
    private final AbuseGuard guard;
    private final Http2Listener listener;

    StreamFaults(Streams streams, FrameSender frames, AbuseGuard guard, Http2Listener listener) {
        this.streams = streams;
        this.frames = frames;
        this.guard = guard;
        this.listener = listener;
    }

    /** Resets an open stream; what that means for the connection, or null. */
    @Nullable
    Http2Violation reset(Http2Stream stream, Http2Violation violation, long nowNs) {
        int id = stream.id;
        frames.rstStream(id, violation.errorCode());
        streams.remember(id);
        streams.onClosed(stream);
        listener.onViolation(violation, id);
        listener.onReset(stream, violation.errorCode(), ResetBy.FAULT);
        return guard.onFault(nowNs);
    }

    /** Resets a stream that its owner has never heard of; what that means for the connection, or null. */
    @Nullable
    Http2Violation resetUnborn(int id, Http2Violation violation, long nowNs) {
        frames.rstStream(id, violation.errorCode());
        streams.remember(id);
        listener.onViolation(violation, id);
        return violation.errorCode() == ErrorCode.REFUSED_STREAM ? guard.onRefused(nowNs) : guard.onFault(nowNs);
    }
}
