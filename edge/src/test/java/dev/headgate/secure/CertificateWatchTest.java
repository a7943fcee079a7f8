package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.config.StateFolder;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.KeyKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener with a certificate out of files and one of the proxy's own, and the time moved by the test. */
class CertificateWatchTest {
    private static final String PAIR = "{chain: %s, key: %s}";
    private static final Duration LOOK = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final MovedTime time = new MovedTime();
    private final LockedFiles files = new LockedFiles();
    private final Metrics metrics = new Metrics(1, Cause.COUNT, Violation.values().length, 1);
    private final ErrorLog errors = new ErrorLog(System.getLogger("test"), time::monotonicNs);

    /** A file there cannot be read for want of permission, of which its stamp says nothing. */
    private static final class LockedFiles extends OtherFiles {
        @Nullable
        Path locked;

        @Override
        public byte[] readAll(Path path, int lengthMaxBytes) throws IOException {
            if (path.equals(locked)) {
                throw new AccessDeniedException(path.toString());
            }
            return super.readAll(path, lengthMaxBytes);
        }
    }

    private @Nullable TestCertificates made;
    private @Nullable ListenerSecurity security;
    private Path chain = Path.of("chain");
    private Path key = Path.of("key");
    private Path own = Path.of("own");

    @BeforeEach
    void writeFiles() {
        TestCertificates certificates = TestCertificates.in(folder);
        made = certificates;
        chain = certificates.chain();
        key = certificates.key();
        own = folder.resolve("state/internal.pem");
    }

    @Test
    void aRenewalIsOneChange() throws IOException {
        CertificateWatch watch = start();
        byte[] before = Files.readAllBytes(own);
        look(watch, 3);
        assertSeen(0, 0);
        time.wall = time.wall.plus(Duration.ofDays(300));
        look(watch, 5);
        assertSeen(1, 0);
        assertFalse(Arrays.equals(before, Files.readAllBytes(own)));
    }

    /** What is made anew is used at once; what cannot be read is tried again, though no file has changed meanwhile. */
    @Test
    void aRenewalDoesNotWaitForAnUnreadableFile() {
        CertificateWatch watch = start();
        files.locked = key;
        time.wall = time.wall.plus(Duration.ofDays(300));
        look(watch, 5);
        assertSeen(1, 1);
        files.locked = null;
        look(watch, 1);
        assertSeen(2, 1);
        look(watch, 5);
        assertSeen(2, 1);
    }

    /** The same, when it is there and no longer readable before the time has come. */
    @Test
    void anUnreadableFileDoesNotEndTheWatchOverTheOthers() throws IOException {
        CertificateWatch watch = start();
        Path away = Files.move(key, folder.resolve("away"));
        look(watch, 3);
        assertSeen(0, 1);
        time.wall = time.wall.plus(Duration.ofDays(300));
        look(watch, 3);
        assertSeen(1, 1);
        Files.move(away, key);
        look(watch, 3);
        assertSeen(2, 1);
    }

    @Test
    void oneThatIsOfNoUseDoesNotBlockTheOthers() throws IOException {
        Path other = copy(made().chain(), "other.pem");
        Path otherKey = copy(made().key(), "other.key");
        CertificateWatch watch = start(PAIR.formatted(chain, key), PAIR.formatted(other, otherKey));
        Files.delete(other);
        look(watch, 3);
        assertSeen(0, 1);
        assertShown(KeyKind.ECDSA_P256, KeyKind.ECDSA_P256);
        replace(chain, made().rsaChain());
        replace(key, made().rsaKey());
        look(watch, 3);
        assertSeen(1, 2);
        assertShown(KeyKind.RSA, KeyKind.ECDSA_P256);
        look(watch, 3);
        assertSeen(1, 2);
        replace(other, made().rsaChain());
        replace(otherKey, made().rsaKey());
        look(watch, 3);
        assertSeen(2, 2);
        assertShown(KeyKind.RSA, KeyKind.RSA);
    }

    /** All files are again what they were at the start, though one certificate has been replaced in between. */
    @Test
    void aWayBackIsAChangeToo() throws IOException {
        Path other = copy(made().chain(), "other.pem");
        CertificateWatch watch = start(PAIR.formatted(chain, key), PAIR.formatted(other, made().key()));
        Path otherAway = Files.move(other, folder.resolve("other.away"));
        Path chainAway = Files.move(chain, folder.resolve("chain.away"));
        Path keyAway = Files.move(key, folder.resolve("key.away"));
        Files.copy(made().rsaChain(), chain);
        Files.copy(made().rsaKey(), key);
        look(watch, 3);
        assertShown(KeyKind.RSA, KeyKind.ECDSA_P256);
        Files.move(otherAway, other);
        Files.move(chainAway, chain, StandardCopyOption.REPLACE_EXISTING);
        Files.move(keyAway, key, StandardCopyOption.REPLACE_EXISTING);
        look(watch, 3);
        assertShown(KeyKind.ECDSA_P256, KeyKind.ECDSA_P256);
    }

    private CertificateWatch start() {
        return start("internal", PAIR.formatted(chain, key));
    }

    private CertificateWatch start(String... sources) {
        ListenerConfig listener = ConfigLoader.parse(
                        "f", """
                        version: 1
                        listeners:
                          - name: web
                            address: 127.0.0.1:0
                            tls: {watch: 1s, certificates: [%s]}
                        routes: [{respond: {body: x}}]
                        """.formatted(String.join(", ", sources)), Environment.of(Map.of()))
                .orThrow()
                .listeners()
                .getFirst();
        ListenerTls settings = listener.tls().orElseThrow();
        CertificateFiles reader = new CertificateFiles(files, new StateFolder(folder.resolve("state"), true));
        ClientTrustFiles authorities = new ClientTrustFiles(files);
        List<String> stamps = reader.stamps(settings);
        CertificateWatch watch = new CertificateWatch(reader, authorities, time, errors);
        security = security(listener, reader, authorities);
        watch.add(settings, security, reader.stampsAfterReading(settings, stamps));
        return watch;
    }

    private ListenerSecurity security(ListenerConfig listener, CertificateFiles reader, ClientTrustFiles authorities) {
        ListenerTls settings = listener.tls().orElseThrow();
        try {
            return ListenerSecurity.create(
                    listener,
                    settings,
                    reader.read(settings, time.wall).identities().orElseThrow(),
                    authorities.readAll(settings.clientAuth(), time.wall),
                    () -> time.wall,
                    metrics.listener("web").tls(),
                    errors);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private TestCertificates made() {
        return Objects.requireNonNull(made);
    }

    private void look(CertificateWatch watch, int times) {
        for (int i = 0; i < times; i++) {
            time.monotonicNs += LOOK.toNanos();
            watch.doWork(time.monotonicNs);
        }
    }

    private MetricsSnapshot.Tls seen() {
        return Objects.requireNonNull(metrics.snapshot(List.of()).listeners().get("web"))
                .tls()
                .orElseThrow();
    }

    private void assertSeen(long changes, long failures) {
        assertEquals(List.of(changes, failures), List.of(seen().certificateChanges(), seen().certificateFailures()));
    }

    private void assertShown(KeyKind... kinds) {
        assertEquals(
                List.of(kinds),
                Objects.requireNonNull(security).identities().all().stream()
                        .map(Credential::kind)
                        .toList());
    }

    private Path copy(Path file, String name) throws IOException {
        return Files.copy(file, folder.resolve(name));
    }

    /** In one step, as a file that was not there before. */
    private void replace(Path file, Path content) throws IOException {
        Path next = copy(content, "next");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
