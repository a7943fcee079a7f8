package dev.headgate.balancer;

import java.util.ArrayList;
import java.util.List;

/** Views for tests. */
public final class Upstreams {
    private Upstreams() {}

    /** A view whose endpoints {@code e0}, {@code e1}… have {@code weights}, counted by one loop. */
    public static UpstreamView withWeights(int... weights) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            endpoints.add(new Endpoint("e" + i, weights[i], new EndpointStats(1)));
        }
        return new UpstreamView("app", endpoints);
    }

    /** A set of the endpoints at {@code indexes}. */
    public static EndpointSet setOf(int... indexes) {
        EndpointSet set = new EndpointSet();
        for (int index : indexes) {
            set.add(index);
        }
        return set;
    }
}
