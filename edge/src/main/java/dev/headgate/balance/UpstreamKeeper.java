package dev.headgate.balance;

import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.UpstreamView.Sticky;
import dev.headgate.balancer.health.CheckResult;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Ejector;
import dev.headgate.balancer.health.EndpointCondition;
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
import org.jspecify.annotations.Nullable;

/**
 * Decides about the endpoints of one upstream: brings together what is known of them, and publishes what follows when it is another than before.
 * The agent's alone, but for the status.
 */
final class UpstreamKeeper {
    /** In place of an upstream without checks of its own: passes of none bring nobody back. */
    private static final int RISE_USUAL = 1;

    private final UpstreamNode upstream;
    private final Probing probing;
    private final Chance chance;
    private final UpstreamEvents events;
    private final List<EndpointKeeper> endpoints = new ArrayList<>(); // by slot
    private final Ejector ejector;
    private final SlowStart slowStart;
    private final Weighing weighing;
    private final @Nullable OutlierWatch outliers;

    private Weights.@Nullable State lastState;
    private boolean isChanged = true;
    private long nextRampNs;
    private boolean isRamping;

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
        this.weighing = new Weighing(BalanceSettings.weighing(config.spread()), UpstreamView.WEIGHT_UNIT);
        this.outliers = OutlierWatch.of(config.ejection(), nowNs);
        for (int slot = 0; slot < upstream.endpointCount(); slot++) {
            endpoints.add(keeper(upstream.endpoint(slot), slot, health, security, nowNs));
            ejector.add(slot, nowNs);
        }
        this.status = publish(nowNs);
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
                health == null ? null : new ProbePlan(config, health, node, security),
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

    private void eject(EndpointKeeper endpoint, EjectionReason reason, long nowNs) {
        Ejector.Verdict verdict =
                ejector.tryEject(endpoint.slot(), reason, othersAvailable(endpoint), nowNs, chance.nextLong());
        if (verdict == Ejector.Verdict.EJECTED) {
            isChanged = true;
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
        endpoint.checkRunning(false);
        HealthState health = endpoint.health();
        assert health != null;
        endpoint.checkAt(Math.max(startedNs + health.nextDelayNs(chance.nextLong()), nowNs));
        if (result == null) {
            return;
        }
        HealthTransition transition = health.onResult(result, nowNs);
        events.check(endpoint.node(), result);
        if (transition != null && transition.isDecisive()) {
            isChanged = true;
            events.transition(endpoint.node(), transition);
            if (health.health().isUp()) {
                onBack(endpoint, nowNs);
            }
        }
        // A change of interval takes effect at once.
        endpoint.checkAt(Math.max(startedNs + health.nextDelayNs(chance.nextLong()), nowNs));
        if (endpoint.isDown()) {
            ejector.onUnwell(endpoint.slot(), nowNs);
        }
        Ejector.Return returned = ejector.onCheck(endpoint.slot(), result, startedNs, nowNs);
        if (returned != null) {
            onReturn(returned, nowNs);
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

    int doWork(long nowNs) {
        int work = 0;
        for (Ejector.Return returned : ejector.takeDue(nowNs)) {
            onReturn(returned, nowNs);
            work++;
        }
        work += findOutliers(nowNs);
        work += startChecks(nowNs);
        if (isRamping && nextRampNs - nowNs <= 0) {
            isChanged = true;
        }
        if (isChanged) {
            status = publish(nowNs);
            work++;
        }
        return work;
    }

    private int findOutliers(long nowNs) {
        OutlierWatch watch = outliers;
        if (watch == null) {
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
        for (EndpointKeeper endpoint : endpoints) {
            ProbePlan plan = endpoint.plan();
            if (plan != null && endpoint.isCheckDue(nowNs) && probing.start(this, endpoint, plan, nowNs)) {
                endpoint.checkRunning(true);
                started++;
            }
        }
        return started;
    }

    // ---- what follows ----------------------------------------------------------------------------------------------

    private UpstreamStatus publish(long nowNs) {
        isChanged = false;
        List<EndpointCondition> conditions = new ArrayList<>(endpoints.size());
        long rampInNs = Long.MAX_VALUE;
        for (EndpointKeeper endpoint : endpoints) {
            conditions.add(endpoint.condition(ejector, slowStart, nowNs));
            rampInNs = Math.min(rampInNs, slowStart.nextChangeInNs(endpoint.rampSinceNs(), nowNs));
        }
        isRamping = rampInNs != Long.MAX_VALUE;
        nextRampNs = isRamping ? nowNs + rampInNs : nowNs;
        Weights weights = weighing.weigh(conditions, endpoints.size());
        UpstreamView.Builder view = UpstreamView.builder(upstream.name(), endpoints.size());
        for (EndpointKeeper endpoint : endpoints) {
            int slot = endpoint.slot();
            view.put(
                    slot,
                    endpoint.node().asChoice(),
                    weights.weight(slot),
                    weights.isUsableBySticky(slot) ? Sticky.MAY_STAY : Sticky.MUST_LEAVE);
        }
        upstream.publish(view.build());
        if (lastState != null && lastState != weights.state()) {
            events.state(weights);
        }
        lastState = weights.state();
        return statusOf(conditions, weights);
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
                upstream.name(), weights.state(), weights.reasons(), weights.availablePercent(), each);
    }
}
