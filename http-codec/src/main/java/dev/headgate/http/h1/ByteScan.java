package dev.headgate.http.h1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the first byte that needs a look, eight bytes per step.
 *
 * <p>The arithmetic is done on the low seven bits of each byte, so that no carry leaves a byte and every mark is exact,
 * not only the lowest. The byte loops in the tests are the oracle; {@code HeadDecodeBench} there has the gain.
 */
final class ByteScan {
    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long LOW = 0x7F * ONES;

    /** Added to seven bits, sets the top bit of each byte of 0x20 and above. */
    private static final long FROM_SPACE = (0x80 - 0x20) * ONES;
    /** Added to seven bits, sets the top bit of each byte above a space. */
    private static final long FROM_VISIBLE = (0x80 - 0x21) * ONES;

    private static final long COLONS = ':' * ONES;
    private static final long NUMBER_SIGNS = '#' * ONES;
    private static final long QUESTION_MARKS = '?' * ONES;

    private ByteScan() {}

    /**
     * The index of the first byte of a field value that is a control byte, a tab among them, or {@code to}.
     *
     * @param refuseObsText whether bytes of 0x80 and above count as control bytes
     */
    static int fieldValueEnd(ByteBuffer source, int from, int to, boolean refuseObsText) {
        long obsText = refuseObsText ? HIGH : 0;
        int at = from;
        while (to - at >= 8) {
            long word = (long) LONG_LE.get(source, at);
            long low = word & LOW;
            long marks = (~(low + FROM_SPACE) | low + ONES) & ~word & HIGH | word & obsText;
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
            at += 8;
        }
        while (at < to && isPlain(source.get(at), refuseObsText)) {
            at++;
        }
        return at;
    }

    /** The index of the first colon, or {@code to}. */
    static int colon(ByteBuffer source, int from, int to) {
        int at = from;
        while (to - at >= 8) {
            long word = (long) LONG_LE.get(source, at);
            long marks = ~(differs(word & LOW, COLONS) | word) & HIGH;
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
            at += 8;
        }
        while (at < to && source.get(at) != ':') {
            at++;
        }
        return at;
    }

    /** The index of the first byte of a target that is {@code ?}, {@code #} or not visible ASCII, or {@code to}. */
    static int pathEnd(ByteBuffer source, int from, int to) {
        return targetEnd(source, from, to, QUESTION_MARKS);
    }

    /** The index of the first byte of a query that is {@code #} or not visible ASCII, or {@code to}. */
    static int queryEnd(ByteBuffer source, int from, int to) {
        return targetEnd(source, from, to, NUMBER_SIGNS);
    }

    private static int targetEnd(ByteBuffer source, int from, int to, long alsoStopAt) {
        int at = from;
        while (to - at >= 8) {
            long word = (long) LONG_LE.get(source, at);
            long low = word & LOW;
            long visible = (low + FROM_VISIBLE) & ~(low + ONES) & ~word;
            long marks = ~(visible & differs(low, NUMBER_SIGNS) & differs(low, alsoStopAt)) & HIGH;
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
            at += 8;
        }
        byte stop = (byte) alsoStopAt;
        while (at < to) {
            byte b = source.get(at);
            if (b <= ' ' || b == 0x7F || b == '#' || b == stop) {
                return at;
            }
            at++;
        }
        return at;
    }

    /** The top bit of each byte whose seven low bits differ from {@code pattern}'s. */
    private static long differs(long low, long pattern) {
        return (low ^ pattern) + LOW;
    }

    private static boolean isPlain(byte b, boolean refuseObsText) {
        return b >= ' ' ? b != 0x7F : b < 0 && !refuseObsText;
    }
}
