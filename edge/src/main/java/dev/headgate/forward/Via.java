package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Our entry in {@code Via} (RFC 9110 §7.6.3): the protocol that the message came by, and our name. It comes as a line of
 * its own behind those that are there, which is the same list.
 */
@HotPath
@Immutable
public final class Via {
    /** How often our own name may stand in a request before it counts as one that goes in circles; the default. */
    public static final int PASSES_MAX = 8;

    private final byte[] lowerName;
    private final byte[][] entries = new byte[HttpVersion.values().length][];

    /** Goes by the given name. Throws {@link IllegalArgumentException} when it is not a token. */
    public Via(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        if (!FieldSyntax.isToken(bytes)) {
            throw new IllegalArgumentException("not a token: " + name);
        }
        lowerName = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        for (HttpVersion version : HttpVersion.values()) {
            entries[version.ordinal()] = (version.text() + " " + name).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * Adds our entry to a message that came by {@code version}.
     *
     * @return false, with nothing changed, when the store has no room
     */
    public boolean addTo(FieldSection fields, HttpVersion version) {
        byte[] entry = entries[version.ordinal()];
        return fields.add(Field.VIA, entry, 0, entry.length);
    }

    /** What {@link #addTo} adds to messages of {@code version}; all are of one length. */
    String entry(HttpVersion version) {
        return new String(entries[version.ordinal()], StandardCharsets.US_ASCII);
    }

    /** Bytes that {@link #addTo} appends to the store. */
    public int addedBytes() {
        return FieldLine.ofKnown(Field.VIA) + entries[0].length;
    }

    /** How often our name stands in the section. Instances that share a name count each other's passes. */
    public int passes(FieldSection fields) {
        int passes = 0;
        for (int i = fields.find(Field.VIA); i >= 0; i = fields.findNext(Field.VIA, i)) {
            int offset = fields.valueOffset(i);
            passes += passes(fields.bytes(), offset, offset + fields.valueLength(i));
        }
        return passes;
    }

    // entry = protocol RWS received-by [ RWS comment ]. A comment may hold commas, and a forged one our name.
    private int passes(ByteBuffer bytes, int offset, int end) {
        int passes = 0;
        int at = offset;
        while (at < end) {
            int protocol = skipSeparators(bytes, at, end);
            int protocolEnd = wordEnd(bytes, protocol, end);
            int name = skipBlanks(bytes, protocolEnd, end);
            int nameEnd = wordEnd(bytes, name, end);
            if (FieldSyntax.equalsIgnoreCase(bytes, name, nameEnd - name, lowerName)) {
                passes++;
            }
            at = entryEnd(bytes, nameEnd, end);
        }
        return passes;
    }

    private static int skipSeparators(ByteBuffer bytes, int offset, int end) {
        int at = offset;
        while (at < end && (FieldSyntax.isBlank(bytes.get(at)) || bytes.get(at) == ',')) {
            at++;
        }
        return at;
    }

    private static int skipBlanks(ByteBuffer bytes, int offset, int end) {
        int at = offset;
        while (at < end && FieldSyntax.isBlank(bytes.get(at))) {
            at++;
        }
        return at;
    }

    private static int wordEnd(ByteBuffer bytes, int offset, int end) {
        int at = offset;
        while (at < end && !FieldSyntax.isBlank(bytes.get(at)) && bytes.get(at) != ',' && bytes.get(at) != '(') {
            at++;
        }
        return at;
    }

    // The comma behind the entry, outside of comments, which may nest and escape (RFC 9110 §5.6.5).
    private static int entryEnd(ByteBuffer bytes, int offset, int end) {
        int depth = 0;
        for (int at = offset; at < end; at++) {
            switch (bytes.get(at)) {
                case '(' -> depth++;
                case ')' -> depth = Math.max(0, depth - 1);
                case '\\' -> at += depth > 0 ? 1 : 0;
                case ',' -> {
                    if (depth == 0) {
                        return at;
                    }
                }
                default -> {}
            }
        }
        return end;
    }
}
