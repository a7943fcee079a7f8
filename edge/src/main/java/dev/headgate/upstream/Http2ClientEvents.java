package dev.headgate.upstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.FailureKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.RequestControl;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What an origin's frames mean: each event goes on to its stream, or to the session where it concerns the connection. */
@LoopConfined
@HotPath
final class Http2ClientEvents implements Http2Listener {
    private final Http2ClientSession session;
    private @Nullable Http2Violation violation; // the last one

    Http2ClientEvents(Http2ClientSession session) {
        this.session = session;
    }

    /** The stream's part in an exchange or a tunnel. */
    static Http2ClientStream of(Http2Stream stream) {
        Object attached = stream.attachment();
        assert attached != null;
        return (Http2ClientStream) attached;
    }

    // ---- of streams ------------------------------------------------------------------------------------------------

    @Override
    public void onInterim(Http2Stream stream, ResponseHead head) {
        of(stream).onInterim(head);
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {
        of(stream).onResponse(head, end);
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        of(stream).onData(stream, content);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        of(stream).onEnd(trailers);
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        Http2ClientStream ended = of(stream);
        session.forget(stream);
        if (!ended.onClosed()) {
            return; // The whole response is here, and only its client is slow (RFC 9113 §8.1).
        }
        switch (by) {
            case PEER -> session.fail(ended, ofReset(errorCode), null, null);
            case GOAWAY -> session.fail(ended, ofGoAway(errorCode), null, null);
            case FAULT -> failByFault(ended);
            case CONNECTION -> session.failByEnd(ended);
        }
    }

    private static FailureKind ofReset(int errorCode) {
        return switch (errorCode) {
            case ErrorCode.REFUSED_STREAM -> FailureKind.STREAM_REFUSED;
            case ErrorCode.HTTP_1_1_REQUIRED -> FailureKind.HTTP_1_1_REQUIRED;
            default -> FailureKind.STREAM_RESET;
        };
    }

    private static FailureKind ofGoAway(int errorCode) {
        return errorCode == ErrorCode.HTTP_1_1_REQUIRED ? FailureKind.HTTP_1_1_REQUIRED : FailureKind.GOING_AWAY;
    }

    private void failByFault(Http2ClientStream ended) {
        Http2Violation broken = violation;
        assert broken != null;
        session.fail(ended, FailureKind.ofResponse(broken, ended.isHeadSeen()), null, broken.token());
    }

    @Override
    public void onWindowOpened(Http2Stream stream) {} // Turns are served behind all events.

    // ---- of the connection -----------------------------------------------------------------------------------------

    @Override
    public void onSettings() {
        session.onSettings();
    }

    @Override
    public void onSettingsAcknowledged() {}

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {
        session.retireForOrigin();
    }

    @Override
    public void onPingAcknowledged(long opaque) {} // Any byte is a sign of life.

    @Override
    public void onViolation(Http2Violation broken, int streamId) {
        violation = broken;
        session.onViolation(broken, streamId);
    }

    @Override
    public void onRequest(Http2Stream stream, RequestHead head, RequestControl control, StreamEnd end) {
        throw new AssertionError("a client gets no requests");
    }

    @Override
    public void onRequestRefused(Http2Stream stream, RequestHead head, Http2Violation broken, StreamEnd end) {
        throw new AssertionError("a client gets no requests");
    }
}
