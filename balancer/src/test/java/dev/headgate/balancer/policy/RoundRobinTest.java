package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.balancer.Allocation;
import dev.headgate.balancer.Balancer;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundRobinTest {
    @ParameterizedTest
    @CsvSource({
        "1 1 1, 012012",
        "5 1 1, 00102000010200",
        "2 0 1, 020020",
        "3 2 1, 010210010210",
        "10 10, 0101",
        "7, 0000",
    })
    void spreadsThePicksOfHeavyEndpoints(String weights, String sequence) {
        UpstreamView view = Upstreams.withWeights(numbers(weights));
        RoundRobin balancer = new RoundRobin(1);

        assertEquals(sequence, picks(balancer, view, 0, sequence.length()));
    }

    @Test
    void startsEveryLoopAtAnotherPlaceOfTheSameSequence() {
        UpstreamView view = Upstreams.withWeights(1, 1, 1, 1);
        RoundRobin balancer = new RoundRobin(4);

        assertEquals("0123", picks(balancer, view, 0, 4));
        assertEquals("1230", picks(balancer, view, 1, 4));
        assertEquals("2301", picks(balancer, view, 2, 4));
        assertEquals("3012", picks(balancer, view, 3, 4));
    }

    @Test
    void spreadsLoopsOverAnUpstreamTooLargeToWalkThrough() {
        UpstreamView view = Upstreams.withWeights(numbers("1 ".repeat(3_000).strip()));
        RoundRobin balancer = new RoundRobin(8);
        Set<Integer> first = new HashSet<>();
        for (int loop = 0; loop < 8; loop++) {
            first.add(balancer.pick(view, loop, 0, EndpointSet.NONE));
        }

        assertEquals(8, first.size());
    }

    @Test
    void skipsTriedEndpointsThisOnce() {
        UpstreamView view = Upstreams.withWeights(1, 1, 1);
        RoundRobin balancer = new RoundRobin(1);

        assertEquals(1, balancer.pick(view, 0, 0, Upstreams.setOf(0)));
        assertEquals("20120", picks(balancer, view, 0, 5));
    }

    @Test
    void answersNoneWhenNothingIsLeft() {
        RoundRobin balancer = new RoundRobin(1);

        assertEquals(Balancer.NONE, balancer.pick(Upstreams.withWeights(), 0, 0, EndpointSet.NONE));
        assertEquals(Balancer.NONE, balancer.pick(Upstreams.withWeights(0, 0), 0, 0, EndpointSet.NONE));
        assertEquals(Balancer.NONE, balancer.pick(Upstreams.withWeights(1, 0, 1), 0, 0, Upstreams.setOf(0, 2)));
    }

    @Test
    void followsANewViewAtOnce() {
        RoundRobin balancer = new RoundRobin(1);
        picks(balancer, Upstreams.withWeights(1, 1, 1), 0, 2);

        assertEquals("1111", picks(balancer, Upstreams.withWeights(0, 1, 0), 0, 4));
    }

    @Test
    void allocatesNothingPerPick() {
        UpstreamView view = Upstreams.withWeights(5, 1, 1, 0, 9);
        RoundRobin balancer = new RoundRobin(2);
        EndpointSet tried = Upstreams.setOf(4);

        long bytes = Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                assertNotEquals(Balancer.NONE, balancer.pick(view, 1, i, (i & 1) == 0 ? tried : EndpointSet.NONE));
            }
        });
        assertEquals(0, bytes);
    }

    private static String picks(RoundRobin balancer, UpstreamView view, int loop, int count) {
        StringBuilder picks = new StringBuilder();
        for (int i = 0; i < count; i++) {
            picks.append(balancer.pick(view, loop, 0, EndpointSet.NONE));
        }
        return picks.toString();
    }

    private static int[] numbers(String text) {
        return List.of(text.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    }
}
