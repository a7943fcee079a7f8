package dev.headgate.upstream;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.health.Consecutive;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.balancer.health.Outcome;
import dev.headgate.config.Address;
import dev.headgate.config.EjectionConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.LoopContext;
import dev.headgate.observe.EndpointMetrics;
import dev.headgate.observe.LogLabel;
import dev.headgate.upstream.UpstreamPool.PoolSettings;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of an upstream: its addresses, its connection pools (one per loop) and what the loops have seen of it.
 *
 * <p>Shared by all loops: the addresses are an immutable list that the resolver replaces, the permits atomic words, whether it takes
 * WebSockets over HTTP/2 one word, the statistics have one writer per loop.
 */
public final class EndpointNode {
    // The path of a socket is no host, and would be refused as one (RFC 9110 §7.2).
    private static final String HOST_OF_SOCKETS = "localhost";
    private static final int DEFAULT_PORT_OF_HTTPS = 443;
    private static final int SERVER_ERRORS = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private final int index;
    private final String text;
    private final String hostText;
    private final byte[] host;
    private final String serverHost;
    private final LogLabel label;
    private final EndpointMetrics metrics;
    private final Endpoint choice;
    private final EndpointStats stats;
    private final Consecutive failuresInARow;
    private final UpstreamPool[] pools;
    private final EndpointLimits limits;

    private volatile List<SocketAddress> addresses = List.of();
    private volatile boolean offersWebSockets; // over HTTP/2, as the last settings have said on any loop
    private int addressTurn; // Loops may lose an update to each other: any address will do.

    EndpointNode(
            int index,
            Address address,
            Endpoint choice,
            ConsecutiveSettings failuresInARow,
            EndpointMetrics metrics,
            EndpointLimits limits,
            Scheme scheme,
            int loopCount) {
        this.index = index;
        this.text = address.toString();
        this.label = LogLabel.of(text);
        this.metrics = metrics;
        this.hostText = authority(address, scheme);
        this.host = hostText.getBytes(StandardCharsets.US_ASCII);
        this.serverHost = address instanceof Address.Tcp tcp ? tcp.host() : HOST_OF_SOCKETS;
        this.choice = choice;
        this.stats = choice.stats();
        this.failuresInARow = new Consecutive(failuresInARow);
        this.limits = limits;
        this.pools = new UpstreamPool[loopCount];
    }

    /** The configuration in the balancer's terms. */
    static ConsecutiveSettings failuresInARow(EjectionConfig config) {
        return new ConsecutiveSettings(
                config.failures(),
                config.gatewayFailures(),
                config.localFailures(),
                config.isLocalApart() ? ConsecutiveSettings.Local.APART : ConsecutiveSettings.Local.TOGETHER);
    }

    /** What is spoken with an endpoint. */
    enum Scheme {
        HTTP,
        HTTPS
    }

    /** The default port of https is left out, as clients do it (RFC 9110 §4.2.3). */
    private static String authority(Address address, Scheme scheme) {
        if (!(address instanceof Address.Tcp tcp)) {
            return HOST_OF_SOCKETS;
        }
        String text = tcp.toString();
        boolean isDefault = scheme == Scheme.HTTPS && tcp.port() == DEFAULT_PORT_OF_HTTPS;
        return isDefault ? text.substring(0, text.lastIndexOf(':')) : text;
    }

    void createPool(LoopContext context, PoolSettings settings, PendingQueue queue, @Nullable Http2Client client) {
        pools[context.index()] = new UpstreamPool(this, context, settings, queue, client);
    }

    EndpointLimits limits() {
        return limits;
    }

    /** Whether it was last heard, on whichever loop, to take WebSockets over HTTP/2 (RFC 8441 §3). */
    boolean offersWebSockets() {
        return offersWebSockets;
    }

    /** A connection has told whether it takes them. Loops may overwrite each other: each has heard it. */
    void webSocketsOffered(boolean isOffered) {
        if (offersWebSockets != isOffered) {
            offersWebSockets = isOffered;
        }
    }

    /** Place in its upstream, from 0. */
    public int index() {
        return index;
    }

    /** The {@code Host} that names this endpoint. Not to be changed. */
    public byte[] host() {
        return host;
    }

    /** The same as text. */
    public String hostText() {
        return hostText;
    }

