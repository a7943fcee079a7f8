package dev.headgate.testkit.sim;

import dev.headgate.testkit.WebSocketFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** One direction of a WebSocket at its sender: the frames that it means to send, and what it has sent. What has come of it is a {@link TunnelArrival}. */
final class TunnelStream {
    static final int GOING_AWAY = 1001;

    private static final int FRAMES = 20;
    private static final int CONTROL_MAX = 125;
    private static final int LAST_BYTES = 64; // a Close frame, and some room

    /** What a side does when it has sent all that it means to. */
    enum Ending {
        /** It has sent a Close frame, and waits for the other's. */
        CLOSE_FRAME,
        /** Ends its stream without one. */
        END,
        /** Ends its stream without one, and hears no more. */
        HANG_UP,
        /** Waits. */
        SILENCE,
        /** Breaks off. */
        RESET
    }

    final Ending ending;
    final boolean isMasked;
    private final List<byte[]> frames = new ArrayList<>();
    private final BitSet boundaries = new BitSet();

    private byte[] sent = new byte[LAST_BYTES];
    private int sentBytes;
    private int nextFrame;
    private boolean isEnded;
    private boolean isBrokenOff;

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

    boolean hasNext() {
        return nextFrame < frames.size();
    }

    /** Length of the next frame; there must be one. */
    int nextBytes() {
        return frames.get(nextFrame).length;
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

    // ---- for the receiver ------------------------------------------------------------------------------------------

    /** Whether all is sent that the sender means to send. */
    boolean isAllSent() {
        return nextFrame == frames.size();
    }

    boolean isEnded() {
        return isEnded;
    }

    /** Where the frame begins that has byte {@code position}, or would have it. */
    int frameStart(int position) {
        return boundaries.previousSetBit(position);
    }

    boolean endsWithClose() {
        int start = frameStart(Math.max(0, sentBytes - 1));
        return sentBytes > 0 && (sent[start] & 0xFF) == WebSocketFrames.CLOSE;
    }

    @Override
    public String toString() {
        return ending + ", sent " + sentBytes + (isEnded ? " to the end" : "") + (isBrokenOff ? ", broken off" : "");
    }
}
