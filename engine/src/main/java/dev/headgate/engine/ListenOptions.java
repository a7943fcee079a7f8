package dev.headgate.engine;

import java.net.SocketAddress;

/**
 * What to listen on, and how.
 *
 * @param address an {@link java.net.InetSocketAddress}, port 0 letting the system choose one port for all loops, or a
 *     {@link java.net.UnixDomainSocketAddress}
 * @param backlog connections that may wait for accept; the system may cap it
 * @param connectionsMax open connections of this listener; those beyond are accepted and closed at once, and counted
 * @param socketOptions options of accepted connections
 * @param mayShareAddress whether to join another process that listens at the address, as a handover does; otherwise a taken address is an
 *     error
 */
@Immutable
public record ListenOptions(
        SocketAddress address, int backlog, int connectionsMax, SocketOptions socketOptions, boolean mayShareAddress) {

    public static final int BACKLOG_DEFAULT = 4096;
    public static final int CONNECTIONS_MAX_DEFAULT = 10_000;

    public ListenOptions {
        if (backlog < 1 || connectionsMax < 1) {
            throw new IllegalArgumentException(
                    "listener limits must be positive: backlog=" + backlog + ", connectionsMax=" + connectionsMax);
        }
    }

    /** The defaults at {@code address}. */
    public static ListenOptions at(SocketAddress address) {
        return new ListenOptions(address, BACKLOG_DEFAULT, CONNECTIONS_MAX_DEFAULT, SocketOptions.DEFAULTS, false);
    }

    public ListenOptions withBacklog(int connections) {
        return new ListenOptions(address, connections, connectionsMax, socketOptions, mayShareAddress);
    }

    public ListenOptions withConnectionsMax(int connections) {
        return new ListenOptions(address, backlog, connections, socketOptions, mayShareAddress);
    }

    public ListenOptions withSocketOptions(SocketOptions options) {
        return new ListenOptions(address, backlog, connectionsMax, options, mayShareAddress);
    }

    public ListenOptions sharingAddress() {
        return new ListenOptions(address, backlog, connectionsMax, socketOptions, true);
    }
}
