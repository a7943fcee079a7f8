package dev.headgate.balancer;

/**
 * A small set of endpoint indexes, in ascending order: those that one exchange has tried. Owned by the exchange, not
 * thread-safe, reusable.
 *
 * <p>It lists indexes instead of marking bits, so that its size depends on the bounded number of attempts, not on the size
 * of the upstream.
 */
public final class EndpointSet {
    /** The most attempts an exchange may have; the configured number is checked against it. */
    public static final int ATTEMPTS_MAX = 16;

    /** Nothing tried yet: for the first attempt of an exchange that has no set of its own. Must not be added to. */
    public static final EndpointSet NONE = new EndpointSet(0);

    private final int[] indexes;
    private int count;

    public EndpointSet() {
        this(ATTEMPTS_MAX);
    }

    private EndpointSet(int capacity) {
        this.indexes = new int[capacity];
    }

    /** Adds an endpoint; adding one twice changes nothing. */
    public void add(int endpointIndex) {
        int at = count;
        while (at > 0 && indexes[at - 1] >= endpointIndex) {
            at--;
        }
        if (at < count && indexes[at] == endpointIndex) {
            return;
        }
        if (count == indexes.length) {
            throw new IllegalStateException("too many endpoints tried: limit=" + indexes.length);
        }
        System.arraycopy(indexes, at, indexes, at + 1, count - at);
        indexes[at] = endpointIndex;
        count++;
    }

    public boolean contains(int endpointIndex) {
        for (int i = 0; i < count; i++) {
            if (indexes[i] == endpointIndex) {
                return true;
            }
        }
        return false;
    }

    public void clear() {
        count = 0;
    }

    /** Becomes the same as {@code other}. */
    public void copyFrom(EndpointSet other) {
        System.arraycopy(other.indexes, 0, indexes, 0, other.count);
        count = other.count;
    }

    /** Whether no other can be added. */
    public boolean isFull() {
        return count == indexes.length;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public int count() {
        return count;
    }

    /** The {@code position}-th of the tried endpoints in ascending order. */
    public int at(int position) {
        assert position < count;
        return indexes[position];
    }
}
