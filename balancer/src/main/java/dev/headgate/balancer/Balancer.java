package dev.headgate.balancer;

/** Decides which endpoint of one upstream takes the next attempt. */
public interface Balancer {
    /** What {@link #pick} answers when no endpoint is left. */
    int NONE = -1;

    /**
     * Picks an endpoint. Allocates nothing while the view stays the same, and never picks an endpoint of weight 0.
     *
     * @param view the upstream as it is now; all views of one upstream list the same endpoints in the same order
     * @param loopIndex the calling loop, from 0 to the number of loops − 1
     * @param random 64 random bits; a policy that leaves nothing to chance ignores them
     * @param tried the endpoints that this exchange has tried already, lent for the call; they are not picked
     * @return an index into the view, or {@link #NONE} when every endpoint is tried or has weight 0
     */
    int pick(UpstreamView view, int loopIndex, long random, EndpointSet tried);
}
