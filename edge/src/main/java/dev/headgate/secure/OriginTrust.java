package dev.headgate.secure;

import dev.headgate.tls.trust.PeerTrust;
import dev.headgate.tls.trust.Purpose;
import dev.headgate.tls.trust.RevocationLists;
import dev.headgate.tls.trust.TrustAnchors;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Who judges the certificates of origins, by roots of the JDK or of a file. */
final class OriginTrust {
    private OriginTrust() {}

    /** Trusts the roots that the JDK comes with, or those that its {@code javax.net.ssl.trustStore} names. */
    static X509ExtendedTrustManager ofJdk() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager judge) {
                return judge;
            }
        }
        throw new GeneralSecurityException("the JDK has nobody who judges certificates");
    }

    /** Trusts {@code anchors} alone, as the clock has it. */
    static X509ExtendedTrustManager of(TrustAnchors anchors, InstantSource clock) {
        return PeerTrust.trustManager(anchors, RevocationLists.NONE, Purpose.SERVER, clock);
    }
}
