package dev.headgate.http.uri;

import java.nio.ByteBuffer;

/**
 * Checks percent-escaped bytes of 0x80 and above: they have to be one well-formed UTF-8 character (RFC 3629 §4). An
 * overlong form is how {@code /} and {@code .} get past whoever looks for the short one.
 */
final class EscapedUtf8 {
    private EscapedUtf8() {}

    /** How many bytes the escapes of the character at {@code at} take, or −1 when they are not well-formed. */
    static int length(ByteBuffer bytes, int at, int end) {
        int lead = PathNormaliser.escape(bytes, at, end);
        int count = lead >= 0xC2 && lead <= 0xDF
                ? 2
                : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : -1;
        if (count < 0 || !isSecond(lead, PathNormaliser.escape(bytes, at + 3, end))) {
            return -1;
        }
        for (int i = 2; i < count; i++) {
            int next = PathNormaliser.escape(bytes, at + 3 * i, end);
            if (next < 0x80 || next > 0xBF) {
                return -1;
            }
        }
        return 3 * count;
    }

    /** The second byte is narrower behind four leads: no overlong forms, no surrogates, nothing above U+10FFFF. */
    private static boolean isSecond(int lead, int second) {
        int min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= min && second <= max;
    }
}
