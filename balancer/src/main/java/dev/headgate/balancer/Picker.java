package dev.headgate.balancer;

/** Picks the endpoint of an attempt out of one {@link UpstreamView}. Called by all loops at once. */
public interface Picker {
    /** What {@link #pick} answers when no endpoint is left. */
    int NONE = -1;

    /**
     * Picks an endpoint that has weight and is not in {@code tried}. Allocates nothing.
     *
     * @param loopIndex the calling loop, from 0 to the number of loops − 1
     * @param random 64 random bits, fresh for each call; a policy that leaves nothing to chance ignores them
     * @param key what policies that hash pick by: a 64-bit hash of whatever is to stay on one endpoint, the same for the same
     *     thing and well spread; the others ignore it
     * @param tried the slots of the endpoints that this exchange has tried already, lent for the call
     * @return a slot of the view, or {@link #NONE} exactly when every endpoint with weight is tried
     */
    int pick(int loopIndex, long random, long key, EndpointSet tried);
}
