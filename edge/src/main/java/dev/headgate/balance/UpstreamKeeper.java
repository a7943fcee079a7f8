package dev.headgate.balance;

import dev.headgate.balancer.EndpointSlots;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.UpstreamView.Sticky;
import dev.headgate.balancer.health.CheckResult;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Ejector;
import dev.headgate.balancer.health.EndpointCondition;
import dev.headgate.balancer.health.EndpointState;
import dev.headgate.balancer.health.Health;
import dev.headgate.balancer.health.HealthState;
import dev.headgate.balancer.health.HealthTransition;
import dev.headgate.balancer.health.SlowStart;
import dev.headgate.balancer.health.Weighing;
import dev.headgate.balancer.health.Weights;
import dev.headgate.config.HealthConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.discover.UpstreamSources;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.Chance;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.UpstreamStatus;
import dev.headgate.observe.UpstreamStatus.EndpointStatus;
import dev.headgate.probe.ProbePlan;
import dev.headgate.secure.UpstreamSecurity;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the endpoints of one upstream: brings together what is known of them, and publishes what follows when it is another than before.
 * The agent's alone, but for the status.
 */
final class UpstreamKeeper {
    /** Without checks of its own: one connection that can be made shows that connections can be made. */
    private static final int RISE_USUAL = 1;
    /** How often an endpoint that cannot be connected to is tried, where there are no other checks. */
    private static final long LOOK_AGAIN_NS = 1_000_000_000L;

    private static final long LOOK_TIMEOUT_NS = 1_000_000_000L;

    private final UpstreamNode upstream;
    private final Probing probing;
    private final Chance chance;
    private final UpstreamEvents events;
    private final @Nullable UpstreamSecurity security;
    private final UpstreamSources sources;
    private final EndpointSlots slots = new EndpointSlots(UpstreamView.ENDPOINTS_MAX);
    private final List<@Nullable EndpointKeeper> bySlot = new ArrayList<>(); // as many as there are slots
    private final Ejector ejector;
    private final SlowStart slowStart;
    private final Weighing weighing;
    private final @Nullable OutlierWatch outliers;
    private final LoadKeeper load;

    private List<EndpointKeeper> endpoints = List.of(); // those in the list, in its order
    private final List<EndpointKeeper> leaving = new ArrayList<>(); // those that have left it, and still have a slot
    private List<WantedEndpoint> wanted = List.of();
    private int leftOut; // endpoints of the list for which there is no room
    private boolean isListPublished = true;
    private boolean hasBegun;
    private Weights lastWeights;
    private long droppedSeen;
    private boolean isChanged;
    private long nextRampNs;
    private boolean isRamping;
    private long nextReturnNs;
    private boolean isAnyoneOut;

    private volatile UpstreamStatus status;
    private volatile Set<String> names = Set.of(); // by which commands may call endpoints

    /** Without endpoints, until {@link #begin}. */
    UpstreamKeeper(
            UpstreamNode upstream,
            @Nullable UpstreamSecurity security,
            UpstreamSources sources,
            Probing probing,
            Chance chance,
            ErrorLog errors,
            long nowNs) {
        this.upstream = upstream;
        this.security = security;
        this.sources = sources;
        this.probing = probing;
        this.chance = chance;
        this.events = new UpstreamEvents(upstream, errors);
        UpstreamConfig config = upstream.config();
        HealthConfig health = config.health().orElse(null);
        this.ejector =
                new Ejector(BalanceSettings.ejector(config.ejection(), health == null ? RISE_USUAL : health.rise()));
        this.slowStart = new SlowStart(BalanceSettings.slowStart(config.spread().slowStart()));
        this.weighing = new Weighing(BalanceSettings.weighing(config.spread()));
        this.outliers = OutlierWatch.of(config.ejection(), nowNs);
        this.load = new LoadKeeper(upstream, chance, events, nowNs);
        this.lastWeights = weigh(nowNs);
        this.status = statusOf(conditions(nowNs), lastWeights);
    }

    /** What endpoints come from. */
    UpstreamSources sources() {
        return sources;
    }

    /** Takes in the first list, and publishes the first selection. */
    void begin(long nowNs) {
        sources.doWork(nowNs);
        follow(sources.wanted(), nowNs);
        hasBegun = true;
        lastWeights = weigh(nowNs);
        publish(lastWeights);
        status = statusOf(conditions(nowNs), lastWeights);
    }

    // ---- the list of endpoints -------------------------------------------------------------------------------------

