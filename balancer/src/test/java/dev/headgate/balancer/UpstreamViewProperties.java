package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class UpstreamViewProperties {
    @Property
    void coversEveryPositionWithTheEndpointWhoseStretchItIs(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 5) Integer> weights) {
        UpstreamView view = Upstreams.withWeights(
                weights.stream().mapToInt(Integer::intValue).toArray());

        for (int position = 0; position < view.totalWeight(); position++) {
            int endpoint = view.slotAt(position);
            int offset = position - view.weightBefore(endpoint);
            assertEquals(true, offset >= 0 && offset < view.weight(endpoint), "position " + position);
        }
    }
}
