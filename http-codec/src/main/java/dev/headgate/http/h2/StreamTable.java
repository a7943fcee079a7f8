package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/** The streams of a connection that are not closed, by id: open addressing, linear probing, no holes left by removals. */
final class StreamTable {
    private static final int INITIAL = 8;

    private @Nullable Http2Stream[] slots = new @Nullable Http2Stream[INITIAL];
    private int count;

    int count() {
        return count;
    }

    @Nullable
    Http2Stream get(int id) {
        @Nullable Http2Stream[] table = slots;
        int slot = home(id, table.length);
        while (true) {
            Http2Stream stream = table[slot];
            if (stream == null || stream.id == id) {
                return stream;
            }
            slot = slot + 1 & table.length - 1;
        }
    }

    /** Adds a stream whose id is not there yet. */
    void add(Http2Stream stream) {
        if (2 * (count + 1) > slots.length) {
            grow();
        }
        insert(slots, stream);
        count++;
    }

    /** Removes a stream that is there. */
    void remove(Http2Stream stream) {
        @Nullable Http2Stream[] table = slots;
        int mask = table.length - 1;
        int slot = home(stream.id, table.length);
        while (table[slot] != stream) {
            slot = slot + 1 & mask;
        }
        // Each stream behind moves into the hole unless that lies before its own place.
        int hole = slot;
        for (int i = hole + 1 & mask; ; i = i + 1 & mask) {
            Http2Stream other = table[i];
            if (other == null) {
                break;
            }
            int distance = i - home(other.id, table.length) & mask;
            if (distance >= (i - hole & mask)) {
                table[hole] = other;
                hole = i;
            }
        }
        table[hole] = null;
        count--;
    }

    /** How many places {@link #at} has; they change with additions and removals. */
    int capacity() {
        return slots.length;
    }

    /** The stream at a place, or null. */
    @Nullable
    Http2Stream at(int place) {
        return slots[place];
    }

    private void grow() {
        var larger = new @Nullable Http2Stream[slots.length * 2];
        for (Http2Stream stream : slots) {
            if (stream != null) {
                insert(larger, stream);
            }
        }
        slots = larger;
    }

    private static void insert(@Nullable Http2Stream[] table, Http2Stream stream) {
        int slot = home(stream.id, table.length);
        while (table[slot] != null) {
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = stream;
    }

    /** Ids of one side are consecutive odd numbers: halved, they fill the table without a gap. */
    private static int home(int id, int length) {
        return id >>> 1 & length - 1;
    }
}
