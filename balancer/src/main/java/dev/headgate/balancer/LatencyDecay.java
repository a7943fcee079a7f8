package dev.headgate.balancer;

/**
 * How past latencies of an endpoint lose their say. A value goes by halves: half of it is left after one half-life, a quarter
 * after two.
 *
 * <p>Averages are peak-sensitive: what is slower than the average becomes the average at once, what is faster draws it down by
 * as much as the time since the sample before has taken of it. An average thus depends on time and not on how many samples there
 * are. A failure counts as slow however fast it came: as {@link #failurePenaltyNs} at least, and as twice the average so
 * far, up to {@link #PENALTY_MAX_NS}; else an endpoint that refuses everything at once would be the fastest of all.
 *
 * @param halfLifeNs from 1 ns; 5 seconds by default
 * @param failurePenaltyNs what a failure counts as at least, up to {@link #PENALTY_MAX_NS}; 1 second by default
 */
public record LatencyDecay(long halfLifeNs, long failurePenaltyNs) {
    /** The most that a failure counts as, unless it took longer itself. */
    public static final long PENALTY_MAX_NS = 60_000_000_000L;

    public static final LatencyDecay DEFAULTS = new LatencyDecay(5_000_000_000L, 1_000_000_000L);

    /** What is below counts as this much: below are differences that no choice should follow, and 0 means "not known". */
    static final double FLOOR_NS = 1_000;

    private static final int HALVINGS_MAX = 1_000;
    private static final int EXPONENT_BIAS = 1_023;
    private static final int MANTISSA_BITS = 52;

    public LatencyDecay {
        if (halfLifeNs < 1) {
            throw new IllegalArgumentException("half-life must be positive: halfLifeNs=" + halfLifeNs);
        }
        if (failurePenaltyNs < 0 || failurePenaltyNs > PENALTY_MAX_NS) {
            throw new IllegalArgumentException(
                    "failure penalty out of range: failurePenaltyNs=" + failurePenaltyNs + ", limit=" + PENALTY_MAX_NS);
        }
    }

    /** How many half-lives a nanosecond is. */
    double halvingsPerNs() {
        return 1.0 / halfLifeNs;
    }

    /**
     * What is left of a value after so many half-lives, from 1 to nearly 0. Exact at whole half-lives and straight in between, at most
     * 6 % above the power of two: {@code Math.exp} would take longer than all the rest of a pick.
     *
     * @param halvings below 0 as well: of another loop, whose clock reading is a little newer
     */
    static double factor(double halvings) {
        if (halvings <= 0) {
            return 1;
        }
        double bounded = Math.min(halvings, HALVINGS_MAX);
        long whole = (long) bounded;
        double power = Double.longBitsToDouble((EXPONENT_BIAS - whole) << MANTISSA_BITS); // 2^-whole
        return power * (1 - (bounded - whole) / 2);
    }

    /** The average once {@code sampleNs} has come, {@code sinceNs} after the sample before; {@code averageNs} 0: it is the first. */
    double withSample(double averageNs, long sampleNs, long sinceNs) {
        double sample = Math.max((double) sampleNs, FLOOR_NS);
        return sample >= averageNs ? sample : sample + (averageNs - sample) * factor(sinceNs * halvingsPerNs());
    }

    /** The sample that a failure counts as. */
    long penalised(double averageNs, long latencyNs) {
        long twice = (long) Math.min(2 * averageNs, PENALTY_MAX_NS);
        return Math.max(latencyNs, Math.max(failurePenaltyNs, twice));
    }
}
