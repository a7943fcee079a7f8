package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where to listen or to connect: {@code host:port}, {@code [ipv6]:port} or {@code unix:/path}. {@code toString} gives
 * exactly that form, without the dot of the root.
 */
@Immutable
public sealed interface Address permits Address.Tcp, Address.Unix {
    /** The address of the socket, as far as it is known without looking a name up; else null. */
    @Nullable
    SocketAddress knownAddress();

    /** As it is configured: {@code toString}, with the dot of the root where there is one. */
    default String configured() {
        return toString();
    }

    /**
     * A host with a port.
     *
     * @param host a name in lower case and without the dot of the root, or an IPv4 or IPv6 literal without brackets
     * @param port 0 to 65535; 0 only on a listener: any free port
     * @param isAbsolute whether a name is configured with the dot of the root, and so is looked up as it stands. Towards
     *     others it is the same without: certificates have none (RFC 6066 §3), nor do most origins know themselves by one
     */
    record Tcp(String host, int port, boolean isAbsolute) implements Address {
        public Tcp(String host, int port) {
            this(host, port, false);
        }

        public Tcp {
            if (port < 0 || port > 65535) throw new IllegalArgumentException("port out of range: " + port);
        }

        /** With an address in its canonical form. */
        public static Tcp at(InetAddress address, int port) {
            return new Tcp(IpLiteral.format(address.getAddress()), port);
        }

        /** Whether the host is an address already, so that no name has to be resolved. */
        public boolean isLiteral() {
            return IpLiteral.parse(host) != null;
        }

        @Override
        public @Nullable SocketAddress knownAddress() {
            return isLiteral() ? new InetSocketAddress(host, port) : null;
        }

        /** What to look up. */
        public String nameToLookUp() {
            return isAbsolute ? host + "." : host;
        }

        @Override
        public String configured() {
            return isAbsolute ? nameToLookUp() + ":" + port : toString();
        }

        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /**
     * A Unix-domain socket.
     *
     * @param path absolute path, at most {@value #PATH_BYTES_MAX} bytes, which is what {@code sockaddr_un} holds
     */
    record Unix(String path) implements Address {
        /** Bytes that fit into {@code sun_path} with its closing NUL on every system that we run on. */
        public static final int PATH_BYTES_MAX = 103;

        @Override
        public SocketAddress knownAddress() {
            return UnixDomainSocketAddress.of(path);
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
