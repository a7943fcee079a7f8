package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/**
 * Writes bytes of any kind as the inside of a JSON string (RFC 8259 §7) that stays on one line and cannot steer a terminal.
 *
 * <p>Well-formed UTF-8 is kept, except for quote, backslash, controls (C0, DEL, C1), the line and paragraph separators and
 * the characters that reverse the reading direction, which become escapes. A byte that is not part of well-formed UTF-8
 * (RFC 3629 §4) becomes {@code \}{@code u00XX}.
 */
@HotPath
final class JsonText {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    /** The longest that one byte can become. */
    static final int EXPANSION = 6;

    private JsonText() {}

    /**
     * Appends {@code text} in at most {@code encodedMax} bytes, which fit the block.
     *
     * @return whether all of it fitted; if not, it is cut between two characters
     */
    static boolean put(LogBlock block, ByteSpan text, int encodedMax) {
        int length = text.length();
        int plain = PlainText.copy(block, text, ' ', encodedMax);
        if (plain == length) {
            return true;
        }
        return putEscaped(block, text, plain, block.index() + encodedMax - plain);
    }

    private static boolean putEscaped(LogBlock block, ByteSpan text, int from, int endIndex) {
        int i = from;
        while (i < text.length()) {
            int sequence = Utf8.sequenceLength(text, i);
            int codePoint = sequence == 0 ? text.byteAt(i) & 0xFF : Utf8.codePoint(text, i, sequence);
            boolean escaped = sequence == 0 || isEscaped(codePoint);
            int needed = escaped ? escapeLength(codePoint) : sequence;
            if (needed > endIndex - block.index()) {
                return false;
            }
            if (escaped) {
                putEscape(block, codePoint);
            } else {
                text.copyRangeTo(i, block.bytes(), block.index(), sequence);
                block.index(block.index() + sequence);
            }
            i += Math.max(sequence, 1);
        }
        return true;
    }

    static boolean isEscaped(int codePoint) {
        if (codePoint < 0x80) {
            return !PlainText.isPlain((byte) codePoint, ' ');
        }
        return codePoint < 0xA0 // C1 controls: some terminals obey them
                || (codePoint >= 0x2028
                        && codePoint <= 0x202E) // line and paragraph separator, embeddings and overrides
                || (codePoint >= 0x2066 && codePoint <= 0x2069); // directional isolates
    }

    private static int escapeLength(int codePoint) {
        return shortEscape(codePoint) != 0 ? 2 : EXPANSION;
    }

    private static void putEscape(LogBlock block, int codePoint) {
        block.put((byte) '\\');
        byte letter = shortEscape(codePoint);
        if (letter != 0) {
            block.put(letter);
            return;
        }
        block.put((byte) 'u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            block.put(HEX[codePoint >> shift & 0xF]);
        }
    }

    private static byte shortEscape(int codePoint) {
        return switch (codePoint) {
            case '"', '\\' -> (byte) codePoint;
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> 0;
        };
    }
}
