package dev.headgate.http.h1;

import static dev.headgate.http.h1.Decode.COMPLETE;
import static dev.headgate.http.h1.Decode.NEED_MORE;
import static dev.headgate.http.h1.Decode.REFUSED;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HeadScan;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;

/**
 * Decodes field lines up to the empty line that ends them (RFC 9112 §5), for heads and trailer sections alike.
 * <pre>
 *  ┌─> LINE_START ──byte──> NAME ──":"──> BEFORE_VALUE ──byte──> VALUE ──CR──> VALUE_LF ─┐
 *  │        └──CR──> END_LF ──LF──> complete   └───────────CR────────────────────┘      │
 *  └─────────────────────────────────────────────────────────────────────────────LF─────┘
 * </pre>
 * Lines that are whole and plain take a straight path instead, {@link PlainFieldLines}; the states judge the others.
 * Keeps nothing between calls but what is in the {@link HeadScan}.
 */
final class FieldLineDecoder {
    /** The first state; a head's start line has the states below it. */
    static final int LINE_START = 16;

    /** Answer: a line with one of the wanted names has been appended, and is the last entry. */
    static final int LINE = 16;

    private static final int NAME = 17;
    private static final int BEFORE_VALUE = 18;
    private static final int VALUE = 19;
    private static final int VALUE_LF = 20;
    private static final int END_LF = 21;

