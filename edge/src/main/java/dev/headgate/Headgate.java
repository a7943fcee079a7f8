package dev.headgate;

import dev.headgate.config.Address;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.config.LogConfig;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamTls;
import dev.headgate.downstream.SessionFactory;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.Listener;
import dev.headgate.engine.LoopCounters;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.exchange.Accounting;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.LoopContext;
import dev.headgate.graph.GraphBuilder;
import dev.headgate.graph.ProxySnapshot;
import dev.headgate.http.Violation;
import dev.headgate.listener.ListenerNode;
import dev.headgate.listener.PrefixLimiter;
import dev.headgate.observe.AccessLog;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.FileSink;
import dev.headgate.observe.LogAgent;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.LogSink;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.observe.StreamSink;
import dev.headgate.secure.CertificateFiles;
import dev.headgate.secure.CertificateWatch;
import dev.headgate.secure.ClientTrustFiles;
import dev.headgate.secure.ClientTrustReading;
import dev.headgate.secure.ListenerSecurity;
import dev.headgate.secure.PassThroughOnly;
import dev.headgate.secure.PassThroughTable;
import dev.headgate.secure.Security;
import dev.headgate.secure.UpstreamFiles;
import dev.headgate.secure.UpstreamSecurity;
import dev.headgate.tls.context.WarmUp;
import dev.headgate.tls.transport.TlsOptions;
import dev.headgate.tls.transport.TlsRuntime;
import dev.headgate.tunnel.TunnelFactory;
import dev.headgate.upstream.EndpointResolver;
import dev.headgate.upstream.UpstreamNode;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
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
    private static final long AGENT_IDLE_NS = 20_000_000L;
    private static final long WATCH_IDLE_NS = 50_000_000L;
    private static final long DRAIN_POLL_NS = 5_000_000L;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int LOOK_UP_THREADS = 2;
    private static final int LOOK_UP_QUEUE_MAX = 1024;

    private final ProxyConfig config;
    private final Engine engine;
    private final ErrorLog errors;
    private final @Nullable AccessLog accessLog;
    private final LogAgent logAgent;
    private final Runner logRunner;
    private final Metrics metrics;
    private final WorkPool lookUps;
    private final EndpointResolver resolver;
    private @Nullable TlsRuntime tls; // set while starting, if anything speaks TLS
    private final CertificateFiles certificates;
    private final CertificateWatch watch; // what it watches is fixed once started
    private final List<LoopContext> contexts = new ArrayList<>();
    private final List<UpstreamNode> upstreams = new ArrayList<>(); // fixed once started
    private final List<ListenerSecurity> secured = new ArrayList<>(); // likewise
    private final List<Listener> bound = new ArrayList<>();
    private final List<BoundListener> listeners = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile boolean started;
    private final Gate terminated;

    private Headgate(ProxyConfig config, HeadgateOptions options, @Nullable LogSink logSink) throws IOException {
        this.config = config;
        this.terminated = options.io().gate(1);
        int loops = config.loops() > 0 ? config.loops() : Runtime.getRuntime().availableProcessors();
        this.errors = new ErrorLog(options.logger(), options.io().clock()::monotonicNs);
        this.certificates = new CertificateFiles(options.io().files(), options.state());
        this.watch = new CertificateWatch(
                certificates,
                new ClientTrustFiles(options.io().files()),
                options.io().clock(),
                errors);
        this.metrics = new Metrics(loops, Cause.COUNT, Violation.values().length);
        this.accessLog = logSink == null ? null : accessLog(config, logSink, loops, errors);
        this.engine = Engine.start(EngineOptions.builder()
                .loops(loops)
                .busyPollNs(config.busyPollNs())
                .bufferBudgetBytes(config.limits().memoryBytes())
                .connectionsMax(config.limits().connections())
                .io(options.io())
                .errorListener(this::onLoopFailure)
                .build());
        this.logAgent = new LogAgent(accessLog, errors);
        this.logRunner = options.io().runner("headgate-log", logAgent, AGENT_IDLE_NS);
        this.lookUps = options.io().workPool("headgate-dns", LOOK_UP_THREADS, LOOK_UP_QUEUE_MAX);
        this.resolver = new EndpointResolver(options.io().resolver(), lookUps, this::onLookUpFailed);
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
            proxy = new Headgate(config, options, logSink(config, options.io().files()));
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
        logRunner.start();
        long nowNs = options.io().clock().monotonicNs();
        ProxySnapshot snapshot = new GraphBuilder(
                        config, engine.loops(), nowNs, options.filters(), metrics, security(options))
                .build(options.io().chance(engine.loops()));
        upstreams.addAll(snapshot.upstreams());
        startResolver(snapshot, options, nowNs);
        startContexts(snapshot);
        for (ListenerNode listener : snapshot.listeners()) {
            listen(listener);
        }
        if (!watch.isEmpty()) {
            options.io().runner("headgate-certificates", watch, WATCH_IDLE_NS).start();
        }
        started = true;
        errors.report(LogEvent.STARTED, "listeners", listeners.size());
    }

    /** Reads certificates, and makes TLS of the listeners and upstreams that have it. */
    private Security security(HeadgateOptions options) throws HeadgateStartException {
        Map<String, ListenerSecurity> listening = new LinkedHashMap<>();
        for (ListenerConfig listener : config.listeners()) {
            ListenerTls settings = listener.tls().orElse(null);
            if (settings != null) {
                startTls(options.io());
            }
            if (settings != null && settings.isTerminating()) {
                List<String> stamps = certificates.stamps(settings);
                ClientTrustReading clients =
                        new ClientTrustFiles(options.io().files()).readAll(settings.clientAuth(), now(options.io()));
                ListenerSecurity security = security(listener, settings, clients, options.io());
                listening.put(listener.name(), security);
                watch.add(settings, security, certificates.stampsAfterReading(settings, stamps));
                watch.add(settings, security, clients);
            }
        }
        Map<String, UpstreamSecurity> connecting = new LinkedHashMap<>();
        for (UpstreamConfig upstream : config.upstreams().values()) {
            UpstreamTls settings = upstream.tls().orElse(null);
            if (settings != null) {
                TlsRuntime runtime = startTls(options.io());
                connecting.put(upstream.name(), security(upstream, settings, runtime, options.io()));
            }
        }
        secured.addAll(listening.values());
        return new Security(listening, connecting);
    }

    /** What TLS takes, made once; a proxy without TLS goes without. */
    private TlsRuntime startTls(Io io) {
        TlsRuntime runtime = tls;
        if (runtime == null) {
            runtime = new TlsRuntime(io, engine.loops(), tlsOptions());
            tls = runtime;
        }
        return runtime;
    }

    private TlsOptions tlsOptions() {
        int waitingMax = config.limits().handshakesWaiting();
        TlsOptions usual = TlsOptions.defaults();
        return waitingMax == 0 ? usual : usual.withHandshakesWaitingMax(waitingMax);
    }

    private static Instant now(Io io) {
        return Instant.ofEpochMilli(io.clock().wallMs());
    }

    private ListenerSecurity security(ListenerConfig listener, ListenerTls settings, ClientTrustReading clients, Io io)
            throws HeadgateStartException {
        CertificateFiles.Result read = certificates.read(settings, now(io));
        for (List<String> warnings : List.of(read.warnings(), clients.warnings())) {
            for (String warning : warnings) {
                errors.report(LogEvent.CERTIFICATE_QUESTIONABLE, "listener", listener.name(), "finding", warning);
            }
        }
        if (read.identities().isEmpty() || !clients.problems().isEmpty()) {
            List<String> all = new ArrayList<>(read.problems());
            all.addAll(clients.problems());
            String problems = String.join("; ", all);
            throw new HeadgateStartException(
                    HeadgateStartException.Kind.CERTIFICATE_UNUSABLE,
                    "listener " + listener.name() + " cannot speak TLS: " + problems,
                    null);
        }
        try {
            return ListenerSecurity.create(
                    listener,
                    settings,
                    read.identities().get(),
                    clients,
                    () -> now(io),
                    metrics.listener(listener.name()).tls(),
                    errors);
        } catch (GeneralSecurityException e) {
            throw new HeadgateStartException(
                    HeadgateStartException.Kind.CERTIFICATE_UNUSABLE,
                    "listener " + listener.name() + " cannot speak TLS: " + e.getMessage(),
                    e);
        }
    }

    private UpstreamSecurity security(UpstreamConfig upstream, UpstreamTls settings, TlsRuntime runtime, Io io)
            throws HeadgateStartException {
        UpstreamFiles files = new UpstreamFiles(io.files(), () -> now(io));
        List<String> stamps = files.stamps(settings);
        UpstreamFiles.Result read = files.read(settings);
        for (String warning : read.warnings()) {
            errors.report(LogEvent.CERTIFICATE_QUESTIONABLE, "upstream", upstream.name(), "finding", warning);
        }
        if (read.settings().isEmpty()) {
            throw new HeadgateStartException(
                    HeadgateStartException.Kind.CERTIFICATE_UNUSABLE,
                    "upstream " + upstream.name() + " cannot speak TLS: " + String.join("; ", read.problems()),
                    null);
        }
        try {
            UpstreamSecurity security = UpstreamSecurity.create(
                    upstream,
                    settings,
                    read.settings().get(),
                    config.isTunnelledTo(upstream.name()),
                    runtime,
                    metrics.upstream(upstream.name()).tls());
            watch.add(files, settings, security, stamps);
            return security;
        } catch (GeneralSecurityException e) {
            throw new HeadgateStartException(
                    HeadgateStartException.Kind.CERTIFICATE_UNUSABLE,
                    "upstream " + upstream.name() + " cannot speak TLS: " + e.getMessage(),
                    e);
        }
    }

    private HandlerFactory handlers(ListenerNode listener) {
        ListenerConfig settings = listener.config();
        TunnelFactory tunnels = settings.hasTunnels() ? new TunnelFactory(contexts, listener, errors) : null;
        HandlerFactory sessions = tunnels != null && settings.to().isPresent()
                ? tunnels.toward(upstream(settings.to().get()))
                : new SessionFactory(contexts, listener, errors);
        if (settings.tls().isEmpty()) {
            return sessions;
        }
        PassThroughTable passed = PassThroughTable.of(
                settings.tls().get().passthrough(),
                upstream -> Objects.requireNonNull(tunnels).passing(upstream(upstream)));
        ListenerSecurity security = listener.security();
        TlsRuntime runtime = Objects.requireNonNull(tls);
        return security == null
                ? PassThroughOnly.before(
                        sessions, settings, passed, runtime, listener.metrics().tls(), errors)
                : security.before(sessions, passed, runtime);
    }

    private UpstreamNode upstream(String name) {
        return upstreams.stream()
                .filter(upstream -> upstream.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void startResolver(ProxySnapshot snapshot, HeadgateOptions options, long nowNs) {
        for (UpstreamNode upstream : snapshot.upstreams()) {
            resolver.add(upstream);
        }
        if (resolver.names() == 0) {
            return;
        }
        try {
            resolver.resolveAll(nowNs, options.io().gate(resolver.names()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        options.io().runner("headgate-resolver", resolver, AGENT_IDLE_NS).start();
    }

    /** Makes each loop's context on its loop, so that everything in it has one thread from birth. */
    private void startContexts(ProxySnapshot snapshot) {
        int headBytesMax = GraphBuilder.headBytesMax(config);
        PrefixLimiter prefixes = new PrefixLimiter(
                config.limits().connectionsPerPrefix(),
                config.limits().ipv4PrefixBits(),
                config.limits().ipv6PrefixBits());
        LoopContext[] made = new LoopContext[engine.loops()];
        Gate ready = engine.io().gate(made.length);
        for (int i = 0; i < made.length; i++) {
            EventLoop loop = engine.loop(i);
            int index = i;
            loop.execute(() -> {
                Accounting accounting =
                        new Accounting(loop, accessLog == null ? null : accessLog.writer(index), errors);
                LoopContext context = new LoopContext(loop, snapshot, prefixes, headBytesMax, accounting);
                for (UpstreamNode upstream : snapshot.upstreams()) {
                    upstream.attach(context);
                }
                made[index] = context;
                ready.countDown();
            });
        }
        awaitUninterruptibly(ready);
        contexts.addAll(List.of(made));
    }

    private void listen(ListenerNode listener) throws HeadgateStartException {
        ListenerConfig settings = listener.config();
        SocketOptions socket =
                SocketOptions.DEFAULTS.withBuffer(settings.limits().bufferBytes());
        ListenOptions options = ListenOptions.at(socketAddress(settings.address()))
                .withBacklog(settings.backlog())
                .withConnectionsMax(settings.limits().connections())
                .withSocketOptions(socket);
        try {
            Listener opened = engine.listen(options, handlers(listener));
            bound.add(opened);
            if (opened.address() instanceof InetSocketAddress inet) {
                listener.boundTo(inet.getPort());
            }
            listeners.add(new BoundListener(listener.name(), opened.address()));
        } catch (BindException e) {
            String message = "listener " + listener.name() + " cannot bind " + settings.address() + ": " + reasonOf(e);
            throw new HeadgateStartException(HeadgateStartException.Kind.PORT_TAKEN, message, e);
        } catch (IOException e) {
            String message =
                    "listener " + listener.name() + " cannot use " + settings.address() + ": " + e.getMessage();
            throw new HeadgateStartException(HeadgateStartException.Kind.ADDRESS_UNUSABLE, message, e);
        }
    }

    /** What the system said, without the address that the message has already. */
    private static @Nullable String reasonOf(BindException failure) {
        return failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
    }

    /** Listeners take address literals and {@code localhost}, which needs no look-up that could block. */
    private static SocketAddress socketAddress(Address address) {
        SocketAddress known = address.knownAddress();
        return known == null && address instanceof Address.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : Objects.requireNonNull(known);
    }

    /**
     * Makes TLS handshakes in memory, so that the JVM has compiled what they take before clients wait for it; the command line does it after each
     * start. Returns after {@link ProxyConfig#warmUpNs}, when the proxy stops, or at once without TLS; keeps a processor busy until then. It is of use once per JVM, by any
     * thread.
     */
    public void warmUp() {
        Clock clock = engine.io().clock();
        long deadlineNs = clock.monotonicNs() + config.warmUpNs();
        try {
            List<WarmUp> warmUps = new ArrayList<>();
            for (ListenerSecurity listener : secured) {
                listener.newWarmUp().ifPresent(warmUps::add);
            }
            int rounds = 0;
            while (!warmUps.isEmpty() && !stopped.get() && deadlineNs - clock.monotonicNs() > 0) {
                warmUps.get(rounds++ % warmUps.size()).round();
            }
        } catch (GeneralSecurityException | SSLException e) {
            errors.report(LogEvent.INTERNAL_FAILURE, "where", "warm-up", "failure", e.toString());
        }
    }

    /** The listeners in the order of the configuration. */
    public List<BoundListener> listeners() {
        return List.copyOf(listeners);
    }

    /** All counters: those of the loops, and the others summed over the loops. */
    public MetricsSnapshot metrics() {
        List<LoopCounters> loops = new ArrayList<>();
        for (int i = 0; i < engine.loops(); i++) {
            loops.add(engine.loop(i).counters());
        }
        return metrics.snapshot(loops);
    }

    /** Pooled buffers that are in use, of all loops; 0 when nothing is going on. Asks each loop and waits for the answers. */
    public int outstandingBuffers() {
        AtomicInteger sum = new AtomicInteger();
        onEachLoop(context -> sum.addAndGet(context.loop().buffers().outstandingBuffers()));
        return sum.get();
    }

    /** Timers that the loops' wheels hold, those included that are no longer armed and not yet dropped. Asks each loop and waits for the answers. */
    public int linkedTimers() {
        AtomicInteger sum = new AtomicInteger();
        onEachLoop(context -> sum.addAndGet(context.loop().timers().linkedTimers()));
        return sum.get();
    }

    /** Connections that count against {@code pool.connections}, of all endpoints; 0 when none to an upstream is open. */
    public int upstreamPermitsTaken() {
        int sum = 0;
        for (UpstreamNode upstream : upstreams) {
            for (int i = 0; i < upstream.endpointCount(); i++) {
                sum += upstream.endpoint(i).permitsTaken();
            }
        }
        return sum;
    }

    /** Bytes of the pooled buffers that are in use, of all loops. Asks each loop and waits for the answers. */
    public long outstandingBytes() {
        AtomicLong sum = new AtomicLong();
        onEachLoop(context -> sum.addAndGet(context.loop().buffers().outstandingBytes()));
        return sum.get();
    }

    /** Makes the access log open its file anew. */
    public void reopenLog() {
        if (accessLog != null) {
            accessLog.reopen();
        }
    }

    /**
     * Stops in good order: no new connections, no new requests on open ones, idle connections close, tunnels go on. What is not done after {@code timeout} is cut
     * off. Returns when everything has ended.
     */
    public void drain(Duration timeout) {
        if (stopped.get()) {
            return;
        }
        errors.report(LogEvent.DRAINING, "timeout", timeout);
        bound.forEach(Listener::close);
        onEachLoop(LoopContext::stop);
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
        resolver.close();
        watch.stop();
        lookUps.close();
        if (tls != null) {
            tls.close();
        }
        contexts.forEach(context -> context.loop().execute(context::cutOff)); // A loop still runs what it was given.
        engine.close();
        try {
            engine.awaitTermination(STOP_TIMEOUT);
            if (started) {
                errors.report(LogEvent.STOPPED, "connections", cutOff);
            }
            logAgent.stop();
            logRunner.wakeup();
            logRunner.awaitTermination(STOP_TIMEOUT.toNanos());
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

    private void onEachLoop(Consumer<LoopContext> action) {
        Gate done = engine.io().gate(contexts.size());
        for (LoopContext context : contexts) {
            boolean taken = context.loop().execute(() -> {
                action.accept(context);
                done.countDown();
            });
            if (!taken) {
                done.countDown();
            }
        }
        awaitUninterruptibly(done);
    }

    private static void awaitUninterruptibly(Gate gate) {
        try {
            if (!gate.await(STOP_TIMEOUT.toNanos())) {
                throw new IllegalStateException("a loop does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onLoopFailure(int loopIndex, String where, Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "loop", loopIndex, "failure", where + ": " + failure);
    }

    private void onLookUpFailed(String upstream, String host, String reason) {
        errors.report(LogEvent.UPSTREAM_RESOLVE_FAILED, "upstream", upstream, "endpoint", host, "failure", reason);
    }

    private static @Nullable LogSink logSink(ProxyConfig config, FileAccess files) throws IOException {
        if (config.log().access().isEmpty()) {
            return null;
        }
        LogConfig.Target target = config.log().access().get().target();
        if (target instanceof LogConfig.Target.File(String path)) {
            return new FileSink(files, Path.of(path));
        }
        return target instanceof LogConfig.Target.Stderr ? StreamSink.standardError() : StreamSink.standardOutput();
    }

    private static AccessLog accessLog(ProxyConfig config, LogSink sink, int loops, ErrorLog errors) {
        LogConfig.AccessLog settings = config.log().access().orElseThrow();
        AccessLog.Format format = switch (settings.format()) {
            case JSON -> AccessLog.Format.JSON;
            case COMMON -> AccessLog.Format.COMMON;
            case COMBINED -> AccessLog.Format.COMBINED;
        };
        return new AccessLog(format, sink, loops, settings.bufferBytes(), errors);
    }
}
