package dev.headgate.graph;

import dev.headgate.config.Cidr;
import dev.headgate.config.FallbackOn;
import dev.headgate.config.IdentityConfig;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerLimits;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.config.RouteConfig.RouteFallback;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.io.Chance;
import dev.headgate.exchange.AnswerConditions;
import dev.headgate.exchange.ExchangeRules;
import dev.headgate.exchange.RetryRules;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterChain;
import dev.headgate.forward.AddressBlock;
import dev.headgate.forward.HeaderEdits;
import dev.headgate.forward.IdentityPolicy;
import dev.headgate.forward.TrustedProxies;
import dev.headgate.forward.Via;
import dev.headgate.grpc.GrpcWebFilter;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.LogLabel;
import dev.headgate.observe.Metrics;
import dev.headgate.route.Fallback;
import dev.headgate.route.HttpsRedirect;
import dev.headgate.route.LocalAnswer;
import dev.headgate.route.Redirect;
import dev.headgate.route.Route;
import dev.headgate.route.RouteChoice;
import dev.headgate.route.WebSocketRoute;
import dev.headgate.secure.Security;
import dev.headgate.upstream.EndpointReports;
import dev.headgate.upstream.UpstreamNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes running objects from a configuration that has passed all checks. */
public final class GraphBuilder {
    private static final int HEAD_BYTES_FLOOR = 64 * 1024;

    private final ProxyConfig config;
    private final int loopCount;
    private final long startNs;
    private final Map<String, List<Filter>> filters;
    private final Metrics metrics;
    private final Security security;
    private final EndpointReports reports;

    /**
     * @param filters code by route name, in the order in which requests pass it
     * @param startNs the monotonic clock now
     * @param security TLS of listeners and upstreams
     * @param reports who hears of endpoints' failures
     */
    public GraphBuilder(
            ProxyConfig config,
            int loopCount,
            long startNs,
            Map<String, List<Filter>> filters,
            Metrics metrics,
            Security security,
            EndpointReports reports) {
        this.config = config;
        this.loopCount = loopCount;
        this.startNs = startNs;
        this.filters = filters;
        this.metrics = metrics;
        this.security = security;
        this.reports = reports;
    }

