package dev.headgate.tls.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A way from a peer's leaf to an anchor, of which names and signatures fit.
 *
 * @param certificates from the leaf upwards, without the anchor unless the leaf is one itself
 * @param anchor that issued the last of them, or is the leaf
 */
record TrustPath(List<X509Certificate> certificates, X509Certificate anchor) {
    TrustPath {
        certificates = List.copyOf(certificates);
    }

    X509Certificate leaf() {
        return certificates.getFirst();
    }

    /** Whether the leaf is believed as such, and nobody vouches for it. */
    boolean isLeafAnchor() {
        return leaf().equals(anchor);
    }

    /** Who issued the certificate at {@code index}. */
    X509Certificate issuer(int index) {
        return index + 1 < certificates.size() ? certificates.get(index + 1) : anchor;
    }

    /** RFC 5280 §4.1.2.5, for the anchor too. */
    static boolean isValidAt(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }
}
