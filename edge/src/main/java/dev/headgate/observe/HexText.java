package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/**
 * Writes bytes of any kind as the inside of a quoted string of the Common Log Format: quote, backslash and every byte
 * outside printable ASCII become {@code \xHH}.
 */
@HotPath
final class HexText {
    /** The longest that one byte can become. */
    static final int EXPANSION = 4;

    /** What becomes of a space. */
    enum Spaces {
        KEPT,
        /** For values that a space ends. */
        ESCAPED
    }

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private HexText() {}

    /** Appends {@code text} in at most {@code encodedMax} bytes, which fit the block; what does not fit is cut. */
    static void put(LogBlock block, ByteSpan text, Spaces spaces, int encodedMax) {
        int lowest = spaces == Spaces.KEPT ? ' ' : ' ' + 1;
        int endIndex = block.index() + encodedMax;
        for (int i = PlainText.copy(block, text, lowest, encodedMax); i < text.length(); i++) {
            byte b = text.byteAt(i);
            boolean plain = PlainText.isPlain(b, lowest);
            if (endIndex - block.index() < (plain ? 1 : EXPANSION)) {
                return;
            }
            if (plain) {
                block.put(b);
            } else {
                block.put((byte) '\\');
                block.put((byte) 'x');
                block.put(HEX[b >> 4 & 0xF]);
                block.put(HEX[b & 0xF]);
            }
        }
    }
}
