package dev.headgate.http.h1;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HeadScan;
import dev.headgate.http.Http1Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Takes field lines that are whole, canonical and within limits, which nearly all are, by words and without a state. What
 * it does not like it leaves as it is to the states of {@link FieldLineDecoder}, which are its oracle: the tests cut
 * every message in two.
 */
final class PlainFieldLines {
    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int CRLF = '\r' | '\n' << 8;
    private static final int COLON_SPACE = ':' | ' ' << 8;
    /** Bytes that are read at once; only the last line of a section may have fewer behind its colon. */
    private static final int WORD_BYTES = 8;

    private final int fieldLineBytesMax;
    private final int nameBytesMax;
    private final boolean refuseObsText;
    private final int lineCountMax;
    private final long wantedIds;

    PlainFieldLines(Http1Limits limits, int lineCountMax, long wantedIds) {
        this.fieldLineBytesMax = limits.fieldLineBytes();
        this.nameBytesMax = limits.nameBytes();
        this.refuseObsText = limits.obsText() == Http1Limits.ObsText.REJECT;
        this.lineCountMax = lineCountMax;
        this.wantedIds = wantedIds;
    }

    /**
     * Appends lines from the start of one, where the scan is.
     *
     * @param end index behind the section's last byte that is there
     * @return as {@link FieldLineDecoder#next}, but {@code NEED_MORE} for a line, or an end, that the states have to judge
     */
    int take(ByteBuffer source, int base, int end, FieldSection fields, HeadScan scan) {
        int at = base + scan.scanOffset;
        int linesLeft = lineCountMax - scan.lineCount;
        int answer = Decode.NEED_MORE;
        while (end - at >= WORD_BYTES) {
            long first = (long) LONG_LE.get(source, at);
            if ((first & 0xFFFF) == CRLF) {
                break;
            }
            int colon = colon(source, at, end, first);
            if (end - colon < WORD_BYTES || linesLeft == 0) {
                break;
            }
            // Neither the colon nor the space behind it ends the scan of the value.
            int valueEnd = ByteScan.fieldValueEnd(source, colon, end, refuseObsText);
            if (!isPlainValue(source, colon, valueEnd, end) || valueEnd - at > fieldLineBytesMax) {
                break;
            }
            int nameLength = colon - at;
            int id = Field.idOf(source, at, nameLength, first);
            // A known name was compared byte for byte.
            if (id == Field.UNKNOWN && !isPlainName(source, at, colon, first)) {
                break;
            }
            int valueStart = colon + 2;
            fields.append(at - base, nameLength, valueStart - base, valueEnd - valueStart, id, true);
            linesLeft--;
            at = valueEnd + 2;
            if ((wantedIds >>> id & 1) != 0) {
                answer = FieldLineDecoder.LINE;
                break;
            }
        }
        if (answer == Decode.NEED_MORE && end - at >= 2 && source.get(at) == '\r' && source.get(at + 1) == '\n') {
            answer = Decode.COMPLETE;
            at += 2;
        }
        scan.lineCount = lineCountMax - linesLeft;
        scan.scanOffset = at - base;
        return answer;
    }

    /** The index of the colon behind a name, or {@code end}. */
    private int colon(ByteBuffer source, int start, int end, long first) {
        long colons = ByteScan.colons(first);
        if (colons != 0) {
            int nameLength = ByteScan.indexOf(colons);
            return nameLength == 0 ? end : start + nameLength;
        }
        int stop = start + Math.min(end - start, nameBytesMax + 1);
        int colon = ByteScan.colon(source, start + 8, stop);
        return colon == stop ? end : colon;
    }

    /** Whether the value begins behind one space and ends with a visible byte before CRLF. */
    private static boolean isPlainValue(ByteBuffer source, int colon, int valueEnd, int end) {
        // A section that is whole goes on for two bytes at least, so that words can be read at both ends.
        if (end - valueEnd < 4 || valueEnd < colon + 3) {
            return false;
        }
        long start = (long) LONG_LE.get(source, colon);
        long stop = (long) LONG_LE.get(source, valueEnd - 4);
        return (start & 0xFFFF) == COLON_SPACE
                && (byte) (start >>> 16) != ' '
                && (byte) (stop >>> 24) != ' '
                && (stop >>> 32 & 0xFFFF) == CRLF;
    }

    /** Whether a name is a token without underscore; nearly all are of letters, digits and hyphens. */
    private static boolean isPlainName(ByteBuffer source, int start, int end, long first) {
        int length = end - start;
        if (length < 8) {
            return ByteScan.isPlainName(first, length) || isToken(source, start, end);
        }
        int at = start;
        while (end - at > 8 && ByteScan.isPlainName((long) LONG_LE.get(source, at))) {
            at += 8;
        }
        return end - at <= 8 && ByteScan.isPlainName((long) LONG_LE.get(source, end - 8))
                || isToken(source, start, end);
    }

    private static boolean isToken(ByteBuffer source, int start, int end) {
        for (int at = start; at < end; at++) {
            byte b = source.get(at);
            if (b == '_' || !FieldSyntax.isTokenByte(b)) {
                return false;
            }
        }
        return true;
    }
}
