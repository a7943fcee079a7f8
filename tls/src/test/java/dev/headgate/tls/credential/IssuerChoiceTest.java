package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.credential;
import static dev.headgate.tls.credential.Fixtures.outcome;
import static dev.headgate.tls.credential.Fixtures.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import java.security.KeyPair;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which of several certificates of one name and key the chain goes over. */
class IssuerChoiceTest {
    private static final KeyPair KEYS = Made.newKeys();
    private static final Made OLD_ROOT = Made.root("old root");
    private static final Made ROOT = ca().selfSigned();
    private static final Made CROSS = ca().issuedBy(OLD_ROOT);
    private static final Made EXPIRED_CROSS =
            ca().until(Made.NOW.minusSeconds(1)).issuedBy(OLD_ROOT);
    private static final Made INTERMEDIATE =
            CertificateMaker.named("intermediate").authority().issuedBy(ROOT);
    private static final Made LEAF =
            CertificateMaker.named("leaf").host("a.test").issuedBy(INTERMEDIATE);

    private static CertificateMaker ca() {
        return CertificateMaker.named("new root").keys(KEYS).authority();
    }

    private static CredentialResult readAll(Made... certificates) {
        String text = String.join("", Stream.of(certificates).map(Made::pem).toList());
        return read(text, LEAF.keyPem(), null);
    }

    private static void assertChain(CredentialResult result, String outcome, Made... chain) {
        assertEquals(outcome, outcome(result), result::toString);
        assertEquals(
                Stream.of(chain).map(Made::certificate).toList(),
                credential(result).chain());
    }

    @Test
    void prefersAValidIssuerToAnExpiredCrossSign() {
        assertChain(
                readAll(LEAF, INTERMEDIATE, EXPIRED_CROSS, ROOT),
                "chain.unrelated_dropped chain.root_dropped",
                LEAF,
                INTERMEDIATE);
        assertChain(
                readAll(LEAF, INTERMEDIATE, EXPIRED_CROSS, CROSS),
                "chain.unrelated_dropped",
                LEAF,
                INTERMEDIATE,
                CROSS);
    }

    @Test
    void prefersACrossSignToTheRootBeforeIt() {
        assertChain(readAll(LEAF, INTERMEDIATE, ROOT, CROSS), "chain.root_dropped", LEAF, INTERMEDIATE, CROSS);
        assertChain(
                readAll(LEAF, INTERMEDIATE, ROOT, CROSS, OLD_ROOT),
                "chain.root_dropped chain.root_dropped",
                LEAF,
                INTERMEDIATE,
                CROSS);
    }

    @Test
    void takesAnExpiredIssuerWhenThereIsNoOther() {
        assertChain(
                readAll(LEAF, INTERMEDIATE, EXPIRED_CROSS), "certificate.expired", LEAF, INTERMEDIATE, EXPIRED_CROSS);
    }

    @Test
    void takesTheRenewedLeafOfTheSameKey() {
        Made expired = CertificateMaker.named("leaf")
                .keys(LEAF.keys())
                .host("a.test")
                .until(Made.NOW.minusSeconds(1))
                .issuedBy(INTERMEDIATE);

        assertChain(readAll(expired, LEAF, INTERMEDIATE), "chain.unrelated_dropped", LEAF, INTERMEDIATE);
    }
}
