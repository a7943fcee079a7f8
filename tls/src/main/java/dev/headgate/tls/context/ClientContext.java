package dev.headgate.tls.context;

import dev.headgate.engine.AnyThread;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What a client's handshakes with the servers of one upstream are made of, with the sessions that may be resumed. */
@AnyThread
public final class ClientContext {
    private static final String BY_RFC_9525 = "HTTPS";

    private final SSLContext context;
    private final ClientSettings settings;

    private ClientContext(SSLContext context, ClientSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /**
     * Makes one.
     *
     * @throws GeneralSecurityException when there is no such provider, or it has no TLS that can be used
     */
    public static ClientContext create(ClientSettings settings) throws GeneralSecurityException {
        SSLContext context = TlsProviders.newContext(settings.provider());
        X509ExtendedTrustManager trust = settings.trust();
        KeyManager[] keys = settings.credential() == null
                ? new KeyManager[0]
                : new KeyManager[] {new ClientKeyManager(settings.credential())};
        context.init(keys, new TrustManager[] {trust == null ? new TrustEveryone() : trust}, null);
        context.getClientSessionContext().setSessionTimeout(settings.sessionTimeoutS());
        context.getClientSessionContext().setSessionCacheSize(settings.sessionCacheSize());
        return new ClientContext(context, settings);
    }

    public ClientSettings settings() {
        return settings;
    }

    /**
     * An engine for one connection. Sessions are resumed by {@code serverName} and {@code sessionKey} together, so a session with one name is
     * never used for another.
     *
     * @param serverName sent as server name (RFC 6066 §3) and verified; an IP address is verified and not sent
     * @param sessionKey tells servers of the same name apart, whose sessions are not each other's
     */
    public SSLEngine newEngine(String serverName, int sessionKey) {
        SSLEngine engine = context.createSSLEngine(serverName, sessionKey);
        engine.setUseClientMode(true);
        SSLParameters parameters = new SSLParameters(
                settings.profile().suites(), settings.profile().versions());
        parameters.setNamedGroups(TlsProfile.groups());
        parameters.setServerNames(nameOf(serverName));
        if (!settings.protocols().isEmpty()) {
            parameters.setApplicationProtocols(settings.protocols().toArray(String[]::new));
        }
        if (settings.isNameVerified()) {
            parameters.setEndpointIdentificationAlgorithm(BY_RFC_9525);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A host that can be no server name is not sent as one; it is verified all the same. */
    private static List<SNIServerName> nameOf(String host) {
        try {
            return isName(host) ? List.of(new SNIHostName(host)) : List.of();
        } catch (IllegalArgumentException e) {
            return List.of(); // An underscore, for example: fine in DNS, and no host name (RFC 6066 §3).
        }
    }

    /** Whether it can be a server name: no address, which has a colon or ends in a digit's label (RFC 6066 §3, RFC 3986 §3.2.2). */
    private static boolean isName(String host) {
        String lastLabel = host.substring(host.lastIndexOf('.') + 1);
        return host.indexOf(':') < 0 && !lastLabel.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The name of the JSSE provider at work. */
    public @Nullable String providerName() {
        return context.getProvider().getName();
    }
}
