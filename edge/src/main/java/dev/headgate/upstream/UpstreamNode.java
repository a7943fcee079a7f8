package dev.headgate.upstream;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.RetryBudget;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Outcome;
import dev.headgate.balancer.policy.LeastRequests;
import dev.headgate.balancer.policy.PeakEwma;
import dev.headgate.balancer.policy.PowerOfTwoChoices;
import dev.headgate.balancer.policy.RandomChoice;
import dev.headgate.balancer.policy.RoundRobin;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.ResponseHeadDecoder;
import dev.headgate.observe.LogLabel;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.UpstreamMetrics;
import dev.headgate.secure.UpstreamSecurity;
import dev.headgate.upstream.EndpointNode.Scheme;
import dev.headgate.upstream.UpstreamPool.PoolSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A running upstream: its endpoints, its balancer and the settings that its exchanges need. Identity: its name.
 *
 * <p>Shared by all loops; immutable but for what {@link EndpointNode} and {@link RetryBudget} say of themselves.
 */
@HotPath
public final class UpstreamNode {
    private static final int RETRY_FLOOR_PER_SECOND = 3;
    /** Pending output that the heads of many requests may add, where they share a connection. */
    private static final int SHARED_PENDING_BYTES = 512 << 10;

    private final UpstreamConfig config;
    private final LogLabel label;
    private final UpstreamMetrics metrics;
    private final EndpointNode[] endpoints;
    private final Policy policy;
    private final RetryBudget retryBudget;
    private final PoolSettings poolSettings;
    private final byte @Nullable [] fixedHost;
    private final boolean endpointHost;
    private final EndpointReports reports;

    private volatile Picker picker; // the balancer agent's to replace

    /**
     * @param metrics where its counters come from
     * @param security null when the upstream is plain
     * @param reports who hears of failures in a row
     * @param startNs the monotonic clock now
     */
    public UpstreamNode(
            UpstreamConfig config,
            Metrics metrics,
            @Nullable UpstreamSecurity security,
            EndpointReports reports,
            int loopCount,
            long startNs) {
        // Whoever wants TLS and gets no means for it must not be served without.
        if (config.tls().isPresent() != (security != null)) {
            throw new IllegalArgumentException("TLS wanted and given do not agree: upstream=" + config.name());
        }
        this.config = config;
        this.reports = reports;
        this.label = LogLabel.of(config.name());
        this.metrics = metrics.upstream(config.name());
        int count = config.endpoints().size();
        this.endpoints = new EndpointNode[count];
        List<Endpoint> seen = new ArrayList<>(count);
        ConsecutiveSettings failuresInARow = EndpointNode.failuresInARow(config.ejection());
        for (int i = 0; i < count; i++) {
            UpstreamConfig.EndpointConfig endpoint = config.endpoints().get(i);
            EndpointStats stats = new EndpointStats(loopCount);
            String name = endpoint.address().toString();
            Endpoint choice = new Endpoint(name, endpoint.weight(), stats);
            seen.add(choice);
            endpoints[i] = new EndpointNode(
                    i,
                    endpoint.address(),
                    choice,
                    failuresInARow,
                    metrics.endpoint(config.name(), name),
                    config.pool().connections(),
                    security == null ? Scheme.HTTP : Scheme.HTTPS,
                    loopCount);
        }
        this.policy = switch (config.balance()) {
            case ROUND_ROBIN -> new RoundRobin(loopCount);
            case RANDOM -> new RandomChoice();
            case LEAST_REQUESTS -> new LeastRequests();
            case P2C -> new PowerOfTwoChoices();
            case P2C_EWMA -> new PeakEwma(PeakEwma.Settings.DEFAULTS);
        };
        this.picker = policy.pickerFor(new UpstreamView(config.name(), seen));
        this.retryBudget = new RetryBudget(config.retry().budgetPercent(), RETRY_FLOOR_PER_SECOND, startNs);
        this.poolSettings = poolSettings(config, security);
        this.fixedHost = config.host() instanceof UpstreamConfig.HostPolicy.Fixed fixed
                ? fixed.host().getBytes(StandardCharsets.US_ASCII)
                : null;
        this.endpointHost = config.host() instanceof UpstreamConfig.HostPolicy.Endpoint;
    }

