package dev.headgate.http.h2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts control frames into the outbox, and counts those that wait there. */
final class FrameSender {
    private final Http2Outbox outbox;
    private final AbuseGuard guard;
    private int payloadBytesMax = Frames.PAYLOAD_BYTES_DEFAULT;
    private @Nullable Http2Violation violation;
    private boolean isStopped;

    FrameSender(Http2Outbox outbox, AbuseGuard guard) {
        this.outbox = outbox;
        this.guard = guard;
    }

    /** Too many control frames wait, because the peer does not read what it makes us say. */
    @Nullable
    Http2Violation violation() {
        return violation;
    }

    /** The largest payload that the peer takes. */
    int payloadBytesMax() {
        return payloadBytesMax;
    }

    void payloadBytesMax(int bytes) {
        payloadBytesMax = bytes;
    }

    @Nullable
    ByteBuffer begin(int bytes) {
        return outbox.begin(bytes);
    }

    void end() {
        outbox.end();
    }

    private ByteBuffer beginFrame() {
        ByteBuffer out = outbox.begin(Http2Outbox.FRAME_BYTES_MIN);
        if (out == null) {
            throw new IllegalStateException("outbox without room for a control frame");
        }
        return out;
    }

    private void endControl() {
        outbox.end();
        Http2Violation flood = guard.onControlFrame();
        if (flood != null && violation == null) {
            violation = flood;
        }
    }

    /** The header of a DATA frame. */
    void data(int streamId, int length, StreamEnd end) {
        FrameWriter.data(beginFrame(), streamId, length, end);
        outbox.end();
    }

    void rstStream(int streamId, int errorCode) {
        FrameWriter.rstStream(beginFrame(), streamId, errorCode);
        endControl();
    }

    void settingsAck() {
        FrameWriter.settingsAck(beginFrame());
        endControl();
    }

    void ping(long opaque) {
        FrameWriter.ping(beginFrame(), opaque);
        endControl();
    }

    void pingAck(long opaque) {
        FrameWriter.pingAck(beginFrame(), opaque);
        endControl();
    }

    /** The connection is over: credit that comes back later is told to nobody. */
    void stop() {
        isStopped = true;
    }

    void windowUpdate(int streamId, int bytes) {
        if (isStopped) {
            return;
        }
        FrameWriter.windowUpdate(beginFrame(), streamId, bytes);
        endControl();
    }

    void goAway(int lastStreamId, int errorCode) {
        FrameWriter.goAway(beginFrame(), lastStreamId, errorCode);
        outbox.end();
    }

    void priorityUpdate(int streamId, int urgency, boolean incremental) {
        FrameWriter.priorityUpdate(beginFrame(), streamId, urgency, incremental);
        outbox.end();
    }

    /** A SETTINGS frame with one entry. */
    void setting(int id, int value) {
        ByteBuffer out = beginFrame();
        FrameWriter.settings(out, 1);
        FrameWriter.setting(out, id, value);
        outbox.end();
    }

    /** The first bytes of a connection: the preface of a client, SETTINGS, and what the connection's window is more than others'. */
    void opening(byte[] preface, Http2Limits limits, Http2Role role) {
        ByteBuffer out = beginFrame();
        out.put(preface);
        int frame = out.position();
        out.position(frame + Frames.HEADER_BYTES);
        LocalSettings.write(out, limits, role);
        FrameWriter.header(out, frame, out.position() - frame - Frames.HEADER_BYTES, Frames.SETTINGS, 0, 0);
        int more = limits.connectionWindowBytes() - Frames.WINDOW_DEFAULT;
        if (more > 0) {
            FrameWriter.windowUpdate(out, 0, more);
        }
        outbox.end();
    }
}
