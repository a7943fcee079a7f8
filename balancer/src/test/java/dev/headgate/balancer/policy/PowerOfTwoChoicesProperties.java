package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PowerOfTwoChoicesProperties {
    private final PowerOfTwoChoices policy = new PowerOfTwoChoices();

    @Property
    void neverPicksWhatIsTriedOrHasWeightZero(
            @ForAll @Size(min = 1, max = 100) List<@IntRange(max = 3) Integer> weights,
            @ForAll @Size(max = 16) List<@IntRange(max = 99) Integer> tries,
            @ForAll long random) {
        UpstreamView view = Upstreams.withWeights(
                weights.stream().mapToInt(Integer::intValue).toArray());
        EndpointSet tried = new EndpointSet();
        tries.stream().filter(i -> i < weights.size()).forEach(tried::add);

        int pick = policy.pickerFor(view).pick(0, random, 0, tried);

        if (view.untriedWeight(tried) == 0) {
            assertEquals(Picker.NONE, pick);
        } else {
            assertFalse(tried.contains(pick));
            assertNotEquals(0, view.weight(pick));
        }
    }
}
