package dev.headgate.http.hpack;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the field blocks of one connection (RFC 7541), each whole: who gets it in pieces joins them first. Limits are
 * kept while decoding, not afterwards, for a block of a few hundred bytes can stand for megabytes.
 * <pre>
 *  SIZE_UPDATES ──field──> FIELDS ──limit──> TABLE_ONLY ──twice the limit──> refused for good
 * </pre>
 * Owned by one connection. Keeps nothing of a block but its table; allocates nothing once that has grown.
 */
public final class HpackDecoder {
    /** The block is decoded. */
    public static final int COMPLETE = 0;
    /** The message is more than is taken; the table is in order. */
    public static final int TOO_LARGE = 1;
    /** The connection has to end. */
    public static final int REFUSED = 2;

    /** The size that both ends begin with (RFC 9113 §6.5.2). */
    public static final int TABLE_BYTES_DEFAULT = 4096;

    /** Size updates of one block: the smallest size since the last block, and the present one (RFC 7541 §4.2). */
    private static final int SIZE_UPDATES_MAX = 2;

    /** Bytes of an integer behind its prefix: enough for 28 bits, which is more than anything here can be. */
    private static final int INTEGER_BYTES_MAX = 4;

    private static final int FAULT = -1;

    private final DynamicTable table = new DynamicTable(TABLE_BYTES_DEFAULT);
    private int tableLimitBytes = TABLE_BYTES_DEFAULT;
    private boolean sizeUpdateExpected;
    private @Nullable HpackViolation violation; // of the last block, or of the one that ended it all
    private boolean isBroken;

    // Of the block in work
    private int blockAt;
    private int blockEnd;
    private int fieldCount;
    private int listBytes;
    private boolean isTooLarge;
    /** Where the next line goes in the store. */
    private int lineAt;

    /** A decoder with an empty table of the default size. */
    public HpackDecoder() {}

    /**
     * Sets what the peer's size updates may say. To be called when the peer has acknowledged the setting; when that is
     * below the table's size, its next block has to begin with an update.
     *
     * @param bytes at most 64 KiB
     */
    public void tableLimit(int bytes) {
        if (bytes < 0 || bytes > DynamicTable.SIZE_MAX) {
            throw new IllegalArgumentException("table limit out of range: " + bytes);
        }
        tableLimitBytes = bytes;
        sizeUpdateExpected = bytes < table.maxBytes();
    }

    /** What the table's entries count together. */
    public int tableBytes() {
        return table.sizeBytes();
    }

    /** What was wrong with the last block, or null. */
    public @Nullable HpackViolation violation() {
        return violation;
    }

    /**
     * Decodes the block that lies from {@code from} to {@code to} in {@code block}, which is lent.
     *
     * @param store where fields are written from {@code storeOffset} on; room of {@link HpackLimits#storeBytes} behind that
     *     is always enough
     * @param sink is told of each field within the limits, and of none beyond
     * @return {@link #COMPLETE}, {@link #TOO_LARGE} or {@link #REFUSED}; see {@link #violation}
     */
    public int decode(
            ByteBuffer block, int from, int to, ByteBuffer store, int storeOffset, HpackLimits limits, HpackSink sink) {
        if (isBroken) {
            return REFUSED;
        }
        violation = null;
        blockAt = from;
        blockEnd = to;
        fieldCount = 0;
        listBytes = 0;
        isTooLarge = false;
        lineAt = storeOffset;
        boolean isDecoded = sizeUpdates(block) && fields(block, store, limits, sink);
        if (!isDecoded) {
            isBroken = true;
            return REFUSED;
        }
        return isTooLarge ? TOO_LARGE : COMPLETE;
    }

    private boolean sizeUpdates(ByteBuffer block) {
        int updates = 0;
        while (blockAt < blockEnd && (block.get(blockAt) & 0xE0) == 0x20) {
            int size = integer(block, 0x1F);
            if (size == FAULT) {
                return false;
            }
            if (++updates > SIZE_UPDATES_MAX) {
                return refuse(HpackViolation.SIZE_UPDATE_COUNT);
            }
            if (size > tableLimitBytes) {
                return refuse(HpackViolation.SIZE_UPDATE_TOO_LARGE);
            }
            table.maxBytes(size);
            sizeUpdateExpected = false;
        }
        return !sizeUpdateExpected || blockAt == blockEnd || refuse(HpackViolation.SIZE_UPDATE_MISSING);
    }

