package dev.headgate.upstream;

import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.config.Address;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.observe.Metrics;
import dev.headgate.upstream.EndpointNode.Scheme;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        return new WantedEndpoint("one", address, List.of(addresses), isByTurns, 1, 0, Optional.empty(), Map.of());
    }

    static EndpointNode make(int slot, WantedEndpoint wanted, Scheme scheme) {
        return new EndpointNode(
                slot,
                wanted,
                new EndpointStats(1),
                NEXT_ADDRESS_NS,
                new ConsecutiveSettings(0, 0, 0, ConsecutiveSettings.Local.TOGETHER),
                new Metrics(1, 1, 1, 1).endpoint("app", "one"),
                1,
                scheme,
                (_, _) -> {
                    throw new AssertionError("no pool is needed");
                },
                1);
    }
}
