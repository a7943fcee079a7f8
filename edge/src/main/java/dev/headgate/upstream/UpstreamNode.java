package dev.headgate.upstream;

import dev.headgate.affinity.RequestKey;
import dev.headgate.affinity.StickyCookie;
import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.RetryBudget;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.breaker.CircuitBreaker;
import dev.headgate.balancer.breaker.Limits;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Outcome;
import dev.headgate.config.BalanceConfig.Sticky;
import dev.headgate.config.TripConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.ReplayFile;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.exchange.Cause;
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
 * <p>Shared by all loops; immutable but for what {@link EndpointNode} and {@link RetryBudget} say of themselves, and for what attempts are
 * picked out of, which the balancer agent publishes as a whole. A slot means the same endpoint within one call from the engine: before it is
 * given to another one, each loop has come back from all calls that began before.
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
    private final List<Subset> subsets; // the whole, then by the labels that routes choose
    private final @Nullable RequestKey requestKey;
    private final boolean isStickyByHeader;
    private final EndpointMaker maker;
    private final RetryBudget retryBudget;
    private final UpstreamLimits limits;
    private final PendingQueue[] queues; // by loop; set before traffic
    private final @Nullable CircuitGuard guard; // null: it is asked whatever comes of that
    private final byte @Nullable [] fixedHost;
    private final boolean endpointHost;
    private final EndpointReports reports;
    private final @Nullable ReplayFile replayFile;
    private final Path replayFolder;

    private volatile Published published; // the balancer agent's to replace

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
        if (config.proxyProtocol().isPresent() && config.pool().preconnect() > 0) {
            throw new IllegalArgumentException(
                    "no connection names its client ahead of the client: upstream=" + config.name());
        }
        this.config = config;
        this.reports = reports;
        this.label = LogLabel.of(config.name());
        this.metrics = metrics.upstream(config.name());
        this.limits = new UpstreamLimits(config, loopCount);
        this.queues = new PendingQueue[loopCount];
        TripConfig trip = config.breaker().trip().orElse(null);
        this.guard = trip == null ? null : new CircuitGuard(trip, loopCount, startNs);
        this.maker = new EndpointMaker(
                config,
                metrics,
                limits,
                poolSettings(config, security),
                security == null ? Scheme.HTTP : Scheme.HTTPS,
                loopCount);
        this.subsets = subsets(config, selectors, loopCount);
        this.requestKey = RequestKey.forUpstream(config.name(), config.balance());
        StickyCookie cookie = config.balance().sticky().orElse(null) instanceof Sticky.Cookie of
                ? new StickyCookie(config.name(), of, List.of())
                : null;
        this.isStickyByHeader = config.balance().sticky().orElse(null) instanceof Sticky.Header;
        this.published = new Published(
                new EndpointNode[0],
                selections(UpstreamView.builder(config.name(), 0).build()),
                cookie,
                Cause.NO_ENDPOINT);
        this.retryBudget = new RetryBudget(config.retry().budgetPercent(), RETRY_FLOOR_PER_SECOND, startNs);
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
                config.pool().jitterPercent(),
                socketOptions(config.retry().replayBytes() + (config.speaksHttp2() ? SHARED_PENDING_BYTES : 0)),
                new ResponseHeadDecoder(http1),
                http1,
                config.retry().dropped(),
                security,
                config.host() instanceof UpstreamConfig.HostPolicy.Fixed fixed ? fixed.host() : null,
                config.timeouts().connectNs(),
                ProxyHeaders.of(config));
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

    /** Lets the loop make its connection pools. Called once per loop before traffic. */
    public void attach(LoopContext context) {
        PendingQueue queue = new PendingQueue(this, limits, context, subsets.size());
        queues[context.index()] = queue;
        limits.attach(queue, context.index());
        maker.attach(context, queue);
        if (config.pool().preconnect() > 0) {
            new Preconnector(this, context).start();
        }
    }

    /** Where attempts of the calling loop find room, or wait for it. */
    @LoopConfined
    public PendingQueue queue(int loopIndex) {
        return queues[loopIndex];
    }

    @Nullable
    CircuitGuard guard() {
        return guard;
    }

    /** How long it is not asked from now on, because its circuit breaker is open; 0 when it is not. */
    @LoopConfined
    public long circuitOpenForNs(long nowNs) {
        return guard == null ? 0 : guard.probesInNs(nowNs);
    }

    /** Its circuit breaker, for the balancer agent; null where there is none. */
    public @Nullable CircuitBreaker breaker() {
        return guard == null ? null : guard.breaker();
    }

    /** Something has changed that may be of use to those who wait, or end their wait. By the balancer agent. */
    @AnyThread
    public void wakeWaiting() {
        limits.wakeAll();
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

    /** Slots, empty ones included. */
    @AnyThread
    public int slotCount() {
        return published.endpoints().length;
    }

    /** The endpoint in a slot, or null when that is empty. */
    @AnyThread
    public @Nullable EndpointNode endpointOrNull(int slot) {
        @Nullable EndpointNode[] current = published.endpoints();
        return slot < current.length ? current[slot] : null;
    }

    /** The endpoint that a slot, picked within this call, stands for. */
    @LoopConfined
    public EndpointNode endpoint(int slot) {
        EndpointNode found = published.endpoints()[slot];
        assert found != null : "an empty slot was picked: " + slot;
        return found;
    }

    /** Makes an endpoint of this upstream, which is there for loops once it is published. By the balancer agent. */
    public EndpointNode newEndpoint(WantedEndpoint wanted, int slot) {
        return maker.make(wanted, slot);
    }

    /** The list says something else of {@code endpoint} than before. By the balancer agent. */
    public void follow(EndpointNode endpoint, WantedEndpoint now) {
        maker.follow(endpoint, now);
    }

    /** Nothing of {@code endpoint} goes on any more: its row goes too. By the balancer agent. */
    public void forget(EndpointNode endpoint) {
        maker.forget(endpoint);
    }

    /**
     * Attempts are picked out of {@code view} from now on. By the balancer agent.
     *
     * @param endpoints by slot: those of the view, and those that have left and are still used
     * @param whyNone what to say when there is no endpoint to be picked
     */
    public void publish(UpstreamView view, List<@Nullable EndpointNode> endpoints, Cause whyNone) {
        published = new Published(
                endpoints.toArray(EndpointNode[]::new),
                selections(view),
                cookieFor(published.stickyCookie(), view),
                whyNone);
        limits.wakeAll(); // Who waits may find room where there was no weight before.
    }

    UpstreamView view(int subset) {
        return published.selections()[subset].view();
    }

    /** Why there is no endpoint, when none is picked. */
    @AnyThread
    public Cause whyNone() {
        return published.whyNone();
    }

    /** One whose values stand for the endpoints of {@code view}: those that have left it are known no more. */
    private static @Nullable StickyCookie cookieFor(@Nullable StickyCookie before, UpstreamView view) {
        if (before == null) {
            return null;
        }
        List<@Nullable String> identities = new ArrayList<>(view.slotCount());
        for (int slot = 0; slot < view.slotCount(); slot++) {
            Endpoint endpoint = view.endpointOrNull(slot);
            identities.add(endpoint == null ? null : endpoint.name());
        }
        return before.forEndpoints(identities);
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

    /** The cookie that keeps clients at their endpoints as they are now; null where there is none. */
    public @Nullable StickyCookie stickyCookie() {
        return published.stickyCookie();
    }

    /** Whether a request that is picked for by this key belongs to the endpoint that it leads to: others may not know its client. */
    public boolean sticksBy(long key) {
        return isStickyByHeader && key != RequestKey.ABSENT;
    }

    /** Whether a client may go on with an endpoint that has served it, whether others are sent there or not. */
    @LoopConfined
    public boolean isUsableBySticky(int subset, int endpointIndex) {
        return published.selections()[subset].view().isUsableBySticky(endpointIndex);
    }

    /**
     * The endpoint for the next attempt, or {@link Picker#NONE}.
     *
     * @param subset which endpoints are wanted
     * @param key see {@link #keyOf}
     */
    @LoopConfined
    public int pick(int subset, int loopIndex, long random, long key, EndpointSet tried) {
        Selection selection = published.selections()[subset];
        Picker picker = key == RequestKey.ABSENT ? selection.picker() : selection.byKey();
        return picker.pick(loopIndex, random, key, tried);
    }

    /** One that is well and is not preferred, for those who have tried all that are in vain; or {@link Picker#NONE}. */
    @LoopConfined
    public int pickSpare(int subset, long random, EndpointSet tried) {
        return published.selections()[subset].view().spares().pick(random, tried);
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
