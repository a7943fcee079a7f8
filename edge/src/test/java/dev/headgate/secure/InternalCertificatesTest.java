package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.ListenerTls.Source;
import dev.headgate.config.StateFolder;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import dev.headgate.engine.io.FileStamp;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertEquals("rw-r--r--", permissions(state.resolve("internal.crt")));
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
    void theCertificateAloneIsMadeAnewWhenItIsMissingOrAnother() throws IOException {
        read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        Path alone = folder.resolve("internal.crt");
        byte[] made = Files.readAllBytes(alone);
        Files.delete(alone);
        read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        assertArrayEquals(made, Files.readAllBytes(alone));
        Files.writeString(alone, "of yesterday");
        read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        assertArrayEquals(made, Files.readAllBytes(alone));
        assertEquals("rw-r--r--", permissions(alone));
    }

    @Test
    void theCertificateAloneStaysAsLongAsItIsTheOne() throws IOException {
        read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        FileStamp before = FILES.stamp(folder.resolve("internal.crt"));
        read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        assertEquals(before, FILES.stamp(folder.resolve("internal.crt")));
    }

    @Test
    void isUsedAlsoWhenTheCertificateAloneCannotBeWritten() throws IOException {
        X509Certificate first = read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        Path alone = folder.resolve("internal.crt");
        Files.delete(alone);
        assertEquals(first, read(new InternalCertificates(new FullDisk(), required(folder)), PLAIN, NOW));
        assertEquals(
                List.of("cannot write the certificate alone, for clients that are to trust it, to " + alone
                        + ": No space left on device"),
                warnings);
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
        InternalCertificates certificates = new InternalCertificates(new FullDisk(), required(folder));
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
    private static final class FullDisk extends OtherFiles {
        @Override
        public void writePrivate(Path path, byte[] content) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void writeReadable(Path path, byte[] content) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    /** One file or folder there has other rights than it has. */
    private static final class OtherRights extends OtherFiles {
        private final Path path;
        private final Optional<FileRights> rights;

        OtherRights(Path path, @Nullable FileRights rights) {
            this.path = path;
            this.rights = Optional.ofNullable(rights);
        }

        @Override
        public Optional<FileRights> rights(Path asked) throws IOException {
            return asked.equals(path) ? rights : super.rights(asked);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
    void aKeyThatOthersCanGetAtIsNotUsed(String mode) throws IOException {
        Path key = folder.resolve("internal.pem");
        read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
        byte[] before = Files.readAllBytes(key);
        assertEquals(
                key + " holds a key, and others than its owner may use the file (" + mode + "): chmod 600 " + key
                        + " keeps the key; if somebody may have read it, delete the file, and the next start makes another"
                        + "; --state or HEADGATE_STATE names another folder",
                problemWith(FILES));
        assertArrayEquals(before, Files.readAllBytes(key));
    }

    @Test
    void aKeyOfSomebodyElsesIsNotUsed() {
        Path key = folder.resolve("internal.pem");
        read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        assertEquals(
                key
                        + " holds a key, and belongs to mallory, who is neither the user of this process nor root: delete it, and"
                        + " the next start makes another, or chown it if you know the key"
                        + "; --state or HEADGATE_STATE names another folder",
                problemWith(new OtherRights(key, rights("mallory", false, "rw-------"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void aFolderThatOthersCanWriteIsNotUsed(String mode) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
        assertEquals(
                "others than its owner may write into the folder " + folder + " (" + mode
                        + "), and so put a key of theirs there: chmod go-w " + folder
                        + "; --state or HEADGATE_STATE names another folder",
                problemWith(FILES));
        assertFalse(Files.exists(folder.resolve("internal.pem")));
    }

    @Test
    void aFolderOfSomebodyElsesIsNotUsed() {
        assertEquals(
                "the folder " + folder
                        + " belongs to mallory, who is neither the user of this process nor root, and can put a key there: chown it"
                        + "; --state or HEADGATE_STATE names another folder",
                problemWith(new OtherRights(folder, rights("mallory", false, "rwxr-xr-x"))));
    }

    @Test
    void nobodyElseIsFearedWhereTheFileSystemKnowsNone() throws IOException {
        X509Certificate first = read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        Path key = folder.resolve("internal.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(first, read(new InternalCertificates(new OtherRights(key, null), required(folder)), PLAIN, NOW));
    }

    @Test
    void anExposedKeyIsDoneWithoutWhereThePlaceIsNotRequired() throws IOException {
        X509Certificate first = read(new InternalCertificates(FILES, required(folder)), PLAIN, NOW);
        Path key = folder.resolve("internal.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        InternalCertificates certificates = new InternalCertificates(FILES, new StateFolder(folder, false));
        assertNotEquals(first, leaf(certificates.read(PLAIN, NOW, problems, warnings)));
        assertEquals(List.of(), problems);
        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().contains("it is in memory"), warnings::toString);
    }

    @Test
    void takingRightsAwayFromOthersIsAChange() throws IOException {
        InternalCertificates certificates = new InternalCertificates(FILES, required(folder));
        read(certificates, PLAIN, NOW);
        Path key = folder.resolve("internal.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        String exposed = certificates.stamp(PLAIN);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertNotEquals(exposed, certificates.stamp(PLAIN));
    }

    private String problemWith(FileAccess files) {
        assertNull(new InternalCertificates(files, required(folder)).read(PLAIN, NOW, problems, warnings));
        assertEquals(1, problems.size(), problems::toString);
        return problems.getFirst();
    }

    private static FileRights rights(String owner, boolean isTrusted, String mode) {
        return new FileRights(owner, isTrusted, PosixFilePermissions.fromString(mode));
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
