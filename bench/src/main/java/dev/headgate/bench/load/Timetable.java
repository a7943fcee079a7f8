package dev.headgate.bench.load;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When the requests of one loop are due: request {@code i} of the open loop at {@code start + i / rate}, and this loop has those with
 * {@code i modulo loops = index}. The loop takes them in order; its metronome looks on.
 */
@HotPath
@AnyThread
final class Timetable {
    private static final double NS_PER_SECOND = 1e9;
    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(Timetable.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long startNs;
    private final long endNs;
    private final double periodNs;
    private final double phaseNs;

    @SuppressWarnings("UnusedVariable") // Read through TAKEN by the metronome.
    private long taken; // written by the loop: opaque, for a reader that lags only wakes it once too often

    /** @param endNs nothing is due from here on */
    Timetable(long startNs, long endNs, double ratePerSecond, int loops, int loopIndex) {
        this.startNs = startNs;
        this.endNs = endNs;
        this.periodNs = loops * NS_PER_SECOND / ratePerSecond;
        this.phaseNs = loopIndex * NS_PER_SECOND / ratePerSecond;
    }

    /** When request {@code number} of this loop is due. */
    long dueNs(long number) {
        return startNs + (long) (number * periodNs + phaseNs);
    }

    /** How many are taken. */
    long taken() {
        return (long) TAKEN.getOpaque(this);
    }

    /** When the next is due. */
    long nextDueNs() {
        return dueNs(taken);
    }

    /** Whether {@code dueNs} is not on the timetable any more. */
    boolean isOver(long dueNs) {
        return dueNs - endNs >= 0;
    }

    /** Whether one can be taken. */
    boolean isDue(long nowNs) {
        long dueNs = nextDueNs();
        return dueNs - nowNs <= 0 && !isOver(dueNs);
    }

    /** Takes the next; answers when it was due. */
    long take() {
        long dueNs = nextDueNs();
        TAKEN.setOpaque(this, taken + 1);
        return dueNs;
    }
}
