package dev.headgate.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.credential.CredentialResult;
import dev.headgate.tls.credential.KeyKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BenchCertificateTest {
    @TempDir
    Path folder;

    @Test
    void isWhatProxiesTake() throws Exception {
        BenchCertificate made = BenchCertificate.make(folder);
        CredentialResult read = new CredentialReader(CredentialLimits.DEFAULTS)
                .readPem(Files.readAllBytes(made.chain()), Files.readAllBytes(made.key()), null, Instant.now());
        assertTrue(read instanceof CredentialResult.Ready, read.toString());
        var credential = ((CredentialResult.Ready) read).credential();
        assertEquals(KeyKind.ECDSA_P256, credential.kind());
        assertEquals(Set.of("bench.test", "h2.bench.test"), credential.names().exact());
        assertEquals(Files.readString(made.chain()) + Files.readString(made.key()), Files.readString(made.both()));
    }
}
