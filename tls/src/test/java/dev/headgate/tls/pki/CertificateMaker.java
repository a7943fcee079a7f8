package dev.headgate.tls.pki;

import dev.headgate.tls.encoding.Der;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;

/** Makes one certificate. */
public final class CertificateMaker {
    public static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    public static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    public static final int DIGITAL_SIGNATURE = 0;
    public static final int KEY_ENCIPHERMENT = 2;
    public static final int KEY_CERT_SIGN = 5;
    public static final int CRL_SIGN = 6;

    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final X500Principal subject;
    private final List<byte[]> extensions = new ArrayList<>();
    private final List<byte[]> names = new ArrayList<>();
    private KeyPair keys = Made.newKeys();
    private Instant from = Made.FROM;
    private Instant until = Made.UNTIL;

    private CertificateMaker(String subject) {
        this.subject = new X500Principal(subject);
    }

    /** @param commonName as it is written in a distinguished name (RFC 4514) */
    public static CertificateMaker named(String commonName) {
        return new CertificateMaker("CN=" + commonName);
    }

    public CertificateMaker keys(KeyPair same) {
        keys = same;
        return this;
    }

    /** An RSA key of so many bits. */
    public CertificateMaker rsa(int bits) {
        return keys(Made.newKeys("RSA", bits));
    }

    public CertificateMaker from(Instant instant) {
        from = instant;
        return this;
    }

    public CertificateMaker until(Instant instant) {
        until = instant;
        return this;
    }

    public CertificateMaker authority() {
        return basicConstraints().usage(KEY_CERT_SIGN, CRL_SIGN);
    }

    /** An authority that does not say what its key is for. */
    public CertificateMaker basicConstraints() {
        return extension("2.5.29.19", true, Der.write(Der.SEQUENCE, Der.write(1, new byte[] {-1})));
    }

    public CertificateMaker usage(int... bits) {
        return extension("2.5.29.15", true, Asn1.bits(bits));
    }

    public CertificateMaker extendedUsage(String... oids) {
        byte[][] all = Arrays.stream(oids).map(Asn1::oid).toArray(byte[][]::new);
        return extension("2.5.29.37", false, Der.write(Der.SEQUENCE, all));
    }

    public CertificateMaker host(String name) {
        names.add(Der.write(DNS_NAME, name.getBytes(StandardCharsets.ISO_8859_1)));
        return this;
    }

    /** An address of as many bytes as one likes. */
    public CertificateMaker address(byte... bytes) {
        names.add(Der.write(IP_ADDRESS, bytes));
        return this;
    }

    public CertificateMaker extension(String oid, boolean isCritical, byte[] value) {
        extensions.add(Asn1.extension(oid, isCritical, value));
        return this;
    }

    public Made selfSigned() {
        return make(subject, keys);
    }

    public Made issuedBy(Made issuer) {
        return make(issuer.certificate().getSubjectX500Principal(), issuer.keys());
    }

    private Made make(X500Principal issuer, KeyPair issuerKeys) {
        if (!names.isEmpty()) {
            extension("2.5.29.17", false, Der.write(Der.SEQUENCE, names.toArray(byte[][]::new)));
        }
        byte[] tbs = Der.write(
                Der.SEQUENCE,
                Der.write(0xa0, Asn1.integer(2)),
                Asn1.integer(SERIAL.getAndIncrement()),
                Asn1.algorithm(issuerKeys.getPrivate()),
                issuer.getEncoded(),
                Der.write(Der.SEQUENCE, Asn1.time(from), Asn1.time(until)),
                subject.getEncoded(),
                keys.getPublic().getEncoded(),
                extensions.isEmpty()
                        ? new byte[0]
                        : Der.write(0xa3, Der.write(Der.SEQUENCE, extensions.toArray(byte[][]::new))));
        return new Made(Made.read(Asn1.signed(tbs, issuerKeys.getPrivate())), keys);
    }
}
