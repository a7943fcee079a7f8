package dev.headgate.testkit.sim;

import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: events in the order of their instants, and of their making where instants are equal. Nothing happens but in {@link #step}; time
 * passes only there, from one event to the next.
 */
public final class Simulator {
    private static final int STEPS_PER_INSTANT_MAX = 100_000;

    private final SimChance chance;
    private final Trace trace = new Trace();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNs;
    private long steppedNs;
    private long made;
    private int stepsInInstant;
    private @Nullable String violation;
    private @Nullable Runnable afterStep;

    /** Something that is going to happen. */
    public static final class Event implements Comparable<Event> {
        private final long atNs;
        private final long number;
        private @Nullable Runnable action; // null once it happened or was called off

        private Event(long atNs, long number, Runnable action) {
            this.atNs = atNs;
            this.number = number;
            this.action = action;
        }

        /** Makes that it does not happen. */
        public void cancel() {
            action = null;
        }

        long atNs() {
            return atNs;
        }

        /** Whether it is still to come. */
        public boolean isPending() {
            return action != null;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    public Simulator(long seed) {
        chance = new SimChance(seed);
    }

    /** Virtual nanoseconds since the beginning; never goes back. */
    public long nowNs() {
        return nowNs;
    }

    /** What the proxy's monotonic clock has seen pass since the beginning: it may step ahead of virtual time. */
    long clockNs() {
        return nowNs + steppedNs;
    }

    /** The proxy's monotonic clock steps ahead. */
    void stepClock(long ns) {
        steppedNs += ns;
    }

    /** The root of all chance; fork it rather than draw from it where what is drawn depends on the run. */
    public SimChance chance() {
        return chance;
    }

    public Trace trace() {
        return trace;
    }

    public void trace(String kind, long subject, long value) {
        trace.add(nowNs, kind, subject, value, null);
    }

    public void trace(String kind, long subject, long value, String text) {
        trace.add(nowNs, kind, subject, value, text);
    }

    /** Lets {@code action} happen {@code delayNs} from now. */
    public Event after(long delayNs, Runnable action) {
        Event event = new Event(nowNs + Math.max(0, delayNs), made++, action);
        events.add(event);
        return event;
    }

    /** Checks to make after every step. */
    public void afterStep(Runnable check) {
        afterStep = check;
    }

    /** Notes that an invariant does not hold; the step under way ends first, for it may be inside the proxy. The first one counts. */
    public void violated(String what) {
        if (violation == null) {
            violation = what;
            trace("VIOLATED", 0, 0, what);
        }
    }

    /**
     * Lets the next event happen.
     *
     * @return false when there is none
     * @throws SimulationFailure when an invariant does not hold after it
     */
    public boolean step() {
        Event next = events.poll();
        while (next != null && next.action == null) {
            next = events.poll();
        }
        if (next == null) {
            return false;
        }
        stepsInInstant = next.atNs == nowNs ? stepsInInstant + 1 : 0;
        if (stepsInInstant > STEPS_PER_INSTANT_MAX) {
            violated("I8: time stands still: somebody works without end and without result");
        }
        nowNs = next.atNs;
        Runnable action = next.action;
        next.action = null;
        if (action != null) {
            action.run();
        }
        if (afterStep != null) {
            afterStep.run();
        }
        throwIfViolated();
        return true;
    }

    private void throwIfViolated() {
        if (violation != null) {
            throw new SimulationFailure(violation);
        }
    }

    /**
     * Lets events happen until {@code done}.
     *
     * @return whether it is; false when {@code timeoutNs} went by first
     */
    public boolean run(BooleanSupplier done, long timeoutNs) {
        long endNs = timeoutNs > Long.MAX_VALUE - nowNs ? Long.MAX_VALUE : nowNs + timeoutNs;
        while (!done.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNs > endNs) {
                nowNs = endNs == Long.MAX_VALUE ? nowNs : endNs;
                return false;
            }
            step();
        }
        return true;
    }
}
