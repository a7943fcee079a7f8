package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole configuration of one proxy: a value, compared by content, with names as identities across reloads.
 *
 * @param loops event loops, 1 to {@value #LOOPS_MAX}; 0 stands for one per available processor; default 0
 * @param busyPollNs how long a loop spins before it blocks, in nanoseconds; default 0, it blocks at once
 * @param drainNs how long open exchanges may go on after the signal to end, in nanoseconds; default 30 s; what is then
 *     left is closed
 * @param webSocketDrainRate how many WebSockets get their Close frames per second once the proxy is told to end, on all loops together; 0, the
 *     default, spreads them over the drain time
 * @param warmUpNs how long after the start TLS handshakes are made in memory, in nanoseconds, when a listener speaks TLS; default 15 s; 0: never
 * @param listeners bound sockets, at least one, names distinct
 * @param trustedProxies peers whose {@code Forwarded} and {@code X-Forwarded-*} fields are believed; default none
 * @param upstreams by name, in the order of the file
 * @param routes first match wins; a request that none takes gets 404; empty exactly when no listener serves HTTP
 * @param identity what responses tell about the software that made them
 * @param log access log and error log
 * @param limits bounds of the process as a whole
 * @param dns who says what stands behind names
 */
@Immutable
public record ProxyConfig(
        int loops,
        long busyPollNs,
        long drainNs,
        int webSocketDrainRate,
        long warmUpNs,
        List<ListenerConfig> listeners,
        List<Cidr> trustedProxies,
        Map<String, UpstreamConfig> upstreams,
        List<RouteConfig> routes,
        IdentityConfig identity,
        LogConfig log,
        LimitsConfig limits,
        ResolverConfig dns) {
    /** Most event loops that can be asked for. */
    public static final int LOOPS_MAX = 1024;

    /** Most WebSockets per second that can be asked for. */
    public static final int DRAIN_RATE_MAX = 1_000_000;

    public ProxyConfig {
        listeners = List.copyOf(listeners);
        trustedProxies = List.copyOf(trustedProxies);
        // Map.copyOf would lose the order in which the file names them.
        upstreams = Collections.unmodifiableMap(new LinkedHashMap<>(upstreams));
        routes = List.copyOf(routes);
    }

    /** Whether a listener for TCP sends its connections to {@code upstream}. */
    public boolean isTunnelledTo(String upstream) {
        return listeners.stream().anyMatch(listener -> listener.to().equals(Optional.of(upstream)));
    }
}
