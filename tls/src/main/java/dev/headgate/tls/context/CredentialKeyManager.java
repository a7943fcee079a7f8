package dev.headgate.tls.context;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.credential.Credential;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives a server's handshakes their credential, by server name and kind of key, from maps that are made once per change of certificates: the JDK's own
 * key manager goes through its key store each time.
 *
 * <p>Credentials are swapped under a running {@code SSLContext}, which keeps the keys of session tickets. A handshake asks in three calls, by an
 * alias; so that a swap between them does no harm, those of the generation before stay known.
 */
@AnyThread
final class CredentialKeyManager extends X509ExtendedKeyManager {
    private long swaps; // guarded by this
    private volatile Generation current;
    private volatile Generation previous;

    CredentialKeyManager(Identities identities) {
        this.current = new Generation(0, identities);
        this.previous = current;
    }

    /** Handshakes that begin from here on use {@code identities}. */
    synchronized void swap(Identities identities) {
        previous = current;
        current = new Generation(++swaps, identities);
    }

    Identities identities() {
        return current.identities;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return current.aliasFor(keyType, serverNameOf(engine.getHandshakeSession()));
    }

    private static @Nullable String serverNameOf(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Credential credential = credential(alias);
        return credential == null ? null : credential.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Credential credential = credential(alias);
        return credential == null ? null : credential.key();
    }

    private @Nullable Credential credential(String alias) {
        Credential found = current.byAlias.get(alias);
        return found == null ? previous.byAlias.get(alias) : found;
    }

    // Of a client's side, and of sockets: never asked by an engine that serves.

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    /** One set of identities, with an alias for each credential in it. */
    private static final class Generation {
        private final Identities identities;
        private final IdentityHashMap<Credential, String> aliases = new IdentityHashMap<>();
        private final Map<String, Credential> byAlias = new HashMap<>();

        Generation(long number, Identities identities) {
            this.identities = identities;
            for (Credential credential : identities.all()) {
                String alias = number + "/" + byAlias.size();
                aliases.put(credential, alias);
                byAlias.put(alias, credential);
            }
        }

        @Nullable
        String aliasFor(String keyType, @Nullable String serverName) {
            List<Credential> candidates = identities.find(serverName);
            if (candidates == null) {
                return null;
            }
            for (Credential credential : candidates) {
                if (credential.kind().isOfKeyType(keyType)) {
                    return aliases.get(credential);
                }
            }
            return null;
        }
    }
}
