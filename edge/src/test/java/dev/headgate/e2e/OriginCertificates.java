package dev.headgate.e2e;

import dev.headgate.testkit.PeerContexts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The certificates in the resource folder {@code origin}, by name: as contexts of origins, and as files for a configuration. */
public final class OriginCertificates {
    private static final char[] NO_PASSWORD = new char[0];

    private OriginCertificates() {}

    /** Writes one to {@code folder}; its path. */
    public static Path write(Path folder, String name) {
        try {
            return Files.write(folder.resolve(name), resource(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A server that shows certificate {@code name}, and knows the root of clients. */
    public static SSLContext serverContext(String name) {
        try {
            KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
            own.load(null, null);
            own.setKeyEntry("own", key(), NO_PASSWORD, new Certificate[] {certificate(name)});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            return PeerContexts.trusting(resource("client-root.crt"), keys.getKeyManagers());
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Certificate certificate(String name) throws GeneralSecurityException, IOException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(resource(name)));
    }

    private static PrivateKey key() throws GeneralSecurityException, IOException {
        String pem = new String(resource("key.pem"), StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = OriginCertificates.class.getResourceAsStream("origin/" + name)) {
            if (in == null) throw new IllegalArgumentException("no file " + name);
            return in.readAllBytes();
        }
    }
}
