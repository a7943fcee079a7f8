package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which requests it takes, and what becomes of them.
 *
 * @param name identity across reloads, label in metrics and logs; default {@code route-N}, N its place from 1
 * @param match which requests
 * @param action what becomes of them
 * @param headers changes to the heads that pass
 * @param limits in place of the listener's
 * @param timeouts in place of the upstream's
 * @param retry in place of the upstream's
 * @param webSocket what WebSockets may do here; empty: requests for one are forwarded as ordinary ones
 * @param grpcWeb whether calls by gRPC-Web are translated to gRPC; default false
 * @param fallback what becomes of requests that the upstream does not serve; empty: the client learns of the failure
 */
@Immutable
public record RouteConfig(
        String name,
        RouteMatch match,
        RouteAction action,
        HeaderRules headers,
        RouteLimits limits,
        RouteTimeouts timeouts,
        RouteRetry retry,
        Optional<RouteWebSocket> webSocket,
        boolean grpcWeb,
        Optional<RouteFallback> fallback) {
    /** Where requests can be forwarded to: by the action itself, and by the fallback. */
    public List<RouteAction.To> destinations() {
        List<RouteAction.To> all = new ArrayList<>();
        if (action instanceof RouteAction.To to) all.add(to);
        if (fallback.isPresent() && fallback.get().action() instanceof RouteAction.To to) all.add(to);
        return all;
    }

    /**
     * What becomes of requests that the route's upstream does not serve.
     *
     * @param action where they go, or what they are answered with
     * @param on what it is taken for; default {@link FallbackOn#USUAL}
     */
    public record RouteFallback(FallbackAction action, List<FallbackOn> on) {
        public RouteFallback {
            on = List.copyOf(on);
        }
    }

    /** What can become of a request that an upstream does not serve. */
    public sealed interface FallbackAction permits RouteAction.To, RouteAction.Respond {}

    /**
     * Which requests a route takes: those that one of the hosts and one of the paths take.
     *
     * @param hosts none stands for any
     * @param paths none stands for any
     * @param certificate which client certificates; empty: any, and none
     */
    public record RouteMatch(List<HostPattern> hosts, List<PathPattern> paths, Optional<CertificateMatch> certificate) {
        public RouteMatch {
            hosts = List.copyOf(hosts);
            paths = List.copyOf(paths);
        }

        /** Whatever the client's certificate is. */
        public RouteMatch(List<HostPattern> hosts, List<PathPattern> paths) {
            this(hosts, paths, Optional.empty());
        }
    }

    /**
     * Changes to the heads that pass.
     *
     * @param request what the origin sees
     * @param response what the client sees
     */
    public record HeaderRules(HeaderEdits request, HeaderEdits response) {}

    /**
     * Changes to one head, applied in this order: remove, set, add. Names are in lower case.
     *
     * @param remove names of fields to leave out
     * @param set fields that replace all of their name
     * @param add fields that come beside those of their name
     */
    public record HeaderEdits(List<String> remove, List<HeaderLine> set, List<HeaderLine> add) {
        /** Changes nothing. */
        public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of(), List.of());

        public HeaderEdits {
            remove = List.copyOf(remove);
            set = List.copyOf(set);
            add = List.copyOf(add);
        }
    }

    /**
     * One field line to write.
     *
     * @param name a token in lower case (RFC 9110 §5.1)
     * @param value field content without control characters (RFC 9110 §5.5), in ISO-8859-1
     */
    public record HeaderLine(String name, String value) {}

    /**
     * Limits of this route in place of the listener's.
     *
     * @param bodyBytes content of a request; {@link ListenerLimits#UNLIMITED} for no bound; empty: the listener's
     */
    public record RouteLimits(OptionalLong bodyBytes) {}

    /**
     * Timeouts of this route, in nanoseconds; empty: the upstream's.
     *
     * @param requestNs the whole exchange, from the end of the request head to the last byte of the response; empty: no
     *     such bound; then 504, or an abort once the response has begun
     * @param firstByteNs as {@link UpstreamConfig.UpstreamTimeouts#firstByteNs}
     * @param bodyIdleNs as {@link UpstreamConfig.UpstreamTimeouts#bodyIdleNs}
     */
    public record RouteTimeouts(OptionalLong requestNs, OptionalLong firstByteNs, OptionalLong bodyIdleNs) {}

    /**
     * Retry of this route; empty: the upstream's. The budget is always the upstream's.
     *
     * @param attempts as {@link UpstreamConfig.RetryConfig#attempts}
     * @param perTryNs as {@link UpstreamConfig.RetryConfig#perTryNs}
     * @param on as {@link UpstreamConfig.RetryConfig#on}, and in its place as a whole
     * @param isUnsafe as {@link UpstreamConfig.RetryConfig#isUnsafe}
     * @param hedgeAfterNs as {@link UpstreamConfig.RetryConfig#hedgeAfterNs}
     */
    public record RouteRetry(
            OptionalInt attempts,
            OptionalLong perTryNs,
            Optional<List<RetryOn>> on,
            Optional<Boolean> isUnsafe,
            OptionalLong hedgeAfterNs) {
        /** On what the upstream says. */
        public RouteRetry(OptionalInt attempts, OptionalLong perTryNs) {
            this(attempts, perTryNs, Optional.empty(), Optional.empty(), OptionalLong.empty());
        }
    }

    /**
     * What WebSockets of this route may do. Times are in nanoseconds.
     *
     * @param idleNs longest time in which no byte goes through, either way; default 5 min
     * @param ageNs longest life, busy or not; 0: no bound; default 1 h
     * @param closeFrames whether frames are followed, so that both sides are told by a Close frame why it ends; default true
     * @param closeWaitNs how long they may take to answer it; default 5 s; then both connections are aborted
     * @param earlyBytes what a client may send before its WebSocket is granted; default 8 KiB; more gets 400
     */
    public record RouteWebSocket(long idleNs, long ageNs, boolean closeFrames, long closeWaitNs, int earlyBytes) {}

    /** What becomes of a request that the route took. */
    public sealed interface RouteAction {
        /**
         * Forward it.
         *
         * @param upstream name of the upstream
         * @param labels to those of its endpoints that have each of these labels with just that value; empty: to all
         */
        record To(String upstream, Map<String, String> labels) implements RouteAction, FallbackAction {
            /** To all endpoints. */
            public To(String upstream) {
                this(upstream, Map.of());
            }
        }

        /**
         * Answer it.
         *
         * @param status 200 to 599
         * @param body content, sent as UTF-8
         * @param contentType value of {@code Content-Type}; sent when there is a body
         * @param headers further fields
         */
        record Respond(int status, String body, String contentType, List<HeaderLine> headers)
                implements RouteAction, FallbackAction {
            public Respond {
                headers = List.copyOf(headers);
            }
        }

        /**
         * Send the client elsewhere. Either {@code to} is given, or the target is the request's own with the given parts
         * replaced.
         *
         * @param status 301, 302, 303, 307 or 308
         * @param to the target as it stands
         * @param scheme {@code http} or {@code https}
         * @param host a host in lower case, with a port or without
         * @param path in place of the whole path
         * @param stripPrefix whole segments taken off the front of the path, where it has them
         * @param addPrefix whole segments put before the path, after stripping
         * @param keepQuery whether the query comes along; default true
         */
        record Redirect(
                int status,
                Optional<String> to,
                Optional<String> scheme,
                Optional<String> host,
                Optional<String> path,
                Optional<String> stripPrefix,
                Optional<String> addPrefix,
                boolean keepQuery)
                implements RouteAction {}
    }
}
