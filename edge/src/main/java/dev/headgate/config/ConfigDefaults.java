package dev.headgate.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The parts of a configuration with every default of the language filled in, for code that builds one instead of reading a file. What
 * differs is replaced in the records. Records do not check themselves as a file is checked: let {@link #checked} do that once.
 */
public final class ConfigDefaults {
    private static final String MINIMAL = """
            version: 1
            listeners: [{name: any, address: "127.0.0.1:0"}]
            upstreams: {any: {endpoints: "127.0.0.1:1"}}
            routes: [{to: any}]
            """;

    private static final ProxyConfig TEMPLATE =
            ConfigLoader.parse("defaults", MINIMAL, Environment.of(Map.of())).orThrow();

    private ConfigDefaults() {}

    /** A listener for HTTP/1.1. */
    public static ListenerConfig listener(String name, Address address) {
        ListenerConfig usual = TEMPLATE.listeners().getFirst();
        return new ListenerConfig(
                name,
                address,
                usual.tls(),
                usual.redirectToHttps(),
                usual.protocols(),
                usual.backlog(),
                usual.limits(),
                usual.timeouts(),
                usual.bodyRate(),
                usual.uri(),
                usual.http1(),
                usual.http2(),
                usual.to());
    }

    /** A listener whose connections are tunnelled to {@code upstream}. */
    public static ListenerConfig layer4Listener(String name, Address address, String upstream) {
        ListenerConfig usual = listener(name, address);
        return new ListenerConfig(
                name,
                address,
                usual.tls(),
                usual.redirectToHttps(),
                List.of(ListenerConfig.Protocol.TCP),
                usual.backlog(),
                usual.limits(),
                usual.timeouts(),
                usual.bodyRate(),
                usual.uri(),
                usual.http1(),
                usual.http2(),
                Optional.of(upstream));
    }

    /** An upstream with endpoints of equal weight. */
    public static UpstreamConfig upstream(String name, Address... endpoints) {
        UpstreamConfig usual = TEMPLATE.upstreams().values().iterator().next();
        List<UpstreamConfig.EndpointConfig> equal = Arrays.stream(endpoints)
                .map(address -> new UpstreamConfig.EndpointConfig(address, 1))
                .toList();
        return new UpstreamConfig(
                name,
                equal,
                usual.protocol(),
                usual.balance(),
                usual.host(),
                usual.retry(),
                usual.timeouts(),
                usual.pool(),
                usual.breaker(),
                usual.limits(),
                usual.http2(),
                usual.dns(),
                usual.spread(),
                usual.ejection(),
                usual.health(),
                usual.tls());
    }

    /** A route that takes the paths of one pattern, such as {@code /api/**}, on any host. */
    public static RouteConfig route(String name, String path, RouteConfig.RouteAction action) {
        return new RouteConfig(
                name,
                new RouteConfig.RouteMatch(List.of(), List.of(new PathPattern(path))),
                action,
                new RouteConfig.HeaderRules(RouteConfig.HeaderEdits.NONE, RouteConfig.HeaderEdits.NONE),
                new RouteConfig.RouteLimits(OptionalLong.empty()),
                new RouteConfig.RouteTimeouts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                new RouteConfig.RouteRetry(OptionalInt.empty(), OptionalLong.empty()),
                TEMPLATE.routes().getFirst().webSocket(),
                false,
                Optional.empty());
    }

    /** A proxy on all processors, without an access log. */
    public static ProxyConfig proxy(
            List<ListenerConfig> listeners, List<UpstreamConfig> upstreams, List<RouteConfig> routes) {
        Map<String, UpstreamConfig> byName = new LinkedHashMap<>();
        upstreams.forEach(upstream -> byName.put(upstream.name(), upstream));
        return new ProxyConfig(
                TEMPLATE.loops(),
                TEMPLATE.busyPollNs(),
                TEMPLATE.drainNs(),
                TEMPLATE.webSocketDrainRate(),
                TEMPLATE.warmUpNs(),
                listeners,
                TEMPLATE.trustedProxies(),
                byName,
                routes,
                TEMPLATE.identity(),
                new LogConfig(Optional.empty(), TEMPLATE.log().level()),
                TEMPLATE.limits());
    }

    /**
     * What the checks of the language say of {@code config}: every mistake at once, with places in the text that
     * {@link ConfigPrinter#effective} makes of it; or the same value again.
     */
    public static ConfigResult checked(ProxyConfig config) {
        return ConfigLoader.parse("built in code", ConfigPrinter.effective(config), Environment.of(Map.of()));
    }
}
