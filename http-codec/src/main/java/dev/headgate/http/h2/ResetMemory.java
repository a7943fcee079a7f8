package dev.headgate.http.h2;

/**
 * The streams that we have reset lately: what the peer had sent before it knew is ignored, while anything else on a closed
 * stream is a fault (RFC 9113 §5.1). It remembers a bounded number, the oldest are forgotten first.
 */
final class ResetMemory {
    private static final int COUNT = 128;
    private static final int[] NONE = new int[0];

    /** A ring; made at the first reset. */
    private int[] ids = NONE;

    private int added;

    void add(int id) {
        if (ids.length == 0) {
            ids = new int[COUNT];
        }
        ids[added++ & COUNT - 1] = id;
    }

    boolean contains(int id) {
        for (int known : ids) {
            if (known == id) {
                return true;
            }
        }
        return false;
    }
}
