package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint is told of a client's connection by a {@link ProxyHeader}.
 *
 * @param source the client; null when it has no address
 * @param destination where it connected, as it saw it; null likewise
 * @param serverName the name that it has asked for by TLS, whoever ends that; null for none
 * @param secured the TLS that ends at this proxy; null when the connection is plain, or TLS goes through
 */
@Immutable
public record ToldClient(
        @Nullable Node source,
        @Nullable Node destination,
        @Nullable String serverName,
        @Nullable Secured secured) {
    /**
     * An IP address with a port.
     *
     * @param high the upper half of the address; one of IPv4 is held as the IPv6 address that it is mapped to
     * @param low the lower half
     * @param port 0 when it is not known
     */
    public record Node(long high, long low, int port) {
        /** The address of a socket; null when it is no IP address. */
        public static @Nullable Node of(@Nullable SocketAddress address) {
            InetSocketAddress inet = address instanceof InetSocketAddress of ? of : null;
            InetAddress ip = inet == null ? null : inet.getAddress();
            if (inet == null || ip == null) {
                return null;
            }
            IpAddress words = new IpAddress();
            words.setBytes(ip.getAddress());
            return new Node(words.high(), words.low(), inet.getPort());
        }

        boolean isIpv4() {
            return IpAddress.isIpv4(high, low);
        }
    }

    /**
     * TLS between the client and this proxy.
     *
     * @param version as in {@code TLSv1.3}
     * @param cipherSuite by its registered name
     * @param applicationProtocol what was agreed on by ALPN; null for nothing
     * @param certificate what the client has shown
     * @param isResumed whether it has shown that on an earlier connection of the same session
     */
    public record Secured(
            String version,
            String cipherSuite,
            @Nullable String applicationProtocol,
            Certificate certificate,
            boolean isResumed) {}

    /** A client's certificate. */
    public enum Certificate {
        NONE,
        UNVERIFIED,
        VERIFIED
    }

    /** Whether there are addresses to be told. */
    boolean hasAddresses() {
        return source != null && destination != null;
    }
}
