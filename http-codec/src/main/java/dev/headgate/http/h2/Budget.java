package dev.headgate.http.h2;

/** A number of things that may happen, which comes back with time: all of it within a time without any. */
final class Budget {
    private int left;
    private long refilledNs;

    Budget(int capacity, long nowNs) {
        left = capacity;
        refilledNs = nowNs;
    }

    /** Takes one; false when there is none. */
    boolean take(int capacity, long timeNs, long nowNs) {
        if (left < capacity) {
            refill(capacity, timeNs, nowNs);
        }
        if (left <= 0) {
            return false;
        }
        // The time runs from when it was full last.
        if (left >= capacity) {
            refilledNs = nowNs;
        }
        left--;
        return true;
    }

    void giveBack(int count, int capacity) {
        left = Math.min(capacity, left + count);
    }

    private void refill(int capacity, long timeNs, long nowNs) {
        long elapsedNs = nowNs - refilledNs;
        if (elapsedNs >= timeNs) {
            left = capacity;
            refilledNs = nowNs;
            return;
        }
        int count = (int) ((double) elapsedNs * capacity / timeNs);
        if (count > 0) {
            left = Math.min(capacity, left + count);
            refilledNs += (long) ((double) count * timeNs / capacity);
        }
    }
}
