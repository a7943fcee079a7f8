package dev.headgate.tls.context;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.credential.Credential;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link ClientContext}.
 *
 * @param profile versions and cipher suites
 * @param protocols application protocols to offer (RFC 7301), by preference; none: no offer
 * @param trust who judges the server's certificate; null: nobody, every one is taken
 * @param isNameVerified whether the certificate must be for the server's name (RFC 9525); only with {@code trust}
 * @param credential to show to a server that asks for one; null for none
 * @param sessionTimeoutS how long a session is kept for resumption, in seconds
 * @param sessionCacheSize sessions that are kept
 * @param provider the JSSE provider's name, or null for the JDK's
 */
@Immutable
public record ClientSettings(
        TlsProfile profile,
        List<String> protocols,
        @Nullable X509ExtendedTrustManager trust,
        boolean isNameVerified,
        @Nullable Credential credential,
        int sessionTimeoutS,
        int sessionCacheSize,
        @Nullable String provider) {
    private static final int SESSION_TIMEOUT_S = 3600;
    private static final int SESSION_CACHE_SIZE = 1024;

    public ClientSettings {
        protocols = List.copyOf(protocols);
        if (isNameVerified && trust == null) {
            throw new IllegalArgumentException("a name cannot be verified without trust");
        }
    }

    /** Full verification by {@code trust}. */
    public static ClientSettings verifying(X509ExtendedTrustManager trust, List<String> protocols) {
        return new ClientSettings(
                TlsProfile.INTERMEDIATE, protocols, trust, true, null, SESSION_TIMEOUT_S, SESSION_CACHE_SIZE, null);
    }

    /** No verification: whoever answers is taken for the server. */
    public static ClientSettings trustingEveryone(List<String> protocols) {
        return new ClientSettings(
                TlsProfile.INTERMEDIATE, protocols, null, false, null, SESSION_TIMEOUT_S, SESSION_CACHE_SIZE, null);
    }

    /** Verification of the chain alone: any name will do. */
    public ClientSettings withoutName() {
        return new ClientSettings(
                profile, protocols, trust, false, credential, sessionTimeoutS, sessionCacheSize, provider);
    }

    /** No verification at all. */
    public ClientSettings withoutVerification() {
        return new ClientSettings(
                profile, protocols, null, false, credential, sessionTimeoutS, sessionCacheSize, provider);
    }

    /** The same, offering other application protocols. */
    public ClientSettings withProtocols(List<String> offered) {
        return new ClientSettings(
                profile, offered, trust, isNameVerified, credential, sessionTimeoutS, sessionCacheSize, provider);
    }

    public ClientSettings withProfile(TlsProfile chosen) {
        return new ClientSettings(
                chosen, protocols, trust, isNameVerified, credential, sessionTimeoutS, sessionCacheSize, provider);
    }

    public ClientSettings withProvider(@Nullable String name) {
        return new ClientSettings(
                profile, protocols, trust, isNameVerified, credential, sessionTimeoutS, sessionCacheSize, name);
    }

    public ClientSettings withCredential(@Nullable Credential own) {
        return new ClientSettings(
                profile, protocols, trust, isNameVerified, own, sessionTimeoutS, sessionCacheSize, provider);
    }
}
