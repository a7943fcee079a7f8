package dev.headgate.tls.credential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tls.finding.Finding;
import dev.headgate.tls.finding.FindingCode;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfSignedTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant END = Instant.parse("2027-01-02T03:04:05Z");
    private static final CoveredNames NAMES = new CoveredNames(
            Set.of("localhost", "shop.test"),
            Set.of("inner.test"),
            Set.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("2001:db8::1")));

    @Test
    void theJdkUnderstandsIt() throws GeneralSecurityException {
        X509Certificate certificate = certificateOf(SelfSigned.make("Test", NAMES, START, END));
        assertEquals(3, certificate.getVersion());
        assertEquals("CN=Test", certificate.getSubjectX500Principal().getName());
        assertEquals(certificate.getSubjectX500Principal(), certificate.getIssuerX500Principal());
        assertEquals(Date.from(START), certificate.getNotBefore());
        assertEquals(Date.from(END), certificate.getNotAfter());
        assertEquals("SHA256withECDSA", certificate.getSigAlgName());
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), certificate.getExtendedKeyUsage());
        boolean[] usage = new boolean[9];
        usage[0] = true;
        assertArrayEquals(usage, certificate.getKeyUsage());
        assertEquals(-1, certificate.getBasicConstraints());
        assertEquals(Set.of("2.5.29.15", "2.5.29.19"), certificate.getCriticalExtensionOIDs());
        assertEquals(1, certificate.getSerialNumber().signum());
        assertEquals(
                Set.of("localhost", "shop.test", "*.inner.test", "127.0.0.1", "2001:db8:0:0:0:0:0:1"),
                certificate.getSubjectAlternativeNames().stream()
                        .map(name -> String.valueOf(name.get(1)))
                        .collect(Collectors.toSet()));
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void whoeverTrustsItValidatesIt() throws GeneralSecurityException {
        X509Certificate certificate = certificateOf(SelfSigned.make("Test", NAMES, START, END));
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(START.plusSeconds(1)));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    }

    @Test
    void ourOwnReaderTakesItWithoutAWarning() throws GeneralSecurityException {
        SelfSigned made = SelfSigned.make("Test", NAMES, START, END);
        CredentialResult result = new CredentialReader(CredentialLimits.DEFAULTS)
                .readPem(made.certificatePem(), made.keyPem(), null, START.plusSeconds(60));
        var ready = assertInstanceOf(CredentialResult.Ready.class, result);
        assertEquals(
                List.of(FindingCode.CHAIN_SELF_SIGNED), // a note
                ready.findings().stream().map(Finding::code).toList());
        assertEquals(NAMES, ready.credential().names());
        assertEquals(1, ready.credential().chain().size());
    }

    @ParameterizedTest
    @CsvSource({"2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "2099-06-30T12:00:00Z"})
    void writesTimesInTheFormOfTheirCentury(Instant end) throws GeneralSecurityException {
        X509Certificate certificate = certificateOf(SelfSigned.make("Test", NAMES, START, end));
        assertEquals(Date.from(end), certificate.getNotAfter());
    }

    @Test
    void noTwoAreTheSame() throws GeneralSecurityException {
        SelfSigned one = SelfSigned.make("Test", NAMES, START, END);
        SelfSigned other = SelfSigned.make("Test", NAMES, START, END);
        assertFalse(Arrays.equals(one.keyPem(), other.keyPem()));
        assertNotEquals(
                certificateOf(one).getSerialNumber(), certificateOf(other).getSerialNumber());
        assertTrue(certificateOf(one).getSerialNumber().bitLength() <= 127);
    }

    @Test
    void isForSomething() {
        CoveredNames nothing = new CoveredNames(Set.of(), Set.of(), Set.of());
        assertThrows(IllegalArgumentException.class, () -> SelfSigned.make("Test", nothing, START, END));
    }

    private static X509Certificate certificateOf(SelfSigned made) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(made.certificatePem()));
    }
}
