package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RoundRobinProperties {
    @Property(tries = 200)
    void picksEachEndpointExactlyByWeightInEveryTurn(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 9) Integer> weights,
            @ForAll @IntRange(max = 3) int loop) {
        int[] all = weights.stream().mapToInt(Integer::intValue).toArray();
        UpstreamView view = Upstreams.withWeights(all);
        RoundRobin balancer = new RoundRobin(4);

        for (int turn = 0; turn < 3; turn++) {
            int[] counts = new int[all.length];
            for (int i = 0; i < view.totalWeight(); i++) {
                counts[balancer.pick(view, loop, 0, EndpointSet.NONE)]++;
            }
            assertArrayEquals(all, counts);
        }
    }

    @Property(tries = 200)
    void neverLetsAnEndpointWaitMuchLongerThanItsShare(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 9) Integer> weights) {
        int[] all = weights.stream().mapToInt(Integer::intValue).toArray();
        UpstreamView view = Upstreams.withWeights(all);
        RoundRobin balancer = new RoundRobin(1);
        int[] picked = new int[all.length];

        for (int n = 1; n <= 3 * view.totalWeight(); n++) {
            picked[balancer.pick(view, 0, 0, EndpointSet.NONE)]++;
            for (int i = 0; i < all.length; i++) {
                double due = (double) n * all[i] / view.totalWeight();
                assertEquals(due, picked[i], all.length, "endpoint " + i + " after " + n + " picks");
            }
        }
    }
}
