package dev.headgate.balancer.policy;

import dev.headgate.balancer.Balancer;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.UpstreamView;

/**
 * Draws two different endpoints by weight, and takes the one with fewer attempts in flight for its weight.
 *
 * <p>The in-flight counts are those of all loops, so the choice is global although nothing is shared but counters.
 * Remembers nothing.
 */
public final class PowerOfTwoChoices implements Balancer {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    public PowerOfTwoChoices() {}

    @Override
    public int pick(UpstreamView view, int loopIndex, long random, EndpointSet tried) {
        int weight = view.untriedWeight(tried);
        if (weight == 0) {
            return NONE;
        }
        int first = endpointAt(view, tried, NONE, uniform(random, weight));
        int weightLeft = weight - view.weight(first);
        if (weightLeft == 0) {
            return first;
        }
        int second = endpointAt(view, tried, first, uniform(mix(random), weightLeft));
        return isClearlyLessLoaded(view, second, first) ? second : first;
    }

    /**
     * Whether {@code candidate} has less load for its weight than {@code drawn} now, and still has when it takes the attempt.
     *
     * <p>With equal weights this just compares the counts. With unequal ones either half alone would undo the weights
     * while few attempts are in flight: an idle endpoint of weight 1 would always win by the first half against a busy
     * one of weight 9, and would never win by the second half against an idle one. While neither is clearly better, the
     * weighted draw decides.
     */
    private static boolean isClearlyLessLoaded(UpstreamView view, int candidate, int drawn) {
        long candidateInFlight = view.endpoint(candidate).stats().inFlight();
        long drawnInFlight = view.endpoint(drawn).stats().inFlight();
        long candidateWeight = view.weight(candidate);
        long drawnWeight = view.weight(drawn);
        return candidateInFlight * drawnWeight < drawnInFlight * candidateWeight
                && (candidateInFlight + 1) * drawnWeight < (drawnInFlight + 1) * candidateWeight;
    }

    /** The endpoint at {@code position} of the line of weights from which {@code tried} and {@code also} are cut out. */
    private static int endpointAt(UpstreamView view, EndpointSet tried, int also, int position) {
        boolean alsoIsDue = also != NONE;
        int shifted = position;
        for (int i = 0; i < tried.count(); i++) {
            int next = tried.at(i);
            if (alsoIsDue && also < next) {
                shifted = jumpOver(view, also, shifted);
                alsoIsDue = false;
            }
            shifted = jumpOver(view, next, shifted);
        }
        return view.endpointAt(alsoIsDue ? jumpOver(view, also, shifted) : shifted);
    }

    // Called in ascending order of endpoints: then a position at or behind the cut belongs behind it.
    private static int jumpOver(UpstreamView view, int endpoint, int position) {
        return position < view.weightBefore(endpoint) ? position : position + view.weight(endpoint);
    }

    /** Maps 64 random bits to 0 … bound − 1; the bias is below bound / 2^64. */
    private static int uniform(long random, int bound) {
        return (int) Math.unsignedMultiplyHigh(random, bound);
    }

    /** A second, independent-looking number from the first: one step of SplitMix64. */
    private static long mix(long random) {
        long z = random + GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
