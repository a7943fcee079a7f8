package dev.headgate.tls.transport;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The certificates that a peer has shown. */
final class PeerChain {
    private static final X509Certificate[] NONE = {};

    private PeerChain() {}

    /** Its own first; none when it has shown none. */
    static X509Certificate[] of(SSLSession session) {
        List<X509Certificate> shown = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    shown.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            return NONE;
        }
        return shown.toArray(NONE);
    }
}
