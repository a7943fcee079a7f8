package dev.headgate.tls.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.credential.CredentialResult;
import dev.headgate.tls.pki.CertificateMaker;
import dev.headgate.tls.pki.Made;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

class CredentialKeyManagerTest {
    /** A handshake chooses first, and asks for chain and key later; how often certificates change meanwhile does not matter. */
    @Test
    void knowsWhatAHandshakeHasChosenWhateverChangesMeanwhile() throws Exception {
        Made root = Made.root("Root");
        Credential first = credential(root);
        CredentialKeyManager keys = new CredentialKeyManager(Identities.of(List.of(first)));
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        String alias = keys.chooseEngineServerAlias("EC", null, engine);
        assertNotNull(alias);
        for (int i = 0; i < 3; i++) {
            keys.swap(Identities.of(List.of(credential(root))));
            System.gc();
            assertEquals(first.key(), keys.getPrivateKey(alias));
            assertEquals(List.of(first.chain().getFirst()), List.of(keys.getCertificateChain(alias)[0]));
        }
    }

    private static Credential credential(Made root) {
        Made made = CertificateMaker.named("example.test")
                .host("example.test")
                .usage(CertificateMaker.DIGITAL_SIGNATURE)
                .extendedUsage(CertificateMaker.SERVER_AUTH)
                .issuedBy(root);
        CredentialResult result = new CredentialReader(CredentialLimits.DEFAULTS)
                .readPem(ascii(made.pem()), ascii(made.keyPem()), null, Made.NOW);
        if (result instanceof CredentialResult.Ready ready) return ready.credential();
        throw new AssertionError(result.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
