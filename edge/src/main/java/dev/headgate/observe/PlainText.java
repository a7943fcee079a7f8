package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Copies what needs no escape in either format: printable ASCII without quote and backslash. */
@HotPath
final class PlainText {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOP_BITS = 0x8080_8080_8080_8080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private PlainText() {}

    /** Whether {@code b} may stand as it is, in a value in which {@code lowest}, ' ' or '!', is the first plain byte. */
    static boolean isPlain(byte b, int lowest) {
        return b >= lowest && b < 0x7F && b != '"' && b != '\\';
    }

    /**
     * Appends the plain bytes at the start of {@code text}, at most {@code countMax}.
     *
     * @return how many there were
     */
    static int copy(LogBlock block, ByteSpan text, int lowest, int countMax) {
        // All of it is copied before it is looked at: nearly always all of it is plain, and copying in one go is quick.
        int count = Math.min(text.length(), countMax);
        int start = block.index();
        text.copyTo(block.bytes(), start, count);
        int plain = plainPrefix(block.bytes(), start, start + count, lowest);
        block.index(start + plain);
        return plain;
    }

    /** The number of plain bytes from {@code from} on, before {@code to}. */
    static int plainPrefix(byte[] bytes, int from, int to, int lowest) {
        int i = from;
        while (to - i >= Long.BYTES && areAllPlain((long) LONG.get(bytes, i), lowest)) {
            i += Long.BYTES;
        }
        while (i < to && isPlain(bytes[i], lowest)) {
            i++;
        }
        return i - from;
    }

    // Eight bytes per step. Each term sets the top bit of a byte that is below the lowest, above '~', a quote or a
    // backslash.
    // A borrow or carry can mark a byte falsely only next to one that is rightly marked, so "no mark" is exact. The
    // plain
    // version, byte by byte, is the oracle in PlainTextProperties.
    private static boolean areAllPlain(long word, int lowest) {
        long quotes = word ^ QUOTES;
        long backslashes = word ^ BACKSLASHES;
        long marks = ((word - ONES * lowest) & ~word)
                | word
                | (word + ONES)
                | ((quotes - ONES) & ~quotes)
                | ((backslashes - ONES) & ~backslashes);
        return (marks & TOP_BITS) == 0;
    }
}
