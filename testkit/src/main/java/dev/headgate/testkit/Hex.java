package dev.headgate.testkit;

import java.util.Arrays;

/** Byte assertions whose failure shows the offset of the first difference, and both sides around it. */
public final class Hex {
    private static final int LINE_BYTES = 16;
    private static final int CONTEXT_BYTES = 2 * LINE_BYTES;

    private Hex() {}

    /** Fails unless both arrays are equal. */
    public static void assertBytes(byte[] expected, byte[] actual) {
        int offset = Arrays.mismatch(expected, actual);
        if (offset >= 0) {
            throw new AssertionError(
                    "bytes differ at offset %d: expected length=%d, actual length=%d%nexpected%n%s%nactual%n%s"
                            .formatted(
                                    offset,
                                    expected.length,
                                    actual.length,
                                    around(expected, offset),
                                    around(actual, offset)));
        }
    }

    /** Fails unless {@code actual} is what {@code script} stands for; see {@link Wire}. */
    public static void assertScript(String script, byte[] actual) {
        assertBytes(Wire.bytes(script), actual);
    }

    /** A dump of all bytes: offset, hex, characters. */
    public static String dump(byte[] bytes) {
        return dump(bytes, 0, bytes.length);
    }

    private static String around(byte[] bytes, int offset) {
        int start = Math.max(0, (offset - CONTEXT_BYTES) / LINE_BYTES * LINE_BYTES);
        return dump(bytes, start, Math.min(bytes.length, offset + CONTEXT_BYTES));
    }

    private static String dump(byte[] bytes, int start, int end) {
        if (start >= end) {
            return "  (nothing from offset " + start + ")";
        }
        var dump = new StringBuilder();
        for (int line = start; line < end; line += LINE_BYTES) {
            appendLine(dump, bytes, line, Math.min(end, line + LINE_BYTES));
        }
        return dump.deleteCharAt(dump.length() - 1).toString();
    }

    private static void appendLine(StringBuilder dump, byte[] bytes, int start, int end) {
        dump.append("%08x ".formatted(start));
        for (int i = start; i < start + LINE_BYTES; i++) {
            dump.append(i < end ? " %02x".formatted(bytes[i]) : "   ");
        }
        dump.append("  ").append(Wire.script(bytes, start, end - start)).append('\n');
    }
}
