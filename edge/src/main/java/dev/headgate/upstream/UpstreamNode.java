package dev.headgate.upstream;

import dev.headgate.affinity.RequestKey;
import dev.headgate.affinity.StickyCookie;
import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.RetryBudget;
import dev.headgate.balancer.UpstreamLoad;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.breaker.Limits;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Outcome;
import dev.headgate.config.BalanceConfig.Sticky;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.ReplayFile;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.forward.IpAddress;
import dev.headgate.forward.PeerAddress;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A running upstream: its endpoints, its balancer and the settings that its exchanges need. Identity: its name.
 *
 * <p>Shared by all loops; immutable but for what {@link EndpointNode} and {@link RetryBudget} say of themselves.
 */
@HotPath
public final class UpstreamNode {
    /** The subset that all endpoints are in. */
    public static final int WHOLE = 0;

    private static final int RETRY_FLOOR_PER_SECOND = 3;
    /** Pending output that the heads of many requests may add, where they share a connection. */
    private static final int SHARED_PENDING_BYTES = 512 << 10;

    private final UpstreamConfig config;
    private final LogLabel label;
    private final UpstreamMetrics metrics;
    private final EndpointNode[] endpoints;
    private final List<Subset> subsets; // the whole, then by the labels that routes choose
    private final @Nullable RequestKey requestKey;
    private final @Nullable StickyCookie stickyCookie;
    private final RetryBudget retryBudget;
    private final UpstreamLimits limits;
    private final PoolSettings poolSettings;
    private final byte @Nullable [] fixedHost;
    private final boolean endpointHost;
    private final EndpointReports reports;
    private final @Nullable ReplayFile replayFile;
    private final Path replayFolder;

    private volatile Selection[] selections; // by subset; the balancer agent's to replace

    /**
     * @param selectors which labels routes choose endpoints by
     * @param metrics where its counters come from
     * @param security null when the upstream is plain
     * @param reports who hears of failures in a row
     * @param startNs the monotonic clock now
     */
    public UpstreamNode(
            UpstreamConfig config,
            Set<Map<String, String>> selectors,
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
        this.limits = new UpstreamLimits(config, loopCount);
        int count = config.endpoints().size();
        this.endpoints = new EndpointNode[count];
        UpstreamLoad load = new UpstreamLoad(loopCount);
        List<Endpoint> seen = new ArrayList<>(count);
        ConsecutiveSettings failuresInARow = EndpointNode.failuresInARow(config.ejection());
        for (int i = 0; i < count; i++) {
            UpstreamConfig.EndpointConfig endpoint = config.endpoints().get(i);
            EndpointStats stats = new EndpointStats(load);
            String name = endpoint.address().toString();
            Endpoint choice = new Endpoint(name, endpoint.weight(), stats).withLabels(endpoint.labels());
            seen.add(choice);
            endpoints[i] = new EndpointNode(
                    i,
                    endpoint.address(),
                    choice,
                    failuresInARow,
                    metrics.endpoint(config.name(), name),
                    new EndpointLimits(
                            limits,
                            endpoint.maxConnections().orElse(config.pool().connections()),
                            endpoint.maxRequests().orElse(config.pool().requests())),
                    security == null ? Scheme.HTTP : Scheme.HTTPS,
                    loopCount);
        }
        this.subsets = subsets(config, selectors, loopCount);
        this.selections = selections(new UpstreamView(config.name(), seen));
        this.requestKey = RequestKey.forUpstream(config.name(), config.balance());
        this.stickyCookie = config.balance().sticky().orElse(null) instanceof Sticky.Cookie cookie
                ? new StickyCookie(
                        config.name(), cookie, seen.stream().map(Endpoint::name).toList())
                : null;
        this.retryBudget = new RetryBudget(config.retry().budgetPercent(), RETRY_FLOOR_PER_SECOND, startNs);
        this.poolSettings = poolSettings(config, security);
        this.replayFile = config.retry().replayFile().orElse(null);
        this.replayFolder = Path.of(replayFile == null ? "" : replayFile.folder());
        this.fixedHost = config.host() instanceof UpstreamConfig.HostPolicy.Fixed fixed
                ? fixed.host().getBytes(StandardCharsets.US_ASCII)
                : null;
        this.endpointHost = config.host() instanceof UpstreamConfig.HostPolicy.Endpoint;
    }

