package dev.headgate.tunnel;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A configuration in the making: one loop, a listener {@code web} for TCP, and an upstream {@code app}. */
final class TunnelSetup {
    /** For tests that wait until no timer is left: the one of a connection that was made is let go when its time would have been over. */
    static final String SOON_AT_REST = "timeouts: {connect: 1s}";

    private final List<String> endpoints;
    private final List<String> listener = new ArrayList<>();
    private final List<String> upstream = new ArrayList<>();
    private final List<String> top = new ArrayList<>();
    private String protocol = "protocols: tcp, to: app";
    private String access = "off";

    private TunnelSetup(List<String> endpoints) {
        this.endpoints = endpoints;
    }

    static TunnelSetup to(TcpOrigin... origins) {
        return to(Arrays.stream(origins).map(TcpOrigin::address).toArray(String[]::new));
    }

    static TunnelSetup to(String... endpoints) {
        return new TunnelSetup(List.of(endpoints));
    }

    /** Adds a key of the listener. */
    TunnelSetup listener(String key) {
        listener.add(key);
        return this;
    }

    /** Adds a key of the upstream. */
    TunnelSetup upstream(String key) {
        upstream.add(key);
        return this;
    }

    /** Adds a line at the top level. */
    TunnelSetup top(String line) {
        top.add(line);
        return this;
    }

    /** The listener speaks HTTP, and tunnels only what it passes through. */
    TunnelSetup overHttp() {
        protocol = "protocols: http/1.1";
        return this;
    }

    TunnelSetup accessLog(String settings) {
        access = settings;
        return this;
    }

    String yaml() {
        String quoted = endpoints.stream().map(e -> '"' + e + '"').collect(Collectors.joining(", "));
        return "version: 1\nloops: 1\n"
                + top.stream().map(line -> line + "\n").collect(Collectors.joining())
                + "listeners: [{name: web, address: \"127.0.0.1:0\", " + protocol + more(listener) + "}]\n"
                + "upstreams: {app: {endpoints: [" + quoted + "]" + more(upstream) + "}}\n"
                + "log: {access: " + access + "}\n";
    }

    private static String more(List<String> keys) {
        return keys.stream().map(key -> ", " + key).collect(Collectors.joining());
    }

    ProxyHarness start() {
        return ProxyHarness.start(yaml());
    }

    ProxyHarness start(SteeredIo io) {
        return ProxyHarness.start(yaml(), new HeadgateOptions(Map.of(), System.getLogger("dev.headgate"), io));
    }

    static MetricsSnapshot.Tunnels tunnelsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tunnels()
                .orElseThrow();
    }

    /** Waits until so many tunnels have ended for this cause, and no other has. */
    static void awaitEnded(ProxyHarness proxy, Cause cause, int count) {
        Await.until(
                count + " ended by " + cause,
                () -> tunnelsOf(proxy).byCause()[cause.ordinal()] == count
                        && Arrays.stream(tunnelsOf(proxy).byCause()).sum() == count);
    }

    /** Waits until so many tunnels have ended for this cause, whatever others have. */
    static void awaitEndedOf(ProxyHarness proxy, Cause cause, int count) {
        Await.until(count + " ended by " + cause, () -> tunnelsOf(proxy).byCause()[cause.ordinal()] == count);
    }

    /** Waits until nothing of any tunnel is left. */
    static void awaitNothingLeft(ProxyHarness proxy) {
        Await.until("no client is left", () -> proxy.openConnections() == 0);
        Await.until(
                "no upstream connection is left",
                () -> proxy.metrics().endpoints().values().stream()
                        .allMatch(e -> e.connectionsOpened() == e.connectionsClosed() && e.attemptsInFlight() == 0));
        Await.until("no tunnel is open", () -> tunnelsOf(proxy).open() == 0);
        Await.until("no timer is left", () -> proxy.linkedTimers() == 0);
    }
}
