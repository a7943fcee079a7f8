package dev.headgate.balancer.breaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which loops wait for something of which there is none at the moment, such as a permit. One bit per loop, in one atomic word
 * for each 64 loops.
 *
 * <p>Nobody waits in vain if both sides keep to this order:
 * <pre>
 *  who waits                          who has something to give
 *   1. adds its loop                   1. releases the permit
 *   2. tries to take a permit again    2. looks who waits, and wakes one
 * </pre>
 * All four are atomic accesses with a total order. If the second try of the one side comes before the release of the other,
 * then so does its bit before the other's look. What is released without such an access (a connection that becomes idle, a
 * spare permit of a loop) is found only by a loop that knows of the bit: so whoever waits tells the other loops once.
 *
 * <p>A bit stays until its loop removes it, be it that the loop has been woken. Called by all loops; allocates nothing.
 */
public final class WaitingLoops {
    /** What {@link #next} answers when no further loop waits. */
    public static final int NONE = -1;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    // The words have their pair of cache lines to themselves: they are read much more often than written.
    private static final int FIRST = 16;
    private final long[] cells;
    private final int words;

    public WaitingLoops(int loopCount) {
        if (loopCount < 1) {
            throw new IllegalArgumentException("loopCount must be positive: " + loopCount);
        }
        this.words = (loopCount + Long.SIZE - 1) / Long.SIZE;
        this.cells = new long[FIRST + words + FIRST];
    }

    /** The loop waits from now on. */
    public void add(int loop) {
        long unused = (long) CELL.getAndBitwiseOr(cells, index(loop), bit(loop));
    }

    /** The loop waits no more. */
    public void remove(int loop) {
        long unused = (long) CELL.getAndBitwiseAnd(cells, index(loop), ~bit(loop));
    }

    public boolean contains(int loop) {
        return ((long) CELL.getVolatile(cells, index(loop)) & bit(loop)) != 0;
    }

    public boolean isAnyone() {
        for (int word = 0; word < words; word++) {
            if ((long) CELL.getVolatile(cells, FIRST + word) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a loop other than {@code loop} waits. */
    public boolean isAnotherThan(int loop) {
        for (int word = 0; word < words; word++) {
            long bits = (long) CELL.getVolatile(cells, FIRST + word);
            long others = FIRST + word == index(loop) ? bits & ~bit(loop) : bits;
            if (others != 0) {
                return true;
            }
        }
        return false;
    }

    /** The first loop from {@code from} on that waits, or {@link #NONE}. */
    public int next(int from) {
        for (int word = from / Long.SIZE; word < words; word++) {
            long bits = (long) CELL.getVolatile(cells, FIRST + word);
            if (word == from / Long.SIZE) {
                bits &= -1L << from; // of its lower six bits
            }
            if (bits != 0) {
                return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
            }
        }
        return NONE;
    }

    private static int index(int loop) {
        return FIRST + loop / Long.SIZE;
    }

    private static long bit(int loop) {
        return 1L << loop; // of its lower six bits
    }
}
