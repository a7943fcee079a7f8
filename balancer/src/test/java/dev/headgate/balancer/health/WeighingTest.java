package dev.headgate.balancer.health;

import static dev.headgate.balancer.health.EndpointCondition.up;
import static dev.headgate.balancer.health.Standing.DOWN;
import static dev.headgate.balancer.health.Standing.EJECTED;
import static dev.headgate.balancer.health.Standing.UNKNOWN;
import static dev.headgate.balancer.health.Weighing.SCALE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Spares;
import dev.headgate.balancer.health.EndpointCondition.Reach;
import dev.headgate.balancer.health.WeighingSettings.PanicAction;
import dev.headgate.balancer.health.Weights.Reason;
import dev.headgate.balancer.health.Weights.State;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeighingTest {
    private static final WeighingSettings DEFAULTS = WeighingSettings.DEFAULTS;
    private static final WeighingSettings SPILL = new WeighingSettings(70, 70, null, 70, 0, 0, PanicAction.USE_ALL);
    private static final WeighingSettings REJECT = new WeighingSettings(0, 0, null, 70, 50, 50, PanicAction.REJECT);

    @Test
    void givesEveryoneItsWeightWhenAllAreUp() {
        Weights weights = weigh(DEFAULTS, up(0, 1), up(1, 256), up(2, 3));

        assertWeights(weights, State.NORMAL, SCALE, 256 * SCALE, 3 * SCALE);
        assertEquals(Set.of(), weights.reasons());
        assertEquals(100, weights.availablePercent());
    }

    @Test
    void changesNoOtherWeightWhenOneGoesDown() {
        Weights weights = weigh(DEFAULTS, up(0, 1), up(1, 2).with(DOWN), up(2, 3));

        assertWeights(weights, State.NORMAL, SCALE, 0, 3 * SCALE);
        assertEquals(66, weights.availablePercent());
    }

    @Test
    void prefersTheWeightSetAtRunTime() {
        assertWeights(weigh(DEFAULTS, up(0, 1).withOverride(5), up(1, 1)), State.NORMAL, 5 * SCALE, SCALE);
        assertWeights(weigh(DEFAULTS, up(0, 0).withOverride(5), up(1, 1)), State.NORMAL, 5 * SCALE, SCALE);
        assertWeights(weigh(DEFAULTS, up(0, 5).withOverride(0), up(1, 1)), State.NORMAL, 0, SCALE);
    }

    @Test
    void keepsThoseThatAreWellAndNotPreferredForWhoHasTriedAllOthers() {
        Weights weights = weigh(
                DEFAULTS,
                up(0, 1),
                up(1, 1).inTier(2),
                backup(2),
                backup(3).with(DOWN),
                backup(4).drained(),
                backup(5).with(Reach.UNREACHABLE),
                up(6, 0).inTier(1));
        assertEquals("[2, 1] of tiers [1, 2]", weights.spares().toString());
        assertEquals(
                Spares.NONE, weigh(DEFAULTS, up(0, 1).with(DOWN), backup(1)).spares());
        assertEquals(
                Spares.NONE,
                weigh(REJECT, up(0, 1).with(DOWN), backup(1), up(2, 1).with(DOWN))
                        .spares());
        assertEquals("[1] of tiers [0]", weigh(inZone("a"), a(0), b(1)).spares().toString());
    }

    @Test
    void drainsSoftlyAndKeepsClientsThatStay() {
        Weights weights = weigh(
                DEFAULTS,
                up(0, 1).drained(),
                up(1, 0),
                up(2, 1),
                up(3, 1).with(DOWN).drained());

        assertWeights(weights, State.NORMAL, 0, 0, SCALE, 0);
        assertSticky(weights, true, true, true, false);
    }

    @Test
    void countsWhatIsDrainedForNothingElse() {
        Weights weights =
                weigh(DEFAULTS, up(0, 1), up(1, 9).drained(), up(2, 9).drained().with(DOWN));

        assertWeights(weights, State.NORMAL, SCALE, 0, 0);
    }

    @Test
    void hasNobodyToPickWhenAllAreDrained() {
        Weights weights = weigh(DEFAULTS, up(0, 1).drained(), up(1, 0));
        assertWeights(weights, State.NONE, 0, 0);
        assertEquals(Set.of(Reason.ALL_DRAINED), weights.reasons());
        assertSticky(weights, true, true);

        assertWeights(weigh(DEFAULTS), State.NONE);
    }

    @Test
    void rampsWithinItsGroup() {
        Weights weights = weigh(DEFAULTS, up(0, 4).withRampShare(SlowStart.FULL / 4), up(1, 4));

        assertWeights(weights, State.NORMAL, SCALE, 4 * SCALE);
    }

    @Test
    void neverRoundsAwayWhoIsToGetTraffic() {
        Weights weights = new Weighing(DEFAULTS, 1).weigh(List.of(up(0, 1).withRampShare(1), up(1, 256)), 2);

        assertWeights(weights, State.NORMAL, 1, 256);
    }

    @Test
    void leavesBackupsAloneWhileOnePrimaryIsLeft() {
        Weights weights = weigh(DEFAULTS, up(0, 1), up(1, 1).with(DOWN), up(2, 1).with(DOWN), backup(3));
        assertWeights(weights, State.NORMAL, SCALE, 0, 0, 0);

        weights = weigh(DEFAULTS, up(0, 1).with(EJECTED), up(1, 1).with(DOWN), up(2, 1).with(DOWN), backup(3));
        assertWeights(weights, State.SPILLING, 0, 0, 0, SCALE);
        assertEquals(Set.of(Reason.TIER), weights.reasons());
    }

    @Test
    void usesBackupsWhenAllPrimariesAreDrained() {
        Weights weights = weigh(DEFAULTS, up(0, 1).drained(), backup(1));

        assertWeights(weights, State.SPILLING, 0, SCALE);
        assertEquals(Set.of(Reason.TIER), weights.reasons());
    }

    @Test
    void spillsInProportionBelowTheThreshold() {
        Weights weights = weigh(SPILL, up(0, 7), up(1, 13).with(DOWN), up(2, 10).inTier(1));

        // 35 of 70 percent: half of the traffic stays.
        assertEquals(State.SPILLING, weights.state());
        assertEquals(0.5, share(weights, 0), 1e-3);
        assertEquals(0.5, share(weights, 2), 1e-3);
    }

    @Test
    void doesNotSpillAtTheThreshold() {
        assertWeights(weigh(SPILL, up(0, 7), up(1, 3).with(DOWN), up(2, 10).inTier(1)), State.NORMAL, 7 * SCALE, 0, 0);
    }

    @Test
    void spreadsOverAllTiersWhatNoneOfThemTakes() {
        Weights weights = weigh(
                SPILL,
                up(0, 35),
                up(1, 65).with(DOWN),
                up(2, 35).inTier(1),
                up(3, 65).with(DOWN).inTier(1));

        // They take a half and a quarter; the last quarter is spread in the same proportion.
        assertEquals(2.0 / 3, share(weights, 0), 1e-3);
        assertEquals(1.0 / 3, share(weights, 2), 1e-3);
    }

    @Test
    void returnsOnlyWhenEnoughIsBack() {
        Weighing weighing = new Weighing(new WeighingSettings(30, 60, null, 70, 0, 0, PanicAction.USE_ALL));
        State[] down = new State[11];
        State[] up = new State[11];
        for (int available = 10; available >= 0; available--) {
            down[available] = weighing.weigh(primaries(available), 11).state();
        }
        for (int available = 0; available <= 10; available++) {
            up[available] = weighing.weigh(primaries(available), 11).state();
        }

        for (int available = 0; available <= 10; available++) {
            assertEquals(available >= 3 ? State.NORMAL : State.SPILLING, down[available], "down to " + available);
            assertEquals(available >= 6 ? State.NORMAL : State.SPILLING, up[available], "up to " + available);
        }
    }

    @Test
    void doesNotFloodALonePrimaryThatHasComeBack() {
        EndpointCondition cold = up(0, 1).withRampShare(SlowStart.FULL / 4);
        Weights weights = weigh(DEFAULTS, cold, up(1, 1).with(DOWN), backup(2));

        assertEquals(0.25, share(weights, 0), 5e-3);
        assertEquals(0.75, share(weights, 2), 5e-3);
        assertEquals(Set.of(Reason.RAMP), weights.reasons());
        assertWeights(weigh(DEFAULTS, cold, up(1, 1).with(DOWN)), State.NORMAL, 64, 0);
    }

    @Test
    void letsOneWarmPrimaryTakeTheRestOfItsTier() {
        assertWeights(
                weigh(DEFAULTS, up(0, 1).withRampShare(SlowStart.FULL / 5), up(1, 1), backup(2)),
                State.NORMAL,
                SCALE / 5,
                SCALE,
                0);
    }

    @Test
    void doesNotSpillWhenAllAreNew() {
        int cold = SlowStart.FULL / 10;
        Weights weights = weigh(
                inZone("a"),
                a(0).withRampShare(cold),
                b(1).withRampShare(cold),
                backup(2).withRampShare(cold));

        assertEquals(State.NORMAL, weights.state());
        assertEquals(1, share(weights, 0), 0);
    }

    @Test
    void prefersItsOwnZoneWhileThatIsWell() {
        Weights weights = weigh(inZone("a"), a(0), a(1), a(2).with(DOWN), b(3), b(4), b(5));
        // Two thirds of seventy percent.
        assertEquals(State.SPILLING, weights.state());
        assertEquals(Set.of(Reason.ZONE), weights.reasons());
        double own = 200 / 3.0 / 70;
        assertEquals(own, share(weights, 0) + share(weights, 1), 5e-3);
        assertEquals((1 - own) / 3, share(weights, 5), 5e-3);

        assertWeights(
                weigh(inZone("a"), a(0), a(1), a(2), a(3).with(DOWN), b(4)), State.NORMAL, SCALE, SCALE, SCALE, 0, 0);
    }

    @Test
    void usesOtherZonesWhenItsOwnIsDownOrHasNone() {
        Weights weights = weigh(inZone("a"), a(0).with(DOWN), b(1), b(2));
        assertWeights(weights, State.SPILLING, 0, SCALE, SCALE);

        weights = weigh(inZone("c"), a(0), b(1), up(2, 1));
        assertWeights(weights, State.NORMAL, SCALE, SCALE, SCALE);
    }

    @Test
    void doesNotFloodALoneEndpointOfItsZoneThatHasComeBack() {
        Weights weights = weigh(inZone("a"), a(0).withRampShare(SlowStart.FULL / 10), b(1), b(2), b(3));

        assertEquals(0.1, share(weights, 0), 1e-2);
        assertEquals(Set.of(Reason.RAMP), weights.reasons());
    }

    @Test
    void spillsToZonesBeforeTiers() {
        Weights weights = weigh(inZone("a"), a(0).with(DOWN), b(1), a(2).inTier(1));

        assertWeights(weights, State.SPILLING, 0, SCALE, 0);
    }

    @Test
    void panicsBelowHalfAndIgnoresHealthThen() {
        Weights weights = weigh(DEFAULTS, up(0, 1), up(1, 2).with(DOWN), up(2, 3).with(EJECTED));

        assertWeights(weights, State.PANIC, SCALE, 2 * SCALE, 3 * SCALE);
        assertEquals(Set.of(Reason.HEALTH_IGNORED), weights.reasons());
        assertSticky(weights, true, true, true);
        assertEquals(
                State.NORMAL, weigh(DEFAULTS, up(0, 1), up(1, 1).with(DOWN)).state());
    }

    @Test
    void doesNotUseInPanicWhatCannotBeReachedOrIsDrained() {
        Weights weights = weigh(
                DEFAULTS,
                up(0, 1),
                unreachable(1, DOWN),
                unreachable(2, EJECTED),
                up(3, 1).with(DOWN),
                up(4, 1).with(DOWN).drained());

        assertWeights(weights, State.PANIC, SCALE, 0, 0, SCALE, 0);
        assertSticky(weights, true, false, false, true, false);
    }

    @Test
    void triesAllWhenNoneCanBeReached() {
        Weights weights = weigh(DEFAULTS, unreachable(0, DOWN), unreachable(1, EJECTED), unreachable(2, Standing.UP));

        assertWeights(weights, State.PANIC, SCALE, SCALE, SCALE);
        assertEquals(Set.of(Reason.ALL_UNREACHABLE), weights.reasons());
    }

    @Test
    void doesNotPanicWhileBackupsAreWell() {
        Weights weights = weigh(DEFAULTS, up(0, 1), up(1, 1).with(DOWN), up(2, 1).with(DOWN), backup(3));

        assertEquals(State.NORMAL, weights.state());
    }

    @Test
    void countsTiersTogetherForPanic() {
        WeighingSettings half = DEFAULTS;
        List<EndpointCondition> third = List.of(up(0, 1), up(1, 1).with(DOWN), up(2, 1).with(DOWN));
        assertEquals(State.PANIC, new Weighing(half).weigh(third, 3).state());

        List<EndpointCondition> withBackups = List.of(
                third.get(0),
                third.get(1),
                third.get(2),
                backup(3),
                backup(4).with(DOWN),
                backup(5).with(DOWN));
        assertEquals(State.NORMAL, new Weighing(half).weigh(withBackups, 6).state());
    }

    @Test
    void rejectsInPanicIfToldSo() {
        Weights weights = weigh(REJECT, up(0, 1), up(1, 1).with(DOWN), up(2, 1).with(DOWN));

        assertWeights(weights, State.PANIC, 0, 0, 0);
        assertEquals(Set.of(Reason.REJECTED), weights.reasons());
        assertSticky(weights, false, false, false);
    }

    @Test
    void doesNotRejectForGoodWhenTheLastOneCouldNotBeReached() {
        assertWeights(weigh(REJECT, unreachable(0, Standing.UP)), State.NORMAL, SCALE);
    }

    @Test
    void stopsPanickingOnlyWhenEnoughIsBack() {
        Weighing weighing = new Weighing(new WeighingSettings(0, 0, null, 70, 40, 60, PanicAction.USE_ALL));
        int[] available = {5, 4, 3, 4, 5, 6, 5, 4, 3};
        boolean[] panic = {false, false, true, true, true, false, false, false, true};
        for (int i = 0; i < available.length; i++) {
            State state =
                    weighing.weigh(primaries(available[i]).subList(0, 10), 10).state();
            assertEquals(panic[i], state == State.PANIC, "step " + i);
        }
    }

    @Test
    void hasNobodyToPickWithoutPanic() {
        WeighingSettings never = new WeighingSettings(0, 0, null, 70, 0, 0, PanicAction.USE_ALL);
        Weights weights = weigh(never, up(0, 1).with(DOWN), up(1, 1).with(EJECTED));

        assertWeights(weights, State.NONE, 0, 0);
        assertEquals(Set.of(Reason.NONE_AVAILABLE), weights.reasons());
    }

    @Test
    void doesNotTakeNewEndpointsForOnesThatWentDown() {
        Weights weights = weigh(DEFAULTS, up(0, 1), up(1, 1), up(2, 9).with(UNKNOWN), up(3, 9).with(UNKNOWN));

        assertWeights(weights, State.NORMAL, SCALE, SCALE, 0, 0);
        assertSticky(weights, true, true, false, false);
    }

    @Test
    void usesUncheckedEndpointsWhenThereIsNothingElse() {
        assertWeights(weigh(DEFAULTS, up(0, 1).with(UNKNOWN), up(1, 2).with(UNKNOWN)), State.PANIC, SCALE, 2 * SCALE);
    }

    @Test
    void leavesEmptySlotsAlone() {
        Weights weights = new Weighing(DEFAULTS).weigh(List.of(up(3, 1), up(1, 2)), 5);

        assertWeights(weights, State.NORMAL, 0, 2 * SCALE, 0, SCALE, 0);
        assertSticky(weights, false, true, false, true, false);
    }

    @Test
    void goesOnSpillingByNewSettings() {
        Weighing weighing = new Weighing(new WeighingSettings(50, 50, null, 70, 0, 0, PanicAction.USE_ALL));
        assertEquals(State.SPILLING, weighing.weigh(primaries(4), 11).state());
        weighing.reconfigure(new WeighingSettings(30, 60, null, 70, 0, 0, PanicAction.USE_ALL));

        assertEquals(State.SPILLING, weighing.weigh(primaries(5), 11).state());
        assertEquals(State.NORMAL, weighing.weigh(primaries(6), 11).state());
    }

    @Test
    void knowsWhenNothingHasChangedForTheLoops() {
        assertTrue(weigh(DEFAULTS, up(0, 1)).hasSameEffectAs(weigh(DEFAULTS, up(0, 1))));
        assertFalse(weigh(DEFAULTS, up(0, 1)).hasSameEffectAs(weigh(DEFAULTS, up(0, 2))));
        assertFalse(
                weigh(DEFAULTS, up(0, 1), up(1, 0)).hasSameEffectAs(weigh(DEFAULTS, up(0, 1), up(1, 0).with(DOWN))));
    }

    @Test
    void saysTheStateInOneWord() {
        assertEquals(EndpointState.UP, up(0, 1).state());
        assertEquals(EndpointState.STARTING, up(0, 1).withRampShare(5).state());
        assertEquals(EndpointState.DRAINING, up(0, 1).drained().withRampShare(5).state());
        assertEquals(EndpointState.DRAINING, up(0, 0).state());
        assertEquals(EndpointState.DOWN, up(0, 0).with(DOWN).state());
        assertEquals(EndpointState.EJECTED, up(0, 1).with(EJECTED).state());
        assertEquals(EndpointState.UNKNOWN, up(0, 1).with(UNKNOWN).state());
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> up(0, 257));
        assertThrows(IllegalArgumentException.class, () -> up(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> up(0, 1).withOverride(257));
        assertThrows(IllegalArgumentException.class, () -> up(0, 1).withRampShare(0));
        assertThrows(IllegalArgumentException.class, () -> new Weighing(DEFAULTS, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WeighingSettings(50, 40, null, 70, 0, 0, PanicAction.USE_ALL));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WeighingSettings(0, 0, null, 70, 50, 101, PanicAction.USE_ALL));
    }

    private static Weights weigh(WeighingSettings settings, EndpointCondition... conditions) {
        return new Weighing(settings).weigh(List.of(conditions), conditions.length);
    }

    /** Ten primaries, so many of them up, and a backup. */
    private static List<EndpointCondition> primaries(int available) {
        return IntStream.rangeClosed(0, 10)
                .mapToObj(slot -> slot == 10
                        ? backup(10)
                        : slot < available ? up(slot, 1) : up(slot, 1).with(DOWN))
                .toList();
    }

    private static EndpointCondition backup(int slot) {
        return up(slot, 1).inTier(1);
    }

    private static EndpointCondition unreachable(int slot, Standing standing) {
        return up(slot, 1).with(standing).with(Reach.UNREACHABLE);
    }

    private static WeighingSettings inZone(String zone) {
        return new WeighingSettings(0, 0, zone, 70, 0, 0, PanicAction.USE_ALL);
    }

    private static EndpointCondition a(int slot) {
        return up(slot, 1).inZone("a");
    }

    private static EndpointCondition b(int slot) {
        return up(slot, 1).inZone("b");
    }

    static double share(Weights weights, int slot) {
        return (double) weights.weight(slot) / total(weights);
    }

    static long total(Weights weights) {
        return IntStream.range(0, weights.slotCount())
                .mapToLong(weights::weight)
                .sum();
    }

    private static void assertWeights(Weights weights, State state, int... expected) {
        assertArrayEquals(
                expected,
                IntStream.range(0, weights.slotCount()).map(weights::weight).toArray());
        assertEquals(state, weights.state());
    }

    private static void assertSticky(Weights weights, boolean... expected) {
        for (int slot = 0; slot < expected.length; slot++) {
            assertEquals(expected[slot], weights.isUsableBySticky(slot), "slot " + slot);
        }
    }
}
