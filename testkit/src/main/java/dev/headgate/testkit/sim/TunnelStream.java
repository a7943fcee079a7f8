package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.WebSocketFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * One direction of a WebSocket: the frames that a side means to send, what it has sent, and what has come at the other side. That is a beginning of
 * it, and behind that, between two frames, a Close frame that the proxy may put there.
 */
final class TunnelStream {
    private static final int GOING_AWAY = 1001;
    private static final int FRAMES = 20;
    private static final int CONTROL_MAX = 125;
    private static final int LAST_BYTES = 64; // a Close frame, and some room

    /** What a side does when it has sent all that it means to. */
    enum Ending {
        /** It has sent a Close frame, and waits for the other's. */
        CLOSE_FRAME,
        /** Ends its stream without one. */
        END,
        /** Waits. */
        SILENCE,
        /** Breaks off. */
        RESET
    }

    final Ending ending;
    private final boolean isMasked;
    private final List<byte[]> frames = new ArrayList<>();
    private final BitSet boundaries = new BitSet();

    // Of the sender.
    private byte[] sent = new byte[LAST_BYTES];
    private int sentBytes;
    private int nextFrame;
    private boolean isEnded;
    private boolean isBrokenOff;

    // Of the receiver.
    private int position;
    private final byte[] close = new byte[8];
    private int closeBytes;

    TunnelStream(SimChance chance, int bytesMax, boolean isMasked, Ending ending) {
        this.ending = ending;
        this.isMasked = isMasked;
        int left = chance.skewed(bytesMax);
        while (left > 0) {
            int length = Math.min(left, chance.between(1, Math.max(10, bytesMax / FRAMES)));
            left -= length;
            byte[] payload = new byte[chance.oneIn(8) ? Math.min(length, CONTROL_MAX) : length];
            for (int i = 0; i < payload.length; i++) {
                payload[i] = (byte) chance.nextInt(256);
            }
            int first = payload.length <= CONTROL_MAX && chance.oneIn(4) ? WebSocketFrames.PING : WebSocketFrames.TEXT;
            frames.add(WebSocketFrames.frame(first, isMasked, payload));
        }
        if (ending == Ending.CLOSE_FRAME) {
            frames.add(WebSocketFrames.close(isMasked, 1000));
        }
        boundaries.set(0);
    }

    private TunnelStream(TunnelStream other) {
        ending = other.ending;
        isMasked = other.isMasked;
        frames.addAll(other.frames);
        boundaries.set(0);
    }

    /** The same, of which nothing is sent yet. */
    TunnelStream again() {
        return new TunnelStream(this);
    }

    // ---- of the sender ---------------------------------------------------------------------------------------------

    boolean hasNext() {
        return nextFrame < frames.size();
    }

    byte[] takeNext() {
        return sending(frames.get(nextFrame++));
    }

    /** What is sent in the place of all further frames. */
    byte[] takeClose() {
        nextFrame = frames.size();
        return sending(WebSocketFrames.close(isMasked, GOING_AWAY));
    }

    private byte[] sending(byte[] frame) {
        if (sentBytes + frame.length > sent.length) {
            sent = Arrays.copyOf(sent, Math.max(2 * sent.length, sentBytes + frame.length));
        }
        System.arraycopy(frame, 0, sent, sentBytes, frame.length);
        sentBytes += frame.length;
        boundaries.set(sentBytes);
        return frame.clone();
    }

    byte sentByte(long offset) {
        return sent[(int) offset];
    }

    int sentBytes() {
        return sentBytes;
    }

    /** The sender has ended its stream in order. */
    void onEnded() {
        isEnded = true;
    }

    /** The sender is gone, or what it sends does not come through. */
    void onBrokenOff() {
        isBrokenOff = true;
    }

    // ---- of the receiver -------------------------------------------------------------------------------------------

    void onBytes(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (closeBytes == 0 && position < sentBytes && bytes[i] == sent[position]) {
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
        int length = isMasked ? close.length : 4;
        check(closeBytes <= length, "bytes of a WebSocket behind a Close frame of the proxy's at ", position);
        check(
                closeBytes != 1 || (close[0] & 0xFF) == WebSocketFrames.CLOSE,
                "not what was sent, nor a Close frame: ",
                this);
        check(closeBytes != 2 || close[1] == (byte) (isMasked ? 0x82 : 2), "length of a Close frame: ", close[1]);
        if (closeBytes == length) {
            int code = isMasked
                    ? (close[6] ^ close[2]) << 8 & 0xFF00 | (close[7] ^ close[3]) & 0xFF
                    : close[2] << 8 & 0xFF00 | close[3] & 0xFF;
            check(code == GOING_AWAY, "status of a Close frame: " + code + ", ", this);
        }
    }

    /** The first bytes of the Close frame may be those of the frame in whose place it came. */
    private void rewindToBoundary() {
        int boundary = boundaries.previousSetBit(position);
        check(position - boundary < close.length, "not what was sent: ", this);
        while (boundary + closeBytes < position) {
            close[closeBytes] = sent[boundary + closeBytes];
            closeBytes++;
        }
        position = boundary;
        check(closeBytes == 0 || (close[0] & 0xFF) == WebSocketFrames.CLOSE, "not what was sent: ", this);
    }

    /** Whether a Close frame has come, the sender's or the proxy's. */
    boolean isClosing() {
        return isClosedByProxy() || position == sentBytes && nextFrame == frames.size() && endsWithClose();
    }

    private boolean isClosedByProxy() {
        return closeBytes == (isMasked ? close.length : 4);
    }

    private boolean endsWithClose() {
        int boundary = boundaries.previousSetBit(Math.max(0, sentBytes - 1));
        return sentBytes > 0 && (sent[boundary] & 0xFF) == WebSocketFrames.CLOSE;
    }

    /** Whether all has come that the sender has sent, and the sender will send no more. */
    boolean isWhole() {
        return position == sentBytes && nextFrame == frames.size();
    }

    /** The stream has ended in order at the receiver. */
    void onEnd() {
        check(
                isClosing() || isEnded && position == sentBytes,
                "a WebSocket's stream ends in order at " + position + " of " + sentBytes + ", ended by its sender: "
                        + isEnded + ", broken off: ",
                isBrokenOff);
    }

    @Override
    public String toString() {
        return ending + ", sent " + sentBytes + (isEnded ? " to the end" : "") + ", come " + position
                + (closeBytes > 0 ? ", closed by the proxy" : "");
    }
}
