package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.outcome;
import static dev.headgate.tls.credential.Fixtures.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import java.util.HexFormat;
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

    /** RFC 7633: a list of TLS extensions, of which 5 is status_request and 17 its second version. */
    @Test
    void warnsOfACertificateThatNeedsAStapledResponse() {
        assertOutcome("certificate.must_staple", stapled("3003020105"));
        assertOutcome("certificate.must_staple", stapled("3006020111020105"));
        assertOutcome("certificate.must_staple", stapled("3003020111"));
        assertOutcome("", stapled("3003020117"));
        assertOutcome("", stapled("3000"));
        assertOutcome("", stapled("30"));
        assertOutcome("", stapled("020105"));
        assertOutcome("", stapled("30020201"));
    }

    private static CertificateMaker stapled(String features) {
        return leaf().extension("1.3.6.1.5.5.7.1.24", false, HexFormat.of().parseHex(features));
    }

    @Test
    void warnsOfAKeyThatMayNotSign() {
        assertOutcome("", leaf().usage(CertificateMaker.DIGITAL_SIGNATURE));
        assertOutcome("", leaf().usage(CertificateMaker.DIGITAL_SIGNATURE, CertificateMaker.KEY_ENCIPHERMENT));
        assertOutcome("certificate.key_usage.no_signature", leaf().usage(CertificateMaker.KEY_ENCIPHERMENT));
    }
}
