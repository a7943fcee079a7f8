package dev.headgate.tls.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.tls.credential.CoveredNames;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.credential.CredentialResult;
import dev.headgate.tls.credential.SelfSigned;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client is shown the server's certificate in whole handshakes alone, so those without have resumed a session. */
class WarmUpResumptionTest {
    private static final Instant NOW = Instant.now();

    /** The versions of the handshakes in which a certificate was shown. */
    private static final class Whole extends X509ExtendedTrustManager {
        final List<String> versions = new ArrayList<>();

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            versions.add(engine.getHandshakeSession().getProtocol());
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new AssertionError("no socket here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("not without engine");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new AssertionError("no client shows any");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new AssertionError("no client shows any");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("no client shows any");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @ParameterizedTest
    @CsvSource({"INTERMEDIATE, TLSv1.3 TLSv1.2", "MODERN, TLSv1.3"})
    void everySecondHandshakeOfAVersionIsResumed(TlsProfile profile, String versions) throws Exception {
        List<String> each = List.of(versions.split(" ", -1));
        Whole whole = new Whole();
        List<String> protocols = List.of("http/1.1");
        WarmUp warmUp = WarmUp.of(
                ServerSettings.of(profile, protocols),
                Identities.of(List.of(credential())),
                ClientSettings.verifying(whole, protocols).withoutName());
        for (int i = 0; i < 3; i++) {
            whole.versions.clear();
            assertEquals(2 * each.size(), warmUp.round());
            assertEquals(each, whole.versions);
        }
    }

    private static Credential credential() throws GeneralSecurityException {
        SelfSigned made = SelfSigned.make(
                "test",
                new CoveredNames(Set.of("example.test"), Set.of(), Set.of()),
                NOW,
                NOW.plus(Duration.ofDays(1)));
        CredentialResult result = new CredentialReader(CredentialLimits.DEFAULTS)
                .readPem(made.certificatePem(), made.keyPem(), null, NOW);
        if (result instanceof CredentialResult.Ready ready) return ready.credential();
        throw new AssertionError(result.toString());
    }
}
