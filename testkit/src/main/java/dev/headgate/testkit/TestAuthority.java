package dev.headgate.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;

/** An authority that a test has made, and that issues whatever the test wants: certificates of clients, revocation lists. */
public final class TestAuthority {
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final Duration LONG = Duration.ofDays(365);
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final int KEY_CERT_SIGN_AND_CRL_SIGN = 0x06;
    private static final int DNS_NAME = 0x82;
    private static final int URI = 0x86;

    private final X509Certificate certificate;
    private final KeyPair keys;
    private final List<X509Certificate> above; // this one, and those above it but for the root

    private TestAuthority(X509Certificate certificate, KeyPair keys, List<X509Certificate> above) {
        this.certificate = certificate;
        this.keys = keys;
        this.above = above;
    }

    /** A root. */
    public static TestAuthority root(String commonName) {
        KeyPair keys = newKeys();
        X500Principal name = new X500Principal("CN=" + commonName);
        Instant now = Instant.now();
        byte[] der = certificate(name, name, keys, keys, now.minus(LONG), now.plus(LONG), authority());
        return new TestAuthority(read(der), keys, List.of());
    }

    /** Another one below this. */
    public TestAuthority intermediate(String commonName) {
        KeyPair own = newKeys();
        Instant now = Instant.now();
        X500Principal name = new X500Principal("CN=" + commonName);
        X509Certificate made = read(certificate(
                name, certificate.getSubjectX500Principal(), own, keys, now.minus(LONG), now.plus(LONG), authority()));
        List<X509Certificate> all = new ArrayList<>(List.of(made));
        all.addAll(above);
        return new TestAuthority(made, own, all);
    }

    private static byte[] authority() {
        return join(
                Der.extension("2.5.29.19", true, Der.sequence(Der.element(Der.BOOLEAN, new byte[] {-1}))),
                Der.extension("2.5.29.15", true, Der.bits(1, KEY_CERT_SIGN_AND_CRL_SIGN)));
    }

    /** Itself, in PEM. */
    public String pem() {
        return pem("CERTIFICATE", encoded(certificate));
    }

    /** Begins a certificate for a client, which is valid for a year. */
    public Maker client(String subject) {
        return new Maker(new X500Principal(subject));
    }

    /** A certificate in the making. */
    public final class Maker {
        private final X500Principal subject;
        private final ByteArrayOutputStream names = new ByteArrayOutputStream();
        private Instant from = Instant.now().minus(Duration.ofDays(1));
        private Instant until = Instant.now().plus(LONG);
        private String purpose = CLIENT_AUTH;
        private byte[] further = new byte[0];

        private Maker(X500Principal subject) {
            this.subject = subject;
        }

        public Maker valid(Instant first, Instant last) {
            from = first;
            until = last;
            return this;
        }

        /** For servers only. */
        public Maker serverOnly() {
            purpose = SERVER_AUTH;
            return this;
        }

        public Maker dns(String name) {
            names.writeBytes(Der.text(DNS_NAME, name));
            return this;
        }

        public Maker uri(String uri) {
            names.writeBytes(Der.text(URI, uri));
            return this;
        }

        /** Makes it so many bytes longer. */
        public Maker padded(int bytes) {
            further = Der.extension("1.2.3.4", false, Der.element(Der.OCTET_STRING, new byte[bytes]));
            return this;
        }

        public TestClient issue() {
            byte[] alternatives = names.size() == 0
                    ? new byte[0]
                    : Der.extension("2.5.29.17", false, Der.sequence(names.toByteArray()));
            byte[] extensions = join(
                    Der.extension("2.5.29.37", false, Der.sequence(Der.oid(purpose))), join(alternatives, further));
            KeyPair own = newKeys();
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(read(
                    certificate(subject, certificate.getSubjectX500Principal(), own, keys, from, until, extensions)));
            chain.addAll(above);
            return new TestClient(chain, own.getPrivate());
        }
    }

    /** A list of what this has revoked, in PEM, that is current until {@code until}. */
    public String revocations(Instant until, X509Certificate... revoked) {
        Instant from = until.minus(LONG);
        var entries = new ByteArrayOutputStream();
        for (X509Certificate each : revoked) {
            byte[] serial = Der.element(Der.INTEGER, each.getSerialNumber().toByteArray());
            entries.writeBytes(Der.sequence(serial, Der.time(from)));
        }
        byte[] tbs = Der.sequence(
                Der.integer(1),
                algorithm(),
                certificate.getSubjectX500Principal().getEncoded(),
                Der.time(from),
                Der.time(until),
                entries.size() == 0 ? new byte[0] : Der.sequence(entries.toByteArray()));
        return pem("X509 CRL", signed(tbs, keys));
    }

    private static byte[] certificate(
            X500Principal subject,
            X500Principal issuer,
            KeyPair own,
            KeyPair issuers,
            Instant from,
            Instant until,
            byte[] extensions) {
        byte[] tbs = Der.sequence(
                Der.element(0xa0, Der.integer(2)),
                Der.integer(SERIAL.getAndIncrement()),
                algorithm(),
                issuer.getEncoded(),
                Der.sequence(Der.time(from), Der.time(until)),
                subject.getEncoded(),
                own.getPublic().getEncoded(),
                Der.element(0xa3, Der.sequence(extensions)));
        return signed(tbs, issuers);
    }

    private static byte[] algorithm() {
        return Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    }

    private static byte[] signed(byte[] tbs, KeyPair keys) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(tbs);
            return Der.sequence(tbs, algorithm(), Der.element(Der.BIT_STRING, new byte[1], signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate read(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static byte[] join(byte[] first, byte[] second) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
