package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.ChiSquare;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastRequestsTest {
    private final LeastRequests policy = new LeastRequests();
    private final SplittableRandom random = new SplittableRandom(17);

    @Test
    void takesTheLeastLoadedOfAll() {
        UpstreamView view =
                Upstreams.withWeights(IntStream.range(0, 64).map(i -> 256).toArray());
        for (int slot = 0; slot < 64; slot++) {
            start(view, slot, slot == 41 ? 1 : 2 + slot % 3);
        }
        Picker picker = policy.pickerFor(view);

        for (int i = 0; i < 1_000; i++) {
            assertEquals(41, picker.pick(0, random.nextLong(), 0, EndpointSet.NONE));
        }
    }

    @Test
    void countsWhatAllLoopsHaveInFlight() {
        UpstreamView view = Upstreams.ofLoops(3, 1, 1);
        view.endpoint(0).stats().onAttemptStarted(1, 0);
        view.endpoint(0).stats().onAttemptStarted(2, 0);
        view.endpoint(1).stats().onAttemptStarted(0, 0);
        Picker picker = policy.pickerFor(view);

        for (int i = 0; i < 100; i++) {
            assertEquals(1, picker.pick(0, random.nextLong(), 0, EndpointSet.NONE));
        }
    }

    @Test
    void sharesOutByWeightAmongThoseThatAreEquallyIdle() {
        int[] weights = {5, 3, 0, 2, 90};
        UpstreamView view = Upstreams.withWeights(weights);
        start(view, 4, 1_000);
        int[] idle = {5, 3, 0, 2, 0};
        Picker picker = policy.pickerFor(view);
        long[] counts = new long[weights.length];
        for (int i = 0; i < 100_000; i++) {
            counts[picker.pick(0, random.nextLong(), 0, Upstreams.setOf(4))]++;
        }

        ChiSquare.assertFollows(idle, counts);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 64})
    void keepsEqualEndpointsWithinOneOfEachOther(int endpoints) {
        UpstreamView view = Upstreams.withWeights(
                IntStream.range(0, endpoints).map(i -> 256).toArray());
        Picker picker = policy.pickerFor(view);
        for (int i = 0; i < endpoints * 20; i++) {
            start(view, picker.pick(0, random.nextLong(), 0, EndpointSet.NONE), 1);
            long least = loads(view).min().orElseThrow();
            assertTrue(loads(view).max().orElseThrow() - least <= 1, "after " + i);
        }
    }

    @Test
    void keepsALargeUpstreamNearlyEvenBySamples() {
        UpstreamView view =
                Upstreams.withWeights(IntStream.range(0, 1_000).map(i -> 256).toArray());
        Picker picker = policy.pickerFor(view);
        for (int i = 0; i < 20_000; i++) {
            start(view, picker.pick(0, random.nextLong(), 0, EndpointSet.NONE), 1);
        }

        assertTrue(
                loads(view).min().orElseThrow() >= 18, "least: " + loads(view).min());
        assertTrue(loads(view).max().orElseThrow() <= 22, "most: " + loads(view).max());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 60})
    void starvesNoEndpointUnderSteadyLoad(int concurrency) {
        int[] weights = {9, 1, 5, 5};
        UpstreamView view = Upstreams.withWeights(weights);
        Picker picker = policy.pickerFor(view);
        long[] counts = new long[weights.length];
        int[] window = new int[concurrency]; // attempts in flight, the oldest ends first
        for (int i = 0; i < 40_000; i++) {
            if (i >= concurrency) {
                view.endpoint(window[i % concurrency]).stats().onAttemptEnded(0, 1);
            }
            int pick = picker.pick(0, random.nextLong(), 0, EndpointSet.NONE);
            start(view, pick, 1);
            window[i % concurrency] = pick;
            counts[pick]++;
        }

        for (int i = 0; i < weights.length; i++) {
            double share = 40_000.0 * weights[i] / Arrays.stream(weights).sum();
            assertTrue(
                    counts[i] > share / 2 && counts[i] < share * 2,
                    "endpoint " + i + ": " + counts[i] + " for " + share);
        }
    }

    private static LongStream loads(UpstreamView view) {
        return IntStream.range(0, view.slotCount())
                .mapToLong(slot -> view.endpoint(slot).stats().inFlight());
    }

    private static void start(UpstreamView view, int slot, int attempts) {
        for (int i = 0; i < attempts; i++) {
            view.endpoint(slot).stats().onAttemptStarted(0, 0);
        }
    }
}
