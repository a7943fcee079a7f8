package dev.headgate.http.h2;

/** Priorities of streams that have not begun yet (RFC 9218 §7.1): a few, the oldest are forgotten first. */
final class EarlyPriorities {
    static final int UNKNOWN = -1;

    private static final int COUNT = 16;
    private static final int[] NONE = new int[0];

    /** A ring of pairs, id and priority; made at the first. */
    private int[] pairs = NONE;

    private int added;

    void put(int id, int priority) {
        if (pairs.length == 0) {
            pairs = new int[2 * COUNT];
        }
        int at = indexOf(id);
        if (at < 0) {
            at = 2 * (added++ & COUNT - 1);
        }
        pairs[at] = id;
        pairs[at + 1] = priority;
    }

    /** The priority of a stream that begins now, or {@link #UNKNOWN}. */
    int get(int id) {
        int at = indexOf(id);
        return at < 0 ? UNKNOWN : pairs[at + 1];
    }

    private int indexOf(int id) {
        for (int at = 0; at < pairs.length; at += 2) {
            if (pairs[at] == id) {
                return at;
            }
        }
        return -1;
    }
}
