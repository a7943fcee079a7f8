package dev.headgate.upstream;

import dev.headgate.balancer.EndpointFailure;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.health.Consecutive;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.balancer.health.Outcome;
import dev.headgate.config.Address;
import dev.headgate.config.EjectionConfig;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.engine.AlternativeAddresses;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.FailureKind;
import dev.headgate.observe.EndpointMetrics;
import dev.headgate.observe.LogLabel;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of an upstream: its addresses, its connection pools (one per loop) and what the loops have seen of it. It has its slot
 * from the list that brought it until nothing of it goes on any more.
 *
 * <p>Shared by all loops: the addresses are an immutable list that the balancer agent replaces, the permits atomic words, whether it takes
 * WebSockets over HTTP/2 one word, the statistics have one writer per loop.
 */
public final class EndpointNode {
    // The path of a socket is no host, and would be refused as one (RFC 9110 §7.2).
    private static final String HOST_OF_SOCKETS = "localhost";
    private static final int DEFAULT_PORT_OF_HTTPS = 443;
    private static final int SERVER_ERRORS = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    /** How long an endpoint is used. */
    private enum Stay {
        /** It is in the list. */
        LISTED,
        /** It has left the list, and may come back. */
        LEAVING,
        /** It has not come back for a while: connections that nobody uses are closed. */
        CLOSING,
        /** It does not come back: nothing new begins. */
        GONE,
        /** Nothing goes on any more, and its slot is another one's. */
        OVER
    }

    private final int index;
    private final String text;
    private final String hostText;
    private final byte[] host;
    private final String serverHost;
    private final LogLabel label;
    private final EndpointMetrics metrics;
    private final EndpointStats stats;
    private final Consecutive failuresInARow;
    private final Pools maker;
    private final @Nullable UpstreamPool[] pools; // each made by its loop, when that first needs it
    private final long nextAddressNs;
    private final EndpointLimits limits;

    private volatile SocketAddress[] ways; // to connect, not empty, to be used in turn
    private volatile Stay stay = Stay.LISTED; // the balancer agent's
    private volatile boolean offersWebSockets; // over HTTP/2, as the last settings have said on any loop
    private int wayTurn; // Loops may lose an update to each other: any way will do.

    /**
     * @param wanted who it is, and where
     * @param stats counts what loops see of it
     * @param nextAddressNs how long one of several addresses is waited for before the next one is tried as well
     * @param maker makes its pools
     */
    EndpointNode(
            int index,
            WantedEndpoint wanted,
            EndpointStats stats,
            long nextAddressNs,
            ConsecutiveSettings failuresInARow,
            EndpointMetrics metrics,
            EndpointLimits limits,
            Scheme scheme,
            Pools maker,
            int loopCount) {
        Address address = wanted.address();
        this.index = index;
        this.text = wanted.identity();
        this.label = LogLabel.of(text);
        this.metrics = metrics;
        this.hostText = authority(address, scheme);
        this.host = hostText.getBytes(StandardCharsets.US_ASCII);
        this.serverHost = address instanceof Address.Tcp tcp ? tcp.host() : HOST_OF_SOCKETS;
        this.nextAddressNs = nextAddressNs;
        this.ways = ways(wanted, nextAddressNs);
        this.stats = stats;
        this.failuresInARow = new Consecutive(failuresInARow);
        this.limits = limits;
        this.maker = maker;
        this.pools = new UpstreamPool[loopCount];
    }

    /** Makes the pool of a loop, on that loop. */
    @FunctionalInterface
    interface Pools {
        UpstreamPool make(EndpointNode endpoint, int loopIndex);
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

    /** Its slot in its upstream, from 0; somebody else's once it is gone. */
    public int index() {
        return index;
    }

