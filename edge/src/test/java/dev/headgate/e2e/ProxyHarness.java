package dev.headgate.e2e;

import dev.headgate.BoundListener;
import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.balancer.health.EndpointState;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.LimitUsage;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.observe.UpstreamStatus;
import dev.headgate.observe.UpstreamStatus.EndpointStatus;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.RawClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A running proxy under test. Close clients before it: on closing it checks that every buffer came back, and that nothing
 * was thrown to the boundary of a loop.
 */
public final class ProxyHarness implements AutoCloseable {
    private final Headgate proxy;
    private final RecordingLogger log;

    private ProxyHarness(Headgate proxy, RecordingLogger log) {
        this.proxy = proxy;
        this.log = log;
    }

    /** Starts a proxy from a configuration text. */
    public static ProxyHarness start(String yaml) {
        return start(yaml, HeadgateOptions.defaults());
    }

    /** Starts a proxy from a configuration text, with filters or an I/O of the test's own. */
    public static ProxyHarness start(String yaml, HeadgateOptions options) {
        var config =
                ConfigLoader.parse("test.yaml", yaml, Environment.ofProcess()).orThrow();
        var log = new RecordingLogger();
        try {
            return new ProxyHarness(Headgate.start(config, options.withLogger(log)), log);
        } catch (HeadgateStartException e) {
            throw new AssertionError("cannot start", e);
        }
    }

    /** The port of listener {@code web}. */
    public int port() {
        return port("web");
    }

    /** The port that a listener got. */
    public int port(String listener) {
        return proxy.listeners().stream()
                .filter(bound -> bound.name().equals(listener))
                .map(BoundListener::address)
                .mapToInt(address -> ((InetSocketAddress) address).getPort())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no listener " + listener + ": " + proxy.listeners()));
    }

    /** A new connection to listener {@code web}. */
    public RawClient connect() {
        return RawClient.connect(port());
    }

    /** Waits until the loops have read as many bytes, of clients and origins together, since the start. */
    public void awaitRead(long bytes) {
        Await.until(bytes + " bytes are read", () -> bytesRead() >= bytes);
    }

    /** How many bytes the loops have read, of clients and origins together. */
    public long bytesRead() {
        return proxy.metrics().loops().stream()
                .mapToLong(MetricsSnapshot.Loop::bytesRead)
                .sum();
    }

    /** How often the loops have looked around, all together. */
    public long cycles() {
        return proxy.metrics().loops().stream()
                .mapToLong(MetricsSnapshot.Loop::cycles)
                .sum();
    }

    /** Bytes of buffers that are in use. */
    public long outstandingBytes() {
        return proxy.outstandingBytes();
    }

    /** Connections that count against those which endpoints may have. */
    public int upstreamPermitsTaken() {
        return proxy.upstreamPermitsTaken();
    }

    /** Timers that the loops have to look at. */
    public int linkedTimers() {
        return proxy.linkedTimers();
    }

    /** Exchanges of listener {@code web} that ended for this cause. */
    public long exchangesEndedBy(Cause cause) {
        var listener = Objects.requireNonNull(proxy.metrics().listeners().get("web"));
        return listener.exchanges().byCause()[cause.ordinal()];
    }

    /** Waits until so many exchanges have ended for this cause. The peers may see an end a moment before it is counted. */
    public void awaitEndedBy(Cause cause, long count) {
        Await.until(count + " ended by " + cause, () -> exchangesEndedBy(cause) == count);
    }

    /** Waits until no loop has a buffer out: nothing is in flight, and idle connections hold none. */
    public void awaitBuffersReturned() {
        Await.until("no buffer is out", () -> proxy.outstandingBuffers() == 0);
    }

    /** Exchanges of listener {@code web} that ended for one of the causes with this status. */
    public long exchangesRefusedWith(int status) {
        var listener = Objects.requireNonNull(proxy.metrics().listeners().get("web"));
        long[] byCause = listener.exchanges().byCause();
        return IntStream.range(0, Cause.COUNT)
                .filter(ordinal -> Cause.of(ordinal).status() == status)
                .mapToLong(ordinal -> byCause[ordinal])
                .sum();
    }

    /** How the upstream {@code app} fares. */
    public UpstreamStatus upstream() {
        return proxy.upstreams().getFirst();
    }

    /** How one of its endpoints fares. */
    public EndpointStatus endpoint(String address) {
        return upstream().endpoints().stream()
                .filter(each -> each.endpoint().equals(address))
                .findFirst()
                .orElseThrow();
    }

    /** The proxy, for commands. */
    public Headgate commands() {
        return proxy;
    }

    /** Waits until an endpoint is in this state. */
    public void awaitState(String address, EndpointState state) {
        Await.until(address + " is " + state, () -> endpoint(address).state() == state);
    }

    /** All counters at this moment. */
    public void warmUp() {
        proxy.warmUp();
    }

    public MetricsSnapshot metrics() {
        return proxy.metrics();
    }

    /** Open connections of clients, on all listeners. */
    public long openConnections() {
        return proxy.metrics().listeners().values().stream()
                .mapToLong(listener -> listener.connectionsOpened() - listener.connectionsClosed())
                .sum();
    }

    /** Lines of the error log. */
    public List<String> errorLog() {
        return log.lines();
    }

    /** Fails unless an internal failure was reported, and forgives those reported so far. */
    public void expectInternalFailure() {
        Await.until("an internal failure is reported", log::forgiveInternalFailures);
    }

    /** Stops at once, with whatever is going on. */
    public void stop() {
        proxy.close();
    }

    /** Stops in good order on a thread of its own. */
    public Thread drain(Duration timeout) {
        return Thread.ofVirtual().name("drain").start(() -> proxy.drain(timeout));
    }

    /** Ends the proxy. With its clients gone first, no buffer may be out any more. */
    @Override
    public void close() {
        try {
            awaitBuffersReturned(); // Loops that have stopped answer nothing, and have nothing.
        } finally {
            proxy.close();
            log.assertNoInternalFailure();
            assertNothingTaken();
        }
    }

    /** What was taken of limits has been given back, for good or ill. */
    private void assertNothingTaken() {
        for (UpstreamStatus upstream : proxy.upstreams()) {
            LimitUsage load = proxy.upstreamLoad(upstream.name()).orElseThrow();
            if (!load.equals(new LimitUsage(0, 0, 0, 0))) {
                throw new AssertionError("still taken: upstream=" + upstream.name() + ", " + load);
            }
        }
    }

    /** What is taken of the limits of upstream {@code app}. */
    public LimitUsage load() {
        return proxy.upstreamLoad("app").orElseThrow();
    }

    /** Waits until so many requests wait for room. */
    public void awaitPending(int count) {
        Await.until(count + " wait", () -> load().pending() == count);
    }
}
