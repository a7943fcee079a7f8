package dev.headgate.balance;

import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.UpstreamView.Sticky;
import dev.headgate.balancer.health.CheckResult;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Ejector;
import dev.headgate.balancer.health.EndpointCondition;
import dev.headgate.balancer.health.Health;
import dev.headgate.balancer.health.HealthState;
import dev.headgate.balancer.health.HealthTransition;
import dev.headgate.balancer.health.SlowStart;
import dev.headgate.balancer.health.Weighing;
import dev.headgate.balancer.health.Weights;
import dev.headgate.config.HealthConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.Chance;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.UpstreamStatus;
import dev.headgate.observe.UpstreamStatus.EndpointStatus;
import dev.headgate.probe.ProbePlan;
import dev.headgate.secure.UpstreamSecurity;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
    private final List<EndpointKeeper> endpoints = new ArrayList<>(); // by slot; fixed once made
    private final Ejector ejector;
    private final SlowStart slowStart;
    private final Weighing weighing;
    private final @Nullable OutlierWatch outliers;
    private final LoadKeeper load;

    private Weights lastWeights;
    private long droppedSeen;
    private boolean isChanged;
    private long nextRampNs;
    private boolean isRamping;
    private long nextReturnNs;
    private boolean isAnyoneOut;

    private volatile UpstreamStatus status;

    UpstreamKeeper(
            UpstreamNode upstream,
            @Nullable UpstreamSecurity security,
            Probing probing,
            Chance chance,
            ErrorLog errors,
            long nowNs) {
        this.upstream = upstream;
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
        for (int slot = 0; slot < upstream.endpointCount(); slot++) {
            endpoints.add(keeper(upstream.endpoint(slot), slot, health, security, nowNs));
            ejector.add(slot, nowNs);
        }
        this.lastWeights = weigh(nowNs);
        publish(lastWeights);
        this.status = statusOf(conditions(nowNs), lastWeights);
    }

    private EndpointKeeper keeper(
            EndpointNode node,
            int slot,
            @Nullable HealthConfig health,
            @Nullable UpstreamSecurity security,
            long nowNs) {
        UpstreamConfig config = upstream.config();
        long longAgoNs = nowNs - config.spread().slowStart().windowNs();
        EndpointKeeper keeper = new EndpointKeeper(
                node,
                config.endpoints().get(slot),
                health == null
                        ? ProbePlan.forConnection(config, node, LOOK_TIMEOUT_NS)
                        : new ProbePlan(config, health, node, security),
                health == null ? null : new HealthState(BalanceSettings.health(health), nowNs),
                longAgoNs);
        HealthState state = keeper.health();
        if (state != null) {
            keeper.checkAt(nowNs + state.firstDelayNs(chance.nextLong()));
        }
        return keeper;
    }

    @SuppressWarnings("ReferenceEquality") // a running upstream is itself alone
    boolean isOf(UpstreamNode other) {
        return upstream == other;
    }

    @AnyThread
    boolean isNamed(String name) {
        return upstream.name().equals(name);
    }

    /** The endpoint with this address, as configured. */
    @AnyThread
    @Nullable
    EndpointKeeper find(String address) {
        for (EndpointKeeper endpoint : endpoints) {
            if (endpoint.node().text().equals(address)) {
                return endpoint;
            }
        }
        return null;
    }

    @AnyThread
    UpstreamStatus status() {
        return status;
    }

    // ---- what happens ----------------------------------------------------------------------------------------------

    void onFailuresInARow(EndpointNode endpoint, EjectionReason reason, long nowNs) {
        EndpointKeeper keeper = endpoints.get(endpoint.index());
        eject(keeper, reason, nowNs);
        HealthState health = keeper.health();
        if (health != null) {
            health.suspect();
            keeper.checkAt(nowNs);
        }
    }

    void onCommand(EndpointKeeper endpoint, Consumer<EndpointKeeper> wish) {
        wish.accept(endpoint);
        isChanged = true;
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
        HealthTransition transition = health.onResult(result, nowNs);
        events.check(endpoint.node(), result);
        if (transition != null && transition.isDecisive()) {
            isChanged = true;
            events.transition(endpoint.node(), transition);
            boolean hasRecovered = health.health().isUp() && transition.from() != Health.UNKNOWN;
            if (hasRecovered) {
                onBack(endpoint, nowNs); // What was not known before has taken requests all along.
            }
        }
        if (endpoint.isDown()) {
            ejector.onUnwell(endpoint.slot(), nowNs);
        }
    }

    private void onReturn(Ejector.Return returned, long nowNs) {
        EndpointKeeper endpoint = endpoints.get(returned.slot());
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
        int work = takeReturns(nowNs);
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
        for (OutlierWatch.Finding finding : watch.look(endpoints, ejector, nowNs)) {
            eject(endpoints.get(finding.slot()), finding.reason(), nowNs);
            found++;
        }
        return found;
    }

    private int startChecks(long nowNs) {
        int started = 0;
        for (int slot = 0; slot < endpoints.size(); slot++) {
            EndpointKeeper endpoint = endpoints.get(slot);
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
        if (!weights.hasSameEffectAs(lastWeights)) {
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
        return weighing.weigh(conditions(nowNs), endpoints.size());
    }

    private void publish(Weights weights) {
        UpstreamView.Builder view = UpstreamView.builder(upstream.name(), endpoints.size());
        for (EndpointKeeper endpoint : endpoints) {
            int slot = endpoint.slot();
            Sticky sticky = weights.isUsableBySticky(slot) ? Sticky.MAY_STAY : Sticky.MUST_LEAVE;
            view.put(slot, endpoint.node().asChoice(), weights.weight(slot), sticky);
        }
        upstream.publish(view.build());
    }

    private UpstreamStatus statusOf(List<EndpointCondition> conditions, Weights weights) {
        long total = 0;
        for (int slot = 0; slot < weights.slotCount(); slot++) {
            total += weights.weight(slot);
        }
        List<EndpointStatus> each = new ArrayList<>(conditions.size());
        for (EndpointCondition condition : conditions) {
            EndpointKeeper endpoint = endpoints.get(condition.slot());
            each.add(new EndpointStatus(
                    endpoint.node().text(),
                    condition.state(),
                    endpoint.reason(ejector),
                    condition.weight(),
                    total == 0 ? 0 : 100.0 * weights.weight(condition.slot()) / total));
        }
        return new UpstreamStatus(
                upstream.name(),
                weights.state(),
                weights.reasons(),
                weights.availablePercent(),
                load.breakerState(),
                load.concurrency(),
                each);
    }
}
