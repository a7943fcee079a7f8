package dev.headgate.tls.credential;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files that OpenSSL made, and short words for reading them. */
final class Fixtures {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    static final String CHAIN = text("intermediate.crt");

    private Fixtures() {}

    static byte[] bytes(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalArgumentException("no fixture " + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    static CredentialResult read(String certificates, String key, @Nullable String passphrase) {
        return read(certificates, key, passphrase, NOW, CredentialLimits.DEFAULTS);
    }

    static CredentialResult read(
            String certificates, String key, @Nullable String passphrase, Instant now, CredentialLimits limits) {
        return new CredentialReader(limits)
                .readPem(
                        certificates.getBytes(StandardCharsets.UTF_8),
                        key.getBytes(StandardCharsets.UTF_8),
                        passphrase == null ? null : passphrase.toCharArray(),
                        now);
    }

    static Credential credential(CredentialResult result) {
        return assertInstanceOf(CredentialResult.Ready.class, result, result::toString)
                .credential();
    }

    /** Tokens in order, with {@code !} before them when there is no credential. */
    static String outcome(CredentialResult result) {
        List<String> tokens =
                result.findings().stream().map(f -> f.code().token()).toList();
        return (result instanceof CredentialResult.Refused ? "!" : "") + String.join(" ", tokens);
    }
}
