package dev.headgate.testkit.h2;

import dev.headgate.testkit.peer.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads field blocks strictly (RFC 7541), with the table that all blocks of a connection go through. What is wrong with one
 * is an {@link AssertionError}.
 */
public final class FieldBlockReader {
    private static final String[] STATIC = {
        ":authority",
        ":method GET",
        ":method POST",
        ":path /",
        ":path /index.html",
        ":scheme http",
        ":scheme https",
        ":status 200",
        ":status 204",
        ":status 206",
        ":status 304",
        ":status 400",
        ":status 404",
        ":status 500",
        "accept-charset",
        "accept-encoding gzip, deflate",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate"
    };
    private static final int ENTRY_BYTES = 32;

    private final List<Field> table = new ArrayList<>(); // the newest first
    private int tableBytes;
    private int tableBytesMax = 4096;
    private int tableBytesLimit = 4096;

    private byte[] block = new byte[0];
    private int at;

    /** A reader with an empty table of the default size. */
    public FieldBlockReader() {}

    /** What the writer may let the table grow to, once it has acknowledged the setting. */
    public void tableLimit(int bytes) {
        tableBytesLimit = bytes;
    }

    /** All fields of a block, in order. */
    public List<Field> read(byte[] bytes) {
        block = bytes;
        at = 0;
        List<Field> fields = new ArrayList<>();
        while (at < block.length) {
            int first = block[at] & 0xFF;
            if (first >= 0x80) {
                fields.add(entry(integer(7)));
            } else if (first >= 0x40) {
                Field field = literal(6);
                fields.add(field);
                add(field);
            } else if (first >= 0x20) {
                if (!fields.isEmpty()) {
                    throw new AssertionError("a size update behind fields");
                }
                resize(integer(5));
            } else {
                fields.add(literal(4)); // never indexed, or not this time
            }
        }
        return fields;
    }

    private Field literal(int prefixBits) {
        int index = integer(prefixBits);
        String name = index == 0 ? string() : entry(index).name();
        return new Field(name, string());
    }

    private Field entry(int index) {
        if (index == 0 || index > STATIC.length + table.size()) {
            throw new AssertionError("no entry " + index + " in a table of " + table.size());
        }
        if (index > STATIC.length) {
            return table.get(index - STATIC.length - 1);
        }
        String entry = STATIC[index - 1];
        int space = entry.indexOf(' ');
        return space < 0 ? new Field(entry, "") : new Field(entry.substring(0, space), entry.substring(space + 1));
    }

    private void add(Field field) {
        table.addFirst(field);
        tableBytes += bytesOf(field);
        evict();
    }

    private void resize(int bytes) {
        if (bytes > tableBytesLimit) {
            throw new AssertionError("table of " + bytes + " bytes, limit " + tableBytesLimit);
        }
        tableBytesMax = bytes;
        evict();
    }

    private void evict() {
        while (tableBytes > tableBytesMax) {
            tableBytes -= bytesOf(table.removeLast());
        }
    }

    private static int bytesOf(Field field) {
        return field.name().length() + field.value().length() + ENTRY_BYTES;
    }

    private int integer(int prefixBits) {
        int prefixMax = (1 << prefixBits) - 1;
        int value = next() & prefixMax;
        if (value < prefixMax) {
            return value;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            int b = next();
            value += (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new AssertionError("a number of more than 28 bits");
    }

    private String string() {
        boolean isHuffman = at < block.length && block[at] < 0;
        int length = integer(7);
        int from = at;
        if (length > block.length - from) {
            throw new AssertionError("a string beyond its block");
        }
        at += length;
        return isHuffman
                ? HuffmanReader.read(block, from, at)
                : new String(block, from, length, StandardCharsets.ISO_8859_1);
    }

    private int next() {
        if (at == block.length) {
            throw new AssertionError("a block that is cut short");
        }
        return block[at++] & 0xFF;
    }
}
