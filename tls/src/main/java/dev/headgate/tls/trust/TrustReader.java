package dev.headgate.tls.trust;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.KeyStrength;
import dev.headgate.tls.encoding.PemCertificates;
import dev.headgate.tls.encoding.Pkcs12Store;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.encoding.ValidityCheck;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads trust anchors, and checks that each may be one. An authority may; a certificate that signed itself and is no
 * authority is pinned, with a warning, for it would otherwise vouch for whatever its holder likes; one that another has
 * issued is refused, for a server's chain is often given in place of its authorities.
 */
public final class TrustReader {
    private final TrustLimits limits;

    public TrustReader(TrustLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads a bundle in PEM (RFC 7468).
     *
     * @param bundle any number of certificates, in any order; lent
     * @param now by which expiry is judged
     */
    public TrustResult readPem(byte[] bundle, Instant now) {
        var findings = new Findings();
        return sorted(PemCertificates.read(bundle, Input.TRUST, limits.bundle(), findings), now, findings);
    }

    /**
     * Reads the trusted certificates of a PKCS#12 key store (RFC 7292), as {@code keytool} makes it. Its keys, and the chains
     * of these, are passed over.
     *
     * @param store its bytes; lent
     * @param password of the store, or null when it has none; lent, and not wiped
     * @param now by which expiry is judged
     */
    public TrustResult readPkcs12(byte[] store, char @Nullable [] password, Instant now) {
        var findings = new Findings();
        Pkcs12Store opened =
                Pkcs12Store.open(store, password, limits.bundleBytes(), limits.iterations(), Input.TRUST, findings);
        List<ReadCertificate> certificates = opened == null ? List.of() : certificates(opened.store(), findings);
        return sorted(certificates, now, findings);
    }

    private List<ReadCertificate> certificates(KeyStore store, Findings findings) {
        List<ReadCertificate> read = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (!store.isCertificateEntry(alias)) continue;
                ReadCertificate certificate =
                        ReadCertificate.decode(store.getCertificate(alias).getEncoded(), 0);
                if (certificate != null) {
                    read.add(certificate);
                } else {
                    add(FindingCode.CERTIFICATE_UNREADABLE, 0, "no certificate", "X.509", findings);
                }
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            Pkcs12Store.refuse(e, Input.TRUST, findings);
        }
        if (read.isEmpty() && !findings.hasProblem()) {
            String expected = "one that is marked as trusted, as by: keytool -importcert -storetype PKCS12";
            add(FindingCode.CERTIFICATE_MISSING, 0, "no trusted certificate", expected, findings);
        }
        return read;
    }

    private TrustResult sorted(List<ReadCertificate> certificates, Instant now, Findings findings) {
        if (certificates.size() > limits.certificateCount()) {
            String found = "more than " + limits.certificateCount() + " certificates";
            add(FindingCode.PEM_TOO_MANY_BLOCKS, 0, found, "at most " + limits.certificateCount(), findings);
        }
        if (findings.hasProblem()) return new TrustResult.Refused(findings.toList());
        Set<X509Certificate> authorities = new LinkedHashSet<>();
        Set<X509Certificate> pinned = new LinkedHashSet<>();
        for (ReadCertificate certificate : certificates) {
            Set<X509Certificate> place = isAuthority(certificate.certificate()) ? authorities : pinned;
            if (place.add(certificate.certificate())) {
                check(certificate, place == pinned, now, findings);
            } else {
                String found = "the certificate of " + certificate.name() + " again";
                add(FindingCode.TRUST_DUPLICATE, certificate.line(), found, "once; dropped", findings);
            }
        }
        return findings.hasProblem()
                ? new TrustResult.Refused(findings.toList())
                : new TrustResult.Ready(new TrustAnchors(authorities, pinned), findings.toList());
    }

    /** RFC 5280 §4.2.1.9, §4.2.1.3. Certificates older than version 3 cannot say so, and are none. */
    private static boolean isAuthority(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() >= 0 && (usage == null || usage[KeyUsage.KEY_CERT_SIGN]);
    }

    private static void check(ReadCertificate certificate, boolean isPinned, Instant now, Findings findings) {
        String name = certificate.name();
        int line = certificate.line();
        if (isPinned && !certificate.isSelfSigned()) {
            String expected = "an authority, such as " + certificate.issuerName();
            add(FindingCode.TRUST_LEAF, line, name + ", which is no authority", expected, findings);
            return;
        }
        if (isPinned) {
            String found = name + ", which signed itself and is no authority";
            add(FindingCode.TRUST_PINNED, line, found, "an authority; this vouches for itself only", findings);
        }
        if (KeyStrength.isWeak(certificate.key())) {
            String expected = "at least " + KeyStrength.RSA_BITS_MIN + " bits";
            add(FindingCode.TRUST_KEY_WEAK, line, "a short RSA key of " + name, expected, findings);
        }
        ValidityCheck.check(certificate, Input.TRUST, now, findings);
    }

    private static void add(FindingCode code, int line, String found, String expected, Findings findings) {
        findings.add(code, Input.TRUST, line, found, expected);
    }
}
