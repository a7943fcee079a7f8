package dev.headgate.http.h2;

import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Frames as bytes, right or wrong, made without the code under test. */
final class Wires {
    static final byte[] PREFACE = Wire.bytes("PRI * HTTP/2.0␍␊␍␊SM␍␊␍␊");
    static final byte[] GET = block(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a");
    static final byte[] POST = block(":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a");

    private Wires() {}

    static byte[] join(byte[]... parts) {
        return Wire.join(parts);
    }

    static byte[] frame(int type, int flags, int streamId, byte[] payload) {
        return frame(type, flags, streamId, payload.length, payload);
    }

    static byte[] frame(int type, int flags, int streamId, int length, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .putInt(streamId)
                .put(payload)
                .array();
    }

    static byte[] header(int type, int flags, int streamId, int length) {
        return frame(type, flags, streamId, length, new byte[0]);
    }

    static byte[] data(int streamId, int flags, String content) {
        return frame(Frames.DATA, flags, streamId, Wire.bytes(content));
    }

    static byte[] data(int streamId, int flags, int length) {
        return frame(Frames.DATA, flags, streamId, new byte[length]);
    }

    static byte[] padded(int streamId, int flags, int contentLength, int padding) {
        byte[] payload = new byte[1 + contentLength + padding];
        payload[0] = (byte) padding;
        return frame(Frames.DATA, flags | Frames.PADDED, streamId, payload);
    }

    static byte[] headers(int streamId, int flags, byte[] block) {
        return frame(Frames.HEADERS, flags, streamId, block);
    }

    /** A whole request without content. */
    static byte[] get(int streamId) {
        return headers(streamId, Frames.END_HEADERS | Frames.END_STREAM, GET);
    }

    /** A request whose content follows. */
    static byte[] post(int streamId) {
        return headers(streamId, Frames.END_HEADERS, POST);
    }

    static byte[] continuation(int streamId, int flags, byte[] fragment) {
        return frame(Frames.CONTINUATION, flags, streamId, fragment);
    }

    static byte[] settings(int... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return frame(Frames.SETTINGS, 0, 0, payload.array());
    }

    static byte[] settingsAck() {
        return header(Frames.SETTINGS, Frames.ACK, 0, 0);
    }

    static byte[] ping(long opaque) {
        return frame(Frames.PING, 0, 0, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    static byte[] rst(int streamId, int code) {
        return frame(
                Frames.RST_STREAM,
                0,
                streamId,
                ByteBuffer.allocate(4).putInt(code).array());
    }

    static byte[] windowUpdate(int streamId, int bytes) {
        return frame(
                Frames.WINDOW_UPDATE,
                0,
                streamId,
                ByteBuffer.allocate(4).putInt(bytes).array());
    }

    static byte[] priority(int streamId, int dependency) {
        return frame(
                Frames.PRIORITY,
                0,
                streamId,
                ByteBuffer.allocate(5).putInt(dependency).put((byte) 1).array());
    }

    static byte[] priorityUpdate(int streamId, String value) {
        byte[] text = Wire.bytes(value);
        return frame(
                Frames.PRIORITY_UPDATE,
                0,
                0,
                ByteBuffer.allocate(4 + text.length).putInt(streamId).put(text).array());
    }

    static byte[] goAway(int lastId, int code) {
        return frame(
                Frames.GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8).putInt(lastId).putInt(code).array());
    }

    /** A block of literals without indexing, names and values as they are. */
    static byte[] block(String... namesAndValues) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, Wire.bytes(namesAndValues[i]));
            string(out, Wire.bytes(namesAndValues[i + 1]));
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, byte[] bytes) {
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                out.write(0x80 | rest & 0x7F);
                rest >>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }
}
