package dev.headgate.balance;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.health.CheckResult;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Ejector;
import dev.headgate.balancer.health.EndpointCondition;
import dev.headgate.balancer.health.EndpointCondition.Reach;
import dev.headgate.balancer.health.Health;
import dev.headgate.balancer.health.HealthState;
import dev.headgate.balancer.health.SlowStart;
import dev.headgate.balancer.health.Standing;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.probe.ProbePlan;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent remembers of one endpoint. */
final class EndpointKeeper {
    /** How long after its own time a check's result counts as lost: it found the queue full. */
    private static final long LOST_NS = 5_000_000_000L;

    private final EndpointNode node;
    private final ProbePlan plan;
    private final @Nullable HealthState health; // where there are checks

    private WantedEndpoint wanted;
    private Endpoint choice;
    private @Nullable Departure departure; // while it is in the list no more
    private long rampSinceNs;
    private long nextCheckNs;
    private boolean isCheckRunning;
    private long checkStartedNs;
    private int weightOverride = EndpointCondition.NO_OVERRIDE;
    private boolean isDraining;

    /**
     * Of an endpoint that is there.
     *
     * @param plan how it is checked: always, or only while no connection to it can be made
     * @param health what checks have found; null where there are none but those
     * @param rampSinceNs from when on its share grows; long ago for one that is there from the start
     */
    EndpointKeeper(
            EndpointNode node, WantedEndpoint wanted, ProbePlan plan, @Nullable HealthState health, long rampSinceNs) {
        this.node = node;
        this.wanted = wanted;
        this.choice = choiceOf(wanted, node);
        this.plan = plan;
        this.health = health;
        this.rampSinceNs = rampSinceNs;
    }

    EndpointNode node() {
        return node;
    }

    /** What policies pick it by. */
    Endpoint asChoice() {
        return choice;
    }

    private static Endpoint choiceOf(WantedEndpoint wanted, EndpointNode node) {
        return new Endpoint(wanted.identity(), wanted.weight(), node.stats()).withLabels(wanted.labels());
    }

    /** Whether it is this one that is meant: by its identity, or as one of those that are configured so. */
    boolean isCalled(String name) {
        return wanted.identity().equals(name) || wanted.address().toString().equals(name);
    }

    /** What it is called, as {@link #isCalled} takes it. */
    List<String> names() {
        return List.of(wanted.identity(), wanted.address().toString());
    }

    // ---- the list --------------------------------------------------------------------------------------------------

    /** What the list says of it now. */
    void list(WantedEndpoint now, UpstreamNode upstream) {
        if (!now.equals(wanted)) {
            upstream.follow(node, now);
            wanted = now;
            choice = choiceOf(now, node);
        }
    }

    /** It has left the list. */
    void leave(long keepUntilNs) {
        node.leave();
        departure = new Departure(node, keepUntilNs);
    }

    /** It is in the list again. */
    void comeBack(long nowNs) {
        departure = null;
        node.list();
        checkAt(nowNs);
    }

    boolean isListed() {
        return departure == null;
    }

    @SuppressWarnings("ReferenceEquality") // a running endpoint is itself alone
    boolean isOf(EndpointNode other) {
        return node == other;
    }

    /** How it goes; null while it is in the list. */
    @Nullable
    Departure departure() {
        return departure;
    }

    int slot() {
        return node.index();
    }

    int tier() {
        return wanted.tier();
    }

    ProbePlan plan() {
        return plan;
    }

    @Nullable
    HealthState health() {
        return health;
    }

    // ---- checks ----------------------------------------------------------------------------------------------------

    void checkAt(long atNs) {
        nextCheckNs = atNs;
    }

    /** Requests have shown that something may be wrong: where there are checks, the next one comes soon. */
    void suspect(long nowNs) {
        if (health != null && health.suspect()) {
            long soonestNs = health.soonestCheckNs(checkStartedNs, nowNs);
            nextCheckNs = nextCheckNs - soonestNs < 0 ? nextCheckNs : soonestNs;
        }
    }

    /** Without checks of its own, an endpoint is looked at only while requests find no connection: it may be back soon. */
    boolean isCheckDue(Ejector ejector, long nowNs) {
        boolean isAwaited = isCheckRunning && nowNs - checkStartedNs < plan.timeoutNs() + LOST_NS;
        return !isAwaited && nextCheckNs - nowNs <= 0 && (health != null || isOutAsUnreachable(ejector));
    }

    private boolean isOutAsUnreachable(Ejector ejector) {
        EjectionReason reason = ejector.reason(slot());
        return reason != null && reason.isUnreachable();
    }

    void checkStarted(long nowNs) {
        isCheckRunning = true;
        checkStartedNs = nowNs;
    }

    void checkEnded() {
        isCheckRunning = false;
    }

    // ---- what follows for its weight -------------------------------------------------------------------------------

    void restartRamp(long nowNs) {
        rampSinceNs = nowNs;
    }

    long rampSinceNs() {
        return rampSinceNs;
    }

    /** Another weight than the configured one, or {@link EndpointCondition#NO_OVERRIDE}; answers whether that is new. */
    boolean setWeightOverride(int weight) {
        boolean isNew = weightOverride != weight;
        weightOverride = weight;
        return isNew;
    }

    /** Answers whether that is new. */
    boolean setDraining(boolean drains) {
        boolean isNew = isDraining != drains;
        isDraining = drains;
        return isNew;
    }

    EndpointCondition condition(Ejector ejector, SlowStart slowStart, long nowNs) {
        return new EndpointCondition(
                slot(),
                wanted.weight(),
                weightOverride,
                isDraining,
                standing(ejector),
                isUnreachable(ejector) ? Reach.UNREACHABLE : Reach.REACHABLE,
                slowStart.share(rampSinceNs, nowNs),
                tier(),
                wanted.zone().orElse(null));
    }

    /** An endpoint that nobody has checked yet takes requests: at a start there is no other knowledge. */
    private Standing standing(Ejector ejector) {
        if (isDown()) {
            return Standing.DOWN;
        }
        return ejector.isEjected(slot()) ? Standing.EJECTED : Standing.UP;
    }

    /** Whether its checks have taken it down. */
    boolean isDown() {
        HealthState by = health;
        return by != null && (by.health() == Health.DOWN || by.health() == Health.RISING);
    }

    /** Whether nothing speaks against it, and it has weight. */
    boolean isPickable(Ejector ejector) {
        int weight = weightOverride == EndpointCondition.NO_OVERRIDE ? wanted.weight() : weightOverride;
        return standing(ejector) == Standing.UP && weight > 0 && !isDraining;
    }

    private boolean isUnreachable(Ejector ejector) {
        HealthState by = health;
        return by != null && by.isUnreachable()
                || isOutAsUnreachable(ejector)
                || node.failuresInARow().isUnreachable();
    }

    /** Whether requests have got through to it since it was taken out for want of a connection. */
    boolean isReachedAgain(Ejector ejector) {
        return isOutAsUnreachable(ejector) && !node.failuresInARow().isUnreachable();
    }

    /** Why it is down or ejected, in a word. */
    String reason(Ejector ejector) {
        if (isDown()) {
            HealthState by = health;
            CheckResult last = by == null ? null : by.lastResult();
            return last == null ? "not_checked" : last.text();
        }
        EjectionReason reason = ejector.reason(slot());
        return reason == null ? "" : reason.text();
    }
}
