package dev.headgate.http.hpack;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSyntax;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The encoder's side of the dynamic table: the entries, and chains through them by hash of the name, newest first. A
 * chain is never mended when entries are evicted: these are the oldest, so that it ends at the first of them.
 */
final class EncoderTable {
    /** Answer of {@link #find}: there is no entry with this name. */
    static final int NONE = 0;

    private static final int BUCKETS = 32;
    private static final int BUCKET_SHIFT = 27;
    private static final int INITIAL = 16;
    private static final int[] NO_INTS = new int[0];

    private final DynamicTable entries;
    /** Per bucket: the number of the newest entry. Made at the first addition. */
    private int[] newest = NO_INTS;
    /** Per entry's number, as a ring: the hash of name and value. */
    private int[] hashes = NO_INTS;
    /** Per entry's number, as a ring: the number of the next older entry of the bucket. */
    private int[] older = NO_INTS;

    EncoderTable(int maxBytes) {
        entries = new DynamicTable(maxBytes);
    }

    void maxBytes(int bytes) {
        entries.maxBytes(bytes);
    }

    /** Hash of a name that has a number. */
    static int hashOfId(int id) {
        return (id + 1) * 0x9E3779B1;
    }

    /** Hash of a name that has none, letters in either case. */
    static int hashOfName(ByteBuffer source, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + FieldSyntax.lower(source.get(i));
        }
        return hash * 0x9E3779B1;
    }

    /**
     * Looks a field up.
     *
     * @param hash of name and value
     * @return the index of the field; the negative index of one with the same name; or {@link #NONE}
     */
    int find(
            int nameHash,
            int hash,
            int id,
            ByteBuffer source,
            int nameOffset,
            int nameLength,
            int valueOffset,
            int valueLength) {
        int count = entries.count();
        if (count == 0) {
            return NONE;
        }
        int nameIndex = NONE;
        int last = entries.added() - 1;
        int age = last - newest[nameHash >>> BUCKET_SHIFT];
        while (age >= 0 && age < count) {
            int slot = last - age & older.length - 1;
            if (isName(age, id, source, nameOffset, nameLength)) {
                int index = StaticTable.SIZE + 1 + age;
                if (hashes[slot] == hash && isValue(age, source, valueOffset, valueLength)) {
                    return index;
                }
                nameIndex = nameIndex == NONE ? -index : nameIndex;
            }
            age = last - older[slot];
        }
        return nameIndex;
    }

    /** Whether an entry of this size would leave most of the table to others. */
    boolean isWorthIts(int nameLength, int valueLength) {
        return nameLength + valueLength + DynamicTable.ENTRY_OVERHEAD <= entries.maxBytes() / 4;
    }

    void add(
            int nameHash,
            int hash,
            int id,
            ByteBuffer source,
            int nameOffset,
            int nameLength,
            int valueOffset,
            int valueLength) {
        int length = id == Field.UNKNOWN ? nameLength : HpackName.lowerName(id).length;
        int at = entries.add(length, valueLength, id, 0);
        if (at < 0) {
            return;
        }
        byte[] bytes = entries.bytes();
        if (id == Field.UNKNOWN) {
            for (int i = 0; i < length; i++) {
                bytes[at + i] = FieldSyntax.lower(source.get(nameOffset + i));
            }
        }
        source.get(valueOffset, bytes, at + length + 2, valueLength);
        link(nameHash, hash);
    }

    private void link(int nameHash, int hash) {
        int number = entries.added() - 1;
        if (entries.count() > hashes.length) {
            grow(number);
        }
        int slot = number & hashes.length - 1;
        int bucket = nameHash >>> BUCKET_SHIFT;
        hashes[slot] = hash;
        older[slot] = newest[bucket];
        newest[bucket] = number;
    }

    private void grow(int number) {
        if (hashes.length == 0) {
            newest = new int[BUCKETS];
            Arrays.fill(newest, -1);
            hashes = new int[INITIAL];
            older = new int[INITIAL];
            return;
        }
        var moreHashes = new int[hashes.length * 2];
        var moreOlder = new int[hashes.length * 2];
        for (int i = number - hashes.length; i != number; i++) {
            moreHashes[i & moreHashes.length - 1] = hashes[i & hashes.length - 1];
            moreOlder[i & moreHashes.length - 1] = older[i & hashes.length - 1];
        }
        hashes = moreHashes;
        older = moreOlder;
    }

    private boolean isName(int age, int id, ByteBuffer source, int nameOffset, int nameLength) {
        if (entries.id(age) != id) {
            return false;
        }
        if (id != Field.UNKNOWN) {
            return true;
        }
        if (entries.nameLength(age) != nameLength) {
            return false;
        }
        byte[] bytes = entries.bytes();
        int at = entries.offset(age);
        for (int i = 0; i < nameLength; i++) {
            if (bytes[at + i] != FieldSyntax.lower(source.get(nameOffset + i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isValue(int age, ByteBuffer source, int offset, int length) {
        if (entries.valueLength(age) != length) {
            return false;
        }
        byte[] bytes = entries.bytes();
        int at = entries.offset(age) + entries.nameLength(age) + 2;
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != source.get(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
