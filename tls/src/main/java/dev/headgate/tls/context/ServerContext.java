package dev.headgate.tls.context;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.hello.ClientHello;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a server's handshakes are made of. It lives as long as its listener: session tickets are sealed with keys that it holds, so a change
 * of certificates swaps its {@link Identities} and keeps the rest. Policies on client certificates have a context each, so that no session of one can be resumed
 * under another.
 */
@AnyThread
public final class ServerContext {
    private final SSLContext context;
    private final CredentialKeyManager keys;
    private final ServerSettings settings;
    private final SSLParameters parameters;
    private final @Nullable ClientJudge judge;

    private ServerContext(
            SSLContext context, CredentialKeyManager keys, ServerSettings settings, @Nullable ClientJudge judge) {
        this.context = context;
        this.keys = keys;
        this.settings = settings;
        this.judge = judge;
        this.parameters = parameters(settings);
    }

    /**
     * Makes one with JSSE of the JDK, or of another provider.
     *
     * @throws GeneralSecurityException when there is no such provider, or it has no TLS that can be used
     */
    public static ServerContext create(ServerSettings settings, Identities identities) throws GeneralSecurityException {
        X509ExtendedTrustManager trust = settings.clientTrust();
        ClientJudge judge = trust == null ? null : new ClientJudge(trust, settings.clientAuth());
        return create(settings, identities, judge);
    }

    private static ServerContext create(ServerSettings settings, Identities identities, @Nullable ClientJudge judge)
            throws GeneralSecurityException {
        CredentialKeyManager keys = new CredentialKeyManager(identities);
        SSLContext context = TlsProviders.newContext(settings.provider());
        context.init(new KeyManager[] {keys}, judge == null ? new TrustManager[0] : new TrustManager[] {judge}, null);
        context.getServerSessionContext().setSessionTimeout(settings.sessionTimeoutS());
        context.getServerSessionContext().setSessionCacheSize(settings.sessionCacheSize());
        return new ServerContext(context, keys, settings, judge);
    }

    /**
     * One that takes this one's place when clients are believed by {@code trust}: no session of this one is resumed there, and the handshakes that are
     * under way here are judged by {@code trust} as well.
     *
     * @throws GeneralSecurityException as {@link #create} does; nothing has changed then
     * @throws IllegalStateException when no client is asked for a certificate
     */
    public ServerContext succeededBy(X509ExtendedTrustManager trust) throws GeneralSecurityException {
        ClientJudge known = judge;
        if (known == null) {
            throw new IllegalStateException("no client is asked for a certificate");
        }
        ServerContext successor = create(settings.withClientAuth(settings.clientAuth(), trust), identities(), known);
        known.trust(trust);
        return successor;
    }

    private static SSLParameters parameters(ServerSettings settings) {
        SSLParameters made = new SSLParameters(
                settings.profile().suites(), settings.profile().versions());
        made.setUseCipherSuitesOrder(true);
        made.setNamedGroups(TlsProfile.groups());
        made.setApplicationProtocols(settings.protocols().toArray(String[]::new));
        switch (settings.clientAuth()) {
            case NONE -> {}
            case REQUEST, OPTIONAL -> made.setWantClientAuth(true);
            case REQUIRE -> made.setNeedClientAuth(true);
        }
        return made;
    }

    public ServerSettings settings() {
        return settings;
    }

    public Identities identities() {
        return keys.identities();
    }

    /** Who judges the certificates of clients; null when none is asked for. */
    public @Nullable ClientJudge judge() {
        return judge;
    }

    /** From here on new handshakes show {@code identities}; those under way end with what they began with. */
    public void swap(Identities identities) {
        keys.swap(identities);
    }

    /** An engine for one connection whose hello has been read. */
    public SSLEngine newEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Whether an application protocol of the client's is one of ours; it need not offer any (RFC 7301 §3.1). */
    public boolean sharesProtocol(ClientHello hello) {
        if (!hello.hasProtocols() || settings.protocols().isEmpty()) {
            return true; // Without a list of ours there is no choice, and the client's is passed over (RFC 7301 §3.2).
        }
        List<byte[]> names = settings.protocolNames();
        for (int i = 0; i < names.size(); i++) {
            if (hello.offersProtocol(names.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** The name of the JSSE provider at work. */
    public @Nullable String providerName() {
        return context.getProvider().getName();
    }
}
