package dev.headgate.http.hpack;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSyntax;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** The table of RFC 7541 appendix A. Indexes count from one. */
final class StaticTable {
    /** The last index. */
    static final int SIZE = 61;

    private static final String[] ENTRIES = {
        ":authority: ",
        ":method: GET",
        ":method: POST",
        ":path: /",
        ":path: /index.html",
        ":scheme: http",
        ":scheme: https",
        ":status: 200",
        ":status: 204",
        ":status: 206",
        ":status: 304",
        ":status: 400",
        ":status: 404",
        ":status: 500",
        "accept-charset: ",
        "accept-encoding: gzip, deflate",
        "accept-language: ",
        "accept-ranges: ",
        "accept: ",
        "access-control-allow-origin: ",
        "age: ",
        "allow: ",
        "authorization: ",
        "cache-control: ",
        "content-disposition: ",
        "content-encoding: ",
        "content-language: ",
        "content-length: ",
        "content-location: ",
        "content-range: ",
        "content-type: ",
        "cookie: ",
        "date: ",
        "etag: ",
        "expect: ",
        "expires: ",
        "from: ",
        "host: ",
        "if-match: ",
        "if-modified-since: ",
        "if-none-match: ",
        "if-range: ",
        "if-unmodified-since: ",
        "last-modified: ",
        "link: ",
        "location: ",
        "max-forwards: ",
        "proxy-authenticate: ",
        "proxy-authorization: ",
        "range: ",
        "referer: ",
        "refresh: ",
        "retry-after: ",
        "server: ",
        "set-cookie: ",
        "strict-transport-security: ",
        "transfer-encoding: ",
        "user-agent: ",
        "vary: ",
        "via: ",
        "www-authenticate: "
    };

    /** All entries as lines, name, colon, space, value, CRLF: the form in which a section's bytes hold a field. */
    static final byte[] BYTES;

    private static final short[] OFFSETS = new short[SIZE + 1];
    private static final byte[] NAME_LENGTHS = new byte[SIZE + 1];
    private static final byte[] VALUE_LENGTHS = new byte[SIZE + 1];
    private static final byte[] IDS = new byte[SIZE + 1];

    /** Per name's number: the first index with that name, or zero. */
    private static final byte[] FIRST_INDEX = new byte[HpackName.OTHER_PSEUDO + 1];

    static {
        var bytes = new ByteArrayOutputStream();
        for (int index = 1; index <= SIZE; index++) {
            String entry = ENTRIES[index - 1];
            int nameLength = entry.indexOf(": ", 1);
            OFFSETS[index] = (short) bytes.size();
            NAME_LENGTHS[index] = (byte) nameLength;
            VALUE_LENGTHS[index] = (byte) (entry.length() - nameLength - 2);
            IDS[index] = (byte) HpackName.idOf(ByteBuffer.wrap(HpackName.ascii(entry)), 0, nameLength);
            if (IDS[index] != Field.UNKNOWN && FIRST_INDEX[IDS[index]] == 0) {
                FIRST_INDEX[IDS[index]] = (byte) index;
            }
            bytes.writeBytes(HpackName.ascii(entry + "\r\n"));
        }
        BYTES = bytes.toByteArray();
    }

    private StaticTable() {}

    /** Where the entry's line begins in {@link #BYTES}. */
    static int offset(int index) {
        return OFFSETS[index];
    }

    static int nameLength(int index) {
        return NAME_LENGTHS[index];
    }

    static int valueLength(int index) {
        return VALUE_LENGTHS[index];
    }

    /** The number of the entry's name, see {@link HpackName}. */
    static int id(int index) {
        return IDS[index];
    }

    /** The first index whose name has this number, or zero. */
    static int firstIndex(int id) {
        return FIRST_INDEX[id];
    }

    /** The index of a name without a number of its own, letters in either case, or zero. */
    static int indexOfUnknown(ByteBuffer source, int offset, int length) {
        for (int index = 1; index <= SIZE; index++) {
            if (IDS[index] == Field.UNKNOWN && NAME_LENGTHS[index] == length && isName(index, source, offset)) {
                return index;
            }
        }
        return 0;
    }

    private static boolean isName(int index, ByteBuffer source, int offset) {
        for (int i = 0; i < NAME_LENGTHS[index]; i++) {
            if (BYTES[OFFSETS[index] + i] != FieldSyntax.lower(source.get(offset + i))) {
                return false;
            }
        }
        return true;
    }

    /** The index with this name and value, or zero. Only entries that have a value count. */
    static int indexOf(int id, ByteBuffer source, int offset, int length) {
        for (int index = FIRST_INDEX[id]; index > 0 && index <= SIZE && IDS[index] == id; index++) {
            if (VALUE_LENGTHS[index] == length && length > 0 && isValue(index, source, offset)) {
                return index;
            }
        }
        return 0;
    }

    private static boolean isValue(int index, ByteBuffer source, int offset) {
        int start = OFFSETS[index] + NAME_LENGTHS[index] + 2;
        for (int i = 0; i < VALUE_LENGTHS[index]; i++) {
            if (BYTES[start + i] != source.get(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
