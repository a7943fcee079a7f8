package dev.headgate.http.websocket;

import java.nio.ByteBuffer;

/**
 * Knows where the frames of one direction of a WebSocket end (RFC 6455 §5.2), so that a frame can be placed between two of them. It has to see every
 * byte from the first on, looks at headers, and steps over payload at once.
 * <pre>
 *  ┌─> FIRST ──> SECOND ──length 126, 127──> LENGTH ──> MASK ──> PAYLOAD ─┐
 *  │               └──────────────────────────┴──────────┴─────> ^        │
 *  └──────────────────────────── end of the frame ────────────────────────┘    what can be no header: LOST, for good
 * </pre>
 * It does not judge frames: those of which the end is clear pass, whatever else is wrong with them. Owned by one connection, not thread-safe.
 */
public final class FrameBoundaries {
    private static final byte FIRST = 0;
    private static final byte SECOND = 1;
    private static final byte LENGTH = 2;
    private static final byte MASK = 3;
    private static final byte PAYLOAD = 4;
    private static final byte LOST = 5;

    private static final int FIN = 0x80;
    private static final int CONTROL = 0x08;
    private static final int OPCODE = 0x0F;
    private static final int CLOSE = 0x08;
    private static final int MASKED = 0x80;
    private static final int LENGTH_BITS = 0x7F;
    private static final int CONTROL_PAYLOAD_MAX = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MASK_BYTES = 4;
    private static final int NONE = -1;

    private byte state = FIRST;
    private byte first; // byte of the frame's header
    private byte left; // bytes of the length, or of the mask, that are still to come
    private boolean isMasked;
    private boolean isCloseSeen;
    private long payloadLeft; // in LENGTH as far as it is known

    /** At the beginning of the first frame. */
    public FrameBoundaries() {}

    /** Steps over all of {@code bytes}, which stay as they are. */
    public void pass(ByteBuffer bytes) {
        run(bytes, bytes.position(), bytes.limit(), false);
    }

    /**
     * Steps over {@code bytes} up to the first place between two frames.
     *
     * @return how many bytes lie before it, 0 when it is where one stands; −1 when there is none, and all of the bytes have been stepped over
     */
    public int passToBoundary(ByteBuffer bytes) {
        int start = bytes.position();
        int boundary = run(bytes, start, bytes.limit(), true);
        return boundary == NONE ? NONE : boundary - start;
    }

    /** Whether the byte that comes next is the first of a frame. */
    public boolean isAtBoundary() {
        return state == FIRST;
    }

    /** Whether something came that can be no frame: where one ends will never be known again. */
    public boolean isLost() {
        return state == LOST;
    }

    /** Whether a whole Close frame has passed. */
    public boolean isCloseSeen() {
        return isCloseSeen;
    }

    private int run(ByteBuffer bytes, int from, int to, boolean stops) {
        int at = from;
        while (true) {
            if (state == PAYLOAD) {
                int step = (int) Math.min(payloadLeft, to - at);
                at += step;
                payloadLeft -= step;
                if (payloadLeft == 0) {
                    onFrameEnd();
                }
            }
            if (stops && state == FIRST) {
                return at;
            }
            if (at == to || state == LOST) {
                return NONE;
            }
            onHeaderByte(bytes.get(at++) & 0xFF);
        }
    }

    private void onFrameEnd() {
        isCloseSeen |= (first & OPCODE) == CLOSE;
        state = FIRST;
    }

    private void onHeaderByte(int b) {
        switch (state) {
            case FIRST -> {
                first = (byte) b;
                state = SECOND;
            }
            case SECOND -> onSecond(b);
            case LENGTH -> {
                payloadLeft = payloadLeft << 8 | b;
                if (--left == 0) {
                    onLength();
                }
            }
            case MASK -> {
                if (--left == 0) {
                    state = PAYLOAD;
                }
            }
            default -> throw new IllegalStateException("no header in state " + state);
        }
    }

    private void onSecond(int b) {
        isMasked = (b & MASKED) != 0;
        int length = b & LENGTH_BITS;
        // Control frames are short and whole (RFC 6455 §5.5): this is something else than frames, or was written by
        // somebody who is lost himself.
        if ((first & CONTROL) != 0 && ((first & FIN) == 0 || length > CONTROL_PAYLOAD_MAX)) {
            state = LOST;
        } else if (length < TWO_BYTES) {
            payloadLeft = length;
            onLength();
        } else {
            payloadLeft = 0;
            left = (byte) (length == EIGHT_BYTES ? 8 : 2);
            state = LENGTH;
        }
    }

    private void onLength() {
        left = MASK_BYTES;
        // The highest bit of a length must be 0 (RFC 6455 §5.2).
        state = payloadLeft < 0 ? LOST : isMasked ? MASK : PAYLOAD;
    }
}