    private int followSources(long nowNs) {
        boolean isListChanged = sources.doWork(nowNs);
        isChanged |= sources.takeUnusableChanged(); // for the status
        if (!isListChanged) {
            return 0;
        }
        follow(sources.wanted(), nowNs);
        decide(nowNs);
        return 1;
    }

    /** Goes over to another list: those that stay keep all they have. */
    private void follow(List<WantedEndpoint> list, long nowNs) {
        wanted = ListBound.within(
                list, identities(endpoints), upstream.config().discovery().endpoints());
        Map<String, WantedEndpoint> byIdentity = new LinkedHashMap<>();
        wanted.forEach(each -> byIdentity.put(each.identity(), each));
        EndpointSlots.Change change = slots.update(List.copyOf(byIdentity.keySet()));
        boolean isFirst = endpoints.isEmpty();
        change.left().forEach(place -> leave(place.slot(), nowNs));
        change.returned().forEach(place -> comeBack(place.slot(), nowNs));
        change.added().forEach(place -> add(place.slot(), expect(byIdentity, place.identity()), isFirst, nowNs));
        List<EndpointKeeper> now = new ArrayList<>(wanted.size());
        Map<String, EndpointKeeper> present = new HashMap<>();
        for (EndpointKeeper each : bySlot) {
            if (each != null && each.isListed()) {
                present.put(each.node().text(), each);
            }
        }
        byIdentity.forEach((identity, each) -> {
            EndpointKeeper keeper = present.get(identity);
            if (keeper != null) {
                keeper.list(each, upstream);
                now.add(keeper);
            }
        });
        endpoints = List.copyOf(now);
        hurryLeaving(change.leftOut().size(), nowNs);
        noteLeftOut(list.size() - now.size());
        isListPublished = false;
        names = namesOf(endpoints);
    }

    private static WantedEndpoint expect(Map<String, WantedEndpoint> byIdentity, String identity) {
        WantedEndpoint found = byIdentity.get(identity);
        assert found != null : identity;
        return found;
    }

    private static Set<String> namesOf(List<EndpointKeeper> endpoints) {
        Set<String> names = new HashSet<>();
        endpoints.forEach(each -> names.addAll(each.names()));
        return Set.copyOf(names);
    }

    private static Set<String> identities(List<EndpointKeeper> endpoints) {
        Set<String> identities = new HashSet<>();
        endpoints.forEach(each -> identities.add(each.node().text()));
        return identities;
    }

    /** So many wait for a slot: those that have left first make room first. */
    private void hurryLeaving(int slotsWanted, long nowNs) {
        for (int i = 0; i < Math.min(slotsWanted, leaving.size()); i++) {
            departureOf(leaving.get(i)).hurry(nowNs);
        }
    }

    private void noteLeftOut(int count) {
        if (count != leftOut) {
            leftOut = count;
            events.leftOut(count, endpoints.size());
        }
    }

    private void add(int slot, WantedEndpoint wantedOne, boolean isFirst, long nowNs) {
        UpstreamConfig config = upstream.config();
        HealthConfig health = config.health().orElse(null);
        EndpointNode node = upstream.newEndpoint(wantedOne, slot);
        // Who is there from the start, or comes where nobody was, has all of its share at once.
        long rampSinceNs = isFirst ? nowNs - config.spread().slowStart().windowNs() : nowNs;
        EndpointKeeper keeper = new EndpointKeeper(
                node,
                wantedOne,
                health == null
                        ? ProbePlan.forConnection(config, node, LOOK_TIMEOUT_NS)
                        : new ProbePlan(config, health, node, security),
                health == null ? null : new HealthState(BalanceSettings.health(health), nowNs),
                rampSinceNs);
        HealthState state = keeper.health();
        if (state != null) {
            keeper.checkAt(nowNs + state.firstDelayNs(chance.nextLong()));
        }
        while (bySlot.size() <= slot) {
            bySlot.add(null);
        }
        bySlot.set(slot, keeper);
        ejector.add(slot, nowNs);
        if (hasBegun) {
            events.added(node);
        }
    }

    private void leave(int slot, long nowNs) {
        EndpointKeeper keeper = keeperAt(slot);
        keeper.leave(nowNs + upstream.config().discovery().drainNs());
        ejector.park(slot);
        leaving.add(keeper);
        events.removed(keeper.node());
    }

