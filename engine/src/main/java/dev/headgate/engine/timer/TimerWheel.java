package dev.headgate.engine.timer;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * A hashed wheel of intrusive timers: arm, disarm and remove are O(1) and allocate nothing.
 *
 * <p>Time is cut into ticks, and tick {@code t} has slot {@code t mod slots}. A linked timer has a slot tick, the tick at which the wheel
 * will look at it; that is never further than one turn ahead, so all timers of a slot share one slot tick. When the wheel looks, it fires the
 * timer, drops it if it has been disarmed, or links it further on if its deadline is later: because it was armed again meanwhile, or
 * because it lay more than a turn ahead. So the common case, a deadline pushed back with every request, costs one store.
 *
 * <p>A timer fires in the first {@link #advance} whose time has reached the end of the deadline's tick: never early, and late by less than a
 * tick plus the wait between advances. Deadlines lie within 2^62 ns (146 years) of the wheel's start.
 */
@HotPath
@LoopConfined
public final class TimerWheel {
    /** Slot tick of a timer that is in no slot. */
    static final long UNLINKED = Long.MIN_VALUE;

    /** Slot tick of a timer that is in no slot and never will be again. */
    static final long RETIRED = UNLINKED + 1;

    /** Answer of {@link #nextPollTimeoutNs} when there is nothing to wait for. */
    public static final long NO_TIMEOUT = Long.MAX_VALUE;

    /** Called after every {@link Timer#onDeadline}, so that one failing timer stops nothing else. */
    public interface Boundary {
        /** {@code failure} is what the timer threw, or null. */
        void afterDeadline(Timer timer, @Nullable Throwable failure);
    }

    private final long startNs;
    private final int tickShift;
    private final int slotMask;
    private final int workMax;
    private final Boundary boundary;
    private final @Nullable Timer[] slots;
    private final long[] occupied; // one bit per slot: it may hold timers

    private long cursorTick; // every earlier slot tick has been dealt with; timers link after it
    private boolean cursorUnfinished; // workMax ended the last advance inside the cursor's slot
    private int linked;

    /**
     * @param tickNs rounded up to a power of two
     * @param slotCount rounded up to a power of two, at least 64
     * @param workMax timers looked at in one advance; the rest waits for the next
     */
    public TimerWheel(long startNs, long tickNs, int slotCount, int workMax, Boundary boundary) {
        if (tickNs < 1 || slotCount < 1 || workMax < 1) {
            throw new IllegalArgumentException("wheel needs positive sizes: tickNs=" + tickNs + ", slotCount="
                    + slotCount + ", workMax=" + workMax);
        }
        this.startNs = startNs;
        this.tickShift = Long.SIZE - Long.numberOfLeadingZeros(tickNs - 1);
        int slotsPowerOfTwo = Math.max(Long.SIZE, Integer.highestOneBit(slotCount * 2 - 1));
        this.slotMask = slotsPowerOfTwo - 1;
        this.workMax = workMax;
        this.boundary = boundary;
        this.slots = new @Nullable Timer[slotsPowerOfTwo];
        this.occupied = new long[slotsPowerOfTwo / Long.SIZE];
    }

    /** Sets the deadline, replacing an earlier one. A deadline that has passed fires in the next advance that reaches the next tick. */
    public void arm(Timer timer, long deadlineNs) {
        assert timer.slotTick != RETIRED : "armed after the end of what it belongs to: " + timer.getClass();
        timer.deadlineNs = deadlineNs;
        timer.armed = true;
        long dueTick = dueTick(deadlineNs);
        if (timer.slotTick == UNLINKED) {
            link(timer, dueTick);
        } else if (dueTick < timer.slotTick && timer.slotTick > cursorTick + 1) {
            unlink(timer);
            link(timer, dueTick);
        }
    }

    /** Takes the deadline back and leaves the timer linked until the wheel comes by; the timer may be armed again at any time. */
    public void disarm(Timer timer) {
        timer.armed = false;
    }

    /** Takes the deadline back and unlinks the timer, so that the wheel no longer refers to it. */
    public void remove(Timer timer) {
        timer.armed = false;
        if (timer.slotTick > RETIRED) {
            unlink(timer);
        }
    }

    /** As {@link #remove}, and for good: what the timer belongs to has ended, and no deadline can be set for it any more. */
    public void retire(Timer timer) {
        remove(timer);
        timer.slotTick = RETIRED;
    }

    /**
     * Fires what is due.
     *
     * @return how many timers were looked at
     */
    public int advance(long nowNs) {
        long targetTick = (nowNs - startNs) >> tickShift;
        int work = 0;
        if (cursorUnfinished) {
            work = drainCursorSlot(nowNs, 0);
        }
        while (!cursorUnfinished && cursorTick < targetTick) {
            cursorTick = nextOccupiedTick(targetTick);
            work = drainCursorSlot(nowNs, work);
        }
        return work;
    }

    /** The first tick after the cursor whose slot is occupied, but at most {@code limitTick}. */
    private long nextOccupiedTick(long limitTick) {
        long ahead = Math.min(limitTick - cursorTick, slots.length);
        long tick = cursorTick + 1;
        for (long end = cursorTick + ahead; tick <= end; ) {
            int slot = (int) tick & slotMask;
            long bits = occupied[slot >>> 6] >>> slot; // shifts count modulo 64
            if (bits != 0) {
                return Math.min(tick + Long.numberOfTrailingZeros(bits), limitTick);
            }
            tick += Long.SIZE - (slot & 63);
        }
        return limitTick; // A whole turn is empty, or everything up to the limit is.
    }

    private int drainCursorSlot(long nowNs, int workBefore) {
        int slot = (int) cursorTick & slotMask;
        int work = workBefore;
        Timer timer;
        while ((timer = slots[slot]) != null) {
            if (work >= workMax) {
                cursorUnfinished = true;
                return work;
            }
            work++;
            unlink(timer);
            lookAt(timer, nowNs);
        }
        cursorUnfinished = false;
        return work;
    }

    private void lookAt(Timer timer, long nowNs) {
        if (!timer.armed) {
            return;
        }
        if (dueTick(timer.deadlineNs) > cursorTick) {
            link(timer, dueTick(timer.deadlineNs));
            return;
        }
        timer.armed = false;
        Throwable failure = null;
        try {
            timer.onDeadline(nowNs);
        } catch (Throwable t) {
            failure = t;
        }
        boundary.afterDeadline(timer, failure);
    }

    /**
     * How long a poll may wait from {@code nowNs} on: 0 when work is left over, {@link #NO_TIMEOUT} when the wheel is empty. A timer that
     * was disarmed lazily may still end a wait.
     */
    public long nextPollTimeoutNs(long nowNs) {
        if (cursorUnfinished) {
            return 0;
        }
        if (linked == 0) {
            return NO_TIMEOUT;
        }
        long tick = nextOccupiedTick(cursorTick + slots.length);
        return Math.max(0, (tick << tickShift) - (nowNs - startNs));
    }

    /** Timers linked now, those disarmed lazily included. */
    public int linkedTimers() {
        return linked;
    }

    public long tickNs() {
        return 1L << tickShift;
    }

    /** The first tick that begins at or after the deadline. */
    private long dueTick(long deadlineNs) {
        return ((deadlineNs - startNs - 1) >> tickShift) + 1;
    }

    private void link(Timer timer, long dueTick) {
        // After the cursor, so that a timer re-arming itself with a passed deadline cannot keep one advance busy;
        // within a turn of it,
        // so that the slot belongs to this tick alone.
        long tick = Math.max(cursorTick + 1, Math.min(dueTick, cursorTick + slotMask));
        int slot = (int) tick & slotMask;
        Timer head = slots[slot];
        timer.slotTick = tick;
        timer.previous = null;
        timer.next = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[slot] = timer;
        occupied[slot >>> 6] |= 1L << slot;
        linked++;
    }

    private void unlink(Timer timer) {
        int slot = (int) timer.slotTick & slotMask;
        Timer before = timer.previous;
        Timer after = timer.next;
        if (before != null) {
            before.next = after;
        } else {
            slots[slot] = after;
            if (after == null) {
                occupied[slot >>> 6] &= ~(1L << slot);
            }
        }
        if (after != null) {
            after.previous = before;
        }
        timer.previous = null;
        timer.next = null;
        timer.slotTick = UNLINKED;
        linked--;
    }
}
