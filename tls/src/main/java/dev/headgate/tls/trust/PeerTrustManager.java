package dev.headgate.tls.trust;

import dev.headgate.tls.encoding.MessageText;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Finds the path itself, and gives it with its one anchor to a trust manager of the JDK, which then has nothing to search:
 * it validates, and compares names and algorithms with what the connection asks for.
 */
final class PeerTrustManager extends X509ExtendedTrustManager {
    private static final String ANY_PURPOSE = "2.5.29.37.0";

    private final TrustAnchors anchors;
    private final PathFinder finder;
    private final RevocationCheck revocation;
    private final Purpose purpose;
    private final InstantSource clock;

    PeerTrustManager(TrustAnchors anchors, RevocationLists lists, Purpose purpose, InstantSource clock) {
        this.anchors = anchors;
        this.finder = new PathFinder(anchors);
        this.revocation = new RevocationCheck(lists);
        this.purpose = purpose;
        this.clock = clock;
    }

    /** What the JDK is asked once there is a path. */
    @FunctionalInterface
    private interface JdkCheck {
        void check(X509ExtendedTrustManager jdk, X509Certificate[] path) throws CertificateException;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(Purpose.CLIENT, chain, (jdk, path) -> jdk.checkClientTrusted(path, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(Purpose.CLIENT, chain, (jdk, path) -> jdk.checkClientTrusted(path, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(Purpose.CLIENT, chain, (jdk, path) -> jdk.checkClientTrusted(path, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(Purpose.SERVER, chain, (jdk, path) -> jdk.checkServerTrusted(path, authType));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(Purpose.SERVER, chain, (jdk, path) -> jdk.checkServerTrusted(path, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(Purpose.SERVER, chain, (jdk, path) -> jdk.checkServerTrusted(path, authType, engine));
    }

    /** All anchors: what a server names to its clients (RFC 8446 §4.2.4). */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return Stream.concat(anchors.authorities().stream(), anchors.pinned().stream())
                .toArray(X509Certificate[]::new);
    }

    private void check(Purpose asked, X509Certificate[] chain, JdkCheck jdk) throws CertificateException {
        if (chain.length == 0) throw new IllegalArgumentException("no certificate");
        if (asked != purpose) throw new CertificateException("peer is no " + purpose);
        if (chain.length > PeerTrust.CHAIN_LENGTH_MAX) {
            throw new CertificateException(
                    "chain too long: length=" + chain.length + ", limit=" + PeerTrust.CHAIN_LENGTH_MAX);
        }
        Instant now = clock.instant();
        CertificateException failure = null;
        for (TrustPath path : finder.find(List.of(chain), now)) {
            try {
                checkPath(path, now, jdk);
                return;
            } catch (CertificateException e) {
                failure = failure == null ? e : failure; // of the shortest path, which is what was meant
            }
        }
        throw failure != null ? failure : new CertificateException(PeerTrust.NO_ISSUER + name(chain[0]));
    }

    private void checkPath(TrustPath path, Instant now, JdkCheck jdk) throws CertificateException {
        for (X509Certificate certificate : path.certificates()) {
            certificate.checkValidity(Date.from(now));
            checkPurpose(certificate);
        }
        jdk.check(jdkTrustManager(path.anchor(), now), path.certificates().toArray(X509Certificate[]::new));
        revocation.check(path, now);
    }

    /** Also above the leaf, as others do it: an authority for servers does not issue to clients. */
    private void checkPurpose(X509Certificate certificate) throws CertificateException {
        List<String> purposes = certificate.getExtendedKeyUsage();
        boolean isFit =
                purposes == null || purposes.contains(purpose.extendedKeyUsage()) || purposes.contains(ANY_PURPOSE);
        if (!isFit) {
            throw new CertificateException("certificate of " + name(certificate) + " is not for a " + purpose);
        }
    }

    /** With this one anchor, for the time of one check. */
    private static X509ExtendedTrustManager jdkTrustManager(X509Certificate anchor, Instant now)
            throws CertificateException {
        try {
            var parameters = new PKIXBuilderParameters(Set.of(new TrustAnchor(anchor, null)), null);
            parameters.setDate(Date.from(now));
            parameters.setRevocationEnabled(false); // the JDK would fetch
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new CertificateException("no validation by PKIX", e);
        }
    }

    private static String name(X509Certificate certificate) {
        return MessageText.of(certificate.getSubjectX500Principal().getName());
    }
}
