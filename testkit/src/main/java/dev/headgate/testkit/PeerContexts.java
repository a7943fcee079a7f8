package dev.headgate.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Contexts of the JDK's for peers that believe one certificate, and those below it. */
public final class PeerContexts {
    private PeerContexts() {}

    /** For a client that believes the certificate in {@code file}. */
    public static SSLContext trusting(Path file) {
        try {
            return trusting(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * For a peer that believes {@code certificate}.
     *
     * @param certificate in PEM or DER
     * @param keys with what it shows itself; none: nothing
     */
    public static SSLContext trusting(byte[] certificate, KeyManager... keys) {
        try {
            Certificate believed =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("believed", believed);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.length == 0 ? null : keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
