package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.outcome;
import static dev.headgate.tls.credential.Fixtures.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import org.junit.jupiter.api.Test;

/** What a certificate says that its key is for. */
class PurposeTest {
    private static final Made CA = Made.root("ca");
    private static final String ANY = "2.5.29.37.0";

    private static void assertOutcome(String expected, CertificateMaker maker) {
        Made leaf = maker.host("a.test").issuedBy(CA);

        CredentialResult result = read(leaf.pem() + CA.pem(), leaf.keyPem(), null);

        assertEquals(("chain.root_dropped " + expected).strip(), outcome(result));
    }

    private static CertificateMaker leaf() {
        return CertificateMaker.named("leaf");
    }

    @Test
    void warnsOfACertificateThatIsNotForServers() {
        assertOutcome("", leaf());
        assertOutcome("", leaf().extendedUsage(CertificateMaker.SERVER_AUTH));
        assertOutcome("", leaf().extendedUsage(ANY));
        assertOutcome("", leaf().extendedUsage(CertificateMaker.CLIENT_AUTH, CertificateMaker.SERVER_AUTH));
        assertOutcome("certificate.purpose.not_server", leaf().extendedUsage(CertificateMaker.CLIENT_AUTH));
    }

    @Test
    void warnsOfAKeyThatMayNotSign() {
        assertOutcome("", leaf().usage(CertificateMaker.DIGITAL_SIGNATURE));
        assertOutcome("", leaf().usage(CertificateMaker.DIGITAL_SIGNATURE, CertificateMaker.KEY_ENCIPHERMENT));
        assertOutcome("certificate.key_usage.no_signature", leaf().usage(CertificateMaker.KEY_ENCIPHERMENT));
    }
}
