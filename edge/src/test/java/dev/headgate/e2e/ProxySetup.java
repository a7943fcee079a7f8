package dev.headgate.e2e;

import dev.headgate.HeadgateOptions;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A configuration in the making: one loop, one listener {@code web} on an ephemeral port, one upstream {@code app} and a
 * route that sends everything there, unless a test says otherwise. Tests add what they are about in the configuration
 * language itself.
 */
public final class ProxySetup {
    private final List<String> endpoints;
    private final List<String> top = new ArrayList<>();
    private final List<String> listener = new ArrayList<>();
    private final List<String> upstream = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> routes = new ArrayList<>();
    private String access = "off";
    private int loops = 1;

    private ProxySetup(List<String> endpoints) {
        this.endpoints = endpoints;
    }

    /** A proxy before these origins. */
    public static ProxySetup before(ScriptedOrigin... origins) {
        return before(Arrays.stream(origins).map(ScriptedOrigin::address).toArray(String[]::new));
    }

    /** A proxy before these endpoints. */
    public static ProxySetup before(String... endpoints) {
        return new ProxySetup(List.of(endpoints));
    }

    /** Adds a line at the top level, for example {@code "trustedProxies: [127.0.0.0/8]"}. */
    public ProxySetup top(String line) {
        top.add(line);
        return this;
    }

    /** Adds a key of the listener, for example {@code "limits: {headerCount: 3}"}. */
    public ProxySetup listener(String key) {
        listener.add(key);
        return this;
    }

    /** Adds a key of the upstream, for example {@code "timeouts: {firstByte: 200ms}"}. */
    public ProxySetup upstream(String key) {
        upstream.add(key);
        return this;
    }

    /** Adds another upstream, for example {@code "spare: {endpoints: [\"127.0.0.1:81\"]}"}. */
    public ProxySetup other(String settings) {
        others.add(settings);
        return this;
    }

    /** Adds a route, for example {@code "{match: {path: /x}, to: app}"}; the first one replaces the default. */
    public ProxySetup route(String route) {
        routes.add(route);
        return this;
    }

    /** Writes the access log, for example {@code "{format: json, to: /tmp/log}"}; off by default. */
    public ProxySetup accessLog(String settings) {
        access = settings;
        return this;
    }

    /** Sets the number of event loops; one by default, so that pools and order are predictable. */
    public ProxySetup loops(int count) {
        loops = count;
        return this;
    }

    /** The configuration as text. */
    public String yaml() {
        var lines = new ArrayList<String>();
        lines.add("version: 1");
        lines.add("loops: " + loops);
        lines.addAll(top);
        lines.add("listeners:");
        lines.add("  - " + mapping("name: web, address: \"127.0.0.1:0\"", listener));
        lines.add("upstreams:");
        String quoted = endpoints.stream().map(e -> '"' + e + '"').collect(Collectors.joining(", "));
        lines.add("  app: " + mapping("endpoints: [" + quoted + "]", upstream));
        others.forEach(other -> lines.add("  " + other));
        lines.add("routes:");
        (routes.isEmpty() ? List.of("{to: app}") : routes).forEach(route -> lines.add("  - " + route));
        lines.add("log: {access: " + access + "}");
        return String.join("\n", lines) + "\n";
    }

    private static String mapping(String first, List<String> more) {
        return "{" + first + more.stream().map(key -> ", " + key).collect(Collectors.joining()) + "}";
    }

    /** Starts the proxy in an outside world that the test steers; ready when this returns. */
    public ProxyHarness start(SteeredIo io) {
        return ProxyHarness.start(yaml(), new HeadgateOptions(Map.of(), System.getLogger("dev.headgate"), io));
    }

    /** Starts the proxy; ready when this returns. */
    public ProxyHarness start() {
        return ProxyHarness.start(yaml());
    }
}
