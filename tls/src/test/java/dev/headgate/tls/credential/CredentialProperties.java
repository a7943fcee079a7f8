package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.CHAIN;
import static dev.headgate.tls.credential.Fixtures.NOW;
import static dev.headgate.tls.credential.Fixtures.bytes;
import static dev.headgate.tls.credential.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.finding.FindingCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of reading: nothing throws, a refusal says why, and no finding quotes a secret. */
class CredentialProperties {
    private static final String[] KEYS = {
        "rsa.pkcs8.pem", "rsa.pkcs1.pem", "ec-p256.sec1-parameters.pem", "ec-p256.encrypted.pem", "ed25519.pkcs8.pem"
    };
    private static final int KEYS_LAST = 4;

    private static void check(byte[] certificates, byte[] key, String secret) {
        // Few rounds, as a mutant may ask for as many as are taken.
        var limits = new CredentialLimits(1 << 20, 32, 16 << 10, 8, 8192, 4096);
        var reader = new CredentialReader(limits);
        CredentialResult result = reader.readPem(certificates, key, "correct".toCharArray(), NOW);
        boolean hasProblem =
                result.findings().stream().anyMatch(f -> f.code().severity() == FindingCode.Severity.PROBLEM);
        assertTrue(hasProblem == result instanceof CredentialResult.Refused, result::toString);
        for (int at = 0; at + 12 <= secret.length(); at++) {
            assertFalse(result.toString().contains(secret.substring(at, at + 12)), result::toString);
        }
        assertFalse(result.toString().contains("correct"), result::toString);
    }

    @Property(tries = 500)
    void arbitraryBytesAreRefused(@ForAll byte[] certificates, @ForAll byte[] key) {
        check(certificates, key, "");
        new CredentialReader(CredentialLimits.DEFAULTS).readPkcs12(key, "correct".toCharArray(), null, NOW);
    }

    @Property(tries = 500)
    void arbitraryDerIsRefused(@ForAll byte[] certificate, @ForAll byte[] key) {
        byte[] one = Der.write(Der.SEQUENCE, certificate);
        byte[] other = Der.write(Der.SEQUENCE, key);
        check(pem("CERTIFICATE", one), pem("ENCRYPTED PRIVATE KEY", other), "");
        check(text("rsa.crt").getBytes(StandardCharsets.US_ASCII), pem("EC PRIVATE KEY", other), "");
        check(text("rsa.crt").getBytes(StandardCharsets.US_ASCII), pem("RSA PRIVATE KEY", other), "");
    }

    private static byte[] pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder().encodeToString(der);
        String text = "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Property(tries = 1000)
    void aMutantOfAKeyIsReadOrRefused(
            @ForAll @IntRange(max = KEYS_LAST) int which, @ForAll @IntRange(max = 9999) int at, @ForAll byte value) {
        byte[] key = bytes(KEYS[which]);
        String secret = text(KEYS[which]).replaceAll("-----.*", "");
        key[at % key.length] = value;
        String leaf = KEYS[which].substring(0, KEYS[which].indexOf('.')) + ".crt";
        check((text(leaf) + CHAIN).getBytes(StandardCharsets.US_ASCII), key, secret);
    }

    @Property(tries = 1000)
    void aMutantOfACertificateIsReadOrRefused(@ForAll @IntRange(max = 9999) int at, @ForAll byte value) {
        byte[] certificates = (text("ec-p256.crt") + CHAIN).getBytes(StandardCharsets.US_ASCII);
        certificates[at % certificates.length] = value;
        check(certificates, bytes("ec-p256.pkcs8.pem"), "");
    }

    @Property(tries = 200)
    void aMutantOfAKeyStoreIsReadOrRefused(@ForAll @IntRange(max = 9999) int at, @ForAll byte value) {
        byte[] store = bytes("ec-p256.p12");
        store[at % store.length] = value;
        new CredentialReader(CredentialLimits.DEFAULTS).readPkcs12(store, "correct".toCharArray(), null, NOW);
    }
}
