package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.StateFolder;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.engine.io.Clock;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
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
    private static final Duration LOOK = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final Time time = new Time();
    private final LockedFiles files = new LockedFiles();
    private final Metrics metrics = new Metrics(1, Cause.COUNT, Violation.values().length);
    private final ErrorLog errors = new ErrorLog(System.getLogger("test"), time::monotonicNs);

    private static final class Time implements Clock {
        private long monotonicNs;
        private Instant wall = Instant.now();

        @Override
        public long monotonicNs() {
            return monotonicNs;
        }

        @Override
        public long wallMs() {
            return wall.toEpochMilli();
        }
    }

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

    private Path chain = Path.of("chain");
    private Path key = Path.of("key");
    private Path own = Path.of("own");

    @BeforeEach
    void writeFiles() {
        TestCertificates certificates = TestCertificates.in(folder);
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

    /** What is made anew is no use until all else can be read; then it is used, though no file has changed meanwhile. */
    @Test
    void aRenewalWithAnUnreadableFileIsMadeUpForLater() {
        CertificateWatch watch = start();
        files.locked = key;
        time.wall = time.wall.plus(Duration.ofDays(300));
        look(watch, 5);
        assertSeen(0, 1);
        files.locked = null;
        look(watch, 1);
        assertSeen(1, 1);
        look(watch, 5);
        assertSeen(1, 1);
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
        Files.move(away, key);
        look(watch, 3);
        assertEquals(1, seen().certificateChanges());
    }

    private CertificateWatch start() {
        ListenerConfig listener = ConfigLoader.parse("f", """
                        version: 1
                        listeners:
                          - name: web
                            address: 127.0.0.1:0
                            tls: {watch: 1s, certificates: [internal, {chain: %s, key: %s}]}
                        routes: [{respond: {body: x}}]
                        """.formatted(chain, key), Environment.of(Map.of()))
                .orThrow()
                .listeners()
                .getFirst();
        ListenerTls settings = listener.tls().orElseThrow();
        CertificateFiles certificates = new CertificateFiles(files, new StateFolder(folder.resolve("state"), true));
        ClientTrustFiles authorities = new ClientTrustFiles(files);
        List<String> stamps = certificates.stamps(settings);
        CertificateWatch watch = new CertificateWatch(certificates, authorities, time, errors);
        watch.add(
                settings,
                security(listener, certificates, authorities),
                certificates.stampsAfterReading(settings, stamps));
        return watch;
    }

    private ListenerSecurity security(
            ListenerConfig listener, CertificateFiles certificates, ClientTrustFiles authorities) {
        ListenerTls settings = listener.tls().orElseThrow();
        try {
            return ListenerSecurity.create(
                    listener,
                    settings,
                    certificates.read(settings, time.wall).identities().orElseThrow(),
                    authorities.readAll(settings.clientAuth(), time.wall),
                    () -> time.wall,
                    metrics.listener("web").tls(),
                    errors);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
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
}
