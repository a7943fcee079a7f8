package dev.headgate.http.h2;

/**
 * The streams that we have reset lately: what the peer had sent before it knew is ignored, while anything else on a closed
 * stream is a fault (RFC 9113 §5.1). It remembers a bounded number, the oldest are forgotten first. How many frames are on
 * their way is not ours to bound, so from then on any stream up to the highest that was forgotten may have been reset.
 */
final class ResetMemory {
    private static final int COUNT = 128;
    private static final int[] NONE = new int[0];

    /** A ring; made at the first reset. */
    private int[] ids = NONE;

    private int added;
    private int forgottenId; // the highest

    void add(int id) {
        if (ids.length == 0) {
            ids = new int[COUNT];
        }
        int slot = added++ & COUNT - 1;
        forgottenId = Math.max(forgottenId, ids[slot]);
        ids[slot] = id;
    }

    /** Whether a stream that has been, and is over, was reset by us as far as we know; false only when it was not. */
    boolean mayContain(int id) {
        if (id <= forgottenId) {
            return true;
        }
        for (int known : ids) {
            if (known == id) {
                return true;
            }
        }
        return false;
    }
}
