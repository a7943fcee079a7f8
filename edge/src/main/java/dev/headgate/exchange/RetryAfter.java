package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How long an answer asks to be left alone: {@code Retry-After} (RFC 9110 §10.2.3), and what gRPC servers say in its place. A value that
 * cannot be read says nothing; so does a date in one of the obsolete forms.
 */
@HotPath
final class RetryAfter {
    /** The answer says nothing about it. */
    static final long NOTHING = 0;

    /** It does not want to be asked again. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long SECOND_NS = 1_000_000_000;
    private static final long MS_NS = 1_000_000;
    private static final int DIGITS_MAX = 9; // More is never.

    private static final byte[] PUSHBACK = ascii("grpc-retry-pushback-ms");
    private static final byte[] MONTHS = ascii("JanFebMarAprMayJunJulAugSepOctNovDec");
    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}, with {@code 0} for digits and {@code A} for letters. */
    private static final byte[] FORM = ascii("AAA, 00 AAA 0000 00:00:00 AAA");

    private RetryAfter() {}

    /**
     * The time in nanoseconds.
     *
     * @param isCall whether a gRPC call is answered
     * @param wallMs the time of day
     */
    static long waitNs(FieldSection fields, boolean isCall, long wallMs) {
        int pushback = isCall ? fields.find(PUSHBACK) : -1;
        if (pushback >= 0) {
            long ms = number(fields.bytes(), fields.valueOffset(pushback), fields.valueLength(pushback));
            return ms < 0 || ms == NEVER ? NEVER : ms * MS_NS; // What is no number asks for no retry (gRPC, A6).
        }
        int at = fields.find(Field.RETRY_AFTER);
        if (at < 0) {
            return NOTHING;
        }
        ByteBuffer bytes = fields.bytes();
        int offset = fields.valueOffset(at);
        int length = fields.valueLength(at);
        long seconds = number(bytes, offset, length);
        if (seconds >= 0) {
            return seconds == NEVER ? NEVER : seconds * SECOND_NS;
        }
        if (!hasForm(bytes, offset, length)) {
            return NOTHING;
        }
        long waitMs = dateMs(bytes, offset) - wallMs;
        if (waitMs <= 0) {
            return NOTHING;
        }
        return waitMs > Long.MAX_VALUE / MS_NS ? NEVER : waitMs * MS_NS;
    }

    /** Digits and nothing else; −1 for anything else, and {@link #NEVER} for too many of them. */
    private static long number(ByteBuffer bytes, int offset, int length) {
        if (length == 0) {
            return -1;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = Math.min(value * 10 + digit, Integer.MAX_VALUE);
        }
        return length > DIGITS_MAX ? NEVER : value;
    }

    private static boolean hasForm(ByteBuffer bytes, int offset, int length) {
        if (length != FORM.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = bytes.get(offset + i);
            boolean isFine = switch (FORM[i]) {
                case '0' -> b >= '0' && b <= '9';
                case 'A' -> (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
                default -> b == FORM[i];
            };
            if (!isFine) {
                return false;
            }
        }
        return month(bytes, offset + 8) > 0;
    }

    private static long dateMs(ByteBuffer bytes, int offset) {
        long days = days(
                two(bytes, offset + 12) * 100 + two(bytes, offset + 14),
                month(bytes, offset + 8),
                two(bytes, offset + 5));
        long seconds = two(bytes, offset + 17) * 3600L + two(bytes, offset + 20) * 60L + two(bytes, offset + 23);
        return (days * 86_400 + seconds) * 1000;
    }

    private static int two(ByteBuffer bytes, int offset) {
        return (bytes.get(offset) - '0') * 10 + bytes.get(offset + 1) - '0';
    }

    /** From 1; 0 for none. */
    private static int month(ByteBuffer bytes, int offset) {
        for (int i = 0; i < MONTHS.length; i += 3) {
            if (bytes.get(offset) == MONTHS[i]
                    && bytes.get(offset + 1) == MONTHS[i + 1]
                    && bytes.get(offset + 2) == MONTHS[i + 2]) {
                return i / 3 + 1;
            }
        }
        return 0;
    }

    /** Days since 1970 in the Gregorian calendar. Years begin in March here, so that a leap day is the last of its year. */
    private static long days(int year, int month, int day) {
        long y = month <= 2 ? year - 1 : year;
        long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return 365 * y + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
