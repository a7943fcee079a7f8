package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Protection;
import dev.headgate.tls.credential.CoveredNames;
import dev.headgate.tls.credential.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The certificate that all proxies of a run show, made for it: ECDSA with P-256, signed by itself, and good for three months.
 *
 * @param chain as PEM
 * @param key as PEM, PKCS#8
 * @param both in one file
 */
public record BenchCertificate(Path chain, Path key, Path both) {
    private static final Duration EARLIER = Duration.ofDays(1); // A clock may be set while this runs.
    private static final Duration VALIDITY = Duration.ofDays(90); // More than what is warned of.

    /**
     * Makes one.
     *
     * @param folder for the files
     * @throws IOException when it cannot be made
     */
    public static BenchCertificate make(Path folder) throws IOException {
        SelfSigned made = make(Instant.now().minus(EARLIER));
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(made.certificatePem());
        both.write(made.keyPem());
        return new BenchCertificate(
                Files.write(folder.resolve("chain.pem"), made.certificatePem()),
                Files.write(folder.resolve("key.pem"), made.keyPem()),
                Files.write(folder.resolve("both.pem"), both.toByteArray()));
    }

    private static SelfSigned make(Instant from) throws IOException {
        CoveredNames names =
                new CoveredNames(Set.of(Protection.SERVER_NAME, Protection.HTTP2_ORIGIN_NAME), Set.of(), Set.of());
        try {
            return SelfSigned.make(Protection.SERVER_NAME, names, from, from.plus(VALIDITY));
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate: " + e.getMessage(), e);
        }
    }
}
