package dev.headgate.http.h1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the first byte that needs a look, eight bytes per step.
 *
 * <p>A subtraction sets the top bit of each byte below the subtrahend, and of an exclusive-or each byte that is zero. Its
 * borrow may mark higher bytes falsely, but only above a true mark: the lowest mark is exact, and no other is used. The
 * byte loops in the tests are the oracle; {@code FieldLineBench} in {@code bench} has the gain.
 */
final class ByteScan {
    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long LOW = 0x7F * ONES;
    private static final long SPACES = ' ' * ONES;
    private static final long EXCLAMATION_MARKS = '!' * ONES;
    private static final long NUMBER_SIGNS = '#' * ONES;
    private static final long HYPHENS = '-' * ONES;
    private static final long DOTS = '.' * ONES;
    private static final long COLONS = ':' * ONES;
    private static final long QUESTION_MARKS = '?' * ONES;
    private static final long DELETES = 0x7F * ONES;

    /** The mark of a word's first byte. */
    static final long FIRST_MARK = 0x80;

    private ByteScan() {}

    /**
     * The index of the first byte of a field value that is a control byte, a tab among them, or {@code to}.
     *
     * @param refuseObsText whether bytes of 0x80 and above count as control bytes
     */
    static int fieldValueEnd(ByteBuffer source, int from, int to, boolean refuseObsText) {
        long obsText = refuseObsText ? HIGH : 0;
        int at = from;
        for (; to - at >= 8; at += 8) {
            long marks = controls((long) LONG_LE.get(source, at), obsText);
            if (marks != 0) {
                return at + indexOf(marks);
            }
        }
        if (at < to && to >= 8) {
            return at + indexOf(controls(rest(source, at, to), obsText));
        }
        while (at < to && isPlain(source.get(at), refuseObsText)) {
            at++;
        }
        return at;
    }

    /** The index of the first colon, or {@code to}. */
    static int colon(ByteBuffer source, int from, int to) {
        int at = from;
        for (; to - at >= 8; at += 8) {
            long marks = colons((long) LONG_LE.get(source, at));
            if (marks != 0) {
                return at + indexOf(marks);
            }
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
        for (; to - at >= 8; at += 8) {
            long marks = targetEnds((long) LONG_LE.get(source, at), alsoStopAt);
            if (marks != 0) {
                return at + indexOf(marks);
            }
        }
        if (at < to && to >= 8) {
            return at + indexOf(targetEnds(rest(source, at, to), alsoStopAt));
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

    // Words, the first byte lowest

    /** The lowest mark is the first colon. */
    static long colons(long word) {
        long others = word ^ COLONS;
        return others - ONES & ~others & HIGH;
    }

    /** The lowest mark is the first space. */
    static long spaces(long word) {
        long others = word ^ SPACES;
        return others - ONES & ~others & HIGH;
    }

    /** Whether every byte is a letter, a digit or a hyphen, as in nearly all field names. */
    static boolean isPlainName(long word) {
        return others(lettersAndHyphens(word) | digits(word), word) == 0;
    }

    /** Whether each of the first {@code length} bytes, one to eight, is a letter, a digit or a hyphen. */
    static boolean isPlainName(long word, int length) {
        long others = others(lettersAndHyphens(word) | digits(word), word);
        return (others & -1L >>> 64 - 8 * length) == 0;
    }

    // Exact marks at every byte below 0x80, for sums of seven bits carry into the byte's own top bit and no further;
    // {@link #others} tells the rest.

    static long lettersAndHyphens(long word) {
        long low = word & LOW;
        long lower = low | SPACES;
        long letters = lower + (0x80 - 'a') * ONES & ~(lower + (0x7F - 'z') * ONES);
        return (letters | ~((low ^ HYPHENS) + LOW)) & HIGH;
    }

    static long digits(long word) {
        long low = word & LOW;
        return low + (0x80 - '0') * ONES & ~(low + (0x7F - '9') * ONES) & HIGH;
    }

    static long dots(long word) {
        return ~(((word & LOW) ^ DOTS) + LOW) & HIGH;
    }

    /** A mark at every byte that has none in {@code marks}, or is 0x80 or above. */
    static long others(long marks, long word) {
        return (~marks | word) & HIGH;
    }

    /** The place in its word of the byte with the lowest mark. */
    static int indexOf(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    private static long controls(long word, long obsText) {
        return (word - SPACES | (word ^ DELETES) - ONES) & ~word & HIGH | word & obsText;
    }

    private static long targetEnds(long word, long alsoStopAt) {
        long visibleOnly = word - EXCLAMATION_MARKS | (word ^ DELETES) - ONES | word;
        return (visibleOnly | (word ^ NUMBER_SIGNS) - ONES | (word ^ alsoStopAt) - ONES) & HIGH;
    }

    /**
     * The one to seven bytes from {@code at} to {@code to}, read as the top of the word that ends there. The zeros above
     * them are marked as bytes of no value or target, so that their place is found when nothing before is.
     */
    static long rest(ByteBuffer source, int at, int to) {
        return (long) LONG_LE.get(source, to - 8) >>> 8 * (8 - (to - at));
    }

    private static boolean isPlain(byte b, boolean refuseObsText) {
        return b >= ' ' ? b != 0x7F : b < 0 && !refuseObsText;
    }
}
