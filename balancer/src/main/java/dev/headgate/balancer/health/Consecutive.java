package dev.headgate.balancer.health;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failures in a row of one endpoint, over all loops.
 *
 * <p>All loops change one word by compare-and-exchange, so that exactly one of them sees a threshold being crossed:
 * <pre>
 *  63            48 47            32 31            16 15             0
 *  | connect       | local         | gateway       | failures       |      each in a row
 * </pre>
 * A success only reads while the word is zero: an endpoint that does well has no line that its loops contend for.
 *
 * <p>A count that goes on after its threshold is reported again each time that it has grown by the threshold once more. So an
 * endpoint that could not be ejected at first (too many others were) is not forgotten, and neither is one whose report was
 * lost: {@link #crossed} tells whoever missed it.
 *
 * <p>Called by all loops; allocates nothing.
 */
public final class Consecutive {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int FAILURES_SHIFT = 0;
    private static final int GATEWAY_SHIFT = 16;
    private static final int LOCAL_SHIFT = 32;
    private static final int CONNECT_SHIFT = 48;
    private static final int COUNT_MASK = 0xFFFF; // twice the highest threshold fits

    private static final int INDEX = 16; // alone in its pair of cache lines
    private final long[] cell = new long[2 * INDEX + 1];

    private final int failuresMax;
    private final int gatewayMax;
    private final int localMax;
    private final boolean localIsApart;

    public Consecutive(ConsecutiveSettings settings) {
        failuresMax = settings.failures();
        gatewayMax = settings.gatewayFailures();
        localMax = settings.localFailures();
        localIsApart = settings.local() == ConsecutiveSettings.Local.APART;
    }

    /**
     * An attempt against the endpoint has ended.
     *
     * @return what has to be reported, by this caller alone, or null
     */
    public @Nullable EjectionReason onOutcome(Outcome outcome) {
        if (outcome == Outcome.SUCCESS) {
            onSuccess();
            return null;
        }
        while (true) {
            long seen = (long) CELL.getAcquire(cell, INDEX);
            long counted = counted(seen, outcome);
            if (CELL.weakCompareAndSet(cell, INDEX, seen, folded(counted))) {
                return firstReached(counted, outcome);
            }
        }
    }

    /** The endpoint has answered well. */
    public void onSuccess() {
        if ((long) CELL.getOpaque(cell, INDEX) != 0) {
            reset();
        }
    }

    /** Begins to count anew: the endpoint has come back, or is taken for well again. */
    public void reset() {
        CELL.setRelease(cell, INDEX, 0L);
    }

    /** What has been crossed and not been reset or followed by a success since, or null. */
    public @Nullable EjectionReason crossed() {
        long word = (long) CELL.getAcquire(cell, INDEX);
        if (isReached(word, LOCAL_SHIFT, localMax)) {
            return named(EjectionReason.CONSECUTIVE_LOCAL_FAILURES, word, localMax);
        }
        if (isReached(word, GATEWAY_SHIFT, gatewayMax)) {
            return named(EjectionReason.CONSECUTIVE_GATEWAY_FAILURES, word, gatewayMax);
        }
        if (isReached(word, FAILURES_SHIFT, failuresMax)) {
            return named(EjectionReason.CONSECUTIVE_FAILURES, word, failuresMax);
        }
        return null;
    }

    /** Whether the last attempts, as many as the threshold that they crossed, could not even connect. */
    public boolean isUnreachable() {
        return crossed() == EjectionReason.CONSECUTIVE_CONNECT_FAILURES;
    }

    private long counted(long word, Outcome outcome) {
        int failures = count(word, FAILURES_SHIFT);
        int gateway = count(word, GATEWAY_SHIFT);
        int local = count(word, LOCAL_SHIFT);
        int connect = count(word, CONNECT_SHIFT);
        return switch (outcome) {
            case SUCCESS -> 0;
            case SERVER_ERROR -> word(failures + 1, 0, 0, 0);
            case GATEWAY_ERROR -> word(failures + 1, gateway + 1, 0, 0);
            case CONNECT_FAILED -> localFailure(failures, gateway, local, Math.min(connect + 1, COUNT_MASK));
            case CONNECTION_LOST -> localFailure(failures, gateway, local, 0);
        };
    }

    private long localFailure(int failures, int gateway, int local, int connect) {
        return localIsApart
                ? word(failures, gateway, local + 1, connect)
                : word(failures + 1, gateway + 1, local + 1, connect);
    }

    /** The word as it is kept: a count that has reached twice its threshold is back at it, one without stays zero. */
    private long folded(long word) {
        return word(
                folded(count(word, FAILURES_SHIFT), failuresMax),
                folded(count(word, GATEWAY_SHIFT), gatewayMax),
                folded(count(word, LOCAL_SHIFT), localMax),
                count(word, CONNECT_SHIFT));
    }

    private static int folded(int count, int threshold) {
        return threshold == 0 ? 0 : count == 2 * threshold ? threshold : count;
    }

    private @Nullable EjectionReason firstReached(long word, Outcome outcome) {
        boolean isLocal = outcome == Outcome.CONNECT_FAILED || outcome == Outcome.CONNECTION_LOST;
        boolean isServers = !isLocal || !localIsApart;
        if (isLocal && isJustReached(count(word, LOCAL_SHIFT), localMax)) {
            return named(EjectionReason.CONSECUTIVE_LOCAL_FAILURES, word, localMax);
        }
        if (isServers && isJustReached(count(word, GATEWAY_SHIFT), gatewayMax)) {
            return named(EjectionReason.CONSECUTIVE_GATEWAY_FAILURES, word, gatewayMax);
        }
        if (isServers && isJustReached(count(word, FAILURES_SHIFT), failuresMax)) {
            return named(EjectionReason.CONSECUTIVE_FAILURES, word, failuresMax);
        }
        return null;
    }

    private static boolean isJustReached(int count, int threshold) {
        return threshold > 0 && (count == threshold || count == 2 * threshold);
    }

    private static boolean isReached(long word, int shift, int threshold) {
        return threshold > 0 && count(word, shift) >= threshold;
    }

    private static EjectionReason named(EjectionReason reason, long word, int threshold) {
        return count(word, CONNECT_SHIFT) >= threshold ? EjectionReason.CONSECUTIVE_CONNECT_FAILURES : reason;
    }

    private static int count(long word, int shift) {
        return (int) (word >>> shift) & COUNT_MASK;
    }

    private static long word(int failures, int gateway, int local, int connect) {
        return (long) connect << CONNECT_SHIFT
                | (long) local << LOCAL_SHIFT
                | (long) gateway << GATEWAY_SHIFT
                | (long) failures << FAILURES_SHIFT;
    }
}
