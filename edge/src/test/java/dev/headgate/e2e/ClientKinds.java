package dev.headgate.e2e;

import dev.headgate.testkit.TestAuthority;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/** Clients of one authority with all that can be wrong with a certificate, and the files that a listener judges them by. */
final class ClientKinds {
    static final Instant NOW = Instant.now();
    static final Duration DAY = Duration.ofDays(1);

    final TestAuthority authority = TestAuthority.root("Clients");
    final TestClient good = authority.client("CN=good").issue();
    final TestClient expired = authority
            .client("CN=late")
            .valid(NOW.minus(DAY.multipliedBy(2)), NOW.minus(DAY))
            .issue();
    final TestClient revoked = authority.client("CN=revoked").issue();
    final TestClient serverOnly = authority.client("CN=server").serverOnly().issue();
    final TestClient stranger =
            TestAuthority.root("Clients").client("CN=stranger").issue();
    private Path folder = Path.of("nowhere");

    /** Writes {@code ca.pem} and {@code list.pem} to {@code place}. */
    void writeTo(Path place) {
        folder = place;
        write("ca.pem", authority.pem());
        write("list.pem", authority.revocations(NOW.plus(DAY), revoked.certificate()));
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The keys {@code ca} and {@code crl} of a configuration. */
    String files() {
        return "ca: " + folder.resolve("ca.pem") + ", crl: " + folder.resolve("list.pem");
    }

    SSLContext context(String kind) {
        return switch (kind) {
            case "none" -> TestCertificates.clientContext();
            case "good" -> good.context();
            case "expired" -> expired.context();
            case "revoked" -> revoked.context();
            case "serverOnly" -> serverOnly.context();
            case "stranger" -> stranger.context();
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
