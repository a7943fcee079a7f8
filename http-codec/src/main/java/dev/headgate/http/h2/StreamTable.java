package dev.headgate.http.h2;

import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection that are not closed, by id: open addressing, linear probing, no holes left by removals. A
 * client chooses its ids, so their places follow from a number that it does not know.
 */
final class StreamTable {
    private static final int INITIAL_BITS = 3;

    /** Odd; with one drawn at random, any two ids have one place as seldom as two numbers drawn at random. */
    private final int multiplier;

    private @Nullable Http2Stream[] slots = new @Nullable Http2Stream[1 << INITIAL_BITS];
    private int shift = Integer.SIZE - INITIAL_BITS;
    private int count;

    // All of them in the order in which they came, which their places say nothing of.
    private @Nullable Http2Stream oldest;
    private @Nullable Http2Stream newest;

    /**
     * An empty table.
     *
     * @param seed what no client can foresee, such as the nanosecond of its arrival
     */
    StreamTable(long seed) {
        long mixed = seed + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        multiplier = (int) (mixed ^ mixed >>> 31) | 1;
    }

    int count() {
        return count;
    }

    @Nullable
    Http2Stream get(int id) {
        @Nullable Http2Stream[] table = slots;
        int slot = home(id);
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
        Http2Stream before = newest;
        stream.openedBefore = before;
        stream.openedNext = null;
        if (before == null) {
            oldest = stream;
        } else {
            before.openedNext = stream;
        }
        newest = stream;
    }

    /** Removes a stream that is there. */
    void remove(Http2Stream stream) {
        @Nullable Http2Stream[] table = slots;
        int mask = table.length - 1;
        int slot = home(stream.id);
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
            int distance = i - home(other.id) & mask;
            if (distance >= (i - hole & mask)) {
                table[hole] = other;
                hole = i;
            }
        }
        table[hole] = null;
        count--;
        unlink(stream);
    }

    private void unlink(Http2Stream stream) {
        Http2Stream before = stream.openedBefore;
        Http2Stream behind = stream.openedNext;
        if (before == null) {
            oldest = behind;
        } else {
            before.openedNext = behind;
        }
        if (behind == null) {
            newest = before;
        } else {
            behind.openedBefore = before;
        }
        stream.openedBefore = null;
        stream.openedNext = null;
    }

    /** The stream that has been open for longest; {@link Http2Stream#openedNext} follows. */
    @Nullable
    Http2Stream oldest() {
        return oldest;
    }

    private void grow() {
        var larger = new @Nullable Http2Stream[slots.length * 2];
        shift--;
        for (Http2Stream stream : slots) {
            if (stream != null) {
                insert(larger, stream);
            }
        }
        slots = larger;
    }

    private void insert(@Nullable Http2Stream[] table, Http2Stream stream) {
        int slot = home(stream.id);
        while (table[slot] != null) {
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = stream;
    }

    private int home(int id) {
        return id * multiplier >>> shift;
    }
}
