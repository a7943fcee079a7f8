package dev.headgate.balancer.health;

/**
 * How much of its weight an endpoint has, some time after it was added or came back.
 * <pre>
 *  share
 *   full ┤                     ┌────      share = full × (elapsed / window)^(1 / aggression),
 *        │                 ┌───┘          not below the minimum,
 *        │             ┌───┘              in equal steps of time
 *        │         ┌───┘
 *    min ┤─────────┘
 *        └────────────────────┴────▶ time since it began
 *                             window
 * </pre>
 * It goes in steps because each change means a new view for all loops. Immutable.
 */
public final class SlowStart {
    /** The whole share. */
    public static final int FULL = 1_024;

    private static final int STEPS = 20;
    private static final long STEP_MIN_NS = 100_000_000L; // no more than ten views per second because of one endpoint

    private final SlowStartSettings settings;
    private final long stepNs;
    private final int minimum;

    public SlowStart(SlowStartSettings settings) {
        this.settings = settings;
        this.stepNs = Math.max(settings.windowNs() / STEPS, STEP_MIN_NS);
        this.minimum = Math.max(FULL * settings.minimumPercent() / 100, 1);
    }

    /** The share of an endpoint that began at {@code sinceNs}, from 1 to {@link #FULL}; it never shrinks as time goes on. */
    public int share(long sinceNs, long nowNs) {
        long elapsedNs = nowNs - sinceNs;
        if (elapsedNs >= settings.windowNs()) {
            return FULL;
        }
        long steppedNs = Math.max(elapsedNs, 0) / stepNs * stepNs;
        double grown = Math.pow((double) steppedNs / settings.windowNs(), 1 / settings.aggression());
        return Math.max((int) (FULL * grown), minimum);
    }

    /** How long until {@link #share} may be another, or {@link Long#MAX_VALUE} when it is the full one. */
    public long nextChangeInNs(long sinceNs, long nowNs) {
        long elapsedNs = nowNs - sinceNs;
        if (elapsedNs >= settings.windowNs()) {
            return Long.MAX_VALUE;
        }
        if (elapsedNs < 0) {
            return stepNs - elapsedNs;
        }
        return Math.min((elapsedNs / stepNs + 1) * stepNs, settings.windowNs()) - elapsedNs;
    }
}
