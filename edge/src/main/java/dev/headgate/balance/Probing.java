package dev.headgate.balance;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.exchange.LoopContext;
import dev.headgate.probe.Probe;
import dev.headgate.probe.ProbePlan;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has checks made on loops, and brings their results back to the agent. */
final class Probing {
    private final BalancerAgent agent;

    Probing(BalancerAgent agent) {
        this.agent = agent;
    }

    /** All loops; none before they have started. */
    List<LoopContext> loops() {
        return agent.loops();
    }

    /** Reports of any kind that found no room. */
    long droppedReports() {
        return agent.droppedReports();
    }

    /**
     * Starts a check. Its result comes as an event of the agent's.
     *
     * @return false when it could not be started: nothing follows
     */
    boolean start(UpstreamKeeper keeper, EndpointKeeper endpoint, ProbePlan plan, long startedNs) {
        LoopContext context = agent.loopFor(endpoint.slot());
        SocketAddress address = plan.addressFor(endpoint.node().nextAddress());
        return context.loop()
                .execute(() -> Probe.start(
                        plan,
                        address,
                        context,
                        result -> agent.offer(new CheckEnded(keeper, endpoint, result, startedNs))));
    }

    /** @param result null when the check came to nothing for reasons of this proxy's */
    private record CheckEnded(
            UpstreamKeeper keeper,
            EndpointKeeper endpoint,
            @Nullable CheckResult result,
            long startedNs) implements BalancerAgent.Event {
        @Override
        public void apply(long nowNs) {
            keeper.onCheckEnded(endpoint, result, startedNs, nowNs);
        }
    }
}
