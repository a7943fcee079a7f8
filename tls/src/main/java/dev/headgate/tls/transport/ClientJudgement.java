package dev.headgate.tls.transport;

import dev.headgate.tls.context.ClientJudge;
import dev.headgate.tls.context.ServerContext;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a client's certificates behind the handshake, where the handshake itself did not: sessions are resumed without, and time has passed
 * since; or where it did by authorities that have changed meanwhile. It runs in the pool, and is read on the loop when it is done.
 */
final class ClientJudgement implements Runnable {
    private final ClientJudge judge;
    private final X509ExtendedTrustManager trust;
    private final X509Certificate[] chain;
    private @Nullable CertificateException failure;

    private ClientJudgement(ClientJudge judge, X509Certificate[] chain) {
        this.judge = judge;
        this.trust = judge.trust();
        this.chain = chain;
    }

    /** What is left to be looked at, or null. */
    static @Nullable ClientJudgement of(ServerContext context, SSLEngine engine) {
        ClientJudge judge = context.judge();
        if (judge == null || judge.isJudged(engine)) {
            return null;
        }
        X509Certificate[] chain = PeerChain.of(engine.getSession());
        return chain.length == 0 ? null : new ClientJudgement(judge, chain);
    }

    /** The same look by those by whom clients are judged now. */
    ClientJudgement again() {
        return new ClientJudgement(judge, chain);
    }

    /** Whether authorities have changed since. */
    boolean isOutdated() {
        return judge.trust() != trust;
    }

    /** Costs signatures. */
    @Override
    public void run() {
        try {
            trust.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
        } catch (CertificateException e) {
            failure = e;
        }
    }

    /** What is wrong; null when nothing is. */
    @Nullable
    CertificateException failure() {
        return failure;
    }

    /** Whether a failure ends the connection. */
    boolean isBinding() {
        return !judge.takesAny();
    }
}
