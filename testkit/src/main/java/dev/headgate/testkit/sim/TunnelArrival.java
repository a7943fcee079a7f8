package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.WebSocketFrames;

/**
 * What has come of one direction of a WebSocket: a beginning of what was sent, and behind that, between two frames, a Close frame that the proxy may
 * put there.
 */
final class TunnelArrival {
    private final TunnelStream stream;
    private int position;
    private final byte[] close = new byte[8];
    private int closeBytes;

    /** Nothing has come yet. */
    TunnelArrival(TunnelStream stream) {
        this.stream = stream;
    }

    void onBytes(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (closeBytes == 0 && position < stream.sentBytes() && bytes[i] == stream.sentByte(position)) {
                position++;
            } else {
                onCloseByte(bytes[i]);
            }
        }
    }

    /** From the place on where what comes is not what was sent. */
    private void onCloseByte(byte b) {
        if (closeBytes == 0) {
            rewindToBoundary();
        }
        check(closeBytes < close.length, "bytes of a WebSocket behind a Close frame of the proxy's at ", position);
        close[closeBytes++] = b;
        int length = closeLength();
        check(closeBytes <= length, "bytes of a WebSocket behind a Close frame of the proxy's at ", position);
        check(
                closeBytes != 1 || (close[0] & 0xFF) == WebSocketFrames.CLOSE,
                "not what was sent, nor a Close frame: ",
                this);
        check(
                closeBytes != 2 || close[1] == (byte) (stream.isMasked ? 0x82 : 2),
                "length of a Close frame: ",
                close[1]);
        if (closeBytes == length) {
            int code = stream.isMasked
                    ? (close[6] ^ close[2]) << 8 & 0xFF00 | (close[7] ^ close[3]) & 0xFF
                    : close[2] << 8 & 0xFF00 | close[3] & 0xFF;
            check(code == TunnelStream.GOING_AWAY, "status of a Close frame: " + code + ", ", this);
        }
    }

    private int closeLength() {
        return stream.isMasked ? close.length : 4;
    }

    /** The first bytes of the Close frame may be those of the frame in whose place it came. */
    private void rewindToBoundary() {
        int boundary = stream.frameStart(position);
        check(position - boundary < close.length, "not what was sent: ", this);
        while (boundary + closeBytes < position) {
            close[closeBytes] = stream.sentByte(boundary + closeBytes);
            closeBytes++;
        }
        position = boundary;
        check(closeBytes == 0 || (close[0] & 0xFF) == WebSocketFrames.CLOSE, "not what was sent: ", this);
    }

    /** Whether a Close frame has come, the sender's or the proxy's. */
    boolean isClosing() {
        return closeBytes == closeLength() || isWhole() && stream.endsWithClose();
    }

    /** Whether all has come that the sender has sent, and the sender will send no more. */
    boolean isWhole() {
        return position == stream.sentBytes() && stream.isAllSent();
    }

    /** The stream has ended in order at the receiver. */
    void onEnd() {
        check(
                isClosing() || stream.isEnded() && position == stream.sentBytes(),
                "a WebSocket's stream ends in order at " + position + ": ",
                stream);
    }

    @Override
    public String toString() {
        return stream + ", come " + position + (closeBytes > 0 ? ", closed by the proxy" : "");
    }
}
