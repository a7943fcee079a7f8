package dev.headgate.balancer;

import java.util.Map;
import java.util.Objects;

/**
 * One address in an upstream.
 *
 * @param name its identity within the upstream, as configured: {@code 10.0.0.11:8080}
 * @param weight its share of the traffic relative to the others as configured, from 0 (takes none) to {@link #WEIGHT_MAX}
 * @param tier 0 for a primary one; those of a higher tier serve when the tiers before it are short of endpoints
 * @param zone where it is, or empty when that is not said
 * @param labels what subsets are chosen by
 * @param stats what the loops have seen of it
 */
public record Endpoint(
        String name, int weight, int tier, String zone, Map<String, String> labels, EndpointStats stats) {
    /** The greatest weight that can be configured. */
    public static final int WEIGHT_MAX = 256;

    /** The last tier there can be. */
    public static final int TIER_MAX = 15;

    public Endpoint {
        Objects.requireNonNull(name);
        Objects.requireNonNull(zone);
        Objects.requireNonNull(stats);
        labels = Map.copyOf(labels);
        if (weight < 0 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException(
                    "weight out of range: endpoint=" + name + ", weight=" + weight + ", limit=" + WEIGHT_MAX);
        }
        if (tier < 0 || tier > TIER_MAX) {
            throw new IllegalArgumentException(
                    "tier out of range: endpoint=" + name + ", tier=" + tier + ", limit=" + TIER_MAX);
        }
    }

    /** A primary endpoint of no zone and without labels. */
    public Endpoint(String name, int weight, EndpointStats stats) {
        this(name, weight, 0, "", Map.of(), stats);
    }

    /** The same endpoint, in another tier. */
    public Endpoint withTier(int newTier) {
        return new Endpoint(name, weight, newTier, zone, labels, stats);
    }

    /** The same endpoint, in another zone. */
    public Endpoint withZone(String newZone) {
        return new Endpoint(name, weight, tier, newZone, labels, stats);
    }

    /** The same endpoint, with these labels alone. */
    public Endpoint withLabels(Map<String, String> newLabels) {
        return new Endpoint(name, weight, tier, zone, newLabels, stats);
    }

    /** Whether it has each of {@code selector}'s labels with just that value; an empty selector matches all endpoints. */
    public boolean matches(Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