    private boolean fields(ByteBuffer block, ByteBuffer store, HpackLimits limits, HpackSink sink) {
        while (blockAt < blockEnd) {
            byte first = block.get(blockAt);
            boolean isDecoded;
            if (first < 0) {
                isDecoded = indexed(block, store, limits, sink);
            } else if ((first & 0x40) != 0) {
                isDecoded = literal(block, store, limits, sink, 0x3F, 0);
            } else if ((first & 0x20) != 0) {
                isDecoded = refuse(HpackViolation.SIZE_UPDATE_LATE);
            } else {
                isDecoded =
                        literal(block, store, limits, sink, 0x0F, (first & 0x10) != 0 ? HpackSink.NEVER_INDEXED : 0);
            }
            if (!isDecoded) {
                return false;
            }
        }
        return true;
    }

    /** RFC 7541 §6.1. */
    private boolean indexed(ByteBuffer block, ByteBuffer store, HpackLimits limits, HpackSink sink) {
        int index = integer(block, 0x7F);
        if (index == FAULT) {
            return false;
        }
        if (index <= StaticTable.SIZE) {
            return index == 0
                    ? refuse(HpackViolation.INDEX_ZERO)
                    : line(
                            StaticTable.BYTES,
                            StaticTable.offset(index),
                            StaticTable.nameLength(index),
                            StaticTable.valueLength(index),
                            StaticTable.id(index),
                            0,
                            store,
                            limits,
                            sink);
        }
        int age = index - StaticTable.SIZE - 1;
        return age < table.count()
                ? line(
                        table.bytes(),
                        table.offset(age),
                        table.nameLength(age),
                        table.valueLength(age),
                        table.id(age),
                        table.flags(age),
                        store,
                        limits,
                        sink)
                : refuse(HpackViolation.INDEX_BEYOND_TABLE);
    }

    private boolean line(
            byte[] bytes,
            int offset,
            int nameLength,
            int valueLength,
            int id,
            int flags,
            ByteBuffer store,
            HpackLimits limits,
            HpackSink sink) {
        if (!charge(nameLength, valueLength, limits)) {
            return false;
        }
        if (!isTooLarge) {
            store.put(lineAt, bytes, offset, nameLength + valueLength + DynamicTable.LINE_OVERHEAD);
            lineAt = sink.onField(id, flags, lineAt, nameLength, valueLength);
        }
        return true;
    }

    /** RFC 7541 §6.2: {@code mask} of six bits when the field goes into the table, of four when not. */
    private boolean literal(
            ByteBuffer block, ByteBuffer store, HpackLimits limits, HpackSink sink, int mask, int neverIndexed) {
        int index = integer(block, mask);
        if (index == FAULT) {
            return false;
        }
        // What is left of twice the limit is all that this field may need, 32 being more than the marks of a line.
        int limit = lineAt + 2 * limits.listBytes() - listBytes;
        int age = index - StaticTable.SIZE - 1;
        int nameEnd;
        int id;
        int flags;
        if (index == 0) {
            nameEnd = string(block, store, lineAt, limit);
            if (nameEnd < 0) {
                return false;
            }
            id = HpackName.idOf(store, lineAt, nameEnd - lineAt);
            flags = FieldBytes.nameFlags(store, lineAt, nameEnd - lineAt, id);
        } else if (index <= StaticTable.SIZE) {
            nameEnd = name(StaticTable.BYTES, StaticTable.offset(index), StaticTable.nameLength(index), store, limit);
            id = StaticTable.id(index);
            flags = 0;
        } else if (age < table.count()) {
            nameEnd = name(table.bytes(), table.offset(age), table.nameLength(age), store, limit);
            id = table.id(age);
            flags = table.flags(age) & ~HpackSink.VALUE_INVALID;
        } else {
            return refuse(HpackViolation.INDEX_BEYOND_TABLE);
        }
        if (nameEnd < 0) {
            return refuse(HpackViolation.LIST_FAR_TOO_LARGE);
        }
        int valueOffset = nameEnd + 2;
        int valueEnd = string(block, store, valueOffset, limit - 2);
        if (valueEnd < 0) {
            return false;
        }
        store.put(nameEnd, (byte) ':').put(nameEnd + 1, (byte) ' ');
        store.put(valueEnd, (byte) '\r').put(valueEnd + 1, (byte) '\n');
        flags |= FieldBytes.valueFlags(store, valueOffset, valueEnd - valueOffset) | neverIndexed;
        return field(store, limits, sink, id, flags, nameEnd - lineAt, valueEnd - valueOffset, mask == 0x3F);
    }

