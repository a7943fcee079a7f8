package dev.headgate.tls.trust;

import java.time.InstantSource;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes trust managers out of anchors and revocation lists. */
public final class PeerTrust {
    /** How the message begins when no anchor stands behind a certificate, whose name follows. */
    public static final String NO_ISSUER = "no trusted issuer of ";

    /** Most certificates that a peer may send (the JDK takes 8 from clients, and 10 from servers). */
    public static final int CHAIN_LENGTH_MAX = 8;

    private PeerTrust() {}

    /**
     * A trust manager that believes a peer when
     * <ul>
     *   <li>it sends at most {@link #CHAIN_LENGTH_MAX} certificates, in any order but the leaf first;
     *   <li>they lead to an authority, or the leaf is an anchor itself, and all of them and the anchor are valid now;
     *   <li>the JDK's PKIX validation and its {@code jdk.certpath.disabledAlgorithms} and
     *       {@code jdk.tls.disabledAlgorithms} have nothing against them (RFC 5280 §6.1);
     *   <li>the leaf, and each certificate above it that says what it is for, is for {@code purpose};
     *   <li>with any revocation list at all: each but the anchor is looked up, and the list of its issuer is here, current,
     *       and does not have it;
     *   <li>the {@code SSLParameters} of the connection name no endpoint identification algorithm, or the leaf is of that
     *       name: {@code HTTPS} compares names (RFC 9525), none believes the chain alone.
     * </ul>
     * Everything else is a {@code CertificateException}. As with the JDK's own, what an anchor says beside its name, key and
     * validity is not enforced (RFC 5280 §6.1.1 (d)): name constraints and path lengths count from the certificate below.
     *
     * <p>It may be used by any thread. It takes no more than a few dozen signatures, and makes no connection, whatever a
     * certificate says about where lists, responders or issuers are.
     *
     * @param purpose what the peer is; asked about the other kind of peer, it refuses
     * @param clock by which validity is judged, at each handshake
     */
    public static X509ExtendedTrustManager trustManager(
            TrustAnchors anchors, RevocationLists lists, Purpose purpose, InstantSource clock) {
        return new PeerTrustManager(anchors, lists, purpose, clock);
    }
}