    /** Throws {@link IllegalArgumentException} when a filter is for a route that there is not. */
    public ProxySnapshot build(Chance chance) {
        checkFilterRoutes();
        List<ListenerNode> listeners = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            listeners.add(new ListenerNode(
                    listener,
                    metrics.listener(listener.name()),
                    security.listeners().get(listener.name()),
                    listener.redirectToHttps()
                            .map(redirect -> new HttpsRedirect(redirect, chance))
                            .orElse(null)));
        }
        Map<String, UpstreamNode> upstreams = new LinkedHashMap<>();
        for (UpstreamConfig upstream : config.upstreams().values()) {
            String name = upstream.name();
            upstreams.put(
                    name,
                    new UpstreamNode(
                            upstream,
                            selectors(name),
                            metrics,
                            security.upstreams().get(name),
                            reports,
                            loopCount,
                            startNs));
        }
        config.listeners().stream()
                .filter(listener -> listener.servesHttp() && mayHaveWebSockets())
                .forEach(listener -> metrics.listener(listener.name()).tunnels());
        List<Route> routes = new ArrayList<>();
        RouteChoice.Builder<Route> table = RouteChoice.builder(chance);
        for (RouteConfig route : config.routes()) {
            Route running = route(route, upstreams);
            routes.add(running);
            table.add(route.match(), running);
        }
        int editBytesMax = 0;
        for (Route route : routes) {
            int filterBytes = route.filters().isEmpty() ? 0 : Filter.ADDED_BYTES_MAX;
            editBytesMax = Math.max(editBytesMax, route.requestEdits().addedBytes() + filterBytes);
        }
        return new ProxySnapshot(
                listeners,
                List.copyOf(upstreams.values()),
                new ExchangeRules(
                        table.build(),
                        trustedProxies(config.trustedProxies()),
                        new Via(config.identity().via()),
                        identity(config.identity()),
                        editBytesMax));
    }

    /** The labels by which routes choose endpoints of an upstream. */
    private Set<Map<String, String>> selectors(String upstream) {
        Set<Map<String, String>> selectors = new LinkedHashSet<>();
        for (RouteConfig route : config.routes()) {
            for (RouteAction.To to : route.destinations()) {
                if (to.upstream().equals(upstream)) {
                    selectors.add(to.labels());
                }
            }
        }
        return selectors;
    }

    private static TrustedProxies trustedProxies(List<Cidr> believed) {
        List<AddressBlock> blocks = new ArrayList<>(believed.size());
        for (Cidr cidr : believed) {
            blocks.add(AddressBlock.parse(cidr.toString()));
        }
        return new TrustedProxies(blocks);
    }

    private void checkFilterRoutes() {
        for (String name : filters.keySet()) {
            if (config.routes().stream().noneMatch(route -> route.name().equals(name))) {
                throw new IllegalArgumentException("filter for a route that does not exist: route=" + name);
            }
        }
    }

    private boolean mayHaveWebSockets() {
        return config.routes().stream()
                .anyMatch(route -> route.action() instanceof RouteAction.To
                        && route.webSocket().isPresent());
    }

    private Route route(RouteConfig route, Map<String, UpstreamNode> upstreams) {
        return route(
                route,
                route.action(),
                upstreams,
                route.fallback()
                        .map(fallback -> fallback(route, fallback, upstreams))
                        .orElse(null));
    }

    private Fallback fallback(RouteConfig route, RouteFallback fallback, Map<String, UpstreamNode> upstreams) {
        return new Fallback(
                fallback.on().contains(FallbackOn.Unserved.FAILURE),
                AnswerConditions.among(fallback.on()),
                fallback.action() instanceof RouteAction.To to ? route(route, to, upstreams, null) : null,
                fallback.action() instanceof RouteAction.Respond respond ? answer(respond) : null);
    }

    private Route route(
            RouteConfig route, RouteAction action, Map<String, UpstreamNode> upstreams, @Nullable Fallback fallback) {
        UpstreamNode upstream = action instanceof RouteAction.To to ? upstreams.get(to.upstream()) : null;
        if (upstream != null
                && upstream.config().proxyProtocol().isPresent()
                && upstream.config().speaksHttp2()) {
            throw new IllegalArgumentException(
                    "a connection with HTTP/2 cannot name one client: upstream=" + upstream.name());
        }
        UpstreamConfig.UpstreamTimeouts timeouts =
                upstream == null ? null : upstream.config().timeouts();
        UpstreamConfig.RetryConfig retry =
                upstream == null ? null : upstream.config().retry();
        return new Route(
                route.name(),
                LogLabel.of(route.name()),
                metrics.route(route.name()),
                upstream,
                upstream != null && action instanceof RouteAction.To to
                        ? upstream.subset(to.labels())
                        : UpstreamNode.WHOLE,
                action instanceof RouteAction.Respond respond ? answer(respond) : null,
                action instanceof RouteAction.Redirect redirect ? new Redirect(redirect) : null,
                edits(route.headers().request()),
                edits(route.headers().response()),
                new FilterChain(filtersOf(route)),
                route.limits().bodyBytes().orElse(-1),
                route.timeouts().requestNs().orElse(0),
                route.timeouts().firstByteNs().orElse(timeouts == null ? 0 : timeouts.firstByteNs()),
                route.timeouts().bodyIdleNs().orElse(timeouts == null ? 0 : timeouts.bodyIdleNs()),
                route.retry().perTryNs().orElse(retry == null ? 0 : retry.perTryNs()),
                route.retry().hedgeAfterNs().orElse(retry == null ? 0 : retry.hedgeAfterNs()),
                route.retry().attempts().orElse(retry == null ? 1 : retry.attempts()),
                retry == null ? RetryRules.USUAL : RetryRules.of(retry, route.retry()),
                upstream == null
                        ? null
                        : route.webSocket()
                                .map(webSocket -> webSocket(webSocket, upstream))
                                .orElse(null),
                fallback);
    }

    private static WebSocketRoute webSocket(RouteConfig.RouteWebSocket webSocket, UpstreamNode upstream) {
        return new WebSocketRoute(
                webSocket.idleNs(),
                webSocket.ageNs(),
                webSocket.closeFrames(),
                webSocket.closeWaitNs(),
                webSocket.earlyBytes(),
                upstream.metrics().tunnels());
    }

    /** gRPC-Web is translated first, so that an embedder's filters see gRPC. */
    private List<Filter> filtersOf(RouteConfig route) {
        List<Filter> all = new ArrayList<>();
        if (route.grpcWeb()) {
            all.add(new GrpcWebFilter());
        }
        all.addAll(filters.getOrDefault(route.name(), List.of()));
        return all;
    }

    private static LocalAnswer answer(RouteAction.Respond respond) {
        List<LocalAnswer.Line> lines = new ArrayList<>();
        for (RouteConfig.HeaderLine line : respond.headers()) {
            lines.add(new LocalAnswer.Line(latin1(line.name()), latin1(line.value())));
        }
        return new LocalAnswer(
                respond.status(),
                latin1(respond.contentType()),
                respond.body().getBytes(StandardCharsets.UTF_8),
                lines);
    }

    private static HeaderEdits edits(RouteConfig.HeaderEdits edits) {
        HeaderEdits.Builder builder = HeaderEdits.builder();
        for (String name : edits.remove()) {
            builder.remove(name);
        }
        for (RouteConfig.HeaderLine line : edits.set()) {
            builder.set(line.name(), line.value());
        }
        for (RouteConfig.HeaderLine line : edits.add()) {
            builder.add(line.name(), line.value());
        }
        return builder.build();
    }

    private static IdentityPolicy identity(IdentityConfig identity) {
        IdentityPolicy.Origin frameworks = identity.poweredBy() == IdentityConfig.PoweredBy.PASS
                ? IdentityPolicy.Origin.PASS
                : IdentityPolicy.Origin.STRIP;
        return switch (identity.server()) {
            case STRIP -> IdentityPolicy.withServer(IdentityPolicy.Origin.STRIP, frameworks);
            case PASS -> IdentityPolicy.withServer(IdentityPolicy.Origin.PASS, frameworks);
            case HEADGATE -> IdentityPolicy.withServerText("headgate", frameworks);
        };
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The largest head, additions included, that passes any listener or upstream. */
    public static int headBytesMax(ProxyConfig config) {
        int largest = HEAD_BYTES_FLOOR;
        for (ListenerConfig listener : config.listeners()) {
            ListenerLimits limits = listener.limits();
            largest = Math.max(largest, limits.headerBytes() + limits.requestLineBytes());
        }
        for (UpstreamConfig upstream : config.upstreams().values()) {
            largest = Math.max(largest, upstream.limits().headerBytes());
        }
        return 3 * largest + HEAD_BYTES_FLOOR;
    }
}