    private boolean field(
            ByteBuffer store,
            HpackLimits limits,
            HpackSink sink,
            int id,
            int flags,
            int nameLength,
            int valueLength,
            boolean addToTable) {
        if (!charge(nameLength, valueLength, limits)) {
            return false;
        }
        if (addToTable) {
            int at = table.add(nameLength, valueLength, id, flags);
            if (at >= 0) {
                store.get(lineAt, table.bytes(), at, nameLength + valueLength + DynamicTable.LINE_OVERHEAD);
            }
        }
        if (!isTooLarge) {
            lineAt = sink.onField(id, flags, lineAt, nameLength, valueLength);
        }
        return true;
    }

    private int name(byte[] bytes, int offset, int length, ByteBuffer store, int limit) {
        if (length > limit - lineAt) {
            return FAULT;
        }
        store.put(lineAt, bytes, offset, length);
        return lineAt + length;
    }

    /** Counts a field in, and says whether the block may go on. */
    private boolean charge(int nameLength, int valueLength, HpackLimits limits) {
        fieldCount++;
        listBytes += nameLength + valueLength + DynamicTable.ENTRY_OVERHEAD;
        if (fieldCount <= limits.fieldCount() && listBytes <= limits.listBytes() && nameLength <= limits.nameBytes()) {
            return true;
        }
        return beyondLimits(limits, nameLength);
    }

    private boolean beyondLimits(HpackLimits limits, int nameLength) {
        if (fieldCount > 2 * limits.fieldCount() || listBytes > 2 * limits.listBytes()) {
            return refuse(HpackViolation.LIST_FAR_TOO_LARGE);
        }
        if (!isTooLarge) {
            isTooLarge = true;
            violation = fieldCount > limits.fieldCount()
                    ? HpackViolation.FIELD_COUNT
                    : nameLength > limits.nameBytes() ? HpackViolation.NAME_TOO_LONG : HpackViolation.LIST_TOO_LARGE;
        }
        return true;
    }

    /** Decodes a string (RFC 7541 §5.2) to the store and returns its end there, or a fault after having refused. */
    private int string(ByteBuffer block, ByteBuffer store, int at, int limit) {
        if (blockAt == blockEnd) {
            return fault(HpackViolation.TRUNCATED);
        }
        boolean isHuffman = block.get(blockAt) < 0;
        int length = integer(block, 0x7F);
        if (length == FAULT) {
            return FAULT;
        }
        if (length > blockEnd - blockAt) {
            return fault(HpackViolation.TRUNCATED);
        }
        if ((isHuffman ? Huffman.decodedLengthMin(length) : length) > limit - at) {
            return fault(HpackViolation.LIST_FAR_TOO_LARGE);
        }
        int start = blockAt;
        blockAt += length;
        if (!isHuffman) {
            store.put(at, block, start, length);
            return at + length;
        }
        int end = Huffman.decode(block, start, blockAt, store, at, limit);
        return switch (end) {
            case Huffman.EOS_IN_STRING -> fault(HpackViolation.HUFFMAN_EOS);
            case Huffman.PADDING_INVALID -> fault(HpackViolation.HUFFMAN_PADDING);
            case Huffman.TOO_LONG -> fault(HpackViolation.LIST_FAR_TOO_LARGE);
            default -> end;
        };
    }

    /** Decodes an integer whose prefix has the bits of {@code mask} (RFC 7541 §5.1), or refuses. */
    private int integer(ByteBuffer block, int mask) {
        int value = block.get(blockAt++) & mask;
        return value < mask ? value : longInteger(block, mask);
    }

    private int longInteger(ByteBuffer block, int prefix) {
        int value = prefix;
        for (int shift = 0; shift < 7 * INTEGER_BYTES_MAX; shift += 7) {
            if (blockAt == blockEnd) {
                return fault(HpackViolation.TRUNCATED);
            }
            byte b = block.get(blockAt++);
            value += (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return fault(HpackViolation.INTEGER_TOO_LARGE);
    }

    private int fault(HpackViolation what) {
        violation = what;
        return FAULT;
    }

    private boolean refuse(HpackViolation what) {
        violation = what;
        return false;
    }
}