    /** The host without port and brackets, by which a certificate is verified. */
    public String serverHost() {
        return serverHost;
    }

    /** The address as configured, for logs. */
    public String text() {
        return text;
    }

    public LogLabel label() {
        return label;
    }

    public EndpointMetrics metrics() {
        return metrics;
    }

    public EndpointStats stats() {
        return stats;
    }

    /** What policies pick it by. */
    public Endpoint asChoice() {
        return choice;
    }

    /** How many attempts in a row have failed, on all loops. */
    public Consecutive failuresInARow() {
        return failuresInARow;
    }

    /** The pool of the calling loop. */
    @LoopConfined
    public UpstreamPool pool(int loopIndex) {
        return pools[loopIndex];
    }

    /** Whether a name look-up has ever given an address. */
    @AnyThread
    public boolean isResolved() {
        return !addresses.isEmpty();
    }

    /** The addresses to connect to from now on, in turn. An empty list changes nothing: the last good answer stays in use. */
    @AnyThread
    public void resolved(List<SocketAddress> current) {
        if (!current.isEmpty()) {
            addresses = List.copyOf(current);
        }
    }

    @Nullable
    public SocketAddress nextAddress() {
        List<SocketAddress> current = addresses;
        if (current.isEmpty()) {
            return null;
        }
        return current.get(current.size() == 1 ? 0 : Math.floorMod(addressTurn++, current.size()));
    }

    /** Connections that count against the limits, those being closed included. */
    @AnyThread
    public int permitsTaken() {
        return limits.connectionsTaken();
    }

    /** Attempts under way that count against a limit of the endpoint's own; 0 where there is none. */
    @AnyThread
    public int requestPermitsTaken() {
        return limits.requestsInUse();
    }

    @LoopConfined
    public void onAttemptStarted(int loopIndex, long nowNs) {
        stats.onAttemptStarted(loopIndex, nowNs);
    }

    /**
     * The head of a response is here.
     *
     * @param latencyNs from the start of the attempt
     */
    @LoopConfined
    public void onResponseHead(int loopIndex, int status, long latencyNs, long nowNs) {
        if (status >= SERVER_ERRORS) {
            stats.onErrorResponse(loopIndex, latencyNs, nowNs);
        } else {
            stats.onResponseHead(loopIndex, latencyNs, nowNs);
        }
    }

    /**
     * The trailers of a call that had begun well say that it has failed.
     *
     * @param latencyNs from the start of the attempt
     */
    @LoopConfined
    public void onErrorTrailers(int loopIndex, long latencyNs, long nowNs) {
        stats.onErrorTrailers(loopIndex, latencyNs, nowNs);
    }

    /** A connection for a tunnel is open, which is all that is known of how fast the endpoint is. */
    @LoopConfined
    public void onConnected(int loopIndex, long latencyNs, long nowNs) {
        stats.onResponseHead(loopIndex, latencyNs, nowNs);
    }

    /** What a final status says of an endpoint. */
    public static Outcome outcomeOf(int status) {
        if (status < SERVER_ERRORS) {
            return Outcome.SUCCESS;
        }
        return status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT ? Outcome.GATEWAY_ERROR : Outcome.SERVER_ERROR;
    }

    @LoopConfined
    public void onAttemptEnded(int loopIndex, long latencyNs) {
        stats.onAttemptEnded(loopIndex, latencyNs);
        limits.attemptEnded(loopIndex);
    }

    /** Reports an attempt that was given up because another one of the same request was faster. */
    @LoopConfined
    public void onAttemptLost(int loopIndex, long waitedNs, long nowNs) {
        stats.onResponseHeadMissed(loopIndex, waitedNs, nowNs);
        onAttemptEnded(loopIndex, waitedNs);
    }

    /** Reports a failed attempt, which is over; what says nothing about the endpoint counts as ended. */
    @LoopConfined
    public void onAttemptFailed(int loopIndex, FailureKind kind, long latencyNs, long nowNs) {
        EndpointFailure failure = kind.endpointFailure();
        if (failure == null) {
            stats.onAttemptEnded(loopIndex, latencyNs);
        } else {
            stats.onAttemptFailed(loopIndex, failure, latencyNs, nowNs);
        }
        limits.attemptEnded(loopIndex);
    }
}
