package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.NOW;
import static dev.headgate.tls.credential.Fixtures.bytes;
import static dev.headgate.tls.credential.Fixtures.credential;
import static dev.headgate.tls.credential.Fixtures.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Indefinite;
import dev.headgate.tls.pki.Made;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key stores as OpenSSL and the JDK write them. */
class Pkcs12Test {
    private static final char[] PASSWORD = "correct".toCharArray();

    private static CredentialResult read(byte[] store, String password, @Nullable String alias) {
        return new CredentialReader(CredentialLimits.DEFAULTS).readPkcs12(store, password.toCharArray(), alias, NOW);
    }

    @ParameterizedTest
    @CsvSource({"rsa, RSA", "ec-p256, ECDSA_P256", "ed25519, ED25519"})
    void readsTheKeyWithItsChain(String name, KeyKind kind) {
        CredentialResult result = read(bytes(name + ".p12"), "correct", null);

        assertEquals("", outcome(result));
        assertEquals(kind, credential(result).kind());
        assertEquals(2, credential(result).chain().size());
    }

    @Test
    void refusesAWrongPasswordAndOtherBytes() {
        byte[] store = bytes("rsa.p12");

        assertEquals("!key.passphrase.wrong", outcome(read(store, "wrong", null)));
        assertEquals("!store.unreadable", outcome(read(Arrays.copyOf(store, store.length - 1), "correct", null)));
        assertEquals("!store.unreadable", outcome(read(new byte[0], "correct", null)));
        assertEquals("!store.no_key", outcome(read(bytes("no-key.p12"), "correct", null)));
    }

    @Test
    void wantsAnAliasWhenThereAreSeveralKeys() throws Exception {
        char[] password = "correct".toCharArray();
        KeyStore both = KeyStore.getInstance("PKCS12");
        both.load(null, password);
        for (String name : new String[] {"rsa", "ec-p256"}) {
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(new ByteArrayInputStream(bytes(name + ".p12")), password);
            both.setKeyEntry(name, one.getKey("headgate", password), password, one.getCertificateChain("headgate"));
        }
        byte[] bytes = stored(both);

        assertEquals("!store.several_keys", outcome(read(bytes, "correct", null)));
        assertEquals("!store.alias.unknown", outcome(read(bytes, "correct", "none")));
        assertEquals(
                KeyKind.ECDSA_P256,
                credential(read(bytes, "correct", "ec-p256")).kind());
        assertEquals(
                KeyKind.ECDSA_P256,
                credential(read(bytes, "correct", "EC-P256")).kind());
    }

    /** Alias and chain as given; key and certificates of the test's own. */
    private static byte[] storeOf(String alias, Made... chain) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        Certificate[] certificates = Stream.of(chain).map(Made::certificate).toArray(Certificate[]::new);
        store.setKeyEntry(alias, chain[0].privateKey(), PASSWORD, certificates);
        return stored(store);
    }

    private static byte[] stored(KeyStore store) throws Exception {
        var out = new ByteArrayOutputStream();
        store.store(out, PASSWORD);
        return out.toByteArray();
    }

    @Test
    void takesAnAliasWithoutRegardToCase() throws Exception {
        Made leaf = CertificateMaker.named("leaf").host("a.test").selfSigned();

        assertEquals("chain.self_signed", outcome(read(storeOf("MyKey", leaf), "correct", "MyKey")));
    }

    @Test
    void keepsLineBreaksOfAliasesOutOfMessages() throws Exception {
        Made leaf = CertificateMaker.named("leaf").host("a.test").selfSigned();

        CredentialResult result = read(storeOf("a\nevent=forged" + "x".repeat(300), leaf), "correct", "other\n");

        assertEquals("!store.alias.unknown", outcome(result));
        assertFalse(result.toString().contains("\n") || result.toString().contains("x".repeat(200)), result::toString);
    }

    /** As BouncyCastle, Windows and old versions of OpenSSL write them. */
    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ec-p256", "ed25519"})
    void readsAStoreWithIndefiniteLengths(String name) {
        byte[] store = Indefinite.of(bytes(name + ".p12"));

        assertEquals(0x80, store[1] & 0xff);
        assertEquals("", outcome(read(store, "correct", null)));
        assertEquals("!key.passphrase.wrong", outcome(read(store, "wrong", null)));
        assertEquals("!store.unreadable", outcome(read(Arrays.copyOf(store, store.length - 1), "correct", null)));
    }

    /** 2,048 for the MAC, for the certificates and for the key. */
    @Test
    void boundsTheRoundsOfAStoreInAll() {
        for (int rounds : new int[] {3 * 2048 - 1, 3 * 2048, 3 * 2048 + 1}) {
            var limits = new CredentialLimits(1 << 20, 32, 16 << 10, 8, 8192, rounds);
            String expected = rounds < 3 * 2048 ? "!key.encryption.too_many_iterations" : "";
            for (byte[] store : new byte[][] {bytes("rsa.p12"), Indefinite.of(bytes("rsa.p12"))}) {
                assertEquals(expected, outcome(read(store, limits)));
            }
        }
    }

    @Test
    void boundsTheLengthOfAStore() {
        byte[] store = bytes("rsa.p12");
        for (int by : new int[] {-1, 0, 1}) {
            var limits = new CredentialLimits(store.length + by, 32, 16 << 10, 8, 8192, 10_000);

            assertEquals(by < 0 ? "!store.too_large" : "", outcome(read(store, limits)));
        }
    }

    private static CredentialResult read(byte[] store, CredentialLimits limits) {
        return new CredentialReader(limits).readPkcs12(store, PASSWORD, null, NOW);
    }

    @Test
    void saysThatAChainIsTooLong() throws Exception {
        Made[] chain = new Made[40];
        chain[39] = Made.root("ca 39");
        for (int i = 38; i >= 0; i--) {
            chain[i] = CertificateMaker.named("ca " + i).authority().issuedBy(chain[i + 1]);
        }

        assertEquals("!chain.too_long", outcome(read(storeOf("a", chain), "correct", null)));
        Made[] shorter = Arrays.copyOfRange(chain, 29, 40);
        assertEquals("!chain.root_dropped chain.too_long", outcome(read(storeOf("a", shorter), "correct", null)));
    }

    @Test
    void saysThatAKeyIsNotEncrypted() {
        assertEquals("!store.key_unencrypted", outcome(read(bytes("key-unencrypted.p12"), "correct", null)));
    }
}
