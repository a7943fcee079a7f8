package dev.headgate.tls.trust;

import dev.headgate.tls.encoding.MessageText;
import java.security.GeneralSecurityException;
import java.security.cert.CRLReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * Looks up every certificate of a path in the list of its issuer (RFC 5280 §6.3). One without a current list is refused, as
 * is one that is on hold. Done here, because the JDK's {@code PKIXRevocationChecker} fetches lists from the addresses
 * that stand in certificates, and so from wherever a peer likes.
 */
final class RevocationCheck {
    private final Map<X500Principal, List<X509CRL>> lists = new HashMap<>(); // by issuer; not changed later

    RevocationCheck(RevocationLists all) {
        for (X509CRL list : all.lists()) {
            lists.computeIfAbsent(list.getIssuerX500Principal(), name -> new ArrayList<>())
                    .add(list);
        }
    }

    /** Throws for the first that is revoked, or of which it is not known. Without any list nothing is looked up. */
    void check(TrustPath path, Instant now) throws CertificateException {
        if (lists.isEmpty() || path.isLeafAnchor()) return;
        for (int i = 0; i < path.certificates().size(); i++) {
            check(path.certificates().get(i), path.issuer(i), now);
        }
    }

    private void check(X509Certificate certificate, X509Certificate issuer, Instant now) throws CertificateException {
        boolean isKnown = false;
        for (X509CRL list : lists.getOrDefault(certificate.getIssuerX500Principal(), List.of())) {
            if (!isCurrent(list, now) || !hasSigned(issuer, list)) continue;
            X509CRLEntry entry = list.getRevokedCertificate(certificate.getSerialNumber());
            if (entry != null) {
                throw new CertificateException(
                        "certificate of " + name(certificate.getSubjectX500Principal()) + " revoked at "
                                + entry.getRevocationDate().toInstant(),
                        new CertificateRevokedException(
                                entry.getRevocationDate(),
                                CRLReason.UNSPECIFIED,
                                certificate.getIssuerX500Principal(),
                                Map.of()));
            }
            isKnown = true;
        }
        if (!isKnown) {
            throw new CertificateException(
                    "no current revocation list of " + name(certificate.getIssuerX500Principal()));
        }
    }

    private static boolean isCurrent(X509CRL list, Instant now) {
        return !now.isBefore(list.getThisUpdate().toInstant())
                && !now.isAfter(list.getNextUpdate().toInstant());
    }

    /** RFC 5280 §6.3.3 (f), (g). The JDK remembers which key a list has been verified with. */
    private static boolean hasSigned(X509Certificate issuer, X509CRL list) {
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[KeyUsage.CRL_SIGN]) return false;
        try {
            list.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false; // of an older key of the same name, or damaged
        }
    }

    private static String name(X500Principal principal) {
        return MessageText.of(principal.getName());
    }
}