    private static PoolSettings poolSettings(UpstreamConfig config, @Nullable UpstreamSecurity security) {
        UpstreamConfig.UpstreamLimits limits = config.limits();
        Http1Limits http1 = Http1Limits.RESPONSE_DEFAULTS
                .withHead(limits.headerBytes(), limits.headerCount())
                .withTrailers(limits.trailerBytes(), limits.headerCount());
        return new PoolSettings(
                config.pool().idle(),
                config.pool().ageNs(),
                config.timeouts().poolIdleNs(),
                socketOptions(config.retry().replayBytes() + (config.speaksHttp2() ? SHARED_PENDING_BYTES : 0)),
                new ResponseHeadDecoder(http1),
                http1,
                security,
                config.host() instanceof UpstreamConfig.HostPolicy.Fixed fixed ? fixed.host() : null);
    }

    /** What an attempt before has kept is written at once, on top of everything else. */
    private static SocketOptions socketOptions(int moreBytes) {
        SocketOptions defaults = SocketOptions.DEFAULTS;
        return new SocketOptions(
                defaults.noDelay(),
                defaults.sendBufferBytes(),
                defaults.receiveBufferBytes(),
                defaults.highWatermarkBytes(),
                defaults.lowWatermarkBytes(),
                defaults.pendingWriteBytesMax() + moreBytes,
                defaults.retainedReadBytesMax());
    }

    /** Gives the loop its connection pools. Called once per loop before traffic. */
    public void attach(LoopContext context) {
        Http2Client client = config.speaksHttp2() ? new Http2Client(config, metrics, context) : null;
        for (EndpointNode endpoint : endpoints) {
            endpoint.createPool(context, poolSettings, client);
        }
    }

    /** Whether an origin can say that it has not looked at a request, which may then be sent again whatever it is. */
    public boolean mayRefuseUnseen() {
        return config.speaksHttp2();
    }

    public UpstreamConfig config() {
        return config;
    }

    public LogLabel label() {
        return label;
    }

    public UpstreamMetrics metrics() {
        return metrics;
    }

    public String name() {
        return config.name();
    }

    public int endpointCount() {
        return endpoints.length;
    }

    public EndpointNode endpoint(int endpointIndex) {
        return endpoints[endpointIndex];
    }

    /** Attempts are picked out of {@code view} from now on. By the balancer agent, or before there is traffic. */
    public void publish(UpstreamView view) {
        picker = policy.pickerFor(view);
    }

    /** A connection for a tunnel is open. */
    @LoopConfined
    public void onConnected(EndpointNode endpoint) {
        onOutcome(endpoint, Outcome.SUCCESS);
    }

    /** An attempt has failed, which may say something of its endpoint. */
    @LoopConfined
    public void onFailure(EndpointNode endpoint, FailureKind kind) {
        EndpointFailure failure = kind.endpointFailure();
        if (failure != null) {
            onOutcome(endpoint, outcomeOf(failure));
        }
    }

    private static Outcome outcomeOf(EndpointFailure failure) {
        return switch (failure) {
            case CONNECT -> Outcome.CONNECT_FAILED;
            case RESET, TIMEOUT -> Outcome.CONNECTION_LOST;
            case PROTOCOL -> Outcome.GATEWAY_ERROR;
        };
    }

    /** An attempt has come so far. */
    @LoopConfined
    public void onOutcome(EndpointNode endpoint, Outcome outcome) {
        EjectionReason crossed = endpoint.failuresInARow().onOutcome(outcome);
        if (crossed != null) {
            reports.onFailuresInARow(this, endpoint, crossed);
        }
    }

    /** The endpoint for the next attempt, or {@link Picker#NONE}. */
    @LoopConfined
    public int pick(int loopIndex, long random, EndpointSet tried) {
        return picker.pick(loopIndex, random, 0, tried);
    }

    public RetryBudget retryBudget() {
        return retryBudget;
    }

    /**
     * The {@code Host} that {@code endpoint} sees in place of the client's, or null to keep it. HTTP/1.0 clients need not name
     * one: an empty field would be valid (RFC 9112 §3.2), but nginx takes it for none, and we ourselves would refuse it.
     */
    public byte @Nullable [] authority(EndpointNode endpoint, RequestHead head) {
        if (fixedHost != null) {
            return fixedHost;
        }
        return endpointHost || head.authorityLength() == 0 ? endpoint.host() : null;
    }
}
