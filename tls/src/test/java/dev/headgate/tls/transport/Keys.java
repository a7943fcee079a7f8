package dev.headgate.tls.transport;

import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.credential.CredentialResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Credentials and contexts out of the files that OpenSSL made; their root is trusted by the contexts here. */
final class Keys {
    /** A name that the certificates cover. */
    static final String NAME = "example.test";

    private Keys() {}

    static Credential ecdsa() {
        return credential("ec-p256.crt", "ec-p256.pkcs8.pem");
    }

    static Credential rsa() {
        return credential("rsa.crt", "rsa.pkcs8.pem");
    }

    static Credential shortNamed() {
        return credential("short-lived.crt", "ec-p256.pkcs8.pem");
    }

    private static Credential credential(String leaf, String key) {
        byte[] chain = concatenate(bytes(leaf), bytes("intermediate.crt"));
        CredentialResult result =
                new CredentialReader(CredentialLimits.DEFAULTS).readPem(chain, bytes(key), null, Instant.now());
        if (result instanceof CredentialResult.Ready ready) return ready.credential();
        throw new AssertionError(result.toString());
    }

    static X509ExtendedTrustManager trust(String root) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "root",
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes(root))));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A context of the JDK's for a peer in a test; with {@code own} it can serve. */
    static SSLContext peer(@Nullable Credential own) {
        try {
            KeyManagerFactory keys = null;
            if (own != null) {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                store.setKeyEntry(
                        "own", own.key(), new char[0], own.chain().toArray(java.security.cert.X509Certificate[]::new));
                keys = KeyManagerFactory.getInstance("PKIX");
                keys.init(store, new char[0]);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : keys.getKeyManagers(),
                    new X509ExtendedTrustManager[] {trust("root.crt")},
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] concatenate(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Keys.class.getResourceAsStream("/dev/headgate/tls/credential/" + name)) {
            if (in == null) throw new IllegalArgumentException("no fixture " + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
