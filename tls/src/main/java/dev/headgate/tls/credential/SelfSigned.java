package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.encoding.PemWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes an ECDSA P-256 key with a certificate that it signs itself, for a server that nobody else vouches for (RFC 5280 §4.1):
 * <pre>{@code
 *  Certificate ::= SEQUENCE { TBSCertificate, signatureAlgorithm, signature BIT STRING }
 *  TBSCertificate ::= SEQUENCE { [0] version 3, serial, signatureAlgorithm, issuer, validity, subject, subjectPublicKeyInfo,
 *                                [3] SEQUENCE { basicConstraints, keyUsage, extKeyUsage, subjectAltName, subjectKeyIdentifier } }
 * }</pre>
 * It can sign no other certificate, so that whoever trusts it trusts this one server.
 */
public final class SelfSigned {
    private static final int VERSION_3 = 2;
    private static final int SERIAL_BYTES = 16;
    private static final int KEY_ID_BYTES = 20;
    private static final int YEAR_OF_GENERALIZED_TIME = 2050; // RFC 5280 §4.1.2.5

    private static final byte[] COMMON_NAME = oid("550403");
    private static final byte[] ECDSA_WITH_SHA256 = Der.write(Der.SEQUENCE, oid("2a8648ce3d040302"));
    private static final byte[] SUBJECT_KEY_IDENTIFIER = oid("551d0e");
    private static final byte[] KEY_USAGE = oid("551d0f");
    private static final byte[] SUBJECT_ALT_NAME = oid("551d11");
    private static final byte[] BASIC_CONSTRAINTS = oid("551d13");
    private static final byte[] EXTENDED_KEY_USAGE = oid("551d25");
    private static final byte[] SERVER_AUTH = oid("2b06010505070301");

    private static final byte[] CRITICAL = Der.write(Der.BOOLEAN, new byte[] {(byte) 0xff});
    private static final byte[] NO_CA = Der.write(Der.SEQUENCE);
    private static final byte[] DIGITAL_SIGNATURE = Der.write(Der.BIT_STRING, new byte[] {7, (byte) 0x80});
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final byte[] certificate;
    private final byte[] key;

    private SelfSigned(byte[] certificate, byte[] key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Makes both; takes the time of a key's making.
     *
     * @param commonName for people, who see it where certificates are listed
     * @param names what it is for; at least one
     * @throws GeneralSecurityException when the JDK lacks P-256 or SHA-256
     */
    public static SelfSigned make(String commonName, CoveredNames names, Instant notBefore, Instant notAfter)
            throws GeneralSecurityException {
        if (names.isEmpty()) throw new IllegalArgumentException("a certificate for nothing");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] keyId =
                MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
        byte[] name = name(commonName);
        byte[] body = Der.write(
                Der.SEQUENCE,
                Der.write(Der.EXPLICIT_0, Der.write(Der.INTEGER, new byte[] {VERSION_3})),
                Der.write(Der.INTEGER, serial(keyId)),
                ECDSA_WITH_SHA256,
                name,
                Der.write(Der.SEQUENCE, time(notBefore), time(notAfter)),
                name,
                pair.getPublic().getEncoded(),
                Der.write(Der.EXPLICIT_3, extensions(names, keyId)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] certificate = Der.write(Der.SEQUENCE, body, ECDSA_WITH_SHA256, bits(signature.sign()));
        return new SelfSigned(certificate, pair.getPrivate().getEncoded());
    }

    /** As positive number; the key is of chance, so is its digest. */
    private static byte[] serial(byte[] keyId) {
        byte[] serial = Arrays.copyOf(keyId, SERIAL_BYTES);
        serial[0] = (byte) (serial[0] & 0x3f | 0x40);
        return serial;
    }

    private static byte[] name(String commonName) {
        byte[] text = Der.write(Der.UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
        return Der.write(Der.SEQUENCE, Der.write(Der.SET, Der.write(Der.SEQUENCE, COMMON_NAME, text)));
    }

    private static byte[] time(Instant at) {
        boolean isLate = at.atOffset(ZoneOffset.UTC).getYear() >= YEAR_OF_GENERALIZED_TIME;
        String text = (isLate ? GENERALIZED_TIME : UTC_TIME).format(at);
        return Der.write(isLate ? Der.GENERALIZED_TIME : Der.UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] extensions(CoveredNames names, byte[] keyId) {
        return Der.write(
                Der.SEQUENCE,
                extension(BASIC_CONSTRAINTS, CRITICAL, NO_CA),
                extension(KEY_USAGE, CRITICAL, DIGITAL_SIGNATURE),
                extension(EXTENDED_KEY_USAGE, new byte[0], Der.write(Der.SEQUENCE, SERVER_AUTH)),
                extension(SUBJECT_ALT_NAME, new byte[0], alternativeNames(names)),
                extension(
                        SUBJECT_KEY_IDENTIFIER,
                        new byte[0],
                        Der.write(Der.OCTET_STRING, Arrays.copyOf(keyId, KEY_ID_BYTES))));
    }

    private static byte[] extension(byte[] id, byte[] critical, byte[] value) {
        return Der.write(Der.SEQUENCE, id, critical, Der.write(Der.OCTET_STRING, value));
    }

    private static byte[] alternativeNames(CoveredNames names) {
        List<byte[]> all = new ArrayList<>();
        names.exact().stream().sorted().forEach(host -> all.add(host(host)));
        names.wildcards().stream().sorted().forEach(domain -> all.add(host("*." + domain)));
        names.addresses().stream()
                .map(InetAddress::getAddress)
                .sorted(Arrays::compare)
                .forEach(address -> all.add(Der.write(Der.IMPLICIT_7, address)));
        return Der.write(Der.SEQUENCE, all.toArray(byte[][]::new));
    }

    private static byte[] host(String name) {
        return Der.write(Der.IMPLICIT_2, name.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bits(byte[] content) {
        return Der.write(Der.BIT_STRING, new byte[] {0}, content);
    }

    private static byte[] oid(String hex) {
        return Der.write(Der.OID, HexFormat.of().parseHex(hex));
    }

    /** The certificate in PEM, to be given to clients. */
    public byte[] certificatePem() {
        return PemWriter.block("CERTIFICATE", certificate);
    }

    /** The key in PEM (PKCS#8); whoever has it is the server. */
    public byte[] keyPem() {
        return PemWriter.block("PRIVATE KEY", key);
    }
}
