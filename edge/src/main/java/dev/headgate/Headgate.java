package dev.headgate;

import dev.headgate.balance.BalancerAgent;
import dev.headgate.balance.UnusableListException;
import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.breaker.Limits;
import dev.headgate.config.ProxyConfig;
import dev.headgate.discover.ResolverNames;
import dev.headgate.discover.UpstreamSources;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.LoopCounters;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.ReplayFiles;
import dev.headgate.graph.GraphBuilder;
import dev.headgate.graph.ProxySnapshot;
import dev.headgate.http.Violation;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LimitUsage;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.observe.UpstreamStatus;
import dev.headgate.secure.Security;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A running proxy. Several may run in one JVM; none touches anything that is JVM-wide.
 *
 * <pre>{@code
 * ProxyConfig config = …;
 * try (Headgate proxy = Headgate.start(config)) {
 *     SocketAddress address = proxy.listeners().getFirst().address();
 *     …
 * }
 * }</pre>
 */
@AnyThread
public final class Headgate implements AutoCloseable {
    private static final long DRAIN_POLL_NS = 5_000_000L;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int LOOK_UP_THREADS = 2;
    private static final int LOOK_UP_QUEUE_MAX = 1024;
    private static final int BALANCER_CHANCE = 1 << 20; // numbers below are loops'

    private final ProxyConfig config;
    private final Engine engine;
    private final ProxyLogs logs;
    private final ErrorLog errors;
    private final Metrics metrics;
    private final WorkPool lookUps;
    private final WorkPool endpointFiles;
    private final BalancerAgent balancer;
    private final @Nullable ReplayFiles replayFiles;
    private final ProxyTls tls;
    private final ProxyLoops loops;
    private final List<UpstreamNode> upstreams = new ArrayList<>(); // fixed once started
    private final ProxyListeners listeners;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile boolean started;
    private final Gate terminated;

    private Headgate(ProxyConfig config, HeadgateOptions options) throws IOException {
        Io io = options.io();
        int count = config.loops() > 0 ? config.loops() : Runtime.getRuntime().availableProcessors();
        this.config = config;
        this.terminated = io.gate(1);
        this.logs = ProxyLogs.open(config, options, count);
        this.errors = logs.errors();
        this.metrics = new Metrics(count, Cause.COUNT, Violation.values().length, Http2Violation.values().length);
        this.tls = new ProxyTls(config, io, options.state(), count, metrics, errors);
        this.engine = Engine.start(EngineOptions.builder()
                .loops(count)
                .busyPollNs(config.busyPollNs())
                .bufferBudgetBytes(config.limits().memoryBytes())
                .connectionsMax(config.limits().connections())
                .io(io)
                .errorListener(this::onLoopFailure)
                .build());
        this.loops = new ProxyLoops(engine, logs);
        this.listeners = new ProxyListeners(engine, loops, upstreams, tls, errors);
        this.lookUps = io.workPool("headgate-dns", LOOK_UP_THREADS, LOOK_UP_QUEUE_MAX);
        this.endpointFiles = io.workPool("headgate-endpoints", 1, LOOK_UP_QUEUE_MAX);
        this.balancer = new BalancerAgent(
                io,
                new UpstreamSources.Surroundings(new ResolverNames(io.resolver(), lookUps), io.files(), endpointFiles),
                io.chance(BALANCER_CHANCE),
                errors);
        this.replayFiles = config.upstreams().values().stream()
                        .anyMatch(upstream -> upstream.retry().replayFile().isPresent())
                ? new ReplayFiles(
                        io.files(),
                        io.workPool("headgate-replay", ReplayFiles.THREADS, ReplayFiles.FILES_MAX),
                        config.limits().replayFilesBytes(),
                        errors)
                : null;
    }

    /** Starts with the defaults of {@link HeadgateOptions}. */
    public static Headgate start(ProxyConfig config) throws HeadgateStartException {
        return start(config, HeadgateOptions.defaults());
    }

