package dev.headgate.http.hpack;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Encodes the field blocks of one connection (RFC 7541). What the static table has is one byte; what has been seen before
 * on the connection goes into the dynamic table, and is a byte or two from then on; what comes once costs the table
 * nothing. What goes into no table at all, {@link IndexingPolicy} says.
 *
 * <p>Owned by one connection. Everything is written at the position of an output that has room for it:
 * {@link #BLOCK_BYTES} for a block and {@link #FIELD_BYTES} for each field, beside names and values. A block that has
 * been begun has to be sent, for the peer's table follows it.
 */
public final class HpackEncoder {
    /** Room that a block needs before its first field. */
    public static final int BLOCK_BYTES = 10;
    /** Room that a field needs beside its name and value. */
    public static final int FIELD_BYTES = 12;

    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int INDEXED = 0x80;
    private static final int WITH_INDEXING = 0x40;
    private static final int SIZE_UPDATE = 0x20;
    private static final int NEVER_INDEXED = 0x10;
    private static final int WITHOUT_INDEXING = 0x00;
    private static final int HUFFMAN = 0x80;

    /**
     * Fields that have been seen once lately are kept as 16 bits of their hash, in sets of a few. A collision costs an entry
     * in the table at most; fields of one head that had but one place would drive each other out for ever.
     */
    private static final int SEEN_SETS = 32;

    private static final int SEEN_WAYS = 4;

    private static final byte[][] STATUSES = new byte[600][];
    /** Per number: the name as a string literal; of names that the static table lacks. */
    private static final byte[][] NAME_LITERALS = new byte[HpackName.OTHER_PSEUDO + 1][];

    static {
        for (int status = 100; status < STATUSES.length; status++) {
            ByteBuffer digits = ByteBuffer.wrap(HpackName.ascii(Integer.toString(status)));
            ByteBuffer out = ByteBuffer.allocate(8);
            int index = StaticTable.indexOf(HpackName.STATUS, digits, 0, 3);
            if (index > 0) {
                out.put((byte) (INDEXED | index));
            } else {
                out.put((byte) (WITHOUT_INDEXING | StaticTable.firstIndex(HpackName.STATUS)));
                string(out, digits, 0, 3, Huffman.AS_IS);
            }
            STATUSES[status] = Arrays.copyOf(out.array(), out.position());
        }
        for (int id = 1; id < HpackName.OTHER_PSEUDO; id++) {
            if (StaticTable.firstIndex(id) == 0 && id != Field.LAST + 1) {
                ByteBuffer name = ByteBuffer.wrap(HpackName.lowerName(id));
                ByteBuffer out = ByteBuffer.allocate(64);
                string(out, name, 0, name.capacity(), Huffman.AS_IS);
                NAME_LITERALS[id] = Arrays.copyOf(out.array(), out.position());
            }
        }
    }

    private final int ownMaxBytes;
    private final EncoderTable table;
    private final char[] seen = new char[SEEN_SETS * SEEN_WAYS];
    private int seenTurn;

    private boolean isSizeUpdateDue;
    /** The smallest size since the last block, which the peer has to hear of (RFC 7541 §4.2). */
    private int smallestBytes = Integer.MAX_VALUE;

    private int nextBytes;

    /**
     * An encoder with an empty table.
     *
     * @param tableBytes the largest table, whatever the peer would have; zero for none, at most 64 KiB
     */
    public HpackEncoder(int tableBytes) {
        if (tableBytes < 0 || tableBytes > DynamicTable.SIZE_MAX) {
            throw new IllegalArgumentException("table size out of range: " + tableBytes);
        }
        ownMaxBytes = tableBytes;
        table = new EncoderTable(HpackDecoder.TABLE_BYTES_DEFAULT);
        nextBytes = HpackDecoder.TABLE_BYTES_DEFAULT;
        peerTableLimit(HpackDecoder.TABLE_BYTES_DEFAULT);
    }

    /** Takes SETTINGS_HEADER_TABLE_SIZE of the peer; as a number without sign. */
    public void peerTableLimit(int bytes) {
        int size = bytes < 0 ? ownMaxBytes : Math.min(bytes, ownMaxBytes);
        if (size != nextBytes) {
            nextBytes = size;
            smallestBytes = Math.min(smallestBytes, size);
            isSizeUpdateDue = true;
        }
    }

    /** The size of the table as of the next block. */
    public int tableBytesMax() {
        return nextBytes;
    }

    /** Room that the live fields of a section need. */
    public static int boundBytes(FieldSection fields) {
        int bytes = 0;
        for (int i = 0; i < fields.count(); i++) {
            bytes += fields.nameLength(i) + fields.valueLength(i) + FIELD_BYTES;
        }
        return bytes;
    }

    /** Begins a block. */
    public void begin(ByteBuffer out) {
        if (!isSizeUpdateDue) {
            return;
        }
        if (smallestBytes < nextBytes) {
            table.maxBytes(smallestBytes);
            integer(out, SIZE_UPDATE, 0x1F, smallestBytes);
        }
        table.maxBytes(nextBytes);
        integer(out, SIZE_UPDATE, 0x1F, nextBytes);
        isSizeUpdateDue = false;
        smallestBytes = Integer.MAX_VALUE;
    }

    /** Writes {@code :status}, 100 to 599. */
    public static void status(ByteBuffer out, int status) {
        out.put(STATUSES[status]);
    }

    /** Writes a field whose name has a number; the value lies at {@code offset} of {@code source}. */
    public void known(ByteBuffer out, int id, ByteBuffer source, int offset, int length) {
        field(out, id, source, 0, 0, offset, length, IndexingPolicy.ofId(id));
    }

    /** Writes entry {@code i} of a section, the name in lower case. */
    public void field(ByteBuffer out, FieldSection fields, int i) {
        int id = fields.id(i);
        ByteBuffer bytes = fields.bytes();
        int policy = fields.isNeverIndexed(i) ? IndexingPolicy.NEVER : IndexingPolicy.ofId(id);
        field(
                out,
                id,
                bytes,
                fields.nameOffset(i),
                fields.nameLength(i),
                fields.valueOffset(i),
                fields.valueLength(i),
                policy);
    }

    private void field(
            ByteBuffer out,
            int id,
            ByteBuffer source,
            int nameOffset,
            int nameLength,
            int valueOffset,
            int valueLength,
            int policy) {
        int nameIndex = id == Field.UNKNOWN
                ? StaticTable.indexOfUnknown(source, nameOffset, nameLength)
                : StaticTable.firstIndex(id);
        if (policy == IndexingPolicy.REPEATED) {
            repeated(out, id, nameIndex, source, nameOffset, nameLength, valueOffset, valueLength);
            return;
        }
        int index = policy == IndexingPolicy.PLAIN ? StaticTable.indexOf(id, source, valueOffset, valueLength) : 0;
        if (index > 0) {
            out.put((byte) (INDEXED | index));
            return;
        }
        int kind = policy == IndexingPolicy.NEVER ? NEVER_INDEXED : WITHOUT_INDEXING;
        literal(out, kind, 0x0F, nameIndex, id, source, nameOffset, nameLength, valueOffset, valueLength);
    }

    private void repeated(
            ByteBuffer out,
            int id,
            int staticNameIndex,
            ByteBuffer source,
            int nameOffset,
            int nameLength,
            int valueOffset,
            int valueLength) {
        int staticIndex = id == Field.UNKNOWN ? 0 : StaticTable.indexOf(id, source, valueOffset, valueLength);
        if (staticIndex > 0) {
            out.put((byte) (INDEXED | staticIndex));
            return;
        }
        int nameHash = id == Field.UNKNOWN
                ? EncoderTable.hashOfName(source, nameOffset, nameLength)
                : EncoderTable.hashOfId(id);
        int hash = hashOf(nameHash, source, valueOffset, valueLength);
        int found = table.find(nameHash, hash, id, source, nameOffset, nameLength, valueOffset, valueLength);
        if (found > 0) {
            integer(out, INDEXED, 0x7F, found);
            return;
        }
        int nameIndex = staticNameIndex > 0 ? staticNameIndex : -found;
        if (id == Field.UNKNOWN
                && IndexingPolicy.ofUnknown(source, nameOffset, nameLength, valueOffset, valueLength)
                        == IndexingPolicy.NEVER) {
            literal(out, NEVER_INDEXED, 0x0F, nameIndex, id, source, nameOffset, nameLength, valueOffset, valueLength);
        } else if (table.isWorthIts(nameLength, valueLength) && isSeenBefore(hash)) {
            literal(out, WITH_INDEXING, 0x3F, nameIndex, id, source, nameOffset, nameLength, valueOffset, valueLength);
            table.add(nameHash, hash, id, source, nameOffset, nameLength, valueOffset, valueLength);
        } else {
            literal(
                    out,
                    WITHOUT_INDEXING,
                    0x0F,
                    nameIndex,
                    id,
                    source,
                    nameOffset,
                    nameLength,
                    valueOffset,
                    valueLength);
        }
    }

    private boolean isSeenBefore(int hash) {
        int set = (hash & SEEN_SETS - 1) * SEEN_WAYS;
        char tag = (char) (hash >>> 16 | 1); // zero is nothing
        for (int i = set; i < set + SEEN_WAYS; i++) {
            if (seen[i] == tag) {
                return true;
            }
        }
        // Not always the eldest goes: one field more than a set holds would drive out all of them, block by block.
        seen[set + (seenTurn++ & SEEN_WAYS - 1)] = tag;
        return false;
    }

    private static int hashOf(int nameHash, ByteBuffer source, int offset, int length) {
        long hash = nameHash ^ length;
        int end = offset + length;
        int at = offset;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            hash = (hash ^ (long) LONG_LE.get(source, at)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        for (; at < end; at++) {
            hash = (hash ^ source.get(at)) * 0x9E3779B97F4A7C15L;
        }
        return (int) (hash ^ hash >>> 32);
    }

    private static void literal(
            ByteBuffer out,
            int kind,
            int mask,
            int nameIndex,
            int id,
            ByteBuffer source,
            int nameOffset,
            int nameLength,
            int valueOffset,
            int valueLength) {
        integer(out, kind, mask, nameIndex);
        if (nameIndex == 0) {
            byte[] name = NAME_LITERALS[id];
            if (id == Field.UNKNOWN) {
                string(out, source, nameOffset, nameLength, Huffman.LOWER);
            } else {
                out.put(name);
            }
        }
        string(out, source, valueOffset, valueLength, Huffman.AS_IS);
    }

    /** RFC 7541 §5.2; whichever form is shorter. */
    private static void string(ByteBuffer out, ByteBuffer source, int offset, int length, Huffman.Case letters) {
        int encoded = Huffman.encodedLength(source, offset, length, letters);
        if (encoded < length) {
            integer(out, HUFFMAN, 0x7F, encoded);
            Huffman.encode(source, offset, length, letters, out);
            return;
        }
        integer(out, 0, 0x7F, length);
        int at = out.position();
        out.put(at, source, offset, length);
        if (letters == Huffman.LOWER) {
            for (int i = at; i < at + length; i++) {
                out.put(i, FieldSyntax.lower(out.get(i)));
            }
        }
        out.position(at + length);
    }

    /** RFC 7541 §5.1. */
    private static void integer(ByteBuffer out, int kind, int mask, int value) {
        if (value < mask) {
            out.put((byte) (kind | value));
            return;
        }
        out.put((byte) (kind | mask));
        int rest = value - mask;
        while (rest >= 0x80) {
            out.put((byte) (0x80 | rest & 0x7F));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
