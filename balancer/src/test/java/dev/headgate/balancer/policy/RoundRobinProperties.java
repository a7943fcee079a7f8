package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.Arrays;
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
        Picker picker = new RoundRobin(4).pickerFor(view);

        for (int turn = 0; turn < 3; turn++) {
            int[] counts = new int[all.length];
            for (int i = 0; i < view.totalWeight(); i++) {
                counts[picker.pick(loop, 0, 0, EndpointSet.NONE)]++;
            }
            assertArrayEquals(all, counts);
        }
    }

    @Property(tries = 200)
    void neverLetsAnEndpointWaitMuchLongerThanItsShare(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 9) Integer> weights) {
        int[] all = weights.stream().mapToInt(Integer::intValue).toArray();
        UpstreamView view = Upstreams.withWeights(all);
        Picker picker = new RoundRobin(1).pickerFor(view);
        int[] picked = new int[all.length];

        for (int n = 1; n <= 3 * view.totalWeight(); n++) {
            picked[picker.pick(0, 0, 0, EndpointSet.NONE)]++;
            for (int i = 0; i < all.length; i++) {
                double due = (double) n * all[i] / view.totalWeight();
                assertEquals(due, picked[i], all.length, "endpoint " + i + " after " + n + " picks");
            }
        }
    }

    @Property(tries = 100)
    void takesFullTurnsFromWhereverALoopStarts(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 3_000) Integer> weights,
            @ForAll @IntRange(min = 1, max = 64) int loops) {
        int[] all = weights.stream().mapToInt(Integer::intValue).toArray();
        Picker picker = new RoundRobin(loops).pickerFor(Upstreams.withWeights(all));
        int[] expected = SmoothSequence.picks(all);

        for (int turn = 0; turn < 2; turn++) {
            int[] counts = new int[all.length];
            for (int i = Arrays.stream(expected).sum(); i > 0; i--) {
                counts[picker.pick(loops - 1, 0, 0, EndpointSet.NONE)]++;
            }
            assertArrayEquals(expected, counts);
        }
    }
}
