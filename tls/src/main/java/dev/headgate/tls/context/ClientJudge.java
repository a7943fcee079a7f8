package dev.headgate.tls.context;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.context.ServerSettings.ClientAuth;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges the certificates that clients show to one {@link ServerContext}, and to those before whose place it took: handshakes that are under way there
 * when authorities change are judged by the new ones. The JDK asks in a handshake, but not when a session is resumed, and for
 * {@link ClientAuth#REQUEST} its question comes too early: there the connection goes on whatever the answer. So whoever does the handshake asks
 * again, {@linkplain #isJudged unless this one} has been.
 */
@AnyThread
public final class ClientJudge extends X509ExtendedTrustManager {
    private static final X509Certificate[] NONE = {};

    private volatile X509ExtendedTrustManager trust;
    private final boolean takesAny;

    /** By whom. */
    private final Map<SSLEngine, X509ExtendedTrustManager> judged = Collections.synchronizedMap(new WeakHashMap<>());

    ClientJudge(X509ExtendedTrustManager trust, ClientAuth mode) {
        this.trust = trust;
        this.takesAny = mode == ClientAuth.REQUEST;
    }

    /** Whether clients are let in whatever is wrong with their certificates. */
    public boolean takesAny() {
        return takesAny;
    }

    /** From here on it judges by {@code changed}. */
    void trust(X509ExtendedTrustManager changed) {
        trust = changed;
    }

    /** By whom clients are judged now; another one after a change. */
    public X509ExtendedTrustManager trust() {
        return trust;
    }

    /** Whether the client's certificates were judged in the handshake of this engine, by whom they are judged now; asked once, when that is done. */
    public boolean isJudged(SSLEngine engine) {
        return judged.remove(engine) == trust;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (!takesAny) {
            X509ExtendedTrustManager now = trust;
            now.checkClientTrusted(chain, authType, engine);
            judged.put(engine, now);
        }
    }

    /** What clients are told to choose by. Where any certificate is taken, so that they do not leave theirs out, nothing. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return takesAny ? NONE : trust.getAcceptedIssuers();
    }

    // Of sockets, and of a client's side: never asked by an engine that serves.

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        trust.checkServerTrusted(chain, authType, engine);
    }
}
