package dev.headgate.observe;

import dev.headgate.balancer.breaker.CircuitBreaker;
import dev.headgate.balancer.health.EndpointState;
import dev.headgate.balancer.health.Weights;
import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How an upstream fares.
 *
 * @param name its name
 * @param state as a whole
 * @param reasons why that is not as usual
 * @param availablePercent how much of its weight is available
 * @param breaker the state of its circuit breaker; empty where it has none
 * @param concurrency how many attempts may be under way by the limit that adapts; empty where there is none
 * @param unusableLists files with endpoints that are of no use as they are now, by path, and why, with line and column: what they listed
 *     before is in use
 * @param endpoints each of its endpoints, in the order of the configuration
 */
@Immutable
public record UpstreamStatus(
        String name,
        Weights.State state,
        Set<Weights.Reason> reasons,
        int availablePercent,
        Optional<CircuitBreaker.State> breaker,
        OptionalInt concurrency,
        Map<String, String> unusableLists,
        List<EndpointStatus> endpoints) {
    public UpstreamStatus {
        reasons = Set.copyOf(reasons);
        unusableLists = Map.copyOf(unusableLists);
        endpoints = List.copyOf(endpoints);
    }

    /**
     * How an endpoint fares.
     *
     * @param endpoint its address as configured
     * @param state in a word
     * @param reason of being down or ejected: what checks or requests have found; empty otherwise
     * @param weight configured or set at run time
     * @param share its part of all traffic in percent, by weights alone
     */
    public record EndpointStatus(String endpoint, EndpointState state, String reason, int weight, double share) {}
}
