package dev.headgate.http.hpack;

import java.util.Arrays;

/**
 * The table that both ends of a connection keep (RFC 7541 §2.3.2, §4): a ring of lines, name, colon, space, value, CRLF,
 * so that an indexed field is copied at once, and a ring of words that say where each line is.
 *
 * <p>A line is never split. Twice the table's size of bytes is always enough for that: the lines themselves, which are
 * shorter than they are counted, with one gap at the end of the bytes that is shorter than the line put before it. Both
 * rings begin small and grow with what comes.
 *
 * <p>A word is {@code offset:20 nameLength:16 valueLength:16 id:7 flags:4}.
 */
final class DynamicTable {
    /** What an entry counts beside its name and value (RFC 7541 §4.1). */
    static final int ENTRY_OVERHEAD = 32;
    /** What a line has beside its name and value. */
    static final int LINE_OVERHEAD = 4;
    /** No table is larger: offsets and lengths are kept in few bits. */
    static final int SIZE_MAX = 64 << 10;

    private static final int OFFSET_SHIFT = 43;
    private static final int NAME_SHIFT = 27;
    private static final int VALUE_SHIFT = 11;
    private static final int ID_SHIFT = 4;
    private static final int LENGTH_MASK = 0xFFFF;
    private static final int ID_MASK = 0x7F;
    private static final int FLAGS_MASK = 0xF;

    private static final int BYTES_INITIAL = 512;
    private static final int ENTRIES_INITIAL = 16;
    private static final byte[] NO_BYTES = new byte[0];
    private static final long[] NO_INDEX = new long[0];

    private byte[] bytes = NO_BYTES;
    private long[] index = NO_INDEX;
    /** How many entries there have ever been; the newest has the number before. */
    private int added;

    private int count;
    private int sizeBytes;
    private int maxBytes;
    /** Behind the newest line. */
    private int head;

    DynamicTable(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    int count() {
        return count;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** How many entries there have ever been. */
    int added() {
        return added;
    }

    /** The bytes that offsets point into; others after an addition. */
    byte[] bytes() {
        return bytes;
    }

    // Entries by age, the newest being zero

    int offset(int age) {
        return (int) (word(age) >>> OFFSET_SHIFT);
    }

    int nameLength(int age) {
        return (int) (word(age) >>> NAME_SHIFT) & LENGTH_MASK;
    }

    int valueLength(int age) {
        return (int) (word(age) >>> VALUE_SHIFT) & LENGTH_MASK;
    }

    int id(int age) {
        return (int) (word(age) >>> ID_SHIFT) & ID_MASK;
    }

    int flags(int age) {
        return (int) word(age) & FLAGS_MASK;
    }

    private long word(int age) {
        return index[added - 1 - age & index.length - 1];
    }

    /** Changes the size that is allowed, and evicts what is beyond (RFC 7541 §4.3). */
    void maxBytes(int newMaxBytes) {
        maxBytes = newMaxBytes;
        evictTo(newMaxBytes);
        if (newMaxBytes == 0) {
            bytes = NO_BYTES;
            index = NO_INDEX;
            head = 0;
        }
    }

    /**
     * Adds an entry and evicts others for it; one that is larger than the table empties it (RFC 7541 §4.4).
     *
     * @return where its line goes in {@link #bytes}, which the caller then writes; −1 when it was too large
     */
    int add(int nameLength, int valueLength, int id, int flags) {
        int size = nameLength + valueLength + ENTRY_OVERHEAD;
        evictTo(Math.max(0, maxBytes - size));
        if (size > maxBytes) {
            return -1;
        }
        int lineLength = nameLength + valueLength + LINE_OVERHEAD;
        int at = place(lineLength);
        if (count == index.length) {
            growIndex();
        }
        index[added & index.length - 1] = (long) at << OFFSET_SHIFT
                | (long) nameLength << NAME_SHIFT
                | (long) valueLength << VALUE_SHIFT
                | (long) id << ID_SHIFT
                | flags;
        added++;
        count++;
        sizeBytes += size;
        head = at + lineLength;
        return at;
    }

    private void evictTo(int limitBytes) {
        while (sizeBytes > limitBytes) {
            int oldest = count - 1;
            sizeBytes -= nameLength(oldest) + valueLength(oldest) + ENTRY_OVERHEAD;
            count = oldest;
        }
    }

    /** Where a line of this length goes; makes room for it. */
    private int place(int length) {
        if (count == 0) {
            head = 0;
            return length <= bytes.length ? 0 : grow(length);
        }
        int tail = offset(count - 1);
        boolean isWrapped = head <= tail;
        if (length <= (isWrapped ? tail : bytes.length) - head) {
            return head;
        }
        return !isWrapped && length <= tail ? 0 : grow(length);
    }

    /** Moves all lines to larger bytes, the oldest first, and returns where the next one goes. */
    private int grow(int length) {
        int live = sizeBytes - count * (ENTRY_OVERHEAD - LINE_OVERHEAD);
        int capacity = Math.max(Math.max(BYTES_INITIAL, bytes.length * 2), live + length);
        var larger = new byte[Math.min(capacity, 2 * Math.max(maxBytes, BYTES_INITIAL))];
        int at = 0;
        for (int age = count - 1; age >= 0; age--) {
            int lineLength = nameLength(age) + valueLength(age) + LINE_OVERHEAD;
            System.arraycopy(bytes, offset(age), larger, at, lineLength);
            int slot = added - 1 - age & index.length - 1;
            index[slot] = index[slot] & (1L << OFFSET_SHIFT) - 1 | (long) at << OFFSET_SHIFT;
            at += lineLength;
        }
        bytes = larger;
        return at;
    }

    /** Numbers stay, places change with the ring's length. */
    private void growIndex() {
        if (index.length == 0) {
            index = new long[ENTRIES_INITIAL];
            return;
        }
        long[] larger = Arrays.copyOf(index, index.length * 2);
        for (int number = added - count; number != added; number++) {
            larger[number & larger.length - 1] = index[number & index.length - 1];
        }
        index = larger;
    }
}
