package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.balancer.Allocation;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
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
        Picker picker = new RoundRobin(1).pickerFor(view);

        assertEquals(sequence, picks(picker, 0, sequence.length()));
    }

    @Test
    void startsEveryLoopAtAnotherPlaceOfTheSameSequence() {
        UpstreamView view = Upstreams.withWeights(1, 1, 1, 1);
        Picker picker = new RoundRobin(4).pickerFor(view);

        assertEquals("0123", picks(picker, 0, 4));
        assertEquals("1230", picks(picker, 1, 4));
        assertEquals("2301", picks(picker, 2, 4));
        assertEquals("3012", picks(picker, 3, 4));
    }

    @Test
    void spreadsLoopsOverAnUpstreamTooLargeToWalkThrough() {
        UpstreamView view = Upstreams.withWeights(numbers("1 ".repeat(3_000).strip()));
        Picker picker = new RoundRobin(8).pickerFor(view);
        Set<Integer> first = new HashSet<>();
        for (int loop = 0; loop < 8; loop++) {
            first.add(picker.pick(loop, 0, 0, EndpointSet.NONE));
        }

        assertEquals(8, first.size());
    }

    @Test
    void skipsTriedEndpointsThisOnce() {
        UpstreamView view = Upstreams.withWeights(1, 1, 1);
        Picker picker = new RoundRobin(1).pickerFor(view);

        assertEquals(1, picker.pick(0, 0, 0, Upstreams.setOf(0)));
        assertEquals("01201", picks(picker, 0, 5));
    }

    /** Otherwise a request whose first endpoint is bad would have the next request meet the same one first again. */
    @Test
    void retriesTakeNoTurn() {
        Picker picker = new RoundRobin(1).pickerFor(Upstreams.withWeights(1, 1));
        for (int request = 0; request < 6; request++) {
            int first = picker.pick(0, 0, 0, EndpointSet.NONE);
            assertEquals(request % 2, first);
            if (first == 0) {
                assertEquals(1, picker.pick(0, 0, 0, Upstreams.setOf(0)));
            }
        }
    }

    @Test
    void answersNoneWhenNothingIsLeft() {
        RoundRobin policy = new RoundRobin(1);

        assertEquals(Picker.NONE, policy.pickerFor(Upstreams.withWeights()).pick(0, 0, 0, EndpointSet.NONE));
        assertEquals(Picker.NONE, policy.pickerFor(Upstreams.withWeights(0, 0)).pick(0, 0, 0, EndpointSet.NONE));
        assertEquals(
                Picker.NONE, policy.pickerFor(Upstreams.withWeights(1, 0, 1)).pick(0, 0, 0, Upstreams.setOf(0, 2)));
    }

    @Test
    void followsANewViewAtOnce() {
        RoundRobin policy = new RoundRobin(1);
        picks(policy.pickerFor(Upstreams.withWeights(1, 1, 1)), 0, 2);

        assertEquals("1111", picks(policy.pickerFor(Upstreams.withWeights(0, 1, 0)), 0, 4));
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "7"})
    void forgetsNobodyWhenViewsComeFasterThanTurnsEnd(int picksPerView) {
        RoundRobin policy = new RoundRobin(1);
        UpstreamView[] views = {Upstreams.withWeights(4, 1, 1), Upstreams.withWeights(5, 1, 1)};
        double due = 0;
        int picked = 0;
        for (int i = 0; i < 1_000; i++) {
            UpstreamView view = views[i % 2];
            Picker picker = policy.pickerFor(view);
            for (int n = 0; n < picksPerView; n++) {
                picked += picker.pick(0, 0, 0, EndpointSet.NONE) == 2 ? 1 : 0;
                due += 1.0 / view.totalWeight();
            }
        }

        assertEquals(due, picked, due / 5);
    }

    @Test
    void leavesATriedHeavyEndpointBehindHoweverManyPicksItHasInARow() {
        Picker picker = new RoundRobin(1).pickerFor(Upstreams.withWeights(60_000, 1, 1));

        for (int i = 0; i < 1_000; i++) {
            assertNotEquals(0, picker.pick(0, i, 0, Upstreams.setOf(0)));
        }
    }

    @Test
    void allocatesNothingPerPick() {
        UpstreamView view = Upstreams.withWeights(5, 1, 1, 0, 9);
        Picker picker = new RoundRobin(2).pickerFor(view);
        EndpointSet tried = Upstreams.setOf(4);

        long bytes = Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                assertNotEquals(Picker.NONE, picker.pick(1, i, 0, (i & 1) == 0 ? tried : EndpointSet.NONE));
            }
        });
        assertEquals(0, bytes);
    }

    private static String picks(Picker picker, int loop, int count) {
        StringBuilder picks = new StringBuilder();
        for (int i = 0; i < count; i++) {
            picks.append(picker.pick(loop, 0, 0, EndpointSet.NONE));
        }
        return picks.toString();
    }

    private static int[] numbers(String text) {
        return List.of(text.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    }
}
