package dev.headgate.http.h2;

import java.nio.ByteBuffer;

/** Our settings (RFC 9113 §6.5.2): what we announce, and which of it the peer has acknowledged. */
final class LocalSettings {
    private final Http2Limits limits;
    private int acknowledgedWindowBytes = Frames.WINDOW_DEFAULT;
    private int announcedWindowBytes;
    private boolean isAwaitingAck;
    private boolean isFirst = true;
    private long sentNs;

    LocalSettings(Http2Limits limits) {
        this.limits = limits;
        announcedWindowBytes = limits.streamWindowBytes();
    }

    /** Writes the entries of the first SETTINGS frame, those that differ from what holds without. */
    static void write(ByteBuffer out, Http2Limits limits, Http2Role role) {
        entry(out, Frames.SETTINGS_HEADER_TABLE_SIZE, limits.headerTableBytes(), 4096);
        entry(out, Frames.SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes(), Frames.WINDOW_DEFAULT);
        entry(out, Frames.SETTINGS_MAX_FRAME_SIZE, limits.frameBytes(), Frames.PAYLOAD_BYTES_DEFAULT);
        FrameWriter.setting(
                out, Frames.SETTINGS_MAX_HEADER_LIST_SIZE, limits.heads().head().listBytes());
        if (role == Http2Role.CLIENT) {
            FrameWriter.setting(out, Frames.SETTINGS_ENABLE_PUSH, 0);
        } else {
            FrameWriter.setting(out, Frames.SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams());
            FrameWriter.setting(out, Frames.SETTINGS_NO_RFC7540_PRIORITIES, 1);
        }
        if (role == Http2Role.SERVER_WITH_EXTENDED_CONNECT) {
            FrameWriter.setting(out, Frames.SETTINGS_ENABLE_CONNECT_PROTOCOL, 1);
        }
    }

    private static void entry(ByteBuffer out, int id, int value, int otherwise) {
        if (value != otherwise) {
            FrameWriter.setting(out, id, value);
        }
    }

    void onSent(long nowNs) {
        isAwaitingAck = true;
        sentNs = nowNs;
    }

    /** Announces another window for streams. */
    void onWindowSent(int bytes, long nowNs) {
        announcedWindowBytes = bytes;
        onSent(nowNs);
    }

    boolean isAwaitingAck() {
        return isAwaitingAck;
    }

    long sentNs() {
        return sentNs;
    }

    /** The window of a new stream, as the peer knows it. */
    int streamWindowBytes() {
        return acknowledgedWindowBytes;
    }

    /** The peer goes by what we have announced; returns whether that was the first time. */
    boolean onAck() {
        boolean wasFirst = isFirst;
        isFirst = false;
        isAwaitingAck = false;
        acknowledgedWindowBytes = announcedWindowBytes;
        return wasFirst;
    }

    int headerTableBytes() {
        return limits.headerTableBytes();
    }
}
