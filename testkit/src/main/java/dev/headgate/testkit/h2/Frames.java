package dev.headgate.testkit.h2;

import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Frames as bytes, right or wrong. */
public final class Frames {
    public static final int DATA = 0x0;
    public static final int HEADERS = 0x1;
    public static final int PRIORITY = 0x2;
    public static final int RST_STREAM = 0x3;
    public static final int SETTINGS = 0x4;
    public static final int PUSH_PROMISE = 0x5;
    public static final int PING = 0x6;
    public static final int GOAWAY = 0x7;
    public static final int WINDOW_UPDATE = 0x8;
    public static final int CONTINUATION = 0x9;
    public static final int PRIORITY_UPDATE = 0x10;

    public static final int ACK = 0x1;
    public static final int END_STREAM = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int HAS_PRIORITY = 0x20;

    public static final int HEADER_TABLE_SIZE = 1;
    public static final int ENABLE_PUSH = 2;
    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int MAX_HEADER_LIST_SIZE = 6;
    public static final int ENABLE_CONNECT_PROTOCOL = 8;

    static final int FRAME_BYTES_DEFAULT = 1 << 14;
    static final int WINDOW_DEFAULT = 65_535;
    static final int SETTING_BYTES = 6;

    private static final byte[] PREFACE = Wire.bytes("PRI * HTTP/2.0␍␊␍␊SM␍␊␍␊");
    private static final byte[] NOTHING = new byte[0];

    private Frames() {}

    /** The 24 bytes that a client begins with (RFC 9113 §3.4). */
    public static byte[] preface() {
        return PREFACE.clone();
    }

    public static byte[] frame(int type, int flags, int streamId, byte[] payload) {
        return frame(type, flags, streamId, payload.length, payload);
    }

    /** A frame whose header need not say how long its payload is. */
    public static byte[] frame(int type, int flags, int streamId, int length, byte[] payload) {
        return ByteBuffer.allocate(Frame.HEADER_BYTES + payload.length)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .putInt(streamId)
                .put(payload)
                .array();
    }

    /** A header without the payload that it announces. */
    public static byte[] header(int type, int flags, int streamId, int length) {
        return frame(type, flags, streamId, length, NOTHING);
    }

    /** So many bytes of content. */
    public static byte[] data(int streamId, int flags, int length) {
        return frame(DATA, flags, streamId, new byte[length]);
    }

    public static byte[] data(int streamId, int flags, String content) {
        return frame(DATA, flags, streamId, Wire.bytes(content));
    }

    /** DATA with so many bytes of content and, with their length in front, so many of padding. */
    public static byte[] padded(int streamId, int flags, int length, int padding) {
        byte[] payload = new byte[1 + length + padding];
        payload[0] = (byte) padding;
        return frame(DATA, flags | PADDED, streamId, payload);
    }

    public static byte[] headers(int streamId, int flags, byte[] block) {
        return frame(HEADERS, flags, streamId, block);
    }

    /** A whole request without content. */
    public static byte[] request(int streamId, byte[] block) {
        return headers(streamId, END_STREAM | END_HEADERS, block);
    }

    /** A request whose content follows. */
    public static byte[] begin(int streamId, byte[] block) {
        return headers(streamId, END_HEADERS, block);
    }

    /** A GET for this path. */
    public static byte[] get(int streamId, String path) {
        return request(streamId, FieldBlock.get(path));
    }

    public static byte[] continuation(int streamId, int flags, byte[] fragment) {
        return frame(CONTINUATION, flags, streamId, fragment);
    }

    /** A block in a HEADERS frame and as many CONTINUATION frames as it takes, each with so many bytes of it at most. */
    public static byte[] inPieces(int streamId, int flags, byte[] block, int pieceBytes) {
        byte[] all = NOTHING;
        for (int at = 0; at == 0 || at < block.length; at += pieceBytes) {
            byte[] piece = Arrays.copyOfRange(block, at, Math.min(block.length, at + pieceBytes));
            int end = at + pieceBytes >= block.length ? END_HEADERS : 0;
            byte[] next =
                    at == 0 ? headers(streamId, flags & ~END_HEADERS | end, piece) : continuation(streamId, end, piece);
            all = Wire.join(all, next);
        }
        return all;
    }

    public static byte[] settings(int... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length / 2 * SETTING_BYTES);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    public static byte[] settingsAck() {
        return header(SETTINGS, ACK, 0, 0);
    }

    public static byte[] ping(long opaque) {
        return frame(PING, 0, 0, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    /** The answer to a PING frame that has come. */
    public static byte[] acknowledge(Frame ping) {
        return frame(PING, ACK, 0, ping.payload());
    }

    public static byte[] rst(int streamId, int code) {
        return frame(RST_STREAM, 0, streamId, int32(code));
    }

    public static byte[] windowUpdate(int streamId, int bytes) {
        return frame(WINDOW_UPDATE, 0, streamId, int32(bytes));
    }

    public static byte[] priority(int streamId, int dependency) {
        return frame(
                PRIORITY,
                0,
                streamId,
                ByteBuffer.allocate(5).putInt(dependency).put((byte) 1).array());
    }

    public static byte[] priorityUpdate(int streamId, String value) {
        return frame(PRIORITY_UPDATE, 0, 0, Wire.join(int32(streamId), Wire.bytes(value)));
    }

    public static byte[] goAway(int lastStreamId, int code) {
        return frame(GOAWAY, 0, 0, Wire.join(int32(lastStreamId), int32(code)));
    }

    /** The same bytes so many times. */
    public static byte[] times(int count, byte[] bytes) {
        byte[] all = new byte[count * bytes.length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    private static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
