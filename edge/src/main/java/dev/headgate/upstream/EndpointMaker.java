package dev.headgate.upstream;

import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.UpstreamLoad;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.LoopContext;
import dev.headgate.observe.Metrics;
import dev.headgate.upstream.EndpointNode.Scheme;
import dev.headgate.upstream.UpstreamPool.PoolSettings;
import org.jspecify.annotations.Nullable;

/** Makes the endpoints of one upstream for the balancer agent, and their pools for the loops. */
final class EndpointMaker {
    private final UpstreamConfig config;
    private final Metrics metrics;
    private final UpstreamLimits limits;
    private final PoolSettings poolSettings;
    private final Scheme scheme;
    private final ConsecutiveSettings failuresInARow;
    private final int loopCount;
    private final UpstreamLoad load;
    private final @Nullable LoopContext[] contexts; // each written and read by its loop
    private final @Nullable PendingQueue[] queues; // likewise
    private final @Nullable Http2Client[] clients; // likewise, where HTTP/2 may be spoken

    EndpointMaker(
            UpstreamConfig config,
            Metrics metrics,
            UpstreamLimits limits,
            PoolSettings poolSettings,
            Scheme scheme,
            int loopCount) {
        this.config = config;
        this.metrics = metrics;
        this.limits = limits;
        this.poolSettings = poolSettings;
        this.scheme = scheme;
        this.failuresInARow = EndpointNode.failuresInARow(config.ejection());
        this.loopCount = loopCount;
        this.load = new UpstreamLoad(loopCount);
        this.contexts = new LoopContext[loopCount];
        this.queues = new PendingQueue[loopCount];
        this.clients = new Http2Client[loopCount];
    }

    /** Lets the calling loop have pools. Once per loop, before traffic. */
    @LoopConfined
    void attach(LoopContext context, PendingQueue queue) {
        contexts[context.index()] = context;
        queues[context.index()] = queue;
        clients[context.index()] =
                config.speaksHttp2() ? new Http2Client(config, metrics.upstream(config.name()), context) : null;
    }

    EndpointNode make(WantedEndpoint wanted, int slot) {
        return new EndpointNode(
                slot,
                wanted,
                new EndpointStats(load),
                config.dns().nextAddressNs(),
                failuresInARow,
                metrics.endpoint(config.name(), wanted.identity()),
                new EndpointLimits(limits, connectionsMax(wanted), requestsMax(wanted)),
                scheme,
                this::makePool,
                loopCount);
    }

    private int connectionsMax(WantedEndpoint wanted) {
        return wanted.config().maxConnections().orElse(config.pool().connections());
    }

    private int requestsMax(WantedEndpoint wanted) {
        return wanted.config().maxRequests().orElse(config.pool().requests());
    }

    /** The list says something else of {@code endpoint} than before. */
    void follow(EndpointNode endpoint, WantedEndpoint now) {
        endpoint.movedTo(now);
        endpoint.limits().follow(connectionsMax(now), requestsMax(now));
    }

    @LoopConfined
    private UpstreamPool makePool(EndpointNode endpoint, int loopIndex) {
        LoopContext context = contexts[loopIndex];
        PendingQueue queue = queues[loopIndex];
        assert context != null && queue != null : "not attached: loop=" + loopIndex;
        UpstreamPool pool = new UpstreamPool(endpoint, context, poolSettings, queue, clients[loopIndex]);
        int preconnects = Preconnector.shareOf(config.pool().preconnect(), loopIndex, loopCount, endpoint.index());
        pool.preconnects(new Preconnects(pool, queue.upstream(), endpoint, context, preconnects));
        return pool;
    }

    /** The endpoint counts no more. */
    void forget(EndpointNode endpoint) {
        endpoint.end();
        metrics.dropEndpoint(config.name(), endpoint.text());
    }
}
