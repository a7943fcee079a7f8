package dev.headgate.testkit.h2;

import dev.headgate.testkit.Wire;
import java.util.Arrays;

/** Finds the frames in what a client sends, for its own account. Behind bytes that are none it finds nonsense, and nobody minds. */
final class SentFrames {
    private static final int KEPT_BYTES_MAX = 1 << 15;

    /** Is told of what was found. */
    interface Taker {
        /** A frame of content has begun: its receiver may give credit for each byte that follows. */
        void onContentBegun(int streamId, int length);

        /** A frame is whole. */
        void onSent(Frame frame);
    }

    private final Taker taker;
    private boolean isBegun; // the frame that is not whole yet, if it has a header
    private byte[] rest = new byte[0];
    private boolean isPrefaceSent;

    SentFrames(Taker taker) {
        this.taker = taker;
    }

    void onBytes(byte[] bytes) {
        byte[] all = Wire.join(rest, bytes);
        int at = 0;
        if (!isPrefaceSent) {
            byte[] preface = Frames.preface();
            if (all.length < preface.length) {
                rest = all;
                return;
            }
            isPrefaceSent = true;
            at = preface.length;
        }
        while (all.length - at >= Frame.HEADER_BYTES) {
            int length = (all[at] & 0xFF) << 16 | (all[at + 1] & 0xFF) << 8 | all[at + 2] & 0xFF;
            int content = at + Frame.HEADER_BYTES;
            int end = content + length;
            if (!isBegun) {
                isBegun = true;
                begin(FrameReader.frame(all, at, new byte[0]), length);
            }
            if (end > all.length) {
                break;
            }
            taker.onSent(FrameReader.frame(all, at, Arrays.copyOfRange(all, content, end)));
            isBegun = false;
            at = end;
        }
        rest = all.length - at > KEPT_BYTES_MAX ? new byte[0] : Arrays.copyOfRange(all, at, all.length);
    }

    private void begin(Frame header, int length) {
        if (header.is(Frames.DATA)) {
            taker.onContentBegun(header.streamId(), length);
        }
    }
}