    /**
     * Starts a proxy; when the call returns, every listener accepts connections.
     *
     * @param config a configuration that has passed all checks
     * @throws HeadgateStartException when a listener's address or the access log cannot be had
     */
    public static Headgate start(ProxyConfig config, HeadgateOptions options) throws HeadgateStartException {
        Headgate proxy;
        try {
            proxy = new Headgate(config, options);
        } catch (IOException e) {
            throw new HeadgateStartException(
                    HeadgateStartException.Kind.LOG_UNUSABLE, "cannot open the access log: " + e.getMessage(), e);
        }
        try {
            proxy.run(options);
            return proxy;
        } catch (HeadgateStartException | RuntimeException e) {
            proxy.close();
            throw e;
        }
    }

    private void run(HeadgateOptions options) throws HeadgateStartException {
        logs.start();
        long nowNs = options.io().clock().monotonicNs();
        Security security = tls.start();
        ProxySnapshot snapshot = new GraphBuilder(
                        config, engine.loops(), nowNs, options.filters(), metrics, security, balancer)
                .build(options.io().chance(engine.loops()));
        upstreams.addAll(snapshot.upstreams());
        snapshot.upstreams().forEach(upstream -> balancer.add(upstream, security.upstreams(), nowNs));
        findEndpoints(nowNs);
        prepareReplayFiles();
        loops.start(snapshot, config.limits(), GraphBuilder.headBytesMax(config), replayFiles);
        balancer.start(loops.contexts());
        for (ListenerNode listener : snapshot.listeners()) {
            listeners.open(listener);
        }
        tls.watchFiles();
        started = true;
        errors.report(LogEvent.STARTED, "listeners", listeners.all().size());
    }

    private void prepareReplayFiles() throws HeadgateStartException {
        ReplayFiles files = replayFiles;
        if (files == null) {
            return;
        }
        for (UpstreamNode upstream : upstreams) {
            try {
                if (upstream.keepsInFiles()) {
                    files.prepare(upstream.replayFolder());
                }
            } catch (IOException e) {
                throw new HeadgateStartException(
                        HeadgateStartException.Kind.FOLDER_UNUSABLE,
                        "upstream " + upstream.name() + " cannot have temporary files in " + upstream.replayFolder()
                                + ": " + e.getMessage(),
                        e);
            }
        }
    }

