package dev.headgate.tls.context;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.credential.Credential;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
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
 * alias; so that swaps between them do no harm, what an alias stands for stays known for as long as somebody holds the alias.
 */
@AnyThread
final class CredentialKeyManager extends X509ExtendedKeyManager {
    private long swaps; // guarded by this
    private volatile Generation current;
    private final Map<String, Credential> byAlias = Collections.synchronizedMap(new WeakHashMap<>());

    CredentialKeyManager(Identities identities) {
        this.current = new Generation(0, identities, byAlias);
    }

    /** Handshakes that begin from here on use {@code identities}. */
    synchronized void swap(Identities identities) {
        current = new Generation(++swaps, identities, byAlias);
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
        return byAlias.get(alias);
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

    /** One set of identities, with an alias for each credential in it, which it holds while it is in use. */
    private static final class Generation {
        private final Identities identities;
        private final IdentityHashMap<Credential, String> aliases = new IdentityHashMap<>();

        Generation(long number, Identities identities, Map<String, Credential> byAlias) {
            this.identities = identities;
            for (Credential credential : identities.all()) {
                String alias = number + "/" + aliases.size();
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
