package dev.headgate.balancer.policy;

import dev.headgate.balancer.UpstreamView;

/**
 * How far above its share an endpoint's load may go, where keys decide who gets it.
 *
 * <p>The share of an endpoint is its weight's part of all that is in flight, with the attempt to come. It takes another attempt only while it has
 * less in flight than that share times the factor, so that it never has more than that, rounded up. At a factor of
 * at least 1 there is always one that may: else all together would have more in flight than they have.
 */
final class LoadBound {
    static final int OFF = 0;
    private static final int PERCENT_MIN = 100;
    private static final int PERCENT_MAX = 10_000;

    private final Load load;
    private final TotalLoad total;
    private final int percent;
    private final long scaledTotalWeight;

    LoadBound(UpstreamView view, int percent) {
        this.load = new Load(view);
        this.total = new TotalLoad(view);
        this.percent = percent;
        this.scaledTotalWeight = view.totalWeight() * 100L;
    }

    static int checked(int loadPercent) {
        if (loadPercent != OFF && (loadPercent < PERCENT_MIN || loadPercent > PERCENT_MAX)) {
            throw new IllegalArgumentException("load factor out of range: percent=" + loadPercent + ", limits=0 or "
                    + PERCENT_MIN + " to " + PERCENT_MAX);
        }
        return loadPercent;
    }

    /** Whether the endpoint may take an attempt whatever the others do: no need to look at them. */
    boolean surelyAdmits(int slot) {
        return percent == OFF || load.inFlight(slot) == 0;
    }

    /** What {@link #admits} goes by, once per pick. */
    long allowance() {
        return percent == OFF ? 0 : (total.inFlight() + 1) * percent;
    }

    boolean admits(int slot, long allowance) {
        return percent == OFF || load.inFlight(slot) * scaledTotalWeight < allowance * load.weight(slot);
    }
}
