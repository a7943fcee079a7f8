package dev.headgate.testkit.h2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes frames off a stream, no longer than the reader has allowed, and each in the form of its type (RFC 9113 §6). */
final class FrameReader {
    private final InputStream in;
    private int payloadBytesMax = Frames.FRAME_BYTES_DEFAULT;

    FrameReader(InputStream in) {
        this.in = in;
    }

    void payloadBytesMax(int bytes) {
        payloadBytesMax = bytes;
    }

    /** The next frame, or null at an orderly end between two of them. */
    @Nullable
    Frame next() throws IOException {
        byte[] header = in.readNBytes(Frame.HEADER_BYTES);
        if (header.length == 0) {
            return null;
        }
        if (header.length < Frame.HEADER_BYTES) {
            throw new EOFException("the end within a frame's header");
        }
        int length = ByteBuffer.wrap(header).getInt() >>> 8;
        if (length > payloadBytesMax) {
            throw new AssertionError("a frame of " + length + " bytes: " + frame(header, 0, new byte[0]));
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("the end within a frame");
        }
        Frame frame = frame(header, 0, payload);
        check(frame);
        return frame;
    }

    static Frame frame(byte[] header, int at, byte[] payload) {
        ByteBuffer bytes = ByteBuffer.wrap(header);
        return new Frame(
                bytes.get(at + 3) & 0xFF, bytes.get(at + 4) & 0xFF, bytes.getInt(at + 5) & Integer.MAX_VALUE, payload);
    }

    private static void check(Frame frame) {
        int length = frame.length();
        boolean isOfStream = frame.streamId() != 0;
        boolean isInForm = switch (frame.type()) {
            case Frames.DATA, Frames.HEADERS, Frames.CONTINUATION -> isOfStream;
            case Frames.RST_STREAM -> isOfStream && length == 4;
            case Frames.SETTINGS ->
                !isOfStream && length % Frames.SETTING_BYTES == 0 && (!frame.has(Frames.ACK) || length == 0);
            case Frames.PING -> !isOfStream && length == 8;
            case Frames.GOAWAY -> !isOfStream && length >= 8;
            case Frames.WINDOW_UPDATE -> length == 4 && frame.int32(0) > 0;
            default -> false; // of a server that speaks to a client without push
        };
        if (!isInForm) {
            throw new AssertionError("no frame of a server's: " + frame);
        }
    }
}
