package dev.headgate.testkit.h2;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Cuts a stream of bytes into frames as they come, whatever they are, without waiting for any. */
public final class FrameCutter {
    private static final byte[] NOTHING = {};

    private final Consumer<Frame> each;
    private final byte[] header = new byte[Frame.HEADER_BYTES];
    private int headerBytes;
    private byte[] payload = NOTHING;
    private int payloadBytes;

    /**
     * At the beginning of a stream, or behind a client's preface.
     *
     * @param each is told of each frame that is whole
     */
    public FrameCutter(Consumer<Frame> each) {
        this.each = each;
    }

    /** Takes all of {@code bytes}. */
    public void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (headerBytes < Frame.HEADER_BYTES) {
                onHeaderByte(bytes.get());
            } else {
                int count = Math.min(bytes.remaining(), payload.length - payloadBytes);
                bytes.get(payload, payloadBytes, count);
                payloadBytes += count;
            }
            if (headerBytes == Frame.HEADER_BYTES && payloadBytes == payload.length) {
                emit();
            }
        }
    }

    private void onHeaderByte(byte b) {
        header[headerBytes++] = b;
        if (headerBytes == Frame.HEADER_BYTES) {
            payload = new byte[ByteBuffer.wrap(header).getInt() >>> 8];
            payloadBytes = 0;
        }
    }

    private void emit() {
        Frame frame = FrameReader.frame(header, 0, payload);
        headerBytes = 0;
        payload = NOTHING;
        payloadBytes = 0;
        each.accept(frame);
    }

    /** Whether the stream is between two frames. */
    public boolean isBetween() {
        return headerBytes == 0;
    }
}
