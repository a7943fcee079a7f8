package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.credential;
import static dev.headgate.tls.credential.Fixtures.outcome;
import static dev.headgate.tls.credential.Fixtures.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alternative names that are none, and subjects that would break a line of a log. */
class NamesTest {
    private static final Made CA = Made.root("ca");

    private static CredentialResult readOne(CertificateMaker maker) {
        Made leaf = maker.issuedBy(CA);
        return read(leaf.pem() + CA.pem(), leaf.keyPem(), null);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5, 8, 15, 17, 32})
    void passesOverAnAddressOfAWrongLength(int length) {
        CredentialResult result = readOne(CertificateMaker.named("leaf")
                .host("a.test")
                .address(new byte[length])
                .address(new byte[] {10, 0, 0, 1}));

        assertEquals("chain.root_dropped names.unusable", outcome(result));
        assertEquals(Set.of("a.test"), credential(result).names().exact());
        assertEquals(
                Set.of(InetAddress.ofLiteral("10.0.0.1")),
                credential(result).names().addresses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*.com", "*", "a..b", "a.*.b", "a b", "b\u00fccher", "a.b."})
    void passesOverANameThatIsNoHostName(String name) {
        CredentialResult result =
                readOne(CertificateMaker.named("leaf").host(name).host("a.test"));

        assertEquals("chain.root_dropped names.unusable", outcome(result));
        assertEquals(Set.of("a.test"), credential(result).names().exact());
    }

    @Test
    void passesOverNamesThatCannotBeRead() {
        byte[] cutOff = Der.write(Der.SEQUENCE, new byte[] {(byte) 0x82, 9, 'a'});

        CredentialResult result = readOne(CertificateMaker.named("leaf").extension("2.5.29.17", false, cutOff));

        assertEquals("chain.root_dropped names.unusable names.none", outcome(result));
    }

    @Test
    void keepsLineBreaksOfSubjectsOutOfMessages() {
        CredentialResult result = readOne(CertificateMaker.named("a\nevent=forged\u202e\u0007" + "x".repeat(500))
                .host("a.test")
                .until(Made.NOW.minusSeconds(1)));

        assertEquals("chain.root_dropped certificate.expired", outcome(result));
        for (String text : new String[] {result.toString(), credential(result).toString()}) {
            assertFalse(text.chars().anyMatch(c -> c < ' ' || c == 0x202e), text);
            assertFalse(text.contains("x".repeat(200)), text);
        }
    }
}