    private void comeBack(int slot, long nowNs) {
        EndpointKeeper keeper = keeperAt(slot);
        leaving.remove(keeper);
        keeper.comeBack(nowNs);
        keeper.node().failuresInARow().reset(); // What failed while it was away says little now.
        ejector.unpark(slot);
        events.added(keeper.node());
    }

    private EndpointKeeper keeperAt(int slot) {
        EndpointKeeper keeper = bySlot.get(slot);
        assert keeper != null : "an empty slot: " + slot;
        return keeper;
    }

    private static Departure departureOf(EndpointKeeper keeper) {
        Departure departure = keeper.departure();
        assert departure != null;
        return departure;
    }

    /** Lets go those who have left, as far as it is time. */
    private int partWithLeaving(long nowNs) {
        int work = 0;
        boolean isAnySlotFree = false;
        for (int i = leaving.size() - 1; i >= 0; i--) {
            EndpointKeeper keeper = leaving.get(i);
            Departure departure = departureOf(keeper);
            boolean wasParting = departure.isParting();
            work += departure.doWork(probing.loops(), nowNs) ? 1 : 0;
            if (departure.isParting() && !wasParting) {
                slots.end(keeper.slot());
            }
            if (departure.isOver()) {
                leaving.remove(i);
                free(keeper);
                isAnySlotFree = true;
            }
        }
        if (isAnySlotFree) {
            isListPublished = false;
            isChanged = true;
            if (leftOut > 0) {
                follow(sources.wanted(), nowNs);
                decide(nowNs);
            }
        }
        return work;
    }

    private void free(EndpointKeeper keeper) {
        int slot = keeper.slot();
        ejector.remove(slot);
        slots.free(slot);
        bySlot.set(slot, null);
        while (bySlot.size() > slots.slotCount()) {
            bySlot.removeLast();
        }
        upstream.forget(keeper.node());
    }

    /** The one that is in the list, or null. */
    private @Nullable EndpointKeeper find(EndpointNode node) {
        int slot = node.index();
        EndpointKeeper found = slot < bySlot.size() ? bySlot.get(slot) : null;
        return found != null && found.isOf(node) && found.isListed() ? found : null;
    }

    @SuppressWarnings("ReferenceEquality") // a running upstream is itself alone
    boolean isOf(UpstreamNode other) {
        return upstream == other;
    }

    @AnyThread
    boolean isNamed(String name) {
        return upstream.name().equals(name);
    }

    /** Whether there are endpoints that are called so: by their identity, or by the address that they are configured as. */
    @AnyThread
    boolean knows(String endpoint) {
        return names.contains(endpoint);
    }

    @AnyThread
    UpstreamStatus status() {
        return status;
    }

    // ---- what happens ----------------------------------------------------------------------------------------------

    void onFailuresInARow(EndpointNode endpoint, EjectionReason reason, long nowNs) {
        EndpointKeeper keeper = find(endpoint);
        if (keeper == null) {
            return; // It has left meanwhile.
        }
        eject(keeper, reason, nowNs);
        keeper.suspect(nowNs);
    }

    /** @param override {@link EndpointCondition#NO_OVERRIDE} for the configured weight */
    void onWeightSet(String endpoint, int override) {
        for (EndpointKeeper each : endpoints) {
            if (each.isCalled(endpoint) && each.setWeightOverride(override)) {
                events.weightSet(each.node(), override);
                isChanged = true;
            }
        }
    }

    void onDrainSet(String endpoint, boolean drains) {
        for (EndpointKeeper each : endpoints) {
            if (each.isCalled(endpoint) && each.setDraining(drains)) {
                events.drainSet(each.node(), drains);
                isChanged = true;
            }
        }
    }

    private void eject(EndpointKeeper endpoint, EjectionReason reason, long nowNs) {
        Ejector.Verdict verdict =
                ejector.tryEject(endpoint.slot(), reason, othersAvailable(endpoint), nowNs, chance.nextLong());
        if (verdict == Ejector.Verdict.EJECTED) {
            isChanged = true;
            if (endpoint.health() == null) {
                endpoint.checkAt(nowNs + LOOK_AGAIN_NS);
            }
        }
        events.ejection(endpoint.node(), reason, verdict);
    }

    private int othersAvailable(EndpointKeeper except) {
        int available = 0;
        for (EndpointKeeper each : endpoints) {
            boolean isOther = each.slot() != except.slot();
            available += isOther && each.isPickable(ejector) ? 1 : 0;
        }
        return available;
    }

