package dev.headgate.secure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Who judges the certificates of origins: the JDK's way of building paths (RFC 5280), to roots of its own or of a file. */
final class OriginTrust {
    private OriginTrust() {}

    /** Trusts the roots that the JDK comes with, or those that its {@code javax.net.ssl.trustStore} names. */
    static X509ExtendedTrustManager ofJdk() throws GeneralSecurityException {
        return managerOf(null);
    }

    /**
     * Trusts the certificates in {@code pem} alone.
     *
     * @throws CertificateException when there is none, or one cannot be read
     */
    static X509ExtendedTrustManager of(byte[] pem) throws GeneralSecurityException {
        Collection<? extends Certificate> roots =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
        if (roots.isEmpty()) {
            throw new CertificateException("there is no certificate in it");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e); // There is nothing that could fail to be read.
        }
        int number = 0;
        for (Certificate root : roots) {
            store.setCertificateEntry("root-" + number++, root);
        }
        return managerOf(store);
    }

    private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager judge) {
                return judge;
            }
        }
        throw new GeneralSecurityException("the JDK has nobody who judges certificates");
    }
}
