package dev.headgate.tls.pki;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;

/** A certificate that a test has made, with its key, so that it can issue others. */
public record Made(X509Certificate certificate, KeyPair keys) {
    public static final Instant FROM = Instant.parse("2029-01-01T00:00:00Z");
    public static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    public static final Instant UNTIL = Instant.parse("2040-01-01T00:00:00Z");

    public static KeyPair newKeys() {
        return newKeys("EC", 256);
    }

    static KeyPair newKeys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static Made root(String name) {
        return CertificateMaker.named(name).authority().selfSigned();
    }

    public String pem() {
        return pem("CERTIFICATE", der());
    }

    public String keyPem() {
        return pem("PRIVATE KEY", privateKey().getEncoded());
    }

    public PrivateKey privateKey() {
        return keys.getPrivate();
    }

    public byte[] der() {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    static X509Certificate read(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