    private void findEndpoints(long nowNs) throws HeadgateStartException {
        try {
            balancer.begin(nowNs);
        } catch (UnusableListException e) {
            throw new HeadgateStartException(
                    HeadgateStartException.Kind.ENDPOINTS_UNUSABLE, "no list of endpoints: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Makes TLS handshakes in memory, so that the JVM has compiled what they take before clients wait for it; the command line does it after each
     * start. Returns after {@link ProxyConfig#warmUpNs}, when the proxy stops, or at once without TLS; keeps a processor busy until then, but for pauses
     * while clients make handshakes themselves. It is of use once per JVM, by any
     * thread.
     */
    public void warmUp() {
        tls.warmUp();
    }

    /** The listeners in the order of the configuration. */
    public List<BoundListener> listeners() {
        return listeners.all();
    }

    /** All counters: those of the loops, and the others summed over the loops. */
    public MetricsSnapshot metrics() {
        List<LoopCounters> counters = new ArrayList<>();
        for (int i = 0; i < engine.loops(); i++) {
            counters.add(engine.loop(i).counters());
        }
        return metrics.snapshot(counters);
    }

    /** How each upstream and its endpoints fare, in the order of the configuration. */
    public List<UpstreamStatus> upstreams() {
        return balancer.status();
    }

    /**
     * Gives an endpoint another weight, until the proxy ends or the next call. With 0 it gets no new clients.
     *
     * @param endpoint its identity, as {@link #upstreams} tells it; or an address as configured, for all endpoints that it has led to
     * @param weight 0 to 256; empty for the configured one
     * @return false when there is no such endpoint, or the wish cannot be taken now; it takes effect a moment later
     * @throws IllegalArgumentException for another weight
     */
    public boolean setWeight(String upstream, String endpoint, OptionalInt weight) {
        if (weight.isPresent() && (weight.getAsInt() < 0 || weight.getAsInt() > Endpoint.WEIGHT_MAX)) {
            throw new IllegalArgumentException(
                    "weight out of range: weight=" + weight.getAsInt() + ", limit=" + Endpoint.WEIGHT_MAX);
        }
        return balancer.setWeight(upstream, endpoint, weight);
    }

    /** Has an endpoint get no new clients, or get them again. Answers as {@link #setWeight} does. */
    public boolean setDraining(String upstream, String endpoint, boolean drains) {
        return balancer.setDraining(upstream, endpoint, drains);
    }

    /** Pooled buffers that are in use, of all loops; 0 when nothing is going on. Asks each loop and waits for the answers. */
    public int outstandingBuffers() {
        return Math.toIntExact(loops.sum(context -> context.loop().buffers().outstandingBuffers()));
    }

    /** Timers that the loops' wheels hold, those included that are no longer armed and not yet dropped. Asks each loop and waits for the answers. */
    public int linkedTimers() {
        return Math.toIntExact(loops.sum(context -> context.loop().timers().linkedTimers()));
    }

    /** Connections that count against limits, of all endpoints; 0 when none to an upstream is open. */
    public int upstreamPermitsTaken() {
        int sum = 0;
        for (UpstreamNode upstream : upstreams) {
            for (int slot = 0; slot < upstream.slotCount(); slot++) {
                EndpointNode endpoint = upstream.endpointOrNull(slot);
                sum += endpoint == null ? 0 : endpoint.permitsTaken();
            }
        }
        return sum;
    }

    /** What is taken of the limits of an upstream; nothing when all is at rest. */
    public Optional<LimitUsage> upstreamLoad(String upstream) {
        return upstreams.stream()
                .filter(each -> each.name().equals(upstream))
                .map(each -> loadOf(each.limits()))
                .findAny();
    }

    private static LimitUsage loadOf(Limits limits) {
        return new LimitUsage(
                limits.connections().taken(),
                limits.pending().taken(),
                limits.requests().inUse(),
                limits.retries().taken());
    }

    /** Bytes of the pooled buffers that are in use, of all loops. Asks each loop and waits for the answers. */
    public long outstandingBytes() {
        return loops.sum(context -> context.loop().buffers().outstandingBytes());
    }

    /** Makes the access log open its file anew. */
    public void reopenLog() {
        logs.reopen();
    }

    /**
     * Stops in good order: no new connections, no new requests on open ones, idle connections close, WebSockets are closed one after the other, other tunnels go on. What is not
     * done after {@code timeout} is cut off. Returns when everything has ended.
     */
    public void drain(Duration timeout) {
        if (stopped.get()) {
            return;
        }
        errors.report(LogEvent.DRAINING, "timeout", timeout);
        listeners.close();
        int rate = config.webSocketDrainRate();
        long intervalNs = rate == 0 ? 0 : Duration.ofSeconds(engine.loops()).toNanos() / rate;
        loops.drain(timeout.toNanos(), intervalNs);
        long deadlineNs = engine.io().clock().monotonicNs() + timeout.toNanos();
        try {
            while (engine.openConnections() > 0
                    && engine.io().clock().monotonicNs() - deadlineNs < 0
                    && !terminated.await(DRAIN_POLL_NS)) {
                // Connections end by themselves.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Stops now: open connections are cut off. */
    @Override
    public void close() {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        int cutOff = engine.openConnections();
        balancer.close();
        lookUps.close();
        endpointFiles.close();
        tls.close();
        loops.cutOff();
        engine.close();
        try {
            engine.awaitTermination(STOP_TIMEOUT);
            if (replayFiles != null) {
                replayFiles.close();
            }
            if (started) {
                errors.report(LogEvent.STOPPED, "connections", cutOff);
            }
            logs.stop(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        terminated.countDown();
    }

    /** Waits until the proxy has stopped. */
    public void awaitTermination() throws InterruptedException {
        while (!terminated.await(Long.MAX_VALUE)) {
            // 292 years have passed.
        }
    }

    private void onLoopFailure(int loopIndex, String where, Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "loop", loopIndex, "failure", where + ": " + failure);
    }
}
