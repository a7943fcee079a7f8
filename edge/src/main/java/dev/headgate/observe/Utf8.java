package dev.headgate.observe;

import dev.headgate.engine.HotPath;

/** Recognises well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF (RFC 3629 §4). */
@HotPath
final class Utf8 {
    private Utf8() {}

    /** The length of the well-formed sequence at {@code index}, or 0 if there is none. */
    static int sequenceLength(ByteSpan text, int index) {
        int lead = text.byteAt(index) & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        if (lead >= 0xC2 && lead <= 0xDF) {
            return isContinuation(text, index + 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            int low = lead == 0xE0 ? 0xA0 : 0x80; // below: overlong
            int high = lead == 0xED ? 0x9F : 0xBF; // above: surrogates
            return isContinuation(text, index + 1, low, high) && isContinuation(text, index + 2, 0x80, 0xBF) ? 3 : 0;
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            int low = lead == 0xF0 ? 0x90 : 0x80; // below: overlong
            int high = lead == 0xF4 ? 0x8F : 0xBF; // above: beyond U+10FFFF
            return isContinuation(text, index + 1, low, high)
                            && isContinuation(text, index + 2, 0x80, 0xBF)
                            && isContinuation(text, index + 3, 0x80, 0xBF)
                    ? 4
                    : 0;
        }
        return 0;
    }

    /** Decodes the well-formed sequence of {@code length} bytes at {@code index}. */
    static int codePoint(ByteSpan text, int index, int length) {
        int lead = text.byteAt(index) & 0xFF;
        if (length == 1) {
            return lead;
        }
        int codePoint = lead & 0x7F >> length;
        for (int i = 1; i < length; i++) {
            codePoint = codePoint << 6 | (text.byteAt(index + i) & 0x3F);
        }
        return codePoint;
    }

    private static boolean isContinuation(ByteSpan text, int index, int low, int high) {
        if (index >= text.length()) {
            return false;
        }
        int b = text.byteAt(index) & 0xFF;
        return b >= low && b <= high;
    }
}
