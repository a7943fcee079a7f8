package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AllPoliciesProperties {
    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void pickWhatHasWeightAndIsNotTriedAsLongAsThereIsAny(
            @ForAll AllPolicies which,
            @ForAll @Size(max = 100) List<@IntRange(max = 3) Integer> weights,
            @ForAll @Size(max = 16) List<@IntRange(max = 120) Integer> tries,
            @ForAll long seed) {
        UpstreamView view = Upstreams.withWeights(
                weights.stream().mapToInt(Integer::intValue).toArray());
        EndpointSet tried = new EndpointSet();
        tries.forEach(tried::add); // also slots that this view does not have
        SplittableRandom random = new SplittableRandom(seed);
        load(view, random);
        Picker picker = which.create(1).pickerFor(view);

        for (int i = 0; i < 20; i++) {
            int pick = picker.pick(0, random.nextLong(), random.nextLong(), tried);
            if (view.untriedWeight(tried) == 0) {
                assertEquals(Picker.NONE, pick);
            } else {
                assertFalse(tried.contains(pick));
                assertTrue(view.weight(pick) > 0, "weight 0 picked: " + pick);
            }
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void findTheOnlyOneThatIsLeftHoweverLight(
            @ForAll AllPolicies which,
            @ForAll @IntRange(min = 2, max = 17) int endpoints,
            @ForAll @IntRange(min = 1, max = UpstreamView.WEIGHT_MAX) int heavy,
            @ForAll long seed) {
        int[] weights = new int[endpoints];
        EndpointSet tried = new EndpointSet();
        for (int slot = 1; slot < endpoints; slot++) {
            weights[slot] = heavy;
            tried.add(slot);
        }
        weights[0] = 1;
        UpstreamView view = Upstreams.withWeights(weights);
        SplittableRandom random = new SplittableRandom(seed);
        load(view, random);
        Picker picker = which.create(1).pickerFor(view);

        for (int i = 0; i < 20; i++) {
            assertEquals(0, picker.pick(0, random.nextLong(), random.nextLong(), tried));
        }
    }

    /** Attempts under way, ended and failed, as they may be. */
    private static void load(UpstreamView view, SplittableRandom random) {
        for (int slot = 0; slot < view.slotCount(); slot++) {
            EndpointStats stats = view.endpoint(slot).stats();
            for (int i = random.nextInt(6); i > 0; i--) {
                long nowNs = random.nextLong();
                stats.onAttemptStarted(0, nowNs);
                switch (random.nextInt(4)) {
                    case 0 -> stats.onResponseHead(0, random.nextLong(1L << 40), nowNs);
                    case 1 -> stats.onAttemptFailed(0, EndpointFailure.CONNECT, random.nextLong(1L << 40), nowNs);
                    default -> {}
                }
            }
        }
    }
}
