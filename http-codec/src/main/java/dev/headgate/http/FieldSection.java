package dev.headgate.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The field lines of one head or trailer section, as an index over bytes that lie elsewhere. Removal marks a line,
 * addition appends one to the store; no line is moved but by {@link #closeGaps}, and no text becomes a {@code String}
 * unless it is asked for.
 *
 * <p>The bytes are first those of the buffer that was decoded, lent until the caller's call ends; {@code retain} of the
 * head copies them to a store of the caller's and from then on lines can be added. All offsets that methods return are
 * absolute indexes into {@link #bytes()}.
 *
 * <p>An entry is two words: {@code nameOffset:32 valueOffset:32} and {@code nameLength:16 flags:8 id:8 valueLength:32}.
 */
public final class FieldSection {
    private static final int REMOVED = 1;
    private static final int CANONICAL = 2;
    private static final int NEVER_INDEXED = 4;
    private static final int FLAGS_SHIFT = 40;
    private static final int ID_SHIFT = 32;
    private static final int NAME_LENGTH_SHIFT = 48;
    /** Colon, space, CR and LF. */
    private static final int LINE_MARKS_BYTES = 4;

    private static final int INITIAL_COUNT = 24;
    private static final long[] NO_INDEX = new long[0];
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    /** Made at the first line: sections that never get one, such as most trailers, cost little. */
    private long[] index = NO_INDEX;

    private int count;
    /** One bit per {@link Field} id that a live line has; bit 0 stands for all unknown names. */
    private long present;

    private ByteBuffer bytes = NO_BYTES;
    /** Where offset zero of the index lies in {@link #bytes}. */
    private int base;
    /** Whether {@link #bytes} is a store that lines may be appended to. */
    private boolean isStore;

    private int appendOffset;
    /** The id and value start of an addition in progress. */
    private int addId;

    private int addLineOffset;
    private int addValueOffset;

    /** An empty section over no bytes. */
    public FieldSection() {}

    // Reading

    /** How many entries there are, removed ones included; entries are numbered from zero. */
    public int count() {
        return count;
    }

    /** Whether entry {@code i} has not been removed. */
    public boolean isLive(int i) {
        return (index[2 * i + 1] >>> FLAGS_SHIFT & REMOVED) == 0;
    }

    /** The {@link Field} number of entry {@code i}'s name. */
    public int id(int i) {
        return (int) (index[2 * i + 1] >>> ID_SHIFT) & 0xFF;
    }

    /** Whether entry {@code i} lies in the bytes exactly as {@code name ": " value CRLF}. */
    public boolean isCanonicalLine(int i) {
        return (index[2 * i + 1] >>> FLAGS_SHIFT & CANONICAL) != 0;
    }

    /** Whether entry {@code i} came as a literal that no hop may put into a compression table (RFC 7541 §6.2.3). */
    public boolean isNeverIndexed(int i) {
        return (index[2 * i + 1] >>> FLAGS_SHIFT & NEVER_INDEXED) != 0;
    }

    public int nameOffset(int i) {
        return base + (int) (index[2 * i] >>> 32);
    }

    public int nameLength(int i) {
        return (int) (index[2 * i + 1] >>> NAME_LENGTH_SHIFT);
    }

    public int valueOffset(int i) {
        return base + (int) index[2 * i];
    }

    public int valueLength(int i) {
        return (int) index[2 * i + 1];
    }

    /** The bytes that offsets point into; its position and limit mean nothing. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Whether a live entry has this known name. */
    public boolean contains(int id) {
        return (present >>> id & 1) != 0;
    }

    /** The ids of all live entries as a mask, bit 0 standing for unknown names. */
    public long presentMask() {
        return present;
    }

    /** The first live entry with this known name, or −1. */
    public int find(int id) {
        return contains(id) ? findNext(id, -1) : -1;
    }

    /** The first live entry with this known name behind entry {@code after}, or −1. */
    public int findNext(int id, int after) {
        for (int i = after + 1; i < count; i++) {
            if (id(i) == id && isLive(i)) {
                return i;
            }
        }
        return -1;
    }

    /** The first live entry with this name, or −1. */
    public int find(byte[] lowerCaseName) {
        return findNext(lowerCaseName, -1);
    }

    /** The first live entry with this name behind entry {@code after}, or −1. */
    public int findNext(byte[] lowerCaseName, int after) {
        for (int i = after + 1; i < count; i++) {
            if (isLive(i) && nameEquals(i, lowerCaseName)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether entry {@code i} has this name, letters in either case. */
    public boolean nameEquals(int i, byte[] lowerCaseName) {
        return FieldSyntax.equalsIgnoreCase(bytes, nameOffset(i), nameLength(i), lowerCaseName);
    }

    /** Whether entry {@code i} has this value, letters in either case. */
    public boolean valueEqualsIgnoreCase(int i, byte[] lowerCaseValue) {
        return FieldSyntax.equalsIgnoreCase(bytes, valueOffset(i), valueLength(i), lowerCaseValue);
    }

    /** Entry {@code i}'s name as text, for cold paths. */
    public String name(int i) {
        return text(nameOffset(i), nameLength(i));
    }

    /** Entry {@code i}'s value as text, one character per byte, for cold paths. */
    public String value(int i) {
        return text(valueOffset(i), valueLength(i));
    }

    // Removing

    /** Removes entry {@code i}; its number stays taken. */
    public void remove(int i) {
        index[2 * i + 1] |= (long) REMOVED << FLAGS_SHIFT;
        int id = id(i);
        if (findNext(id, -1) < 0) {
            present &= ~(1L << id);
        }
    }

    /** Removes every entry with this known name. */
    public void removeAll(int id) {
        if (!contains(id)) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (id(i) == id) {
                index[2 * i + 1] |= (long) REMOVED << FLAGS_SHIFT;
            }
        }
        present &= ~(1L << id);
    }

    /** Removes every entry with this name. */
    public void removeAll(byte[] lowerCaseName) {
        for (int i = findNext(lowerCaseName, -1); i >= 0; i = findNext(lowerCaseName, i)) {
            remove(i);
        }
    }

    /** Removes every entry whose name is the {@code length} bytes at {@code offset} of {@code source}, in either case. */
    public void removeAll(ByteBuffer source, int offset, int length) {
        for (int i = 0; i < count; i++) {
            if (nameLength(i) == length && isLive(i) && sameName(i, source, offset)) {
                remove(i);
            }
        }
    }

    // Shortening

    /** Leaves the first {@code length} bytes of entry {@code i}'s value in place of it all. */
    public void shortenValue(int i, int length) {
        requireStore();
        if (length < 0 || length > valueLength(i)) {
            throw new IllegalArgumentException("not shorter: from=" + valueLength(i) + ", to=" + length);
        }
        long canonical = (long) CANONICAL << FLAGS_SHIFT; // The end of the line is not where it was.
        index[2 * i + 1] = index[2 * i + 1] & ~canonical & ~0xFFFF_FFFFL | length;
    }

    // Adding

    /**
     * Appends a line with a known name.
     *
     * @return false, with nothing changed, when the store has no room or the value cannot be written as it is
     */
    public boolean add(int id, byte[] value, int offset, int length) {
        ByteBuffer out = beginAdd(id);
        if (out.remaining() < length) {
            return false;
        }
        out.put(value, offset, length);
        return endAdd();
    }

    /** Appends a line with a known name, the value being {@code length} bytes at index {@code offset} of {@code source}. */
    public boolean add(int id, ByteBuffer source, int offset, int length) {
        ByteBuffer out = beginAdd(id);
        if (out.remaining() < length) {
            return false;
        }
        out.put(out.position(), source, offset, length);
        out.position(out.position() + length);
        return endAdd();
    }

    /** Appends a line; the name is written as given, and refused when it is not a token. */
    public boolean add(byte[] wireName, byte[] value) {
        if (!FieldSyntax.isToken(wireName)) {
            return false;
        }
        ByteBuffer out = beginAdd(Field.UNKNOWN, wireName);
        if (out.remaining() < value.length) {
            return false;
        }
        out.put(value);
        addId = Field.idOf(bytes, addLineOffset, wireName.length);
        return endAdd();
    }

    /**
     * Appends whole lines, which the caller then enters one by one with {@link #append}.
     *
     * @return the index of their first byte; −1, with nothing changed, when the store has no room
     */
    public int addBytes(byte[] lines, int length) {
        int offset = reserve(length);
        if (offset >= 0) {
            bytes.put(offset, lines, 0, length);
        }
        return offset;
    }

    /** As {@link #addBytes(byte[], int)}, from index {@code offset} of {@code source}. */
    public int addBytes(ByteBuffer source, int offset, int length) {
        int target = reserve(length);
        if (target >= 0) {
            bytes.put(target, source, offset, length);
        }
        return target;
    }

    /** Bytes that {@link #addAll} appends for this section. */
    public int lineBytes() {
        int length = 0;
        for (int i = 0; i < count; i++) {
            length += isLive(i) ? nameLength(i) + valueLength(i) + LINE_MARKS_BYTES : 0;
        }
        return length;
    }

    /**
     * Appends all live lines of another section, in their order.
     *
     * @return false when the store has no room: those before are there
     */
    public boolean addAll(FieldSection other) {
        for (int i = 0; i < other.count; i++) {
            if (other.isLive(i) && !addLine(other, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean addLine(FieldSection other, int i) {
        int nameLength = other.nameLength(i);
        int valueLength = other.valueLength(i);
        int line = reserve(nameLength + valueLength + LINE_MARKS_BYTES);
        if (line < 0) {
            return false;
        }
        int value = line + nameLength + 2;
        bytes.put(line, other.bytes, other.nameOffset(i), nameLength);
        bytes.put(value - 2, (byte) ':').put(value - 1, (byte) ' ');
        bytes.put(value, other.bytes, other.valueOffset(i), valueLength);
        bytes.put(value + valueLength, (byte) '\r').put(value + valueLength + 1, (byte) '\n');
        append(line, nameLength, value, valueLength, other.id(i), true);
        if (other.isNeverIndexed(i)) {
            neverIndex(count - 1);
        }
        return true;
    }

    /**
     * Starts a line with a known name.
     *
     * @return the store, positioned where the value goes and limited to the room there is (none when not even the name
     *         fits); lent until {@link #endAdd}, which must follow before anything else is asked of the section
     */
    public ByteBuffer beginAdd(int id) {
        return beginAdd(id, Field.wireName(id));
    }

    /**
     * Ends the line begun by {@link #beginAdd}: the value is what lies before the store's position.
     *
     * @return false, with nothing changed, when there was no room or the value cannot be written as it is
     */
    public boolean endAdd() {
        int end = bytes.position();
        bytes.clear();
        int valueLength = end - addValueOffset;
        if (addValueOffset < 0 || !FieldSyntax.isValue(bytes, addValueOffset, valueLength)) {
            return false;
        }
        bytes.put(end, (byte) '\r').put(end + 1, (byte) '\n');
        appendOffset = end + 2;
        append(addLineOffset, addValueOffset - 2 - addLineOffset, addValueOffset, valueLength, addId, true);
        return true;
    }

    /**
     * Starts an empty section whose lines are built in {@code store}, which the section uses whole until it is cleared.
     */
    public void startIn(ByteBuffer store) {
        clear();
        retainIn(store, 0);
    }

    /** Bytes of the store in use; what is appended comes behind them. */
    public int appendOffset() {
        return appendOffset;
    }

    /** Forgets the lines and the bytes, keeps the capacity. */
    public void clear() {
        count = 0;
        present = 0;
        bytes = NO_BYTES;
        base = 0;
        isStore = false;
        appendOffset = 0;
    }

    // For decoders and heads

    /** Points the section at a buffer that is lent; {@code base} is the index of the head's first byte in it. */
    public void bind(ByteBuffer lent, int base) {
        this.bytes = lent;
        this.base = base;
    }

    /** Forgets the lent buffer, keeps the lines for the next {@link #bind}. */
    public void unbind() {
        bytes = NO_BYTES;
        base = 0;
    }

    /** Adds an entry for a line in the bytes; offsets count from the base. */
    public void append(
            int nameOffset, int nameLength, int valueOffset, int valueLength, int id, boolean canonicalLine) {
        if (2 * count == index.length) {
            index = Arrays.copyOf(index, Math.max(2 * INITIAL_COUNT, 2 * index.length));
        }
        long flags = canonicalLine ? CANONICAL : 0;
        index[2 * count] = (long) nameOffset << 32 | valueOffset;
        index[2 * count + 1] =
                (long) nameLength << NAME_LENGTH_SHIFT | flags << FLAGS_SHIFT | (long) id << ID_SHIFT | valueLength;
        present |= 1L << id;
        count++;
    }

    /**
     * Moves the live lines from index {@code from} on, all of them canonical and in order, up to each other, so that no bytes of removed
     * ones lie between them.
     *
     * @return the index behind the last one
     */
    public int closeGaps(int from) {
        int to = from;
        for (int i = 0; i < count; i++) {
            int offset = nameOffset(i);
            if (offset >= from && isLive(i)) {
                int length = nameLength(i) + valueLength(i) + LINE_MARKS_BYTES;
                bytes.put(to, bytes, offset, length);
                index[2 * i] = (long) (to - base) << 32 | to - base + nameLength(i) + 2;
                to += length;
            }
        }
        return to;
    }

    /** Marks entry {@code i} as one that no hop may put into a compression table. */
    public void neverIndex(int i) {
        index[2 * i + 1] |= (long) NEVER_INDEXED << FLAGS_SHIFT;
    }

    /** Copies {@code length} bytes from the base to the start of {@code store} and makes it the bytes. */
    void retainIn(ByteBuffer store, int length) {
        store.clear();
        store.put(0, bytes, base, length);
        bytes = store;
        base = 0;
        isStore = true;
        appendOffset = length;
    }

    int base() {
        return base;
    }

    /** Reserves {@code length} bytes at the append end for a head's own use, or returns −1 when there is no room. */
    int reserve(int length) {
        requireStore();
        if (length > bytes.capacity() - appendOffset) {
            return -1;
        }
        int offset = appendOffset;
        appendOffset += length;
        return offset;
    }

    private ByteBuffer beginAdd(int id, byte[] wireName) {
        requireStore();
        int room = bytes.capacity() - appendOffset - wireName.length - 4;
        addId = id;
        addLineOffset = appendOffset;
        if (room < 0) {
            addValueOffset = -1;
            return bytes.position(0).limit(0);
        }
        addValueOffset = appendOffset + wireName.length + 2;
        bytes.clear();
        bytes.put(appendOffset, wireName);
        bytes.put(addValueOffset - 2, (byte) ':').put(addValueOffset - 1, (byte) ' ');
        return bytes.limit(addValueOffset + room).position(addValueOffset);
    }

    private void requireStore() {
        if (!isStore) {
            throw new IllegalStateException("field section is over a lent buffer: retain the head before changing it");
        }
    }

    private boolean sameName(int i, ByteBuffer source, int offset) {
        int nameOffset = nameOffset(i);
        for (int k = nameLength(i) - 1; k >= 0; k--) {
            if (FieldSyntax.lower(bytes.get(nameOffset + k)) != FieldSyntax.lower(source.get(offset + k))) {
                return false;
            }
        }
        return true;
    }

    private String text(int offset, int length) {
        var copy = new byte[length];
        bytes.get(offset, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (isLive(i)) {
                text.append(name(i)).append(": ").append(value(i)).append('\n');
            }
        }
        return text.toString();
    }
}
