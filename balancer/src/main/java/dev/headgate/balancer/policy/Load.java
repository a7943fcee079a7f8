package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.UpstreamView;
import org.jspecify.annotations.Nullable;

/** What the endpoints of one view have in flight, for their weights. Reads the counts of all loops. */
final class Load {
    private final @Nullable EndpointStats[] stats; // by slot; two steps less than by way of the view
    private final int[] weights;

    Load(UpstreamView view) {
        this.stats = new EndpointStats[view.slotCount()];
        this.weights = new int[view.slotCount()];
        for (int slot = 0; slot < weights.length; slot++) {
            weights[slot] = view.weight(slot);
            stats[slot] = weights[slot] == 0 ? null : view.endpoint(slot).stats();
        }
    }

    /** What is counted of an endpoint that has weight. */
    EndpointStats stats(int slot) {
        EndpointStats of = stats[slot];
        assert of != null;
        return of;
    }

    int weight(int slot) {
        return weights[slot];
    }

    long inFlight(int slot) {
        return stats(slot).inFlight();
    }

    /**
     * Whether {@code candidate} has less load for its weight than {@code drawn} now, and still has when it takes the attempt.
     *
     * <p>With equal weights this just compares the counts. With unequal ones either half alone would undo the weights
     * while few attempts are in flight: an idle endpoint of weight 1 would always win by the first half against a busy
     * one of weight 9, and would never win by the second half against an idle one. While neither is clearly better, the
     * weighted draw decides.
     */
    boolean isClearlyLess(int candidate, long candidateInFlight, int drawn, long drawnInFlight) {
        long candidateWeight = weights[candidate];
        long drawnWeight = weights[drawn];
        return candidateInFlight * drawnWeight < drawnInFlight * candidateWeight
                && (candidateInFlight + 1) * drawnWeight < (drawnInFlight + 1) * candidateWeight;
    }
}
