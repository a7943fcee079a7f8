package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.NOW;
import static dev.headgate.tls.credential.Fixtures.bytes;
import static dev.headgate.tls.credential.Fixtures.credential;
import static dev.headgate.tls.credential.Fixtures.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.KeyStore;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key stores as OpenSSL and the JDK write them. */
class Pkcs12Test {
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
        var out = new ByteArrayOutputStream();
        both.store(out, password);

        assertEquals("!store.several_keys", outcome(read(out.toByteArray(), "correct", null)));
        assertEquals("!store.alias.unknown", outcome(read(out.toByteArray(), "correct", "none")));
        assertEquals(
                KeyKind.ECDSA_P256,
                credential(read(out.toByteArray(), "correct", "ec-p256")).kind());
    }
}
