package dev.headgate.upstream;

import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.config.Address;
import dev.headgate.config.ConfigDefaults;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.observe.Metrics;
import dev.headgate.upstream.EndpointNode.Scheme;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** Endpoints without connections, for tests. */
final class EndpointNodes {
    private static final long NEXT_ADDRESS_NS = 250_000_000;

    private EndpointNodes() {}

    static EndpointNode inSlot(int slot) {
        return make(
                slot,
                wanted(new Address.Tcp("10.0.0.1", 80), false, new InetSocketAddress("10.0.0.1", 80)),
                Scheme.HTTP);
    }

    static WantedEndpoint wanted(Address address, boolean isByTurns, SocketAddress... addresses) {
        return new WantedEndpoint("one", List.of(addresses), isByTurns, 0, new EndpointConfig(address, 1));
    }

    static EndpointNode make(int slot, WantedEndpoint wanted, Scheme scheme) {
        return new EndpointNode(
                slot,
                wanted,
                new EndpointStats(1),
                NEXT_ADDRESS_NS,
                new ConsecutiveSettings(0, 0, 0, ConsecutiveSettings.Local.TOGETHER),
                new Metrics(1, 1, 1, 1).endpoint("app", "one"),
                new EndpointLimits(new UpstreamLimits(ConfigDefaults.upstream("app", wanted.address()), 1), 1, 1),
                scheme,
                (_, _) -> {
                    throw new AssertionError("no pool is needed");
                },
                1);
    }
}
