package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.StateFolder;
import dev.headgate.config.ListenerTls.Source;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.OpenFile;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.CredentialResult;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InternalCertificatesTest {
    private static final FileAccess FILES = EngineOptions.DEFAULTS.io().files();
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Source.Internal PLAIN = new Source.Internal(List.of());

    @TempDir
    Path folder;

    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @Test
    void isMadeOnceAndKept() throws IOException {
        Path state = folder.resolve("deep/state");
        X509Certificate first = read(new InternalCertificates(FILES, required(state)), PLAIN, NOW);
        X509Certificate second = read(new InternalCertificates(FILES, required(state)), PLAIN, NOW.plusSeconds(9));
        assertEquals(first, second);
        assertEquals(List.of(), warnings);
        assertEquals("rw-------", permissions(state.resolve("internal.pem")));
        assertEquals("rwx------", permissions(state));
        assertEquals("rwx------", permissions(folder.resolve("deep")));
        assertFalse(Files.readString(state.resolve("internal.crt")).contains("PRIVATE"));
        try (var files = Files.list(state)) {
            assertEquals(
                    Set.of("internal.pem", "internal.crt"),
                    new HashSet<>(files.map(file -> String.valueOf(file.getFileName()))
                            .toList()));
        }
    }

    @Test
    void coversThisMachineAndWhatIsAdded() {
        Source.Internal more = new Source.Internal(List.of("shop.test", "*.inner.test", "192.0.2.7", "2001:db8::1"));
        InternalCertificates certificates = new InternalCertificates(FILES, required(folder));
        Credential credential = credential(certificates, more, NOW);
        assertTrue(credential.names().exact().containsAll(Set.of("localhost", "shop.test")));
        assertEquals(Set.of("inner.test"), credential.names().wildcards());
        assertEquals(
                Set.of(
                        InetAddress.ofLiteral("127.0.0.1"),
                        InetAddress.ofLiteral("::1"),
                        InetAddress.ofLiteral("192.0.2.7"),
                        InetAddress.ofLiteral("2001:db8::1")),
                credential.names().addresses());
        assertNotEquals(read(certificates, PLAIN, NOW), credential.leaf());
    }

    @Test
    void isRenewedWhenAThirdIsLeft() {
        InternalCertificates certificates = new InternalCertificates(FILES, required(folder));
        Credential first = credential(certificates, PLAIN, NOW);
        Duration validity = Duration.between(first.notBefore(), first.notAfter());
        assertTrue(validity.compareTo(Duration.ofDays(397)) <= 0);
        Instant due = first.notAfter().minus(validity.dividedBy(3));
        assertFalse(certificates.isRenewalDue(PLAIN, due.minusSeconds(1)));
        assertEquals(first.leaf(), read(certificates, PLAIN, due.minusSeconds(1)));
        assertTrue(certificates.isRenewalDue(PLAIN, due));
        Credential second = credential(certificates, PLAIN, due);
        assertNotEquals(first.leaf(), second.leaf());
        assertFalse(certificates.isRenewalDue(PLAIN, due));
        assertEquals(second.leaf(), read(new InternalCertificates(FILES, required(folder)), PLAIN, due));
    }

    @Test
    void isMadeAnewWhenItHasEnded() {
        X509Certificate first = read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        Instant later = NOW.plus(Duration.ofDays(800));
        X509Certificate second = read(new InternalCertificates(FILES, required(folder)), PLAIN, later);
        assertNotEquals(first, second);
        assertTrue(second.getNotAfter().toInstant().isAfter(later));
    }

    @Test
    void staysInUseWhenItCannotBeRenewed() {
        Credential first = credential(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        InternalCertificates certificates = new InternalCertificates(new FullDisk(FILES), required(folder));
        assertEquals(first.leaf(), read(certificates, PLAIN, NOW));
        Instant due = first.notAfter().minus(Duration.ofDays(100));
        assertTrue(certificates.isRenewalDue(PLAIN, due));
        assertEquals(first.leaf(), read(certificates, PLAIN, due));
        assertEquals(
                List.of("cannot renew the internal certificate in " + folder.resolve("internal.pem")
                        + ": No space left on device"),
                warnings);
        assertFalse(certificates.isRenewalDue(PLAIN, due));
        assertTrue(certificates.isRenewalDue(PLAIN, due.plus(Duration.ofHours(1))));
    }

    /** Everything can be read there, and nothing written. */
    private record FullDisk(FileAccess real) implements FileAccess {
        @Override
        public boolean exists(Path path) {
            return real.exists(path);
        }

        @Override
        public byte[] readAll(Path path, int lengthMaxBytes) throws IOException {
            return real.readAll(path, lengthMaxBytes);
        }

        @Override
        public FileStamp stamp(Path path) throws IOException {
            return real.stamp(path);
        }

        @Override
        public void writePrivate(Path path, byte[] content) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public OpenFile openRead(Path path) throws IOException {
            return real.openRead(path);
        }

        @Override
        public OpenFile openAppend(Path path) throws IOException {
            return real.openAppend(path);
        }
    }

    @Test
    void aPlaceThatIsRequiredAndCannotBeUsedIsAProblem() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        InternalCertificates certificates = new InternalCertificates(FILES, required(file.resolve("state")));
        assertNull(certificates.read(PLAIN, NOW, problems, warnings));
        assertEquals(1, problems.size());
        assertTrue(
                problems.getFirst()
                        .startsWith("cannot keep the internal certificate in " + file.resolve("state/internal.pem: ")),
                problems::toString);
        assertTrue(problems.getFirst().contains("HEADGATE_STATE"), problems::toString);
    }

    @Test
    void aPlaceThatIsNotRequiredIsDoneWithout() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        InternalCertificates certificates =
                new InternalCertificates(FILES, new StateFolder(file.resolve("state"), false));
        X509Certificate first = leaf(certificates.read(PLAIN, NOW, problems, warnings));
        assertEquals(1, warnings.size());
        assertEquals(first, leaf(certificates.read(PLAIN, NOW, problems, warnings)));
        assertEquals(1, warnings.size());
        assertEquals("in memory, number 1", certificates.stamp(PLAIN));
    }

    @Test
    void isInMemoryWithoutAPlace() {
        InternalCertificates certificates = new InternalCertificates(FILES, null);
        assertEquals(read(certificates, PLAIN, NOW), read(certificates, PLAIN, NOW));
        assertNotEquals(read(certificates, PLAIN, NOW), read(new InternalCertificates(FILES, null), PLAIN, NOW));
    }

    @Test
    void manyThatStartAtOnceFindAWholeOne() throws InterruptedException {
        List<X509Certificate> found = Collections.synchronizedList(new ArrayList<>());
        List<Thread> starts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            starts.add(Thread.ofPlatform()
                    .start(() -> found.add(leaf(new InternalCertificates(FILES, required(folder))
                            .read(PLAIN, NOW, new ArrayList<>(), new ArrayList<>())))));
        }
        for (Thread start : starts) start.join();
        assertEquals(8, found.size());
        X509Certificate last = read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        assertTrue(found.contains(last));
    }

    private X509Certificate read(InternalCertificates certificates, Source.Internal source, Instant now) {
        return credential(certificates, source, now).leaf();
    }

    private Credential credential(InternalCertificates certificates, Source.Internal source, Instant now) {
        var result = certificates.read(source, now, problems, warnings);
        assertEquals(List.of(), problems);
        return assertInstanceOf(CredentialResult.Ready.class, result).credential();
    }

    private static X509Certificate leaf(@Nullable CredentialResult result) {
        return assertInstanceOf(CredentialResult.Ready.class, Objects.requireNonNull(result))
                .credential()
                .leaf();
    }

    private static StateFolder required(Path path) {
        return new StateFolder(path, true);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
