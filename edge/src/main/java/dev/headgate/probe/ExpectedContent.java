package dev.headgate.probe;

import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Looks for a text in content that comes in pieces, as far as a limit.
 * <p>What may yet become the text is kept, so that it is found across pieces: at most as many bytes as the text has, less one.
 */
@LoopConfined
final class ExpectedContent {
    private static final int PIECE_BYTES = 4096;

    private final byte[] text;
    private final byte[] window; // the end of what has come, and room for a piece
    private int kept;
    private int bytesLeft;

    /** @param bytesMax how much content is looked at */
    ExpectedContent(byte[] text, int bytesMax) {
        this.text = text;
        this.window = new byte[text.length - 1 + Math.min(bytesMax, PIECE_BYTES)];
        this.bytesLeft = bytesMax;
    }

    /** Whether the text is complete with these bytes; they are taken. */
    boolean isFoundIn(ByteBuffer content) {
        boolean isFound = false;
        while (content.hasRemaining() && bytesLeft > 0 && !isFound) {
            int length = Math.min(content.remaining(), Math.min(bytesLeft, window.length - kept));
            content.get(window, kept, length);
            bytesLeft -= length;
            isFound = isIn(kept + length);
            keepEnd(kept + length);
        }
        content.position(content.limit());
        return isFound;
    }

    /** Whether no more content is looked at. */
    boolean isExhausted() {
        return bytesLeft == 0;
    }

    private boolean isIn(int length) {
        for (int start = 0; start + text.length <= length; start++) {
            if (Arrays.equals(window, start, start + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    private void keepEnd(int length) {
        int keep = Math.min(length, text.length - 1);
        System.arraycopy(window, length - keep, window, 0, keep);
        kept = keep;
    }
}
