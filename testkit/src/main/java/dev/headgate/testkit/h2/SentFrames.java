package dev.headgate.testkit.h2;

import dev.headgate.testkit.Wire;
import java.util.Arrays;
import java.util.function.Consumer;

/** Finds the frames in what a client sends, for its own account. Behind bytes that are none it finds nonsense, and nobody minds. */
final class SentFrames {
    private static final int KEPT_BYTES_MAX = 1 << 15;

    private final Consumer<Frame> each;
    private byte[] rest = new byte[0];
    private boolean isPrefaceSent;

    SentFrames(Consumer<Frame> each) {
        this.each = each;
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
            int end = at + Frame.HEADER_BYTES + length;
            if (end > all.length) {
                break;
            }
            each.accept(FrameReader.frame(all, at, Arrays.copyOfRange(all, at + Frame.HEADER_BYTES, end)));
            at = end;
        }
        rest = all.length - at > KEPT_BYTES_MAX ? new byte[0] : Arrays.copyOfRange(all, at, all.length);
    }
}
