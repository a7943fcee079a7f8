package dev.headgate.testkit;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A client's certificate with its key.
 *
 * @param chain the certificate, and those above it but for the root
 */
public record TestClient(List<X509Certificate> chain, PrivateKey key) {
    public TestClient {
        chain = List.copyOf(chain);
    }

    /** Its own. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Its own in DER. */
    public byte[] der() {
        return TestAuthority.encoded(certificate());
    }

    /** Its own and its key, in PEM. */
    public String pem() {
        StringBuilder text = new StringBuilder();
        chain.forEach(each -> text.append(TestAuthority.pem("CERTIFICATE", TestAuthority.encoded(each))));
        return text.append(TestAuthority.pem("PRIVATE KEY", key.getEncoded())).toString();
    }

    /** SHA-256 of its own, in hex. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A context that shows it to whoever asks, whatever authorities are named, and trusts the root of {@link TestCertificates}. */
    public SSLContext context() {
        return TestCertificates.clientContext(new AnywayKeys(this));
    }
}
