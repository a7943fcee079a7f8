package dev.headgate.balancer.health;

import dev.headgate.balancer.Spares;
import dev.headgate.balancer.health.EndpointCondition.Reach;
import dev.headgate.balancer.health.WeighingSettings.PanicAction;
import dev.headgate.balancer.health.Weights.Reason;
import dev.headgate.balancer.health.Weights.State;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Turns all that is known of the endpoints of one upstream into the weights that policies pick by.
 * <pre>
 *                  is enough available? ── no ──▶ panic: all that can be reached, or none
 *                           │ yes
 *       tier 0 ── its share ┴ what it cannot take ──▶ tier 1 ── … ──▶ last tier
 *         │                                             │
 *    own zone ── what it cannot take ──▶ others    own zone ──▶ others      within each group: weight × ramp
 * </pre>
 * The rules, in this order:
 * <ol>
 * <li>An endpoint of weight 0 (configured, set at run time, or drained) is left out of everything below and gets nothing.
 * <li>An endpoint is <em>available</em> when it is up. The <em>availability</em> of a tier or zone is the share of its
 *     weight that is available. Endpoints that are not checked yet count neither way: adding many of them at once does not
 *     look like many going down.
 * <li><em>Panic</em> begins when the availabilities of all tiers, added up, fall below the panic threshold, and ends when
 *     they reach the threshold of return. Healthy backup endpoints thus prevent it. Then either nobody gets anything, or all
 *     do that can be reached, by weight × ramp, whatever their health, tier and zone. An endpoint that cannot be reached is
 *     no capacity, so it does not count as available here even if it is up for want of another one. If none can be
 *     reached, all get traffic: one of them may be back, and a refused connection costs little.
 * <li>A <em>tier</em> takes all traffic that the ones before it leave. It begins to spill when its availability falls below
 *     the spill threshold, or is zero, and takes all back when it reaches the threshold of return. In between it takes its
 *     availability as a share of that threshold, and the next tier gets the rest. What no tier takes is spread over them in
 *     proportion.
 * <li>Within a tier the <em>own zone</em> takes all while its availability is at least the zone's minimum, and below that
 *     its availability as a share of the minimum. The other zones take the rest, by weight.
 * <li>A tier or zone whose endpoints are all at the beginning of their ramp takes no more than the share that the ramp of
 *     its warmest one is of that of the warmest of all, if there are others that can take the rest: a lone endpoint that has
 *     come back is not flooded. When all are new, they are alike, and nothing spills.
 * <li>Within such a group of endpoints, traffic goes by weight × ramp. Effective weights keep these proportions up to
 *     rounding, and none that is to get traffic is rounded to 0. Nothing but a change of the group's share changes the
 *     weight of an endpoint relative to the others, so that tables made of weights stay as they are.
 * </ol>
 * Endpoints that are up and get nothing because others are preferred are {@linkplain Weights#spares spare}: who has tried all others in vain goes on
 * with them.
 *
 * <p>Clients may stay with an endpoint that is up, drained or not, or that gets traffic.
 *
 * <p>Owned by one thread; remembers which tiers spill and whether there is panic.
 */
public final class Weighing {
    /** The effective weight of weight 1 at its full share: the finest for which effective weights stay below 65,536. */
    public static final int SCALE = 255;

    private static final int SCALE_MAX = 65_536;

    private final int scale;
    private WeighingSettings settings;
    private final Set<Integer> spillingTiers = new HashSet<>();
    private boolean isPanicking;

    public Weighing(WeighingSettings settings) {
        this(settings, SCALE);
    }

    /**
     * @param scale the effective weight that weight 1 has at its full share, when nothing spills
     */
    public Weighing(WeighingSettings settings, int scale) {
        if (scale < 1 || scale > SCALE_MAX) {
            throw new IllegalArgumentException("scale out of range: " + scale + ", limit=" + SCALE_MAX);
        }
        this.settings = settings;
        this.scale = scale;
    }

    /** Takes other settings over; what spills goes on until it may return by the new ones. */
    public void reconfigure(WeighingSettings newSettings) {
        settings = newSettings;
    }

    /**
     * Decides anew.
     *
     * @param conditions of all endpoints, each with a slot of its own
     * @param slotCount above the highest slot
     */
    public Weights weigh(List<EndpointCondition> conditions, int slotCount) {
        SortedMap<Integer, Tier> tiers = new TreeMap<>();
        for (EndpointCondition condition : conditions) {
            if (condition.weight() > 0) {
                tiers.computeIfAbsent(condition.tier(), Tier::new).members.add(condition);
            }
        }
        spillingTiers.retainAll(tiers.keySet());
        double available =
                tiers.values().stream().mapToDouble(this::panicAvailability).sum();
        Decision decision = new Decision(conditions, slotCount, available);
        if (tiers.isEmpty()) {
            isPanicking = false;
            return decision.end(State.NONE, Reason.ALL_DRAINED);
        }
        isPanicking = settings.panicPercent() > 0
                && available < (isPanicking ? settings.panicReturnPercent() : settings.panicPercent());
        if (isPanicking) {
            return inPanic(decision, tiers.values());
        }
        return inOrder(decision, tiers.values());
    }

    private double panicAvailability(Tier tier) {
        return availability(
                tier.members,
                member -> isAvailable(member)
                        && (settings.panicAction() == PanicAction.REJECT || member.reach() == Reach.REACHABLE));
    }

    private Weights inPanic(Decision decision, Collection<Tier> tiers) {
        if (settings.panicAction() == PanicAction.REJECT) {
            return decision.end(State.PANIC, Reason.REJECTED);
        }
        List<EndpointCondition> all = new ArrayList<>();
        for (Tier tier : tiers) {
            tier.updateSpilling(); // so that it is known where to go on from afterwards
            all.addAll(tier.members);
        }
        List<EndpointCondition> reachable =
                all.stream().filter(member -> member.reach() == Reach.REACHABLE).toList();
        decision.groups.add(new Group(reachable.isEmpty() ? all : reachable, 1));
        return decision.end(State.PANIC, reachable.isEmpty() ? Reason.ALL_UNREACHABLE : Reason.HEALTH_IGNORED);
    }

    private Weights inOrder(Decision decision, Collection<Tier> tiers) {
        int firstTier = decision.firstTier();
        double warmestOfAll = warmest(tiers.stream().flatMap(Tier::available).toList());
        Set<Reason> spilled = EnumSet.noneOf(Reason.class);
        double left = 1;
        for (Tier tier : tiers) {
            tier.updateSpilling();
            double share = left * tier.takes(warmestOfAll);
            if (share > 0) {
                tier.addGroups(decision, share);
                decision.reasons.addAll(spilled);
                if (spilled.isEmpty() && tier.number > firstTier) {
                    decision.reasons.add(Reason.TIER); // all of the first one is drained
                }
            }
            left -= share;
            spilled.add(spillingTiers.contains(tier.number) ? Reason.TIER : Reason.RAMP);
        }
        if (decision.groups.isEmpty()) {
            return decision.end(State.NONE, Reason.NONE_AVAILABLE);
        }
        return decision.end(decision.reasons.isEmpty() ? State.NORMAL : State.SPILLING);
    }

    private static boolean isAvailable(EndpointCondition condition) {
        return condition.standing() == Standing.UP;
    }

    /** In percent; an integer where it should be one, so that it compares well with thresholds. */
    private static double availability(
            Collection<EndpointCondition> members, Predicate<EndpointCondition> countsAsAvailable) {
        long known = 0;
        long available = 0;
        for (EndpointCondition member : members) {
            known += member.standing() == Standing.UNKNOWN ? 0 : member.weight();
            available += countsAsAvailable.test(member) ? member.weight() : 0;
        }
        return known == 0 ? 0 : available * 100.0 / known;
    }

    /** From 0 to 1. */
    private static double warmest(List<EndpointCondition> available) {
        int share = 0;
        for (EndpointCondition member : available) {
            share = Math.max(share, member.rampShare());
        }
        return (double) share / SlowStart.FULL;
    }

    /** The endpoints of one tier that have a weight. */
    private final class Tier {
        final int number;
        final List<EndpointCondition> members = new ArrayList<>();

        Tier(int number) {
            this.number = number;
        }

        void updateSpilling() {
            double availability = availability(members, Weighing::isAvailable);
            double threshold = spillingTiers.contains(number) ? settings.returnPercent() : settings.spillPercent();
            if (availability == 0 || availability < threshold) {
                spillingTiers.add(number);
            } else {
                spillingTiers.remove(number);
            }
        }

        /** The share that it takes of what is left for it. */
        double takes(double warmestOfAll) {
            double warmest = warmest(available().toList());
            if (warmest == 0) {
                return 0;
            }
            double takes = warmest / warmestOfAll;
            return spillingTiers.contains(number)
                    ? takes * availability(members, Weighing::isAvailable) / settings.returnPercent()
                    : takes;
        }

        void addGroups(Decision decision, double share) {
            List<EndpointCondition> own = new ArrayList<>();
            List<EndpointCondition> others = new ArrayList<>();
            available().forEach(member -> (isInOwnZone(member) ? own : others).add(member));
            List<EndpointCondition> wholeZone =
                    members.stream().filter(this::isInOwnZone).toList();
            double health = own.isEmpty() ? 0 : zoneHealth(wholeZone);
            double warmth = Math.min(warmest(own) / Math.max(warmest(others), 1.0 / SlowStart.FULL), 1);
            double ownTakes = others.isEmpty() ? 1 : health * warmth;
            decision.addGroup(own, share * ownTakes);
            decision.addGroup(others, share * (1 - ownTakes));
            if (ownTakes < 1 && !wholeZone.isEmpty()) {
                decision.reasons.add(health < 1 ? Reason.ZONE : Reason.RAMP);
            }
        }

        private double zoneHealth(List<EndpointCondition> zone) {
            double availability = availability(zone, Weighing::isAvailable);
            return availability >= settings.zoneMinimumPercent() ? 1 : availability / settings.zoneMinimumPercent();
        }

        private boolean isInOwnZone(EndpointCondition member) {
            return settings.ownZone() != null && settings.ownZone().equals(member.zone());
        }

        Stream<EndpointCondition> available() {
            return members.stream().filter(Weighing::isAvailable);
        }
    }

    /** Endpoints that share a part of the traffic by weight × ramp. */
    private record Group(List<EndpointCondition> members, double share) {
        /** The share that a weight of 1 at full ramp gets. */
        double shareOfOne() {
            double weight = 0;
            for (EndpointCondition member : members) {
                weight += ramped(member);
            }
            return share / weight;
        }
    }

    private static double ramped(EndpointCondition member) {
        return (double) member.weight() * member.rampShare() / SlowStart.FULL;
    }

    private final class Decision {
        final List<EndpointCondition> conditions;
        final int slotCount;
        final int availablePercent;
        final List<Group> groups = new ArrayList<>();
        final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

        Decision(List<EndpointCondition> conditions, int slotCount, double available) {
            this.conditions = conditions;
            this.slotCount = slotCount;
            this.availablePercent = (int) Math.min(available, 100);
        }

        int firstTier() {
            return conditions.stream().mapToInt(EndpointCondition::tier).min().orElseThrow();
        }

        void addGroup(List<EndpointCondition> members, double share) {
            if (!members.isEmpty() && share > 0) {
                groups.add(new Group(members, share));
            }
        }

        Weights end(State state, Reason reason) {
            reasons.add(reason);
            return end(state);
        }

        Weights end(State state) {
            int[] weights = new int[slotCount];
            double richest =
                    groups.stream().mapToDouble(Group::shareOfOne).max().orElse(1);
            for (Group group : groups) {
                double factor = scale * group.shareOfOne() / richest;
                for (EndpointCondition member : group.members()) {
                    weights[member.slot()] = (int) Math.max(Math.round(ramped(member) * factor), 1);
                }
            }
            BitSet sticky = new BitSet(slotCount);
            for (EndpointCondition condition : conditions) {
                boolean isUp = condition.standing() == Standing.UP && !reasons.contains(Reason.REJECTED);
                sticky.set(condition.slot(), isUp || weights[condition.slot()] > 0);
            }
            return new Weights(weights, sticky, spares(weights, state), state, reasons, availablePercent);
        }

        private Spares spares(int[] weights, State state) {
            if (state != State.NORMAL && state != State.SPILLING) {
                return Spares.NONE;
            }
            List<EndpointCondition> spare = conditions.stream()
                    .filter(each -> each.weight() > 0
                            && weights[each.slot()] == 0
                            && isAvailable(each)
                            && each.reach() == Reach.REACHABLE)
                    .sorted(Comparator.comparingInt(EndpointCondition::tier).thenComparing(EndpointCondition::slot))
                    .toList();
            return new Spares(
                    spare.stream().mapToInt(EndpointCondition::slot).toArray(),
                    spare.stream().mapToInt(EndpointCondition::tier).toArray());
        }
    }
}
