package dev.headgate.balancer;

import java.util.Objects;

/**
 * One address in an upstream.
 *
 * @param name its identity within the upstream, as configured: {@code 10.0.0.11:8080}
 * @param weight its share of the traffic relative to the others, from 0 (never picked) to {@link #WEIGHT_MAX}
 * @param stats what the loops have seen of it
 */
public record Endpoint(String name, int weight, EndpointStats stats) {
    /** Above any sensible ratio, and small enough that products of a weight and an in-flight count fit a {@code long}. */
    public static final int WEIGHT_MAX = 65_535;

    public Endpoint {
        Objects.requireNonNull(name);
        Objects.requireNonNull(stats);
        if (weight < 0 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException(
                    "weight out of range: endpoint=" + name + ", weight=" + weight + ", limit=" + WEIGHT_MAX);
        }
    }
}