    /** Tells endpoints of one host apart, whose TLS sessions are not each other's. The same for one that comes back. */
    public int sessionKey() {
        return text.hashCode() & Integer.MAX_VALUE;
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

    /** Its identity in the upstream: the address as configured, behind a name with the one that it has led to. */
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

    /** How many attempts in a row have failed, on all loops. */
    public Consecutive failuresInARow() {
        return failuresInARow;
    }

    /** The pool of the calling loop. */
    @LoopConfined
    public UpstreamPool pool(int loopIndex) {
        UpstreamPool pool = pools[loopIndex];
        return pool == null ? firstPool(loopIndex) : pool;
    }

    /** The same if there is one: the loop has done nothing with this endpoint otherwise. */
    @LoopConfined
    @Nullable
    UpstreamPool poolOrNull(int loopIndex) {
        return pools[loopIndex];
    }

    private UpstreamPool firstPool(int loopIndex) {
        UpstreamPool made = maker.make(this, loopIndex);
        pools[loopIndex] = made;
        return made;
    }

    /** Closes what the calling loop has open and does not use. */
    @LoopConfined
    public void closeIdle(int loopIndex) {
        UpstreamPool pool = pools[loopIndex];
        if (pool != null) {
            pool.closeIdle();
        }
    }

    /** It does not come back, and the calling loop has done with it but for what is under way. */
    @LoopConfined
    public void part(int loopIndex) {
        UpstreamPool pool = pools[loopIndex];
        if (pool != null) {
            pool.part();
        }
    }

    // ---- whether it is to stay; by the balancer agent --------------------------------------------------------------

    /** It is in the list, again. */
    public void list() {
        stay = Stay.LISTED;
    }

    /** It has left the list. */
    public void leave() {
        stay = Stay.LEAVING;
    }

    /** It has not come back so far: connections are not kept beyond their requests. */
    public void stopKeeping() {
        stay = Stay.CLOSING;
    }

    /** It does not come back. Once each loop has run a command after this call, no attempt begins any more. */
    public void goAway() {
        limits.goAway(); // before others see that it is gone, and do not say any more that they wait for it
        stay = Stay.GONE;
    }

    /** Nothing of it goes on any more. */
    void end() {
        stay = Stay.OVER;
    }

    /** Whether it may be given something new. What picks it from a selection need not ask. */
    @AnyThread
    public boolean isListed() {
        return stay == Stay.LISTED;
    }

    /** Whether connections that nobody uses are kept. */
    @AnyThread
    boolean keepsIdle() {
        Stay current = stay;
        return current == Stay.LISTED || current == Stay.LEAVING;
    }

    /** Whether its slot may become somebody else's. */
    @AnyThread
    public boolean isGone() {
        Stay current = stay;
        return current == Stay.GONE || current == Stay.OVER;
    }

    /** Where it is now. */
    void movedTo(WantedEndpoint now) {
        ways = ways(now, nextAddressNs);
    }

    private static SocketAddress[] ways(WantedEndpoint wanted, long nextAddressNs) {
        List<SocketAddress> addresses = wanted.addresses();
        int count = addresses.size();
        if (count == 1) {
            return new SocketAddress[] {addresses.getFirst()};
        }
        SocketAddress[] ways = new SocketAddress[wanted.isByTurns() ? count : 1];
        for (int i = 0; i < ways.length; i++) {
            List<SocketAddress> inTurn = new ArrayList<>(addresses.subList(i, count));
            inTurn.addAll(addresses.subList(0, i));
            ways[i] = new AlternativeAddresses(inTurn, nextAddressNs);
        }
        return ways;
    }

    /** Where to connect to: of several addresses the others stand in for the first, which may be each of them in turn. */
    @AnyThread
    public SocketAddress nextAddress() {
        SocketAddress[] current = ways;
        return current[current.length == 1 ? 0 : Math.floorMod(wayTurn++, current.length)];
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
        assert stay != Stay.OVER : "an attempt with an endpoint that is over: " + text;
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
        assert stay != Stay.OVER : "an attempt with an endpoint that is over: " + text;
        stats.onAttemptEnded(loopIndex, latencyNs);
        limits.attemptEnded(loopIndex);
    }

    /**
     * Reports an attempt that was given up because another one of the same request was faster.
     *
     * @param isSlow whether it has waited for as long as a second attempt is begun after
     */
    @LoopConfined
    public void onAttemptLost(int loopIndex, long waitedNs, boolean isSlow, long nowNs) {
        assert stay != Stay.OVER : "an attempt with an endpoint that is over: " + text;
        stats.onResponseHeadMissed(loopIndex, waitedNs, nowNs);
        if (isSlow) {
            stats.onSlowHeadMissed(loopIndex, waitedNs);
        }
        stats.onAttemptLost(loopIndex, waitedNs);
        limits.attemptEnded(loopIndex);
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
