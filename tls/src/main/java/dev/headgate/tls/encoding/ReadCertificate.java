package dev.headgate.tls.encoding;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with the place where it stood.
 *
 * @param line of its block, or 0
 */
public record ReadCertificate(X509Certificate certificate, int line) {

    /** Decodes one certificate, or returns null. */
    public static @Nullable ReadCertificate decode(byte[] der, int line) {
        // The JDK would also take PEM here, and bytes behind the certificate.
        if (Der.whole(der, Der.SEQUENCE) == null) return null;
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var certificate = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
            return certificate.getPublicKey() == null ? null : new ReadCertificate(certificate, line);
        } catch (GeneralSecurityException | RuntimeException e) {
            return null; // the JDK's decoder throws unchecked exceptions, too
        }
    }

    public PublicKey key() {
        return certificate.getPublicKey();
    }

    /** Its subject, as it may stand in a message. */
    public String name() {
        return MessageText.of(certificate.getSubjectX500Principal().getName());
    }

    /** The subject of what issued it, as it may stand in a message. */
    public String issuerName() {
        return MessageText.of(certificate.getIssuerX500Principal().getName());
    }

    /** Whether it is valid at {@code now}, both ends included (RFC 5280 §4.1.2.5). */
    public boolean isValidAt(Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** Whether this is of the same subject and key, and so another certificate of the same. */
    public boolean isTwinOf(ReadCertificate other) {
        return key().equals(other.key())
                && certificate.getSubjectX500Principal().equals(other.certificate.getSubjectX500Principal());
    }

    public boolean isSelfSigned() {
        return isNamedIssuerOf(this) && hasSigned(this);
    }

    /** Whether this CA has issued {@code other}. */
    public boolean isIssuerOf(ReadCertificate other) {
        return certificate.getBasicConstraints() >= 0 && isNamedIssuerOf(other) && hasSigned(other);
    }

    private boolean isNamedIssuerOf(ReadCertificate other) {
        return certificate.getSubjectX500Principal().equals(other.certificate.getIssuerX500Principal());
    }

    private boolean hasSigned(ReadCertificate other) {
        try {
            other.certificate.verify(key());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false; // also for keys and signatures that the JDK does not know
        }
    }
}
