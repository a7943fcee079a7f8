package dev.headgate.balancer.policy;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.UpstreamLoad;
import dev.headgate.balancer.UpstreamView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints of one view that have weight have in flight together.
 *
 * <p>Where all endpoints are of one upstream, whose total is counted, that is the total without those that have no weight or have left:
 * usually none or a few. Else they are added up one by one.
 */
final class TotalLoad {
    private final @Nullable UpstreamLoad whole; // from which the parts are taken away; null: they are added up
    private final EndpointStats[] parts;

    TotalLoad(UpstreamView view) {
        List<EndpointStats> members = new ArrayList<>();
        List<EndpointStats> others = new ArrayList<>(view.alsoCounted());
        for (int slot = 0; slot < view.slotCount(); slot++) {
            Endpoint endpoint = view.endpointOrNull(slot);
            if (endpoint != null) {
                (view.weight(slot) > 0 ? members : others).add(endpoint.stats());
            }
        }
        boolean isWhole = others.size() < members.size() && areOfOneUpstream(members, others);
        this.whole = isWhole ? members.getFirst().upstream() : null;
        this.parts = (isWhole ? others : members).toArray(EndpointStats[]::new);
    }

    @SuppressWarnings("ReferenceEquality") // the counts of an upstream are themselves alone
    private static boolean areOfOneUpstream(List<EndpointStats> members, List<EndpointStats> others) {
        UpstreamLoad first = members.getFirst().upstream();
        return members.stream().allMatch(each -> each.upstream() == first)
                && others.stream().allMatch(each -> each.upstream() == first);
    }

    long inFlight() {
        long sum = 0;
        for (EndpointStats part : parts) {
            sum += part.inFlight();
        }
        // Read apart, the total may be older than its parts.
        return whole == null ? sum : Math.max(0, whole.inFlight() - sum);
    }
}
