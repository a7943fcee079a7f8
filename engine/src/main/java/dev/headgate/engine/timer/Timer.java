package dev.headgate.engine.timer;

import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link TimerWheel}, to be extended by its owner. Re-arming is lazy: {@link TimerWheel#arm} usually stores a deadline and
 * the wheel looks when the slot comes; {@link TimerWheel#disarm} stores that there is none and leaves the node linked.
 */
public abstract class Timer {
    // Owned by the wheel.
    @Nullable
    Timer previous;

    @Nullable
    Timer next;

    long deadlineNs;
    long slotTick = TimerWheel.UNLINKED;
    boolean armed;

    protected Timer() {}

    /** The deadline has passed. The timer is disarmed; it may arm itself again. Runs on the loop. */
    protected abstract void onDeadline(long nowNs);

    /** Whether a deadline is set. */
    public final boolean isArmed() {
        return armed;
    }
}
