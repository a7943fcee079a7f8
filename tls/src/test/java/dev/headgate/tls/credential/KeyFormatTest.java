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

import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each form of key that OpenSSL writes, with the certificate of that key. */
class KeyFormatTest {
    @ParameterizedTest
    @CsvSource({
        "rsa, rsa.pkcs8, RSA",
        "rsa, rsa.pkcs1, RSA",
        "ec-p256, ec-p256.pkcs8, ECDSA_P256",
        "ec-p384, ec-p384.pkcs8, ECDSA_P384",
        "ec-p521, ec-p521.pkcs8, ECDSA_P521",
        "ec-p256, ec-p256.sec1, ECDSA_P256",
        "ec-p384, ec-p384.sec1, ECDSA_P384",
        "ec-p521, ec-p521.sec1, ECDSA_P521",
        "ec-p256, ec-p256.sec1-parameters, ECDSA_P256",
        "ed25519, ed25519.pkcs8, ED25519",
        "ed448, ed448.pkcs8, ED448",
    })
    void readsPlainKeys(String certificate, String key, KeyKind kind) {
        CredentialResult result = read(text(certificate + ".crt") + CHAIN, text(key + ".pem"), null);

        assertEquals("", outcome(result), result::toString);
        assertEquals(kind, credential(result).kind());
        assertEquals(2, credential(result).chain().size());
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, rsa.encrypted, correct",
        "rsa, rsa.encrypted-sha512, correct",
        "rsa, rsa.encrypted-sha1, correct",
        "ec-p256, ec-p256.encrypted, correct",
        "ec-p256, ec-p256.encrypted-utf8, pässwört",
        "ec-p384, ec-p384.encrypted, correct",
        "ec-p521, ec-p521.encrypted, correct",
        "ed25519, ed25519.encrypted, correct",
        "ed448, ed448.encrypted, correct",
    })
    void readsEncryptedKeysWithTheirPassphraseOnly(String certificate, String key, String passphrase) {
        String chain = text(certificate + ".crt") + CHAIN;

        assertEquals("", outcome(read(chain, text(key + ".pem"), passphrase)));
        assertEquals("!key.passphrase.wrong", outcome(read(chain, text(key + ".pem"), "wrong")));
        assertEquals("!key.passphrase.wrong", outcome(read(chain, text(key + ".pem"), "")));
        assertEquals("!key.passphrase.missing", outcome(read(chain, text(key + ".pem"), null)));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.legacy, correct, !key.encryption.legacy",
        "ec-p256.legacy, correct, !key.encryption.legacy",
        "rsa.encrypted-scrypt, correct, !key.encryption.unsupported",
        "rsa.encrypted-pbes1, correct, !key.encryption.unsupported",
        "rsa.encrypted-des3, correct, !key.encryption.unsupported",
        "rsa1024.pkcs8, , !key.weak",
        "ec-secp256k1.pkcs8, , !key.curve.unsupported",
        "ec-secp256k1.sec1, , !key.curve.unsupported",
        "ec-p256.sec1-explicit, , !key.curve.unsupported",
        "rsa-other.pkcs8, , !key.certificate_mismatch",
        "ec-p256.pkcs8, , !key.certificate_mismatch",
    })
    void refusesOtherKeys(String key, @Nullable String passphrase, String outcome) {
        assertEquals(outcome, outcome(read(text("rsa.crt") + CHAIN, text(key + ".pem"), passphrase)));
    }

    @Test
    void saysWhichCommandConvertsLegacyEncryption() {
        CredentialResult result = read(text("rsa.crt") + CHAIN, text("rsa.legacy.pem"), "correct");

        assertTrue(result.toString().contains("openssl pkcs8 -topk8"), result::toString);
        assertFalse(result.toString().contains("correct"), result::toString);
    }

    @Test
    void warnsOfAPassphraseThatIsNotNeeded() {
        CredentialResult result = read(text("rsa.crt") + CHAIN, text("rsa.pkcs8.pem"), "correct");

        assertEquals("key.passphrase.unused", outcome(result));
    }

    @Test
    void wantsExactlyOneKey() {
        String chain = text("rsa.crt") + CHAIN;

        assertEquals("!key.missing", outcome(read(chain, chain, null)));
        assertEquals("!key.several", outcome(read(chain, text("rsa.pkcs8.pem") + text("rsa.pkcs1.pem"), null)));
    }

    @Test
    void takesKeyAndChainFromOneText() {
        String all = text("rsa.pkcs8.pem") + text("rsa.crt") + CHAIN;

        assertEquals("", outcome(read(all, all, null)));
    }

    @Test
    void boundsTheRoundsOfAnEncryptedKey() {
        String chain = text("rsa.crt") + CHAIN;
        for (int rounds : new int[] {2047, 2048, 2049}) {
            var limits = new CredentialLimits(1 << 20, 32, 16 << 10, 8, 8192, rounds);
            String expected = rounds < 2048 ? "!key.encryption.too_many_iterations" : "";

            assertEquals(expected, outcome(read(chain, text("rsa.encrypted.pem"), "correct", NOW, limits)));
        }
    }

    @Test
    void boundsTheLengthOfAnRsaKey() {
        assertEquals("!key.too_long", outcome(readRsa(4096, limits(4095))));
        assertEquals("chain.self_signed names.none", outcome(readRsa(4096, limits(4096))));
        assertEquals("chain.self_signed names.none", outcome(readRsa(4096, limits(4097))));
    }

    private static CredentialLimits limits(int rsaBits) {
        return new CredentialLimits(1 << 20, 32, 16 << 10, 8, rsaBits, 1);
    }

    private static CredentialResult readRsa(int bits, CredentialLimits limits) {
        Made self = CertificateMaker.named("rsa").rsa(bits).selfSigned();
        return read(self.pem(), self.keyPem(), null, NOW, limits);
    }

    @Test
    void refusesAWeakKeyAnywhereInTheChain() {
        Made root = Made.root("root");
        Made weak = CertificateMaker.named("weak").rsa(2047).authority().issuedBy(root);
        Made leaf = CertificateMaker.named("leaf").host("a.test").issuedBy(weak);

        assertEquals("!certificate.key_weak", outcome(read(leaf.pem() + weak.pem(), leaf.keyPem(), null)));
    }

    @Test
    void describesACredentialWithoutItsKey() {
        Credential credential = credential(read(text("rsa.crt") + CHAIN, text("rsa.pkcs8.pem"), null));

        assertEquals("RSA credential of CN=not.looked.at.test, until " + credential.notAfter(), credential.toString());
    }
}
