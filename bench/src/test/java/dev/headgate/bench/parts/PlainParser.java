package dev.headgate.bench.parts;

import dev.headgate.http.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Heads read as one would at first: byte by byte into an index, or split as text into a map. Both leave out what makes a head safe, the rules
 * of hosts, targets, lengths and limits.
 */
final class PlainParser {
    private static final int LINES_MAX = 128;

    private final boolean[] isToken = new boolean[256];
    private final int[] ids = new int[LINES_MAX];
    private final int[] nameEnds = new int[LINES_MAX];
    private final int[] valueStarts = new int[LINES_MAX];
    private final int[] valueEnds = new int[LINES_MAX];

    PlainParser() {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            isToken[c] = true;
        }
    }

    /** Finds where names and values are and which names are known; answers how many field lines there are. */
    int byteByByte(ByteBuffer source) {
        int limit = source.limit();
        int at = source.position();
        while (at < limit && source.get(at) >= ' ') {
            at++;
        }
        int lines = 0;
        for (at += 2; at < limit && source.get(at) != '\r'; at += 2) {
            int start = at;
            while (at < limit && isToken[source.get(at) & 0xFF]) {
                at++;
            }
            if (at == start || at == limit || source.get(at) != ':') {
                return -1;
            }
            ids[lines] = Field.idOf(source, start, at - start);
            nameEnds[lines] = at++;
            while (at < limit && source.get(at) == ' ') {
                at++;
            }
            valueStarts[lines] = at;
            while (at < limit && isValue(source.get(at))) {
                at++;
            }
            if (at + 1 >= limit || source.get(at) != '\r' || source.get(at + 1) != '\n') {
                return -1;
            }
            valueEnds[lines++] = at;
        }
        return lines;
    }

    private static boolean isValue(byte b) {
        return b < 0 || b >= ' ' && b != 0x7F || b == '\t';
    }

    /** Names without regard to case, with their last values. */
    Map<String, String> strings(ByteBuffer source) {
        String text = StandardCharsets.ISO_8859_1.decode(source.duplicate()).toString();
        String[] lines = text.split("\r\n");
        var fields = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            fields.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).trim());
        }
        return fields;
    }
}
