package dev.headgate.balancer;

/**
 * How long to wait before trying again: twice as long each time, up to a bound, with full jitter.
 *
 * <p>Full jitter spreads the waits from nothing to the bound of the try. Those who failed together then do not come back
 * together, which a wait of a fixed length with a little jitter does not prevent. Immutable; allocates nothing.
 *
 * @param baseNs the longest wait before the second try
 * @param maxNs the longest wait before any try
 */
public record Backoff(long baseNs, long maxNs) {
    public Backoff {
        if (baseNs < 0 || maxNs < baseNs || maxNs == Long.MAX_VALUE) {
            throw new IllegalArgumentException("back-off out of range: base=" + baseNs + ", max=" + maxNs + " ns");
        }
    }

    /**
     * The wait after {@code failures} tries in a row have failed: from 0 to {@link #boundNs}, both included.
     *
     * @param failures at least 1
     */
    public long delayNs(int failures, long random) {
        return Jitter.upTo(boundNs(failures), random);
    }

    /** The longest wait after {@code failures} tries in a row have failed: the base, doubled for each but the first. */
    public long boundNs(int failures) {
        assert failures >= 1;
        int doublings = failures - 1;
        if (doublings >= Long.numberOfLeadingZeros(baseNs)) {
            return baseNs == 0 ? 0 : maxNs; // shifted so far, it would reach the sign
        }
        return Math.min(baseNs << doublings, maxNs);
    }
}
