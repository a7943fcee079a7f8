package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.UpstreamView.Sticky;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamViewTest {
    @Test
    void laysTheWeightsEndToEnd() {
        UpstreamView view = Upstreams.withWeights(2, 0, 3, 1);

        assertEquals(6, view.totalWeight());
        int[] expected = {0, 0, 2, 2, 2, 3};
        for (int position = 0; position < expected.length; position++) {
            assertEquals(expected[position], view.slotAt(position), "position " + position);
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
        Arrays.fill(weights, UpstreamView.WEIGHT_MAX);
        UpstreamView view = Upstreams.withWeights(weights);

        assertEquals(weights.length - 1, view.slotAt(view.totalWeight() - 1));
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

    @Test
    void givesConfiguredWeightsInFull() {
        EndpointStats stats = new EndpointStats(1);
        UpstreamView view = new UpstreamView("app", List.of(new Endpoint("a", 3, stats), new Endpoint("b", 0, stats)));

        assertEquals(3 * UpstreamView.WEIGHT_UNIT, view.weight(0));
        assertEquals(0, view.weight(1));
        assertTrue(view.isUsableBySticky(1));
    }

    @Test
    void leavesSlotsEmpty() {
        Endpoint endpoint = new Endpoint("a", 1, new EndpointStats(1));
        UpstreamView view = UpstreamView.builder("app", 3)
                .put(1, endpoint, 77, Sticky.MUST_LEAVE)
                .build();

        assertEquals(3, view.slotCount());
        assertNull(view.endpointOrNull(0));
        assertThrows(IllegalArgumentException.class, () -> view.endpoint(2));
        assertSame(endpoint, view.endpoint(1));
        assertEquals(77, view.totalWeight());
        assertEquals(1, view.slotAt(0));
        assertFalse(view.isUsableBySticky(0));
        assertFalse(view.isUsableBySticky(1));
        assertEquals(0, view.weight(3));
        assertFalse(view.isUsableBySticky(3));
    }

    @Test
    void refusesASlotThatIsTakenAndWeightsOutOfRange() {
        Endpoint a = new Endpoint("a", 1, new EndpointStats(1));
        Endpoint b = new Endpoint("b", 1, new EndpointStats(1));
        UpstreamView.Builder builder =
                UpstreamView.builder("app", 2).put(0, a, UpstreamView.WEIGHT_MAX, Sticky.MAY_STAY);

        assertThrows(IllegalArgumentException.class, () -> builder.put(0, b, 1, Sticky.MAY_STAY));
        assertThrows(IllegalArgumentException.class, () -> builder.put(1, b, -1, Sticky.MAY_STAY));
        assertThrows(
                IllegalArgumentException.class, () -> builder.put(1, b, UpstreamView.WEIGHT_MAX + 1, Sticky.MAY_STAY));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, none, 1 2 4",
                "version, green, 0 2 4",
                "version, blue, 1 0 0",
                "canary, yes, 0 0 4",
                "version, red, 0 0 0",
            })
    void narrowsToWhatMatchesInTheSameSlots(String label, String value, String weights) {
        UpstreamView view = UpstreamView.builder("app", 3)
                .put(0, labelled("a", Map.of("version", "blue")), 1, Sticky.MAY_STAY)
                .put(1, labelled("b", Map.of("version", "green")), 2, Sticky.MAY_STAY)
                .put(2, labelled("c", Map.of("version", "green", "canary", "yes")), 4, Sticky.MAY_STAY)
                .build();

        UpstreamView narrowed = view.narrowedTo(label == null ? Map.of() : Map.of(label, value));

        assertEquals(weights, narrowed.weight(0) + " " + narrowed.weight(1) + " " + narrowed.weight(2));
        for (int slot = 0; slot < 3; slot++) {
            assertEquals(narrowed.weight(slot) > 0, narrowed.isUsableBySticky(slot));
            assertSame(view.endpoint(slot), narrowed.endpoint(slot));
        }
    }

    @Test
    void narrowsToThoseThatHaveAllOfTheLabels() {
        UpstreamView view = UpstreamView.builder("app", 2)
                .put(0, labelled("a", Map.of("version", "green")), 1, Sticky.MAY_STAY)
                .put(1, labelled("b", Map.of("version", "green", "canary", "yes")), 1, Sticky.MAY_STAY)
                .build();

        UpstreamView narrowed = view.narrowedTo(Map.of("version", "green", "canary", "yes"));

        assertEquals(0, narrowed.weight(0));
        assertEquals(1, narrowed.weight(1));
    }

    @Test
    void refusesTiersThatThereAreNot() {
        Endpoint endpoint = new Endpoint("a", 1, new EndpointStats(1));

        assertEquals(Endpoint.TIER_MAX, endpoint.withTier(Endpoint.TIER_MAX).tier());
        assertEquals("b", endpoint.withTier(1).withZone("b").zone());
        assertThrows(IllegalArgumentException.class, () -> endpoint.withTier(-1));
        assertThrows(IllegalArgumentException.class, () -> endpoint.withTier(Endpoint.TIER_MAX + 1));
    }

    private static Endpoint labelled(String name, Map<String, String> labels) {
        return new Endpoint(name, 1, new EndpointStats(1)).withLabels(labels);
    }
}
