package dev.headgate.attack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;

/**
 * A root, and a certificate by it for {@code example.test} that names a place for everything that could be fetched: OCSP responder, revocation
 * list, issuer. Written as files.
 *
 * @param root certificate of the root
 * @param chain certificate for the name
 * @param key its key
 */
record NamedResponders(Path root, Path chain, Path key) {
    private static final int BOOLEAN = 1;
    private static final int INTEGER = 2;
    private static final int BIT_STRING = 3;
    private static final int OCTET_STRING = 4;
    private static final int OID = 6;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final byte[] ECDSA_WITH_SHA256 = der(SEQUENCE, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
    private static final byte[] CRITICAL = der(BOOLEAN, new byte[] {-1});

    /** All of it at {@code url}. */
    static NamedResponders at(String url, Path folder) {
        try {
            KeyPair rootKeys = keys();
            KeyPair leafKeys = keys();
            byte[] root = certificate("root", "root", rootKeys, rootKeys, authority());
            byte[] leaf = certificate("leaf", "root", leafKeys, rootKeys, addresses(url));
            return new NamedResponders(
                    write(folder.resolve("named-root.pem"), "CERTIFICATE", root),
                    write(folder.resolve("named-chain.pem"), "CERTIFICATE", leaf),
                    write(
                            folder.resolve("named-key.pem"),
                            "PRIVATE KEY",
                            leafKeys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static byte[] authority() {
        return der(
                SEQUENCE,
                extension(der(SEQUENCE, der(BOOLEAN, new byte[] {-1})), CRITICAL, 0x55, 0x1d, 0x13),
                extension(der(BIT_STRING, new byte[] {1, 6}), CRITICAL, 0x55, 0x1d, 0x0f));
    }

    private static byte[] addresses(String url) {
        byte[] name = der(0x82, "example.test".getBytes(StandardCharsets.US_ASCII));
        byte[] uri = der(0x86, url.getBytes(StandardCharsets.US_ASCII));
        byte[] responder = der(SEQUENCE, oid(0x2b, 6, 1, 5, 5, 7, 48, 1), uri);
        byte[] issuer = der(SEQUENCE, oid(0x2b, 6, 1, 5, 5, 7, 48, 2), uri);
        byte[] list = der(SEQUENCE, der(0xa0, der(0xa0, uri)));
        return der(
                SEQUENCE,
                extension(der(SEQUENCE, name), new byte[0], 0x55, 0x1d, 0x11),
                extension(der(SEQUENCE, list), new byte[0], 0x55, 0x1d, 0x1f),
                extension(der(SEQUENCE, responder, issuer), new byte[0], 0x2b, 6, 1, 5, 5, 7, 1, 1));
    }

    private static byte[] certificate(String subject, String issuer, KeyPair keys, KeyPair signer, byte[] extensions)
            throws GeneralSecurityException {
        byte[] body = der(
                SEQUENCE,
                der(0xa0, der(INTEGER, new byte[] {2})),
                der(INTEGER, new byte[] {(byte) subject.charAt(0)}),
                ECDSA_WITH_SHA256,
                new X500Principal("CN=" + issuer).getEncoded(),
                der(SEQUENCE, time("200101000000Z"), time("491231000000Z")),
                new X500Principal("CN=" + subject).getEncoded(),
                keys.getPublic().getEncoded(),
                der(0xa3, extensions));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer.getPrivate());
        signature.update(body);
        return der(SEQUENCE, body, ECDSA_WITH_SHA256, der(BIT_STRING, new byte[1], signature.sign()));
    }

    private static byte[] time(String text) {
        return der(UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] extension(byte[] value, byte[] critical, int... id) {
        return der(SEQUENCE, oid(id), critical, der(OCTET_STRING, value));
    }

    private static byte[] oid(int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) bytes[i] = (byte) content[i];
        return der(OID, bytes);
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 256) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 128) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] part : parts) out.writeBytes(part);
        return out.toByteArray();
    }

    private static Path write(Path file, String label, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n");
    }
}
