package dev.headgate.upstream;

import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.Connection;
import dev.headgate.engine.Immutable;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Attempt;
import dev.headgate.forward.IpAddress;
import dev.headgate.forward.PeerAddress;
import dev.headgate.forward.ProxyHeader;
import dev.headgate.forward.ToldClient;
import dev.headgate.forward.ToldClient.Certificate;
import dev.headgate.forward.ToldClient.Node;
import dev.headgate.forward.ToldClient.Secured;
import dev.headgate.tls.transport.SecureConnection;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What connections to an upstream's endpoints begin with, where those expect the PROXY protocol. */
@Immutable
public final class ProxyHeaders {
    private final ProxyHeader.Version version;

    private ProxyHeaders(ProxyHeader.Version version) {
        this.version = version;
    }

    /** As configured; null where connections begin with no header. */
    public static @Nullable ProxyHeaders of(UpstreamConfig config) {
        return config.proxyProtocol()
                .map(form -> new ProxyHeaders(
                        switch (form) {
                            case V1 -> ProxyHeader.Version.V1;
                            case V2 -> ProxyHeader.Version.V2;
                        }))
                .orElse(null);
    }

    /** Of a connection that is no client's. */
    public byte[] own() {
        return ProxyHeader.own(version);
    }

    /** Of a connection for a request: its client may be one behind trusted proxies, whose port is not known then. */
    @LoopConfined
    byte[] of(Attempt attempt) {
        Connection near = attempt.clientConnection();
        IpAddress client = attempt.clientAddress();
        Node source = client.isKnown()
                ? new Node(client.high(), client.low(), isPeer(client, attempt.peer()) ? portOf(near) : 0)
                : null;
        String serverName = near instanceof SecureConnection secure ? secure.serverName() : null;
        return header(source, near, serverName);
    }

    /**
     * Of a connection for a tunnel.
     *
     * @param serverName what the client has asked for by TLS, whether that ends here or not; null for nothing
     */
    @LoopConfined
    byte[] of(Connection near, @Nullable String serverName) {
        return header(Node.of(near.remoteAddress()), near, serverName);
    }

    private byte[] header(@Nullable Node source, Connection near, @Nullable String serverName) {
        Secured secured = near instanceof SecureConnection secure ? securedBy(secure) : null;
        return ProxyHeader.of(version, new ToldClient(source, Node.of(near.localAddress()), serverName, secured));
    }

    private static boolean isPeer(IpAddress client, PeerAddress peer) {
        return peer.isKnown() && peer.high() == client.high() && peer.low() == client.low();
    }

    private static int portOf(Connection near) {
        return near.remoteAddress() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    private static Secured securedBy(SecureConnection secure) {
        return new Secured(
                secure.version(),
                secure.cipherSuite(),
                secure.applicationProtocol(),
                certificateOf(secure),
                secure.isResumed());
    }

    private static Certificate certificateOf(SecureConnection secure) {
        if (secure.peerCertificates().isEmpty()) {
            return Certificate.NONE;
        }
        return secure.peerFault() == null ? Certificate.VERIFIED : Certificate.UNVERIFIED;
    }
}
