package dev.headgate.balancer.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EndpointCondition.Reach;
import dev.headgate.balancer.health.WeighingSettings.PanicAction;
import dev.headgate.balancer.health.Weights.State;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class WeighingProperties {
    @Property(tries = 1_000)
    void givesWeightToTheRightOnes(
            @ForAll("settings") WeighingSettings settings, @ForAll("conditions") List<EndpointCondition> conditions) {
        Weights weights = new Weighing(settings).weigh(conditions, conditions.size());

        boolean someAreReachable = conditions.stream().anyMatch(c -> c.weight() > 0 && c.reach() == Reach.REACHABLE);
        boolean someAreUp = conditions.stream().anyMatch(c -> c.weight() > 0 && c.standing() == Standing.UP);
        boolean someHaveWeight = conditions.stream().anyMatch(c -> c.weight() > 0);
        for (EndpointCondition condition : conditions) {
            int weight = weights.weight(condition.slot());
            assertTrue(weight >= 0 && weight <= EndpointCondition.WEIGHT_MAX * Weighing.SCALE);
            if (condition.weight() == 0) {
                assertEquals(0, weight, "drained: " + condition);
            }
            if (weights.state() != State.PANIC && condition.standing() != Standing.UP) {
                assertEquals(0, weight, "not up: " + condition);
            }
            if (weights.state() == State.PANIC && someAreReachable && condition.reach() == Reach.UNREACHABLE) {
                assertEquals(0, weight, "unreachable: " + condition);
            }
            if (weight > 0) {
                assertTrue(weights.isUsableBySticky(condition.slot()));
            }
        }
        boolean isServed = WeighingTest.total(weights) > 0;
        boolean isRejected = weights.reasons().contains(Weights.Reason.REJECTED);
        assertEquals(isServed, weights.state() != State.NONE && !isRejected);
        if (!isServed) {
            boolean panics = settings.panicPercent() > 0 && settings.panicAction() == PanicAction.USE_ALL;
            assertTrue(isRejected || !someHaveWeight || !someAreUp && !panics, "nobody is picked: " + conditions);
        }
    }

    @Property(tries = 1_000)
    void keepsTheProportionsOfEndpointsThatAreAlike(
            @ForAll("settings") WeighingSettings settings, @ForAll("conditions") List<EndpointCondition> conditions) {
        Weights weights = new Weighing(settings).weigh(conditions, conditions.size());

        for (EndpointCondition a : conditions) {
            for (EndpointCondition b : conditions) {
                double weightA = weights.weight(a.slot());
                double weightB = weights.weight(b.slot());
                boolean isOneGroup = a.tier() == b.tier() && "a".equals(a.zone()) == "a".equals(b.zone());
                if (weightA > 1 && weightB > 1 && (isOneGroup || weights.state() == State.PANIC)) {
                    double due = (double) (a.weight() * a.rampShare()) / (b.weight() * b.rampShare());
                    double ratio = weightA / weightB / due;
                    double least = weightA / (weightA + 0.5) * (weightB - 0.5) / weightB;
                    double most = weightA / (weightA - 0.5) * (weightB + 0.5) / weightB;
                    assertTrue(ratio >= least - 1e-9 && ratio <= most + 1e-9, ratio + " of " + a + " and " + b);
                }
            }
        }
    }

    @Property(tries = 1_000)
    void neverMovesTrafficAwayFromATierThatGetsBetter(
            @ForAll @IntRange(max = 100) int threshold,
            @ForAll @Size(min = 1, max = 8) List<Boolean> primaries,
            @ForAll @IntRange(max = 7) int better) {
        WeighingSettings settings = new WeighingSettings(threshold, threshold, null, 70, 0, 0, PanicAction.USE_ALL);
        List<EndpointCondition> before = withBackups(primaries);
        List<EndpointCondition> after = new ArrayList<>(before);
        after.set(better % primaries.size(), EndpointCondition.up(better % primaries.size(), 1));

        double shareBefore = shareOfTier0(new Weighing(settings).weigh(before, before.size()), before);
        double shareAfter = shareOfTier0(new Weighing(settings).weigh(after, after.size()), after);
        assertTrue(shareAfter >= shareBefore - 0.02, shareBefore + " became " + shareAfter);
    }

    @Property(tries = 500)
    void neverFlapsWithinTheBand(
            @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 30, max = 59) Integer> available,
            @ForAll boolean spillsBefore) {
        Weighing weighing = new Weighing(new WeighingSettings(30, 60, null, 70, 30, 60, PanicAction.USE_ALL));
        weighing.weigh(hundred(spillsBefore ? 0 : 100, true), 101);
        State tierState =
                weighing.weigh(hundred(available.getFirst(), true), 101).state();
        Weighing alone = new Weighing(new WeighingSettings(30, 60, null, 70, 30, 60, PanicAction.USE_ALL));
        alone.weigh(hundred(spillsBefore ? 0 : 100, false), 100);

        for (int percent : available) {
            assertEquals(tierState, weighing.weigh(hundred(percent, true), 101).state());
            State state = alone.weigh(hundred(percent, false), 100).state();
            assertEquals(spillsBefore, state == State.PANIC, "at " + percent + " percent: " + state);
        }
        assertEquals(spillsBefore ? State.SPILLING : State.NORMAL, tierState);
    }

    @Property(tries = 300)
    void decidesTheSameInAnyOrder(
            @ForAll("settings") WeighingSettings settings, @ForAll("conditions") List<EndpointCondition> conditions) {
        Weights weights = new Weighing(settings).weigh(conditions, conditions.size());
        Weights reversed = new Weighing(settings).weigh(conditions.reversed(), conditions.size());

        int differences = 0;
        for (int slot = 0; slot < conditions.size(); slot++) {
            differences += Math.abs(weights.weight(slot) - reversed.weight(slot)) > 1 ? 1 : 0;
        }
        assertEquals(0, differences);
        assertFalse(weights.state() != reversed.state());
    }

    private static List<EndpointCondition> hundred(int available, boolean withBackup) {
        List<EndpointCondition> conditions = new ArrayList<>();
        for (int slot = 0; slot < 100; slot++) {
            conditions.add(EndpointCondition.up(slot, 1).with(slot < available ? Standing.UP : Standing.DOWN));
        }
        if (withBackup) {
            conditions.add(EndpointCondition.up(100, 100).inTier(1));
        }
        return conditions;
    }

    private static List<EndpointCondition> withBackups(List<Boolean> primaries) {
        List<EndpointCondition> conditions = new ArrayList<>();
        for (boolean isUp : primaries) {
            conditions.add(EndpointCondition.up(conditions.size(), 1).with(isUp ? Standing.UP : Standing.EJECTED));
        }
        conditions.add(EndpointCondition.up(conditions.size(), 1).inTier(1));
        conditions.add(
                EndpointCondition.up(conditions.size(), 1).with(Standing.DOWN).inTier(1));
        conditions.add(EndpointCondition.up(conditions.size(), 1).inTier(2));
        return conditions;
    }

    private static double shareOfTier0(Weights weights, List<EndpointCondition> conditions) {
        double share = 0;
        for (EndpointCondition condition : conditions) {
            share += condition.tier() == 0 ? WeighingTest.share(weights, condition.slot()) : 0;
        }
        return share;
    }

    @Provide
    Arbitrary<WeighingSettings> settings() {
        Arbitrary<Integer> percent = Arbitraries.of(0, 30, 50, 70, 100);
        return Combinators.combine(
                        percent,
                        percent,
                        Arbitraries.of("a", "none"),
                        percent,
                        percent,
                        percent,
                        Arbitraries.of(PanicAction.class))
                .as((spill, back, zone, zoneMin, panic, panicBack, action) -> new WeighingSettings(
                        spill,
                        Math.max(spill, back),
                        "none".equals(zone) ? null : zone,
                        zoneMin,
                        panic,
                        Math.max(panic, panicBack),
                        action));
    }

    @Provide
    Arbitrary<List<EndpointCondition>> conditions() {
        Arbitrary<EndpointCondition> one = Combinators.combine(
                        Arbitraries.integers().between(0, EndpointCondition.WEIGHT_MAX),
                        Arbitraries.of(EndpointCondition.NO_OVERRIDE, EndpointCondition.NO_OVERRIDE, 0, 7),
                        Arbitraries.of(false, false, false, true),
                        Arbitraries.of(Standing.class),
                        Arbitraries.of(Reach.class),
                        Arbitraries.of(SlowStart.FULL, SlowStart.FULL, SlowStart.FULL / 10, 1),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of("a", "b", "none"))
                .as((weight, override, drained, standing, reach, ramp, tier, zone) -> new EndpointCondition(
                        0, weight, override, drained, standing, reach, ramp, tier, zoneOrNull(zone)));
        return one.list().ofMaxSize(12).map(WeighingProperties::numbered);
    }

    private static @Nullable String zoneOrNull(String zone) {
        return "none".equals(zone) ? null : zone;
    }

    private static List<EndpointCondition> numbered(List<EndpointCondition> conditions) {
        List<EndpointCondition> numbered = new ArrayList<>();
        for (EndpointCondition c : conditions) {
            numbered.add(new EndpointCondition(
                    numbered.size(),
                    c.configuredWeight(),
                    c.weightOverride(),
                    c.isDraining(),
                    c.standing(),
                    c.reach(),
                    c.rampShare(),
                    c.tier(),
                    c.zone()));
        }
        return numbered;
    }
}
