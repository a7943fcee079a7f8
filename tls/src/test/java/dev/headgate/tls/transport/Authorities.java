package dev.headgate.tls.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Counts how often it is asked about clients; a test says what it does then. */
final class Authorities extends X509ExtendedTrustManager {
    /** What to do about a client. */
    @FunctionalInterface
    interface Verdict {
        void give() throws CertificateException;
    }

    final AtomicInteger asked = new AtomicInteger();
    private final Verdict verdict;

    Authorities(Verdict verdict) {
        this.verdict = verdict;
    }

    static Authorities refusing() {
        return new Authorities(() -> {
            throw new CertificateException("not one of ours");
        });
    }

    static Authorities accepting() {
        return new Authorities(() -> {});
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        asked.incrementAndGet();
        verdict.give();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
