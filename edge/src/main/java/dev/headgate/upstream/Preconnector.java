package dev.headgate.upstream;

import dev.headgate.balancer.UpstreamView;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.LoopContext;

/**
 * Keeps connections of one loop to the endpoints of one upstream ready, as far as requests may come to them: ten times a second it has those
 * opened that are lacking, so few at a time that neither handshakes nor a start of many proxies at once become a burden.
 */
@LoopConfined
final class Preconnector extends Timer {
    private static final long TURN_NS = 100_000_000L;
    private static final int BEGUN_PER_TURN_MAX = 8;

    private final UpstreamNode upstream;
    private final LoopContext context;
    private int next; // the slot that comes first in the next turn

    Preconnector(UpstreamNode upstream, LoopContext context) {
        this.upstream = upstream;
        this.context = context;
    }

    void start() {
        context.loop().timers().arm(this, context.loop().nowNs() + TURN_NS);
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (context.isStopping()) {
            return;
        }
        CircuitGuard guard = upstream.guard();
        if (guard == null || !guard.isOpen()) {
            takeTurn(nowNs);
        }
        context.loop().timers().arm(this, nowNs + TURN_NS);
    }

    private void takeTurn(long nowNs) {
        UpstreamView view = upstream.view(UpstreamNode.WHOLE);
        int begun = 0;
        for (int i = 0; i < view.slotCount() && begun < BEGUN_PER_TURN_MAX; i++) {
            int slot = next % view.slotCount();
            next = (slot + 1) % view.slotCount();
            begun += takeTurn(slot, view.weight(slot) > 0, nowNs) ? 1 : 0;
        }
    }

    private boolean takeTurn(int slot, boolean isUsable, long nowNs) {
        EndpointNode endpoint = upstream.endpointOrNull(slot);
        if (endpoint == null) {
            return false;
        }
        UpstreamPool pool = isUsable ? endpoint.pool(context.index()) : endpoint.poolOrNull(context.index());
        return pool != null && pool.preconnects().onTurn(isUsable, nowNs);
    }

    /** How many of {@code wanted} connections to an endpoint are this loop's part: the odd ones begin with another loop for each endpoint. */
    static int shareOf(int wanted, int loop, int loopCount, int endpoint) {
        int odd = wanted % loopCount;
        return wanted / loopCount + (Math.floorMod(loop - endpoint, loopCount) < odd ? 1 : 0);
    }
}
