package dev.headgate.tls.context;

import dev.headgate.engine.Immutable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link ServerContext}.
 *
 * @param profile versions and cipher suites
 * @param protocols application protocols (RFC 7301), by preference; a client that offers none gets the handler's default
 * @param clientAuth whether clients show certificates
 * @param clientTrust who judges them, in the handshake and again when a session is resumed; null exactly when {@code clientAuth} is {@code NONE}
 * @param sessionTimeoutS how long a session can be resumed, in seconds; 86,400
 * @param sessionCacheSize sessions that are kept here, for clients without tickets; 20,480
 * @param provider the JSSE provider's name, or null for the JDK's
 */
@Immutable
public record ServerSettings(
        TlsProfile profile,
        List<String> protocols,
        ClientAuth clientAuth,
        @Nullable X509ExtendedTrustManager clientTrust,
        int sessionTimeoutS,
        int sessionCacheSize,
        @Nullable String provider) {
    private static final int SESSION_TIMEOUT_S = 86_400;
    private static final int SESSION_CACHE_SIZE = 20_480;

    /** What is asked of clients. */
    public enum ClientAuth {
        NONE,
        /** Any certificate is let in, and none too; what is wrong with it is told by the connection. */
        REQUEST,
        /** A client without certificate is let in; one that shows a wrong one is not. */
        OPTIONAL,
        REQUIRE
    }

    public ServerSettings {
        protocols = List.copyOf(protocols);
        if ((clientAuth == ClientAuth.NONE) != (clientTrust == null)) {
            throw new IllegalArgumentException("clientTrust belongs to clientAuth: clientAuth=" + clientAuth);
        }
    }

    /** The defaults, for {@code protocols}. */
    public static ServerSettings of(TlsProfile profile, List<String> protocols) {
        return new ServerSettings(
                profile, protocols, ClientAuth.NONE, null, SESSION_TIMEOUT_S, SESSION_CACHE_SIZE, null);
    }

    public ServerSettings withClientAuth(ClientAuth mode, X509ExtendedTrustManager trust) {
        return new ServerSettings(profile, protocols, mode, trust, sessionTimeoutS, sessionCacheSize, provider);
    }

    public ServerSettings withProvider(@Nullable String name) {
        return new ServerSettings(profile, protocols, clientAuth, clientTrust, sessionTimeoutS, sessionCacheSize, name);
    }

    /** The application protocols as they are on the wire. */
    List<byte[]> protocolNames() {
        return protocols.stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }
}
