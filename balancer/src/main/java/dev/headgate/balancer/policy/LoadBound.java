package dev.headgate.balancer.policy;

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
    private final int[] slots;
    private final int percent;
    private final long scaledTotalWeight;

    LoadBound(Load load, int[] slots, int percent) {
        this.load = load;
        this.slots = slots;
        this.percent = percent;
        long total = 0;
        for (int slot : slots) {
            total += load.weight(slot);
        }
        this.scaledTotalWeight = total * 100;
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

    /** What {@link #admits} goes by, once per pick: it looks at all endpoints. */
    long allowance() {
        if (percent == OFF) {
            return 0;
        }
        long inFlight = 1;
        for (int slot : slots) {
            inFlight += load.inFlight(slot);
        }
        return inFlight * percent;
    }

    boolean admits(int slot, long allowance) {
        return percent == OFF || load.inFlight(slot) * scaledTotalWeight < allowance * load.weight(slot);
    }
}
