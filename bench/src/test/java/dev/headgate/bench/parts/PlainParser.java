package dev.headgate.bench.parts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Heads read as one would at first: byte by byte into offsets, or split as text into a map. Neither checks what ours refuses. */
final class PlainParser {
    private static final int LINES_MAX = 128;

    private final boolean[] isToken = new boolean[256];
    private final int[] nameEnds = new int[LINES_MAX];
    private final int[] valueEnds = new int[LINES_MAX];

    PlainParser() {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            isToken[c] = true;
        }
    }

    /** Finds where names and values end; answers how many field lines there are. */
    int byteByByte(ByteBuffer source) {
        int at = source.position();
        int limit = source.limit();
        while (at < limit && source.get(at) != '\r') {
            at++;
        }
        at += 2;
        int lines = 0;
        while (at < limit && source.get(at) != '\r') {
            while (at < limit && isToken[source.get(at) & 0xFF]) {
                at++;
            }
            if (at == limit || source.get(at) != ':') {
                return -1;
            }
            nameEnds[lines] = at++;
            while (at < limit && source.get(at) != '\r') {
                byte b = source.get(at);
                if (b >= 0 && b < ' ' && b != '\t') {
                    return -1;
                }
                at++;
            }
            valueEnds[lines++] = at;
            at += 2;
        }
        return lines;
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
