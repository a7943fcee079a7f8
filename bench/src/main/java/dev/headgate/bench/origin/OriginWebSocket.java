package dev.headgate.bench.origin;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.websocket.CloseFrame;
import java.nio.ByteBuffer;

/**
 * A WebSocket of the origin's (RFC 6455), which sends back what comes: messages of one frame with at most {@value #PAYLOAD_BYTES_MAX} bytes. It answers
 * pings and Close frames.
 */
@HotPath
@LoopConfined
final class OriginWebSocket implements ConnectionHandler {
    /** Longer ones would have another header. */
    static final int PAYLOAD_BYTES_MAX = 125;

    private static final int HEADER_BYTES = 2;
    private static final int MASK_BYTES = 4;
    private static final int OPCODE = 0x0F;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int PROTOCOL_ERROR = 1002;

    private final OriginLoop origin;

    OriginWebSocket(OriginLoop origin) {
        this.origin = origin;
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        while (from.isOpen() && bytes.remaining() >= HEADER_BYTES + MASK_BYTES) {
            int at = bytes.position();
            int length = bytes.get(at + 1) & ~MASKED & 0xFF;
            if ((bytes.get(at + 1) & MASKED) == 0 || length > PAYLOAD_BYTES_MAX || (bytes.get(at) & FINAL) == 0) {
                refuse(from, bytes);
                return;
            }
            if (bytes.remaining() < HEADER_BYTES + MASK_BYTES + length) {
                return;
            }
            onFrame(from, bytes, bytes.get(at) & OPCODE, length);
        }
        if (!from.isOpen()) {
            bytes.position(bytes.limit());
        }
    }

    private void onFrame(Connection from, ByteBuffer bytes, int opcode, int length) {
        switch (opcode) {
            case TEXT, BINARY, CLOSE -> answer(from, bytes, opcode, length);
            case PING -> answer(from, bytes, PONG, length);
            default -> bytes.position(bytes.position() + HEADER_BYTES + MASK_BYTES + length); // A pong.
        }
        if (opcode == CLOSE) {
            from.close();
        }
    }

    /** A frame with the same payload, in the clear. */
    private void answer(Connection to, ByteBuffer bytes, int opcode, int length) {
        ByteBuffer out = origin.frame.clear();
        out.put((byte) (FINAL | opcode)).put((byte) length);
        int mask = bytes.position() + HEADER_BYTES;
        int payload = mask + MASK_BYTES;
        for (int i = 0; i < length; i++) {
            out.put((byte) (bytes.get(payload + i) ^ bytes.get(mask + i % MASK_BYTES)));
        }
        bytes.position(payload + length);
        to.write(out.flip());
    }

    private void refuse(Connection from, ByteBuffer bytes) {
        bytes.position(bytes.limit());
        ByteBuffer out = origin.frame.clear();
        CloseFrame.toClient(out, PROTOCOL_ERROR);
        from.write(out.flip());
        from.close();
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        // Nothing is kept.
    }
}
