package dev.headgate.http.h2;

import java.nio.ByteBuffer;

/** Writes frames at a buffer's position, which has room for them, as RFC 9113 §6 lays them out. */
final class FrameWriter {
    private static final int LENGTH_HIGH_SHIFT = 8;

    private FrameWriter() {}

    /** Writes a frame's header at {@code at}; the position does not move. */
    static void header(ByteBuffer out, int at, int length, int type, int flags, int streamId) {
        out.putInt(at, length << LENGTH_HIGH_SHIFT | type);
        out.put(at + Frames.FLAGS_OFFSET, (byte) flags);
        out.putInt(at + Frames.STREAM_ID_OFFSET, streamId);
    }

    private static void header(ByteBuffer out, int length, int type, int flags, int streamId) {
        int at = out.position();
        header(out, at, length, type, flags, streamId);
        out.position(at + Frames.HEADER_BYTES);
    }

    /** The header of a DATA frame; its payload has to follow. */
    static void data(ByteBuffer out, int streamId, int length, StreamEnd end) {
        header(out, length, Frames.DATA, end == StreamEnd.END ? Frames.END_STREAM : 0, streamId);
    }

    static void rstStream(ByteBuffer out, int streamId, int errorCode) {
        header(out, Frames.RST_STREAM_BYTES, Frames.RST_STREAM, 0, streamId);
        out.putInt(errorCode);
    }

    /** The header of a SETTINGS frame; its entries have to follow. */
    static void settings(ByteBuffer out, int entries) {
        header(out, entries * Frames.SETTING_BYTES, Frames.SETTINGS, 0, 0);
    }

    static void setting(ByteBuffer out, int id, int value) {
        out.putShort((short) id).putInt(value);
    }

    static void settingsAck(ByteBuffer out) {
        header(out, 0, Frames.SETTINGS, Frames.ACK, 0);
    }

    static void ping(ByteBuffer out, long opaque) {
        header(out, Frames.PING_BYTES, Frames.PING, 0, 0);
        out.putLong(opaque);
    }

    static void pingAck(ByteBuffer out, long opaque) {
        header(out, Frames.PING_BYTES, Frames.PING, Frames.ACK, 0);
        out.putLong(opaque);
    }

    static void goAway(ByteBuffer out, int lastStreamId, int errorCode) {
        header(out, Frames.GOAWAY_BYTES_MIN, Frames.GOAWAY, 0, 0);
        out.putInt(lastStreamId).putInt(errorCode);
    }

    static void windowUpdate(ByteBuffer out, int streamId, int bytes) {
        header(out, Frames.WINDOW_UPDATE_BYTES, Frames.WINDOW_UPDATE, 0, streamId);
        out.putInt(bytes);
    }

    /** RFC 9218 §7.1. */
    static void priorityUpdate(ByteBuffer out, int streamId, int urgency, boolean incremental) {
        int length = Frames.PRIORITY_UPDATE_BYTES_MIN + (incremental ? 5 : 3);
        header(out, length, Frames.PRIORITY_UPDATE, 0, 0);
        out.putInt(streamId).put((byte) 'u').put((byte) '=').put((byte) ('0' + urgency));
        if (incremental) {
            out.put((byte) ',').put((byte) 'i');
        }
    }

    /** Bytes that {@link #block} may need beside the block. */
    static int blockOverhead(int blockBytes, int payloadBytesMax) {
        return Frames.HEADER_BYTES * (blockBytes / payloadBytesMax + 1);
    }

    /**
     * Makes HEADERS, and CONTINUATION frames where one is not enough (RFC 9113 §4.3), of a block that has been written
     * behind room for one header. The position comes behind the last.
     *
     * @param start where the first frame begins; the block begins a header's length behind it
     */
    static void block(ByteBuffer out, int start, int blockBytes, int payloadBytesMax, int streamId, StreamEnd end) {
        int endFlag = end == StreamEnd.END ? Frames.END_STREAM : 0;
        int block = start + Frames.HEADER_BYTES;
        if (blockBytes <= payloadBytesMax) {
            header(out, start, blockBytes, Frames.HEADERS, Frames.END_HEADERS | endFlag, streamId);
            out.position(block + blockBytes);
            return;
        }
        int last = (blockBytes - 1) / payloadBytesMax;
        for (int i = last; i >= 1; i--) {
            int offset = i * payloadBytesMax;
            int length = Math.min(payloadBytesMax, blockBytes - offset);
            int at = start + offset + i * Frames.HEADER_BYTES;
            out.put(at + Frames.HEADER_BYTES, out, block + offset, length);
            header(out, at, length, Frames.CONTINUATION, i == last ? Frames.END_HEADERS : 0, streamId);
        }
        header(out, start, payloadBytesMax, Frames.HEADERS, endFlag, streamId);
        out.position(block + blockBytes + last * Frames.HEADER_BYTES);
    }
}
