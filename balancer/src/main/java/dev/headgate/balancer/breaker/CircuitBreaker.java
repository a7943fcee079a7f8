package dev.headgate.balancer.breaker;

import dev.headgate.balancer.Jitter;
import dev.headgate.balancer.breaker.AttemptRows.Counts;
import dev.headgate.balancer.breaker.BreakerTransition.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Stops asking an upstream that fails, and begins again with care.
 * <pre>
 *            too many errors, or too many slow
 *   CLOSED ───────────────────────────────────▶ OPEN ◀───────────────────────────────┐
 *  (all in)                                   (none in) ◀─── a probe failed ────┐    │ too many errors,
 *     ▲                                           │                             │    │ or too many slow
 *     │                                           └── its time is over ──▶ HALF_OPEN │
 *     │                                                              (some probes in,│
 *     │                                                               others if late)│
 *     └────────── ramp is over ────────── RETURNING ◀── all probes passed ──────┘    │
 *                                    (a growing share in) ───────────────────────────┘
 * </pre>
 * Who does what:
 * <ul>
 * <li>Loops ask {@link #tryAdmit} before each attempt and tell {@link #onEnded} afterwards. They read the state as one word
 *     that is written only when it changes, and count in rows of their own. Only probes take permits from a shared word: so
 *     many are admitted and not one more, whichever loops ask.
 * <li>The one who decides calls {@link #onTick}. How fast the breaker trips depends on how often that is.
 * </ul>
 * Each state that is entered begins an <em>epoch</em>, and what loops get when they are admitted, the <em>ticket</em>, says
 * which. What began before a breaker opened and ends during its probes is not taken for one of them.
 *
 * <p>A probe that never ends does not block the breaker: one that was given up is handed back ({@link #onAbandoned}), and
 * after a time others are let through. Each trip in short order keeps it open for twice as long; once it has been closed for
 * as long as it last was open, that is forgotten.
 */
public final class CircuitBreaker {
    /** What {@link #tryAdmit} answers for an attempt that must not be made. */
    public static final int REFUSED = -1;

    /** A breaker's state. */
    public enum State {
        CLOSED("closed"),
        OPEN("open"),
        HALF_OPEN("half_open"),
        RETURNING("returning");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** Stable, for logs and metrics. */
        public String text() {
            return text;
        }
    }

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    // The state's word: epoch (31 bits) above the share of attempts that are admitted, in 65,536ths, or one of:
    private static final int EPOCH_SHIFT = 32;
    private static final int EPOCH_MASK = 0x7FFF_FFFF;
    private static final int SHARE_ALL = 1 << 16;
    private static final int SHARE_PROBES = SHARE_ALL + 1; // who is admitted is up to the permits
    private static final int RANDOM_SHIFT = Long.SIZE - 16;

    // The probes' word: the epoch that they belong to, above how many are left. Both alone in their pair of cache
    // lines.
    private static final int STATE_INDEX = 16;
    private static final int OPEN_UNTIL_INDEX = 17; // of the last time that it opened
    private static final int PROBES_INDEX = 32;
    private final long[] cells = new long[48];

    private final AttemptRows rows;

    // Below: of the one who decides.
    private static final int BUCKETS = 10; // the window moves on by a tenth of itself
    private final ArrayDeque<Bucket> buckets = new ArrayDeque<>(); // the oldest first
    private BreakerSettings settings;
    private State state = State.CLOSED;
    private int epoch = 1; // rows begin with 0, which no ticket has
    private int trips; // in short order
    private long openNs; // how long it was open last
    private long enteredNs;

    /** What had been counted at a time. */
    private record Bucket(long atNs, Counts counts) {}

    public CircuitBreaker(BreakerSettings settings, int loopCount, long nowNs) {
        this.settings = settings;
        this.rows = new AttemptRows(loopCount);
        enter(State.CLOSED, nowNs);
    }

    // For the loops.

    /**
     * Asks whether an attempt may be made.
     *
     * @return a ticket for {@link #onEnded} or {@link #onAbandoned}, exactly one of which must follow; or {@link #REFUSED}
     */
    public int tryAdmit(long random) {
        long word = (long) CELL.getAcquire(cells, STATE_INDEX);
        int share = (int) word;
        int ticket = (int) (word >>> EPOCH_SHIFT);
        if (share == SHARE_ALL) {
            return ticket;
        }
        if (share == SHARE_PROBES) {
            return takeProbe(ticket) ? ticket : REFUSED;
        }
        return random >>> RANDOM_SHIFT < share ? ticket : REFUSED;
    }

    /** Whether none is admitted at the moment. */
    public boolean isOpen() {
        return (int) (long) CELL.getAcquire(cells, STATE_INDEX) == 0;
    }

    /** How long until probes are let through, if none is admitted at the moment; else 0. */
    public long probesInNs(long nowNs) {
        return isOpen() ? Math.max(openUntilNs() - nowNs, 0) : 0;
    }

    private long openUntilNs() {
        return (long) CELL.getOpaque(cells, OPEN_UNTIL_INDEX);
    }

    /** An admitted attempt has ended, with something to be said about the upstream. */
    public void onEnded(int loopIndex, int ticket, AttemptEnd end) {
        rows.onEnded(loopIndex, ticket, end);
    }

    /** An admitted attempt has ended without telling anything: it was never made, or its client went away. */
    public void onAbandoned(int ticket) {
        while (true) {
            long seen = (long) CELL.getAcquire(cells, PROBES_INDEX);
            if ((int) (seen >>> EPOCH_SHIFT) != ticket || CELL.weakCompareAndSet(cells, PROBES_INDEX, seen, seen + 1)) {
                return;
            }
        }
    }

    private boolean takeProbe(int ticket) {
        while (true) {
            long seen = (long) CELL.getAcquire(cells, PROBES_INDEX);
            if ((int) (seen >>> EPOCH_SHIFT) != ticket || (int) seen == 0) {
                return false;
            }
            if (CELL.weakCompareAndSet(cells, PROBES_INDEX, seen, seen - 1)) {
                return true;
            }
        }
    }

    // For the one who decides.

    /** Takes other settings over from the next step on. */
    public void reconfigure(BreakerSettings newSettings) {
        settings = newSettings;
    }

    /**
     * Looks at what was counted and at the time, and takes a step if one is due.
     *
     * @return the step, or null
     */
    public @Nullable BreakerTransition onTick(long nowNs, long random) {
        return switch (state) {
            case CLOSED -> {
                forgetTrips(nowNs);
                yield tripIfBad(nowNs, random);
            }
            case OPEN -> openUntilNs() - nowNs <= 0 ? step(State.HALF_OPEN, Reason.OPEN_TIME_OVER, nowNs) : null;
            case HALF_OPEN -> judgeProbes(nowNs, random);
            case RETURNING -> {
                BreakerTransition trip = tripIfBad(nowNs, random);
                yield trip != null ? trip : admitMore(nowNs);
            }
        };
    }

    private void forgetTrips(long nowNs) {
        if (trips > 0 && nowNs - enteredNs >= Math.max(openNs, settings.windowNs())) {
            trips = 0;
        }
    }

    private @Nullable BreakerTransition tripIfBad(long nowNs, long random) {
        Counts now = rows.counts(epoch);
        while (buckets.size() > 1 && nowNs - secondOldest().atNs() >= settings.windowNs()) {
            buckets.removeFirst();
        }
        Counts window = now.minus(buckets.getFirst().counts());
        if (nowNs - buckets.getLast().atNs() >= settings.windowNs() / BUCKETS) {
            buckets.addLast(new Bucket(nowNs, now));
        }
        if (window.ended() < settings.requestsMin()) {
            return null;
        }
        if (isReached(window.failed(), window.ended(), settings.errorPercent())) {
            return trip(Reason.ERRORS, nowNs, random);
        }
        return isReached(window.slow(), window.ended(), settings.slowPercent())
                ? trip(Reason.SLOW, nowNs, random)
                : null;
    }

    private Bucket secondOldest() {
        Bucket oldest = buckets.removeFirst();
        Bucket second = buckets.getFirst();
        buckets.addFirst(oldest);
        return second;
    }

    private static boolean isReached(long count, long total, int percent) {
        return percent > 0 && count * 100 >= total * percent;
    }

    private BreakerTransition trip(Reason reason, long nowNs, long random) {
        trips++;
        openNs = Jitter.above(settings.openTime().boundNs(trips), settings.openJitterPercent(), random);
        CELL.setOpaque(cells, OPEN_UNTIL_INDEX, nowNs + openNs); // before the state: see probesInNs
        return step(State.OPEN, reason, nowNs);
    }

    private @Nullable BreakerTransition judgeProbes(long nowNs, long random) {
        Counts counts = rows.counts(epoch);
        if (counts.failed() > 0 || counts.slow() > 0 && settings.slowPercent() > 0) {
            return trip(Reason.PROBE_FAILED, nowNs, random);
        }
        if (counts.ended() >= settings.probes()) {
            return settings.returnNs() == 0
                    ? step(State.CLOSED, Reason.PROBES_PASSED, nowNs)
                    : step(State.RETURNING, Reason.PROBES_PASSED, nowNs);
        }
        boolean someAreLeft = (int) (long) CELL.getAcquire(cells, PROBES_INDEX) > 0;
        return !someAreLeft && nowNs - enteredNs >= settings.probeTimeoutNs()
                ? step(State.HALF_OPEN, Reason.PROBES_LATE, nowNs)
                : null;
    }

    private @Nullable BreakerTransition admitMore(long nowNs) {
        if (nowNs - enteredNs >= settings.returnNs()) {
            return step(State.CLOSED, Reason.RETURNED, nowNs);
        }
        publish(returnShare(nowNs));
        return null;
    }

    private int returnShare(long nowNs) {
        double elapsed = (double) (nowNs - enteredNs) / settings.returnNs();
        double start = settings.returnStartPercent() / 100.0;
        return (int) ((start + (1 - start) * elapsed) * SHARE_ALL);
    }

    private BreakerTransition step(State next, Reason reason, long nowNs) {
        State from = state;
        epoch = epoch + 1 & EPOCH_MASK;
        enter(next, nowNs);
        return new BreakerTransition(from, next, reason);
    }

    private void enter(State next, long nowNs) {
        state = next;
        enteredNs = nowNs;
        buckets.clear();
        buckets.addLast(new Bucket(nowNs, Counts.NONE));
        switch (next) {
            case CLOSED -> publish(SHARE_ALL);
            case OPEN -> publish(0);
            case HALF_OPEN -> {
                // Before the state: whoever sees that finds the permits of its epoch.
                CELL.setRelease(cells, PROBES_INDEX, (long) epoch << EPOCH_SHIFT | settings.probes());
                publish(SHARE_PROBES);
            }
            case RETURNING -> publish(returnShare(nowNs));
        }
    }

    private void publish(int share) {
        CELL.setRelease(cells, STATE_INDEX, (long) epoch << EPOCH_SHIFT | share); // pairs with acquire in tryAdmit
    }

    public State state() {
        return state;
    }

    /** How often it has tripped in short order. */
    public int trips() {
        return trips;
    }
}
