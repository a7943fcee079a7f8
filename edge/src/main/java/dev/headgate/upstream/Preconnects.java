package dev.headgate.upstream;

import dev.headgate.balancer.Backoff;
import dev.headgate.balancer.Jitter;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.TlsFault;
import org.jspecify.annotations.Nullable;

/**
 * The connections that one pool opens ahead of requests: one at a time, and after failures with growing waits, so that an endpoint which is
 * not up to it is left alone.
 */
@LoopConfined
final class Preconnects {
    private static final Backoff BACKOFF = new Backoff(1_000_000_000L, 30_000_000_000L);
    /** How much of a wait is left to chance. */
    private static final int BACKOFF_JITTER_PERCENT = 50;

    private final UpstreamPool pool;
    private final UpstreamNode upstream;
    private final EndpointNode endpoint;
    private final LoopContext context;
    private final int wanted;

    private boolean wasUsable;
    private boolean isUnderWay;
    private int failures; // in a row
    private long notBeforeNs; // where there were failures

    /** @param wanted how many connections are to be ready */
    Preconnects(UpstreamPool pool, UpstreamNode upstream, EndpointNode endpoint, LoopContext context, int wanted) {
        this.pool = pool;
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.context = context;
        this.wanted = wanted;
    }

    /**
     * Begins to open a connection if one is lacking.
     *
     * @param isUsable whether requests may come to the endpoint
     * @return whether one has been begun
     */
    boolean onTurn(boolean isUsable, long nowNs) {
        if (!isUsable) {
            wasUsable = false;
            return false;
        }
        if (!wasUsable) {
            wasUsable = true;
            failures = 0; // Whatever was wrong with it is over.
        }
        if (isUnderWay) {
            return false;
        }
        if (pool.ready() >= pool.readyMax(wanted)) {
            failures = 0;
            return false;
        }
        if (failures > 0 && nowNs - notBeforeNs < 0) {
            return false;
        }
        isUnderWay = pool.openAhead();
        return isUnderWay;
    }

    /** The connection is open. */
    void onOpen() {
        isUnderWay = false;
        endpoint.metrics().onPreconnected(context.index());
    }

    /** Somebody else has it now, or it has been given up. */
    void onTaken() {
        isUnderWay = false;
    }

    /** There is no connection, which nobody else has learnt of. */
    void onFailed(FailureKind kind, @Nullable TlsFault fault) {
        endpoint.metrics().onPreconnectFailed(context.index());
        upstream.onFailure(endpoint, kind);
        context.accounting().attemptFailed(upstream, endpoint, kind, fault);
        onFailedForOthers();
    }

    /** The same where those who wanted it have learnt of it too. */
    void onFailedForOthers() {
        isUnderWay = false;
        backOff();
    }

    /** The endpoint has ended a connection that nobody had used yet. */
    void onLost() {
        backOff();
    }

    private void backOff() {
        if (wanted == 0) {
            return;
        }
        failures++;
        notBeforeNs = context.loop().nowNs()
                + Jitter.below(
                        BACKOFF.boundNs(failures),
                        BACKOFF_JITTER_PERCENT,
                        context.loop().chance().nextLong());
    }
}