    /** @param result null when the check came to nothing for reasons of this proxy's */
    void onCheckEnded(EndpointKeeper endpoint, @Nullable CheckResult result, long startedNs, long nowNs) {
        endpoint.checkEnded();
        if (!endpoint.isListed()) {
            return; // What it has found may not hold any more when the endpoint comes back.
        }
        HealthState health = endpoint.health();
        if (result != null && health != null) {
            onVerdict(endpoint, health, result, nowNs);
        }
        // Behind the verdict: a change of interval takes effect at once.
        long delayNs = health == null ? LOOK_AGAIN_NS : health.nextDelayNs(chance.nextLong());
        endpoint.checkAt(Math.max(startedNs + delayNs, nowNs));
        Ejector.Return returned = result == null ? null : ejector.onCheck(endpoint.slot(), result, startedNs, nowNs);
        if (returned != null) {
            onReturn(returned, nowNs);
        }
    }

    private void onVerdict(EndpointKeeper endpoint, HealthState health, CheckResult result, long nowNs) {
        isChanged |= result != health.lastResult(); // for the status, which tells the reason
        HealthTransition transition = health.onResult(result, nowNs);
        events.check(endpoint.node(), result);
        if (transition != null && transition.isDecisive()) {
            isChanged = true;
            boolean isUp = health.health().isUp();
            if (isUp && transition.from() == Health.UNKNOWN) {
                return; // It has taken requests all along: that is neither news nor a recovery.
            }
            events.transition(endpoint.node(), transition);
            if (isUp) {
                onBack(endpoint, nowNs);
            }
        }
        if (endpoint.isDown()) {
            ejector.onUnwell(endpoint.slot(), nowNs);
        }
    }

    private void onReturn(Ejector.Return returned, long nowNs) {
        EndpointKeeper endpoint = keeperAt(returned.slot());
        isChanged = true;
        events.returned(endpoint.node(), returned);
        onBack(endpoint, nowNs);
    }

    private void onBack(EndpointKeeper endpoint, long nowNs) {
        endpoint.node().failuresInARow().reset();
        endpoint.restartRamp(nowNs);
    }

    // ---- what is due -----------------------------------------------------------------------------------------------

    /** Makes nothing while nothing is due. */
    int doWork(long nowNs) {
        int work = followSources(nowNs);
        work += partWithLeaving(nowNs);
        work += takeReturns(nowNs);
        work += bringBackReached(nowNs);
        work += makeGoodLostReports(nowNs);
        work += findOutliers(nowNs);
        work += startChecks(nowNs);
        work += keepLoad(nowNs);
        if (isRamping && nextRampNs - nowNs <= 0) {
            isChanged = true;
        }
        if (isChanged) {
            decide(nowNs);
            work++;
        }
        return work;
    }

    private int keepLoad(long nowNs) {
        boolean hasChanged = load.doWork(nowNs);
        isChanged |= hasChanged; // for the status
        return hasChanged ? 1 : 0;
    }

    private int takeReturns(long nowNs) {
        if (!isAnyoneOut || nextReturnNs - nowNs > 0) {
            return 0;
        }
        int work = 0;
        for (Ejector.Return returned : ejector.takeDue(nowNs)) {
            onReturn(returned, nowNs);
            work++;
        }
        return work;
    }

    /** In panic even those are tried that could not be connected to: who gets through has shown that it can be again. */
    private int bringBackReached(long nowNs) {
        if (lastWeights.state() != Weights.State.PANIC) {
            return 0;
        }
        int back = 0;
        for (EndpointKeeper endpoint : endpoints) {
            boolean hasTraffic = lastWeights.weight(endpoint.slot()) > 0;
            Ejector.Return returned =
                    hasTraffic && endpoint.isReachedAgain(ejector) ? ejector.uneject(endpoint.slot(), nowNs) : null;
            if (returned != null) {
                onReturn(returned, nowNs);
                back++;
            }
        }
        return back;
    }

    /** What found the queue full is still to be seen in the count itself. */
    private int makeGoodLostReports(long nowNs) {
        long dropped = probing.droppedReports();
        if (dropped == droppedSeen) {
            return 0;
        }
        droppedSeen = dropped;
        int found = 0;
        for (EndpointKeeper endpoint : endpoints) {
            EjectionReason crossed = endpoint.node().failuresInARow().crossed();
            if (crossed != null && !ejector.isEjected(endpoint.slot())) {
                onFailuresInARow(endpoint.node(), crossed, nowNs);
                found++;
            }
        }
        return found;
    }