    private static final byte NOT_TOKEN = 0;
    private static final byte UNDERSCORE = 2;
    private static final byte[] NAME_CLASS = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            NAME_CLASS[c] = !FieldSyntax.isTokenByte((byte) c) ? NOT_TOKEN : c == '_' ? UNDERSCORE : 1;
        }
    }

    private final Http1Limits limits;
    private final int fieldLineBytesMax;
    private final int nameBytesMax;
    private final boolean refuseObsText;
    private final int sectionBytesMax;
    private final Violation sectionTooLarge;
    private final int lineCountMax;
    private final Violation tooManyLines;
    private final long wantedIds;
    private final PlainFieldLines plainLines;

    private FieldLineDecoder(
            Http1Limits limits,
            int sectionBytesMax,
            Violation sectionTooLarge,
            int lineCountMax,
            Violation tooManyLines,
            long wantedIds) {
        this.limits = limits;
        this.fieldLineBytesMax = limits.fieldLineBytes();
        this.nameBytesMax = limits.nameBytes();
        this.refuseObsText = limits.obsText() == Http1Limits.ObsText.REJECT;
        this.sectionBytesMax = sectionBytesMax;
        this.sectionTooLarge = sectionTooLarge;
        this.lineCountMax = lineCountMax;
        this.tooManyLines = tooManyLines;
        this.wantedIds = wantedIds;
        this.plainLines = new PlainFieldLines(limits, lineCountMax, wantedIds);
    }

    /** For heads; {@code wantedIds} is a mask of {@link Field} numbers that are answered as {@link #LINE}. */
    static FieldLineDecoder ofHead(Http1Limits limits, long wantedIds) {
        return new FieldLineDecoder(
                limits,
                limits.headBytes(),
                Violation.HEAD_TOO_LARGE,
                limits.fieldCount(),
                Violation.FIELD_COUNT,
                wantedIds);
    }

    /** For trailer sections. */
    static FieldLineDecoder ofTrailers(Http1Limits limits) {
        return new FieldLineDecoder(
                limits,
                limits.trailerBytes(),
                Violation.TRAILER_TOO_LARGE,
                limits.trailerCount(),
                Violation.TRAILER_COUNT,
                0);
    }

    /**
     * Goes on where {@code scan} says, without moving the position.
     *
     * @param base index of the section's first byte
     * @return {@link #LINE}; {@code COMPLETE}, the scan offset being just behind the empty line; {@code NEED_MORE};
     *         {@code REFUSED}
     */
    int next(ByteBuffer source, int base, FieldSection fields, HeadScan scan) {
        int available = Math.min(source.limit() - base, sectionBytesMax);
        int end = base + available;
        while (true) {
            if (scan.state == LINE_START) {
                int answer = plainLines.take(source, base, end, fields, scan);
                if (answer != NEED_MORE) {
                    return answer;
                }
            }
            int at = base + scan.scanOffset;
            if (at == end) {
                return available == sectionBytesMax ? refuse(scan, sectionTooLarge) : NEED_MORE;
            }
            int answer = switch (scan.state) {
                case LINE_START -> lineStart(source, base, at, scan);
                case NAME -> name(source, base, at, end, scan);
                case BEFORE_VALUE -> beforeValue(source, base, at, end, scan);
                case VALUE -> value(source, base, at, end, scan);
                case VALUE_LF -> valueLf(source, base, at, fields, scan);
                case END_LF -> endLf(source, at, scan);
                default -> REFUSED;
            };
            if (answer != NEED_MORE) {
                return answer;
            }
        }
    }

    private int lineStart(ByteBuffer source, int base, int at, HeadScan scan) {
        byte b = source.get(at);
        if (b == '\r') {
            return advance(scan, END_LF, at + 1 - base);
        }
        // A blank here continues the line above, or smuggles a first line past a reader that skips it (RFC 9112 §2.2,
        // §5.2).
        if (FieldSyntax.isBlank(b)) {
            return refuse(scan, Violation.FIELD_FOLDED);
        }
        if (b == '\n') {
            return refuse(scan, Violation.BARE_LF);
        }
        if (scan.lineCount == lineCountMax) {
            return refuse(scan, tooManyLines);
        }
        scan.lineCount++;
        scan.lineOffset = at - base;
        scan.lineDropped = false;
        return advance(scan, NAME, at - base);
    }

    private int name(ByteBuffer source, int base, int from, int end, HeadScan scan) {
        int start = base + scan.lineOffset;
        int stop = Math.min(end - start, Math.min(nameBytesMax, fieldLineBytesMax) + 1) + start;
        int at = from;
        while (at < stop) {
            byte kind = NAME_CLASS[source.get(at) & 0xFF];
            if (kind == NOT_TOKEN) {
                return nameEnd(source, base, at, scan);
            }
            scan.lineDropped |= kind == UNDERSCORE;
            at++;
        }
        if (at - start > nameBytesMax) {
            return refuse(scan, Violation.FIELD_NAME_TOO_LONG);
        }
        if (at - start > fieldLineBytesMax) {
            return refuse(scan, Violation.FIELD_LINE_TOO_LONG);
        }
        return advance(scan, NAME, at - base);
    }

    private int nameEnd(ByteBuffer source, int base, int at, HeadScan scan) {
        byte b = source.get(at);
        int start = base + scan.lineOffset;
        if (b != ':') {
            boolean blank = FieldSyntax.isBlank(b);
            return refuse(
                    scan,
                    blank ? Violation.FIELD_NAME_BLANK : b == '\n' ? Violation.BARE_LF : Violation.FIELD_NAME_INVALID);
        }
        if (at == start) {
            return refuse(scan, Violation.FIELD_NAME_INVALID);
        }
        scan.nameLength = at - start;
        if (scan.lineDropped) {
            if (UnderscoreAlias.isAlias(source, start, scan.nameLength)) {
                return refuse(scan, Violation.FIELD_NAME_ALIAS);
            }
            switch (limits.underscoreNames()) {
                case REJECT -> {
                    return refuse(scan, Violation.FIELD_NAME_UNDERSCORE);
                }
                case ALLOW -> scan.lineDropped = false;
                case DROP -> {}
            }
        }
        return advance(scan, BEFORE_VALUE, at + 1 - base);
    }

    private int beforeValue(ByteBuffer source, int base, int from, int end, HeadScan scan) {
        int stop = lineStop(base, end, scan);
        int at = from;
        while (at < stop && FieldSyntax.isBlank(source.get(at))) {
            at++;
        }
        if (at == stop) {
            return outOfLine(scan, BEFORE_VALUE, at - base);
        }
        scan.partOffset = at - base;
        return advance(scan, VALUE, at - base);
    }

    private int value(ByteBuffer source, int base, int from, int end, HeadScan scan) {
        int stop = lineStop(base, end, scan);
        int at = ByteScan.fieldValueEnd(source, from, stop, refuseObsText);
        while (at < stop && source.get(at) == '\t') {
            at = ByteScan.fieldValueEnd(source, at + 1, stop, refuseObsText);
        }
        if (at == stop) {
            return outOfLine(scan, VALUE, at - base);
        }
        byte b = source.get(at);
        if (b != '\r') {
            return refuse(scan, b == '\n' ? Violation.BARE_LF : Violation.FIELD_VALUE_INVALID);
        }
        scan.valueEnd = at - base;
        return advance(scan, VALUE_LF, at + 1 - base);
    }

    private int valueLf(ByteBuffer source, int base, int at, FieldSection fields, HeadScan scan) {
        if (source.get(at) != '\n') {
            return refuse(scan, Violation.BARE_CR);
        }
        advance(scan, LINE_START, at + 1 - base);
        if (scan.lineDropped) {
            return NEED_MORE;
        }
        int valueStart = scan.partOffset;
        int valueEnd = scan.valueEnd;
        while (valueEnd > valueStart && FieldSyntax.isBlank(source.get(base + valueEnd - 1))) {
            valueEnd--;
        }
        int nameEnd = scan.lineOffset + scan.nameLength;
        boolean canonical =
                valueStart == nameEnd + 2 && source.get(base + nameEnd + 1) == ' ' && valueEnd == scan.valueEnd;
        int id = Field.idOf(source, base + scan.lineOffset, scan.nameLength);
        fields.append(scan.lineOffset, scan.nameLength, valueStart, valueEnd - valueStart, id, canonical);
        return (wantedIds >>> id & 1) != 0 ? LINE : NEED_MORE;
    }

    private static int endLf(ByteBuffer source, int at, HeadScan scan) {
        if (source.get(at) != '\n') {
            return refuse(scan, Violation.BARE_CR);
        }
        scan.scanOffset++;
        return COMPLETE;
    }

    /** Where the line has to have its CR at the latest, plus one, or where the bytes end. */
    private int lineStop(int base, int end, HeadScan scan) {
        int start = base + scan.lineOffset;
        return start + Math.min(end - start, fieldLineBytesMax + 1);
    }

    private int outOfLine(HeadScan scan, int state, int offset) {
        return offset - scan.lineOffset > fieldLineBytesMax
                ? refuse(scan, Violation.FIELD_LINE_TOO_LONG)
                : advance(scan, state, offset);
    }

    private static int advance(HeadScan scan, int state, int offset) {
        scan.state = state;
        scan.scanOffset = offset;
        return NEED_MORE;
    }

    private static int refuse(HeadScan scan, Violation violation) {
        scan.violation = violation;
        return REFUSED;
    }
}
