package dev.headgate.balancer;

import dev.headgate.balancer.UpstreamView.Sticky;

/** Views for tests. */
public final class Upstreams {
    private Upstreams() {}

    /** A view whose endpoints {@code e0}, {@code e1}… have these effective weights, counted by one loop. */
    public static UpstreamView withWeights(int... weights) {
        return ofLoops(1, weights);
    }

    /** The same, counted by {@code loopCount} loops. */
    public static UpstreamView ofLoops(int loopCount, int... weights) {
        UpstreamView.Builder builder = UpstreamView.builder("app", weights.length);
        UpstreamLoad load = new UpstreamLoad(loopCount);
        for (int slot = 0; slot < weights.length; slot++) {
            builder.put(slot, endpoint(slot, load), weights[slot], Sticky.MAY_STAY);
        }
        return builder.build();
    }

    /** The endpoints of {@code view}, with their counts, at other weights; slots beyond get new endpoints. */
    public static UpstreamView withWeights(UpstreamView view, int... weights) {
        UpstreamView.Builder builder = UpstreamView.builder("app", weights.length);
        UpstreamLoad load = view.slotCount() == 0
                ? new UpstreamLoad(1)
                : view.endpoint(0).stats().upstream();
        for (int slot = 0; slot < weights.length; slot++) {
            Endpoint endpoint = slot < view.slotCount() ? view.endpoint(slot) : endpoint(slot, load);
            builder.put(slot, endpoint, weights[slot], Sticky.MAY_STAY);
        }
        return builder.build();
    }

    private static Endpoint endpoint(int slot, UpstreamLoad load) {
        return new Endpoint("e" + slot, 1, new EndpointStats(load));
    }

    /** A set of the endpoints at {@code slots}. */
    public static EndpointSet setOf(int... slots) {
        EndpointSet set = new EndpointSet();
        for (int slot : slots) {
            set.add(slot);
        }
        return set;
    }
}