    private int findOutliers(long nowNs) {
        OutlierWatch watch = outliers;
        if (watch == null || !watch.isDue(nowNs)) {
            return 0;
        }
        int found = 0;
        for (OutlierWatch.Finding finding : watch.look(endpoints, slots.slotCount(), ejector, nowNs)) {
            eject(keeperAt(finding.slot()), finding.reason(), nowNs);
            found++;
        }
        return found;
    }

    private int startChecks(long nowNs) {
        int started = 0;
        for (int i = 0; i < endpoints.size(); i++) {
            EndpointKeeper endpoint = endpoints.get(i);
            if (endpoint.isCheckDue(ejector, nowNs) && probing.start(this, endpoint, endpoint.plan(), nowNs)) {
                endpoint.checkStarted(nowNs);
                started++;
            }
        }
        return started;
    }

    // ---- what follows ----------------------------------------------------------------------------------------------

    private void decide(long nowNs) {
        isChanged = false;
        long returnInNs = ejector.nextReturnInNs(nowNs);
        isAnyoneOut = returnInNs != Long.MAX_VALUE;
        nextReturnNs = isAnyoneOut ? nowNs + returnInNs : nowNs;
        Weights weights = weigh(nowNs);
        if (!isListPublished || !weights.hasSameEffectAs(lastWeights)) {
            publish(weights);
        }
        if (lastWeights.state() != weights.state()) {
            events.state(weights);
        }
        lastWeights = weights;
        status = statusOf(conditions(nowNs), weights);
    }

    private List<EndpointCondition> conditions(long nowNs) {
        List<EndpointCondition> conditions = new ArrayList<>(endpoints.size());
        for (EndpointKeeper endpoint : endpoints) {
            conditions.add(endpoint.condition(ejector, slowStart, nowNs));
        }
        return conditions;
    }

    private Weights weigh(long nowNs) {
        long rampInNs = Long.MAX_VALUE;
        for (EndpointKeeper endpoint : endpoints) {
            rampInNs = Math.min(rampInNs, slowStart.nextChangeInNs(endpoint.rampSinceNs(), nowNs));
        }
        isRamping = rampInNs != Long.MAX_VALUE;
        nextRampNs = isRamping ? nowNs + rampInNs : nowNs;
        return weighing.weigh(conditions(nowNs), slots.slotCount());
    }

    private void publish(Weights weights) {
        UpstreamView.Builder view = UpstreamView.builder(upstream.name(), slots.slotCount());
        for (EndpointKeeper endpoint : endpoints) {
            int slot = endpoint.slot();
            Sticky sticky = weights.isUsableBySticky(slot) ? Sticky.MAY_STAY : Sticky.MUST_LEAVE;
            view.put(slot, endpoint.asChoice(), weights.weight(slot), sticky);
        }
        List<@Nullable EndpointNode> nodes = new ArrayList<>(bySlot.size());
        for (EndpointKeeper each : bySlot) {
            nodes.add(each == null ? null : each.node());
        }
        view.spares(weights.spares());
        leaving.forEach(each -> view.alsoCounted(each.node().stats()));
        boolean isUnresolved = endpoints.isEmpty() && sources.isAnyUnresolved();
        upstream.publish(view.build(), nodes, isUnresolved ? Cause.DNS_FAILED : Cause.NO_ENDPOINT);
        isListPublished = true;
    }

    private UpstreamStatus statusOf(List<EndpointCondition> conditions, Weights weights) {
        long total = 0;
        for (int slot = 0; slot < weights.slotCount(); slot++) {
            total += weights.weight(slot);
        }
        List<EndpointStatus> each = new ArrayList<>(conditions.size());
        for (EndpointCondition condition : conditions) {
            EndpointKeeper endpoint = keeperAt(condition.slot());
            each.add(new EndpointStatus(
                    endpoint.node().text(),
                    condition.state(),
                    endpoint.reason(ejector),
                    condition.weight(),
                    total == 0 ? 0 : 100.0 * weights.weight(condition.slot()) / total));
        }
        for (EndpointKeeper gone : leaving) {
            each.add(new EndpointStatus(gone.node().text(), EndpointState.LEAVING, "", 0, 0));
        }
        return new UpstreamStatus(
                upstream.name(),
                weights.state(),
                weights.reasons(),
                weights.availablePercent(),
                load.breakerState(),
                load.concurrency(),
                sources.unusable(),
                each);
    }
}
