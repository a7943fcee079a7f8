package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Allocation;
import dev.headgate.balancer.ChiSquare;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.Upstreams;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PowerOfTwoChoicesTest {
    private final PowerOfTwoChoices policy = new PowerOfTwoChoices();

    static Stream<int[]> weights() {
        int[] many = new int[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = i % 4;
        }
        return Stream.of(
                new int[] {1, 1},
                new int[] {9, 1},
                new int[] {1, 2, 3, 4},
                new int[] {0, 5, 0, 1},
                new int[] {65_535, 1, 30_000},
                many);
    }

    @ParameterizedTest
    @MethodSource("weights")
    void followsTheWeightsWhileNothingIsInFlight(int[] weights) {
        UpstreamView view = Upstreams.withWeights(weights);
        Picker picker = policy.pickerFor(view);
        SplittableRandom random = new SplittableRandom(20_260_102);
        long[] counts = new long[weights.length];
        for (int i = 0; i < 200_000; i++) {
            counts[picker.pick(0, random.nextLong(), 0, EndpointSet.NONE)]++;
        }

        ChiSquare.assertFollows(weights, counts);
    }

    @ParameterizedTest
    @MethodSource("weights")
    void followsTheWeightsOfWhatIsLeftUntried(int[] weights) {
        UpstreamView view = Upstreams.withWeights(weights);
        Picker picker = policy.pickerFor(view);
        EndpointSet tried = Upstreams.setOf(weights.length - 1, 0);
        int[] left = weights.clone();
        left[0] = 0;
        left[weights.length - 1] = 0;
        SplittableRandom random = new SplittableRandom(7);
        long[] counts = new long[weights.length];
        for (int i = 0; i < 100_000; i++) {
            int pick = picker.pick(0, random.nextLong(), 0, tried);
            if (pick != Picker.NONE) {
                counts[pick]++;
            }
        }

        ChiSquare.assertFollows(left, counts);
    }

    @ParameterizedTest
    @MethodSource("weights")
    void keepsTheLoadInProportionToTheWeights(int[] weights) {
        UpstreamView view = Upstreams.withWeights(weights);
        Picker picker = policy.pickerFor(view);
        SplittableRandom random = new SplittableRandom(11);
        int attempts = 4 * view.totalWeight() / Math.max(1, view.totalWeight() / 10_000);
        for (int i = 0; i < attempts; i++) {
            start(view, picker.pick(0, random.nextLong(), 0, EndpointSet.NONE), 1);
        }

        for (int i = 0; i < weights.length; i++) {
            double share = (double) attempts * weights[i] / view.totalWeight();
            long inFlight = view.endpoint(i).stats().inFlight();
            assertTrue(
                    Math.abs(inFlight - share) <= 4 + share / 4, "endpoint " + i + ": " + inFlight + " for " + share);
        }
    }

    @Test
    void takesTheLessLoadedOfTwoEqualEndpointsAlways() {
        UpstreamView view = Upstreams.withWeights(1, 1);
        Picker picker = policy.pickerFor(view);
        start(view, 0, 1);
        SplittableRandom random = new SplittableRandom(3);

        for (int i = 0; i < 1_000; i++) {
            assertEquals(1, picker.pick(0, random.nextLong(), 0, EndpointSet.NONE));
        }
    }

    @Test
    void sparesABusyHeavyEndpointOnlyFromItsShareOn() {
        // Weight 9 against 1: at 9 to 0 the light one is less loaded before and after taking the attempt, at 8 to 0 it
        // is not.
        SplittableRandom random = new SplittableRandom(5);
        UpstreamView eight = Upstreams.withWeights(9, 1);
        start(eight, 0, 8);
        UpstreamView nine = Upstreams.withWeights(9, 1);
        start(nine, 0, 9);
        Picker pickerOfEight = policy.pickerFor(eight);
        Picker pickerOfNine = policy.pickerFor(nine);

        int heavyAtEight = 0;
        for (int i = 0; i < 1_000; i++) {
            heavyAtEight += pickerOfEight.pick(0, random.nextLong(), 0, EndpointSet.NONE) == 0 ? 1 : 0;
            assertEquals(1, pickerOfNine.pick(0, random.nextLong(), 0, EndpointSet.NONE));
        }
        assertTrue(heavyAtEight > 850 && heavyAtEight < 950, "of 1000: " + heavyAtEight);
    }

    @Test
    void starvesNoEndpointUnderSteadyLoad() {
        int[] weights = {9, 1, 5};
        UpstreamView view = Upstreams.withWeights(weights);
        Picker picker = policy.pickerFor(view);
        SplittableRandom random = new SplittableRandom(13);
        long[] counts = new long[weights.length];
        int[] window = new int[6]; // attempts in flight, the oldest ends first
        for (int i = 0; i < 60_000; i++) {
            if (i >= window.length) {
                view.endpoint(window[i % window.length]).stats().onAttemptEnded(0, 1);
            }
            int pick = picker.pick(0, random.nextLong(), 0, EndpointSet.NONE);
            start(view, pick, 1);
            window[i % window.length] = pick;
            counts[pick]++;
        }

        for (int i = 0; i < weights.length; i++) {
            double share = 60_000.0 * weights[i] / 15;
            assertTrue(
                    counts[i] > share / 2 && counts[i] < share * 2,
                    "endpoint " + i + ": " + counts[i] + " for " + share);
        }
    }

    @Test
    void answersNoneForAnUpstreamWithoutEndpoints() {
        assertEquals(Picker.NONE, policy.pickerFor(Upstreams.withWeights()).pick(0, 1, 0, EndpointSet.NONE));
    }

    @Test
    void allocatesNothing() {
        Picker picker = policy.pickerFor(Upstreams.withWeights(5, 1, 1, 0, 9));
        EndpointSet tried = Upstreams.setOf(4);

        long bytes = Allocation.bytesOf(5, () -> {
            long random = 1;
            for (int i = 0; i < 10_000; i++) {
                random = random * 6_364_136_223_846_793_005L + 1;
                assertNotEquals(Picker.NONE, picker.pick(0, random, 0, (i & 1) == 0 ? tried : EndpointSet.NONE));
            }
        });
        assertEquals(0, bytes);
    }

    private static void start(UpstreamView view, int endpoint, int attempts) {
        for (int i = 0; i < attempts; i++) {
            view.endpoint(endpoint).stats().onAttemptStarted(0, 0);
        }
    }
}