    private static List<Subset> subsets(UpstreamConfig config, Set<Map<String, String>> selectors, int loopCount) {
        List<Subset> subsets = new ArrayList<>();
        subsets.add(new Subset(Map.of(), config.balance(), loopCount));
        for (Map<String, String> labels : selectors) {
            if (!labels.isEmpty()) {
                subsets.add(new Subset(labels, config.balance(), loopCount));
            }
        }
        return List.copyOf(subsets);
    }

    private Selection[] selections(UpstreamView view) {
        return subsets.stream().map(subset -> subset.of(view)).toArray(Selection[]::new);
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
                config.retry().dropped(),
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
        PendingQueue queue = new PendingQueue(this, limits, context, subsets.size());
        limits.attach(queue, context.index());
        for (EndpointNode endpoint : endpoints) {
            endpoint.createPool(context, poolSettings, queue, client);
        }
    }

    /** Where attempts of the calling loop find room, or wait for it. */
    @LoopConfined
    public PendingQueue queue(int loopIndex) {
        return limits.queue(loopIndex);
    }

    /** Takes a permit for attempts of an exchange that are not its first; {@link #releaseRetry} must follow if there is one. */
    @LoopConfined
    public boolean tryTakeRetry() {
        return limits.retries().tryTake();
    }

    @LoopConfined
    public void releaseRetry() {
        limits.retries().release();
    }

    /** Its limits, for who looks on. */
    @AnyThread
    public Limits limits() {
        return limits.all();
    }

    /** Whether an origin can say that it has not looked at a request, which may then be sent again whatever it is. */
    public boolean mayRefuseUnseen() {
        return config.speaksHttp2();
    }

    public UpstreamConfig config() {
        return config;
    }

    /** Whether content that the window does not hold goes on into temporary files. */
    public boolean keepsInFiles() {
        return replayFile != null;
    }

    /** The longest content of one request in a file; 0 when there are none. */
    public long replayFileBytesMax() {
        return replayFile == null ? 0 : replayFile.maxBytes();
    }

    /** How long a client may be held up by a file. */
    public long replayFileWaitNs() {
        return replayFile == null ? 0 : replayFile.waitNs();
    }

    /** Where files are. */
    public Path replayFolder() {
        return replayFolder;
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
        selections = selections(view);
        limits.wakeAll(); // Who waits may find room where there was no weight before.
    }

    UpstreamView view(int subset) {
        return selections[subset].view();
    }

    /** The number of the subset that has these labels. */
    public int subset(Map<String, String> labels) {
        for (int i = 0; i < subsets.size(); i++) {
            if (subsets.get(i).labels().equals(labels)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no such subset: upstream=" + name() + ", labels=" + labels);
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

    /** What attempts of a request are picked by, or {@link RequestKey#ABSENT}. */
    @LoopConfined
    public long keyOf(RequestHead head, IpAddress client) {
        RequestKey by = requestKey;
        return by == null ? RequestKey.ABSENT : by.of(head, client);
    }

    /** The same for a connection that goes through unread. */
    @LoopConfined
    public long keyOf(PeerAddress peer) {
        RequestKey by = requestKey;
        return by == null ? RequestKey.ABSENT : by.of(peer);
    }

    /** The cookie that keeps clients at their endpoints; null where there is none. */
    public @Nullable StickyCookie stickyCookie() {
        return stickyCookie;
    }

    /** Whether a client may go on with an endpoint that has served it, whether others are sent there or not. */
    @LoopConfined
    public boolean isUsableBySticky(int subset, int endpointIndex) {
        return selections[subset].view().isUsableBySticky(endpointIndex);
    }

    /**
     * The endpoint for the next attempt, or {@link Picker#NONE}.
     *
     * @param subset which endpoints are wanted
     * @param key see {@link #keyOf}
     */
    @LoopConfined
    public int pick(int subset, int loopIndex, long random, long key, EndpointSet tried) {
        Selection selection = selections[subset];
        Picker picker = key == RequestKey.ABSENT ? selection.picker() : selection.byKey();
        return picker.pick(loopIndex, random, key, tried);
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
