package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.balancer.Allocation;
import dev.headgate.balancer.ChiSquare;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AllPoliciesTest {
    private static final int PICKS = 200_000;

    static Stream<Arguments> policiesAndWeights() {
        int[] many = new int[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = 256 * (i % 4);
        }
        return Stream.of(AllPolicies.values())
                .flatMap(which -> Stream.of(
                                new int[] {1, 1},
                                new int[] {9, 1},
                                new int[] {1, 2, 3, 4},
                                new int[] {0, 5, 0, 1},
                                new int[] {65_535, 1, 30_000},
                                new int[] {256, 256, 77, 256},
                                many)
                        .filter(weights -> which.follows(weights))
                        .map(weights -> Arguments.of(which, weights)));
    }

    @ParameterizedTest
    @MethodSource("policiesAndWeights")
    void followsTheWeightsWhileNothingIsInFlight(AllPolicies which, int[] weights) {
        ChiSquare.assertFollows(
                weights, counts(which, Upstreams.withWeights(weights), EndpointSet.NONE, weights.length));
    }

    @ParameterizedTest
    @MethodSource("policiesAndWeights")
    void spreadsWhatATriedEndpointWouldHaveGotten(AllPolicies which, int[] weights) {
        UpstreamView view = Upstreams.withWeights(weights);
        int[] left = weights.clone();
        left[0] = 0;
        if (view.weight(0) == 0 || which == AllPolicies.ROUND_ROBIN) {
            return; // Round robin gives a turn to whoever is next in its sequence.
        }

        ChiSquare.assertFollows(left, counts(which, view, Upstreams.setOf(0), weights.length));
    }

    private static long[] counts(AllPolicies which, UpstreamView view, EndpointSet tried, int slots) {
        Picker picker = which.create(1).pickerFor(view);
        SplittableRandom random = new SplittableRandom(20_261_128);
        long[] counts = new long[slots];
        for (int i = 0; i < PICKS; i++) {
            counts[picker.pick(0, random.nextLong(), random.nextLong(), tried)]++;
        }
        return counts;
    }

    @ParameterizedTest
    @EnumSource
    void answersNoneForAnUpstreamWithoutEndpoints(AllPolicies which) {
        assertEquals(
                Picker.NONE, which.create(1).pickerFor(Upstreams.withWeights()).pick(0, 1, 2, EndpointSet.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothing(AllPolicies which) {
        int[] few = {5, 1, 1, 0, 9};
        assertAllocatesNothing(which, few);
        int[] many = new int[100];
        for (int i = 0; i < many.length; i++) {
            many[i] = 256 + i;
        }
        assertAllocatesNothing(which, many);
    }

    private static void assertAllocatesNothing(AllPolicies which, int[] weights) {
        UpstreamView view = Upstreams.ofLoops(2, weights);
        Picker picker = which.create(2).pickerFor(view);
        EndpointSet tried = Upstreams.setOf(4);
        long bytes = Allocation.bytesOf(20, () -> {
            long random = 1;
            for (int i = 0; i < 10_000; i++) {
                random = random * 6_364_136_223_846_793_005L + 1;
                int pick = picker.pick(1, random, ~random, (i & 1) == 0 ? tried : EndpointSet.NONE);
                assertNotEquals(Picker.NONE, pick);
                EndpointStats stats = view.endpoint(pick).stats();
                stats.onAttemptStarted(1, i);
                if ((i & 3) != 0) {
                    stats.onResponseHead(1, random >>> 40, i);
                    stats.onAttemptEnded(1, 1);
                }
            }
        });
        assertEquals(0, bytes);
    }
}
