package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpstreamViewTest {
    @Test
    void laysTheWeightsEndToEnd() {
        UpstreamView view = Upstreams.withWeights(2, 0, 3, 1);

        assertEquals(6, view.totalWeight());
        int[] expected = {0, 0, 2, 2, 2, 3};
        for (int position = 0; position < expected.length; position++) {
            assertEquals(expected[position], view.endpointAt(position), "position " + position);
        }
    }

    @Test
    void countsTheWeightThatIsLeftUntried() {
        UpstreamView view = Upstreams.withWeights(2, 0, 3, 1);

        assertEquals(6, view.untriedWeight(EndpointSet.NONE));
        assertEquals(3, view.untriedWeight(Upstreams.setOf(1, 2)));
        assertEquals(0, view.untriedWeight(Upstreams.setOf(0, 2, 3)));
    }

    @Test
    void refusesTwoEndpointsOfOneName() {
        Endpoint endpoint = new Endpoint("10.0.0.1:80", 1, new EndpointStats(1));

        assertThrows(IllegalArgumentException.class, () -> new UpstreamView("app", List.of(endpoint, endpoint)));
    }

    @Test
    void takesAsManyEndpointsOfTheGreatestWeightAsTheLimitSaysButNotOneMore() {
        int[] weights = new int[UpstreamView.ENDPOINTS_MAX];
        Arrays.fill(weights, Endpoint.WEIGHT_MAX);
        UpstreamView view = Upstreams.withWeights(weights);

        assertEquals(weights.length - 1, view.endpointAt(view.totalWeight() - 1));
        assertThrows(
                IllegalArgumentException.class, () -> Upstreams.withWeights(new int[UpstreamView.ENDPOINTS_MAX + 1]));
    }

    @Test
    void refusesWeightsOutsideTheRange() {
        EndpointStats stats = new EndpointStats(1);

        assertEquals(0, new Endpoint("a", 0, stats).weight());
        assertEquals(Endpoint.WEIGHT_MAX, new Endpoint("a", Endpoint.WEIGHT_MAX, stats).weight());
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a", -1, stats));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("a", Endpoint.WEIGHT_MAX + 1, stats));
    }
}
