package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.UpstreamView.Sticky;
import dev.headgate.balancer.Upstreams;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Maglev and rendezvous promise of keys. */
class HashingTest {
    private static final int KEYS = 20_000;

    private enum Kind {
        MAGLEV,
        RENDEZVOUS;

        Policy create(int loadPercent) {
            return this == MAGLEV ? new Maglev(loadPercent) : new Rendezvous(loadPercent);
        }
    }

    /** One change of an upstream. What must move is what the changed endpoint loses or gains. */
    private record Change(String name, int[] before, int[] after, int changed) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> changes() {
        int[] hundred = equal(100, 256);
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(
                                new Change("one of ten goes", equal(10, 256), with(equal(10, 256), 3, 0), 3),
                                new Change("an eleventh comes", with(equal(11, 256), 10, 0), equal(11, 256), 10),
                                new Change("one of a hundred goes", hundred, with(hundred, 42, 0), 42),
                                new Change("one of three goes", equal(3, 256), with(equal(3, 256), 0, 0), 0),
                                new Change("one gets lighter", equal(10, 256), with(equal(10, 256), 7, 64), 7),
                                new Change("one gets heavier", equal(10, 256), with(equal(10, 256), 7, 1_024), 7),
                                new Change(
                                        "unequal, the light one goes",
                                        new int[] {900, 300, 100},
                                        new int[] {900, 300, 0},
                                        2),
                                new Change(
                                        "unequal, a ramp begins", new int[] {900, 300, 0}, new int[] {900, 300, 25}, 2))
                        .map(change -> Arguments.of(kind, change)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void movesHardlyMoreKeysThanHaveToMove(Kind kind, Change change) {
        UpstreamView view = Upstreams.withWeights(change.before());
        int[] before = picks(kind, view);
        int[] after = picks(kind, Upstreams.withWeights(view, change.after()));
        int moved = 0;
        int movedAmongOthers = 0;
        for (int i = 0; i < KEYS; i++) {
            moved += before[i] == after[i] ? 0 : 1;
            boolean ofOthers = before[i] != change.changed() && after[i] != change.changed();
            movedAmongOthers += before[i] != after[i] && ofOthers ? 1 : 0;
        }

        double due = Math.abs(share(change.before(), change.changed()) - share(change.after(), change.changed()));
        assertTrue(moved > KEYS * due * 0.8, "too few: " + moved);
        if (kind == Kind.RENDEZVOUS) {
            assertEquals(0, movedAmongOthers);
            assertTrue(moved < KEYS * due * 1.2 + 20, "moved: " + moved + ", due: " + KEYS * due);
        } else {
            assertTrue(moved < KEYS * (due * 1.25 + 0.04), "moved: " + moved + ", due: " + KEYS * due);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsKeysBackWhereTheyWereWhenAnEndpointReturns(Kind kind) {
        UpstreamView view = Upstreams.withWeights(equal(7, 256));
        int[] before = picks(kind, view);
        Upstreams.withWeights(view, with(equal(7, 256), 2, 0));

        assertEquals(Arrays.toString(before), Arrays.toString(picks(kind, Upstreams.withWeights(view, equal(7, 256)))));
    }

    @ParameterizedTest
    @EnumSource
    void dependsOnNamesAndNotOnSlots(Kind kind) {
        int count = 30;
        UpstreamView.Builder forwards = UpstreamView.builder("app", count);
        UpstreamView.Builder backwards = UpstreamView.builder("app", count + 5);
        for (int i = 0; i < count; i++) {
            Endpoint endpoint = new Endpoint("10.0.0." + i + ":80", 1, new EndpointStats(1));
            forwards.put(i, endpoint, 100 + i, Sticky.MAY_STAY);
            backwards.put(count + 4 - i, endpoint, 100 + i, Sticky.MAY_STAY);
        }
        UpstreamView first = forwards.build();
        UpstreamView second = backwards.build();
        int[] firstPicks = picks(kind, first);
        int[] secondPicks = picks(kind, second);

        for (int i = 0; i < KEYS; i++) {
            assertEquals(
                    first.endpoint(firstPicks[i]).name(),
                    second.endpoint(secondPicks[i]).name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void spreadsKeysThatDifferInOneBitOnly(Kind kind) {
        Picker picker = kind.create(0).pickerFor(Upstreams.withWeights(equal(10, 256)));
        int[] counts = new int[10];
        for (long key = 0; key < KEYS; key++) {
            counts[picker.pick(0, 0, key, EndpointSet.NONE)]++;
        }

        for (int count : counts) {
            assertEquals(KEYS / 10.0, count, KEYS / 100.0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void spreadsTheKeysOfATriedEndpointOverAllOthers(Kind kind) {
        Picker picker = kind.create(0).pickerFor(Upstreams.withWeights(equal(5, 256)));
        int[] counts = new int[5];
        int keys = 0;
        for (long key = 0; key < KEYS; key++) {
            if (picker.pick(0, 0, key, EndpointSet.NONE) == 0) {
                counts[picker.pick(0, 0, key, Upstreams.setOf(0))]++;
                keys++;
            }
        }

        assertEquals(0, counts[0]);
        for (int slot = 1; slot < 5; slot++) {
            assertEquals(keys / 4.0, counts[slot], keys / 40.0);
        }
    }

    static Stream<Arguments> bounds() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(100, 125, 300)
                        .flatMap(percent -> Stream.of(equal(3, 256), equal(20, 256), new int[] {900, 300, 100, 0, 25})
                                .map(weights -> Arguments.of(kind, percent, weights))));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void neverExceedsTheBoundHoweverUnevenTheKeys(Kind kind, int percent, int[] weights) {
        UpstreamView view = Upstreams.withWeights(weights);
        Picker picker = kind.create(percent).pickerFor(view);
        SplittableRandom random = new SplittableRandom(31);
        int[] window = new int[400];
        Arrays.fill(window, -1);
        int inFlight = 0;
        for (int i = 0; i < 30_000; i++) {
            int place = random.nextInt(i / 50 % window.length + 1);
            if (window[place] >= 0) {
                view.endpoint(window[place]).stats().onAttemptEnded(0, 1);
                inFlight--;
            }
            long key =
                    random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(3); // few keys are most of the traffic
            int pick = picker.pick(0, 0, key, EndpointSet.NONE);
            inFlight++;
            view.endpoint(pick).stats().onAttemptStarted(0, 0);
            window[place] = pick;

            double bound = Math.ceil(percent / 100.0 * inFlight * share(weights, pick) - 1e-9);
            long load = view.endpoint(pick).stats().inFlight();
            assertTrue(load <= bound, load + " > " + bound + " of " + inFlight);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsAnOverloadedKeyToTheSameSecondEveryTime(Kind kind) {
        UpstreamView view = Upstreams.withWeights(equal(6, 256));
        Picker picker = kind.create(125).pickerFor(view);
        for (long key = 0; key < 100; key++) {
            int first = picker.pick(0, 0, key, EndpointSet.NONE);
            int second = picker.pick(0, 0, key, Upstreams.setOf(first));
            load(view, first, 10);
            assertNotEquals(first, second);
            assertEquals(second, picker.pick(0, key, key, EndpointSet.NONE));
            load(view, first, -10);
            assertEquals(first, picker.pick(0, key, key, EndpointSet.NONE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void exceedsTheBoundRatherThanFailWhenThoseBelowItAreTried(Kind kind) {
        UpstreamView view = Upstreams.withWeights(equal(3, 256));
        load(view, 1, 100);
        Picker picker = kind.create(100).pickerFor(view);

        assertEquals(1, picker.pick(0, 0, 5, Upstreams.setOf(0, 2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 1_024, 1_025})
    void fillsATableWithHardlyADifferenceBetweenEquals(int endpoints) {
        MaglevTable table = new MaglevTable(Upstreams.withWeights(equal(endpoints, 256)));
        int[] counts = new int[endpoints];
        for (char slot : table.entries()) {
            counts[slot]++;
        }

        int least = Arrays.stream(counts).min().orElseThrow();
        assertTrue(least >= 64, "entries: " + least);
        assertTrue(Arrays.stream(counts).max().orElseThrow() - least <= 1);
    }

    @Test
    void givesEveryEndpointAnEntryHoweverLight() {
        int[] weights = equal(64, UpstreamView.WEIGHT_MAX);
        weights[9] = 1;
        char[] entries = new MaglevTable(Upstreams.withWeights(weights)).entries();

        assertTrue(IntStream.range(0, entries.length).anyMatch(i -> entries[i] == 9));
    }

    @ParameterizedTest
    @EnumSource
    void refusesBoundsThatAreNone(Kind kind) {
        kind.create(0);
        kind.create(100);
        kind.create(10_000);
        for (int percent : new int[] {-1, 1, 99, 10_001}) {
            assertThrows(IllegalArgumentException.class, () -> kind.create(percent));
        }
    }

    private static int[] picks(Kind kind, UpstreamView view) {
        Picker picker = kind.create(0).pickerFor(view);
        SplittableRandom keys = new SplittableRandom(37);
        int[] picks = new int[KEYS];
        for (int i = 0; i < KEYS; i++) {
            picks[i] = picker.pick(0, i, keys.nextLong(), EndpointSet.NONE);
        }
        return picks;
    }

    private static void load(UpstreamView view, int slot, int attempts) {
        EndpointStats stats = view.endpoint(slot).stats();
        for (int i = 0; i < Math.abs(attempts); i++) {
            if (attempts > 0) {
                stats.onAttemptStarted(0, 0);
            } else {
                stats.onAttemptEnded(0, 1);
            }
        }
    }

    private static double share(int[] weights, int slot) {
        return (double) weights[slot] / Arrays.stream(weights).sum();
    }

    private static int[] equal(int count, int weight) {
        int[] weights = new int[count];
        Arrays.fill(weights, weight);
        return weights;
    }

    private static int[] with(int[] weights, int slot, int weight) {
        int[] changed = weights.clone();
        changed[slot] = weight;
        return changed;
    }
}
