package dev.headgate.discover;

import dev.headgate.config.Address;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An endpoint that an upstream is to have.
 *
 * @param identity what it is known by from list to list, in logs, metrics and commands: {@code 10.0.0.1:8080} as configured, or with the
 *     name that has led to it {@code app.internal/10.0.0.1:8080}
 * @param addresses where it is; at least one, and several where it can be reached by any of them
 * @param isByTurns whether connections begin with each of several addresses in turn; otherwise always with the first
 * @param tier 0 for those that serve at all times
 * @param config what else is said of it, first of all what it is called towards itself, and verified by
 */
@Immutable
public record WantedEndpoint(
        String identity, List<SocketAddress> addresses, boolean isByTurns, int tier, EndpointConfig config) {
    private static final int PRIMARY = 0;
    private static final int BACKUP = 1;

    public WantedEndpoint {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("endpoint without an address: " + identity);
        }
    }

    /** One whose address is configured. */
    static WantedEndpoint at(EndpointConfig config, SocketAddress known) {
        return new WantedEndpoint(config.address().toString(), List.of(known), false, tierOf(config), config);
    }

    /**
     * One that a name has led to.
     *
     * @param found its addresses; the first one is part of its identity
     */
    static WantedEndpoint named(EndpointConfig config, Address.Tcp name, List<InetAddress> found) {
        Address.Tcp first = Address.Tcp.at(found.getFirst(), name.port());
        return new WantedEndpoint(
                name.host() + "/" + first, withPort(found, name.port()), false, tierOf(config), config);
    }

    /** One that is a name, wherever that leads. */
    static WantedEndpoint whole(EndpointConfig config, Address.Tcp name, List<InetAddress> found) {
        return new WantedEndpoint(name.toString(), withPort(found, name.port()), true, tierOf(config), config);
    }

    private static int tierOf(EndpointConfig config) {
        return config.isBackup() ? BACKUP : PRIMARY;
    }

    private static List<SocketAddress> withPort(List<InetAddress> found, int port) {
        return found.stream()
                .map(each -> (SocketAddress) new InetSocketAddress(each, port))
                .toList();
    }

    /** What it is called. */
    public Address address() {
        return config.address();
    }

    public int weight() {
        return config.weight();
    }

    public Optional<String> zone() {
        return config.zone();
    }

    public Map<String, String> labels() {
        return config.labels();
    }
}
