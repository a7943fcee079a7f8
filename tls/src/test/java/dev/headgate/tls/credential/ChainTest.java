package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.CHAIN;
import static dev.headgate.tls.credential.Fixtures.NOW;
import static dev.headgate.tls.credential.Fixtures.credential;
import static dev.headgate.tls.credential.Fixtures.outcome;
import static dev.headgate.tls.credential.Fixtures.read;
import static dev.headgate.tls.credential.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Order, gaps and names of chains; validity at a given time. */
class ChainTest {
    private static final String KEY = text("ec-p256.pkcs8.pem");
    private static final String LEAF = text("ec-p256.crt");
    private static final String ROOT = text("root.crt");

    private static String outcomeOf(String certificates) {
        return outcome(read(certificates, KEY, null));
    }

    @Test
    void putsIssuersBehindWhatTheyIssued() {
        CredentialResult result = read(CHAIN + LEAF, KEY, null);

        assertEquals("chain.reordered", outcome(result));
        assertEquals(
                credential(read(LEAF + CHAIN, KEY, null)).chain(),
                credential(result).chain());
    }

    @Test
    void dropsTheRootWithANote() {
        assertEquals("chain.root_dropped", outcomeOf(LEAF + CHAIN + ROOT));
        assertEquals("chain.reordered chain.root_dropped", outcomeOf(ROOT + CHAIN + LEAF));
    }

    @Test
    void dropsWhatDoesNotBelongThere() {
        assertEquals("chain.unrelated_dropped", outcomeOf(LEAF + CHAIN + text("stranger.crt")));
        assertEquals("chain.unrelated_dropped", outcomeOf(text("rsa.crt") + LEAF + CHAIN));
        assertEquals("chain.duplicate_dropped", outcomeOf(LEAF + CHAIN + CHAIN));
    }

    @Test
    void warnsWhenTheIssuerIsMissing() {
        assertEquals("chain.issuer_missing", outcomeOf(LEAF));
        assertEquals("chain.unrelated_dropped chain.issuer_missing", outcomeOf(LEAF + ROOT));
    }

    @Test
    void takesALeafThatSignedItself() {
        assertEquals("chain.self_signed", outcomeOf(text("self-signed.crt")));
    }

    @Test
    void boundsTheLengthOfTheChainWithoutItsRoot() {
        for (int length : new int[] {1, 2, 3}) {
            CredentialLimits limits = CredentialLimits.DEFAULTS.withChainLength(length);
            String expected = length < 2 ? "!chain.root_dropped chain.too_long" : "chain.root_dropped";

            assertEquals(expected, outcome(read(LEAF + CHAIN + ROOT, KEY, null, NOW, limits)));
        }
    }

    @Test
    void readsNamesFromAlternativeNamesOnly() {
        CoveredNames names = credential(read(LEAF + CHAIN, KEY, null)).names();

        assertEquals(Set.of("example.test", "upper.example.test"), names.exact());
        assertEquals(Set.of("example.test"), names.wildcards());
        assertEquals(
                Set.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")), names.addresses());
        assertTrue(names.covers("example.test") && names.covers("a.example.test"));
        assertFalse(names.covers("a.b.example.test") || names.covers("not.looked.at.test"));
        assertEquals("names.none", outcomeOf(text("no-names.crt") + CHAIN));
    }

    @Test
    void judgesValidityByTheGivenInstant() {
        String certificates = text("short-lived.crt") + CHAIN;
        Credential credential = credential(read(certificates, KEY, null));
        Instant from = credential.notBefore();
        Instant until = credential.notAfter();
        Duration second = Duration.ofSeconds(1);
        Duration month = Duration.ofDays(30);

        // Its issuer was made a few seconds earlier, so an hour before neither is valid.
        assertAt(from.minus(Duration.ofHours(1)), "certificate.not_yet_valid certificate.not_yet_valid");
        assertAt(from, "");
        assertAt(until.minus(month), "");
        assertAt(until.minus(month).plus(second), "certificate.expires_soon");
        assertAt(until, "certificate.expires_soon");
        assertAt(until.plus(second), "certificate.expired");
        assertTrue(read(certificates, KEY, null).toString().contains("until " + until));
    }

    private static void assertAt(Instant now, String outcome) {
        String certificates = text("short-lived.crt") + CHAIN;

        assertEquals(outcome, outcome(read(certificates, KEY, null, now, CredentialLimits.DEFAULTS)), now::toString);
    }
}
