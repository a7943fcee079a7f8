package dev.headgate.balancer.breaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bounds how many of something there are at once, over all loops, exactly: the n-th is granted and the next refused at once,
 * whichever loops ask.
 *
 * <p>One atomic word that is written twice for each. That is right for what is rare: connections, waiting requests, retries.
 * Requests themselves go by {@link RequestPermits}.
 *
 * <p>Called by all loops; allocates nothing.
 */
public final class Permits {
    /** A limit that is never reached. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);

    // Both alone in their pair of cache lines: the limit is read when others' permits change hands.
    private static final int LIMIT_INDEX = 32;
    private static final int TAKEN_INDEX = 64;
    private final int[] cells = new int[96];

    public Permits(int limit) {
        setLimit(limit);
    }

    /** Sets another limit, from any thread. What is granted beyond a lower one stays so until it is released. */
    public void setLimit(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative: " + limit);
        }
        CELL.setVolatile(cells, LIMIT_INDEX, limit); // likewise: who raises it looks who waits
    }

    /** Takes a permit if there is one. Who gets it must {@link #release} it exactly once, on any loop. */
    public boolean tryTake() {
        return take(1) == 1;
    }

    /** Takes as many as there are, up to {@code wanted}. */
    int take(int wanted) {
        while (true) {
            int taken = (int) CELL.getVolatile(cells, TAKEN_INDEX); // see WaitingLoops
            int granted = Math.min(wanted, limit() - taken);
            if (granted <= 0) {
                return 0;
            }
            if (CELL.weakCompareAndSet(cells, TAKEN_INDEX, taken, taken + granted)) {
                return granted;
            }
        }
    }

    public void release() {
        release(1);
    }

    void release(int count) {
        int before = (int) CELL.getAndAdd(cells, TAKEN_INDEX, -count);
        assert before >= count : "released more than was taken: taken=" + before + ", released=" + count;
    }

    /** Whether there is one to be taken at the moment. */
    public boolean isAnyLeft() {
        return (int) CELL.getVolatile(cells, TAKEN_INDEX) < limit();
    }

    public int limit() {
        return (int) CELL.getVolatile(cells, LIMIT_INDEX);
    }

    public int taken() {
        return (int) CELL.getOpaque(cells, TAKEN_INDEX);
    }
}
