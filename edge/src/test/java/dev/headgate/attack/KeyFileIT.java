package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SecureClient;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in files that others than the proxy can get at. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KeyFileIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: " + TestCertificates.NAME + "␍␊␍␊";

    @TempDir
    Path folder;

    private String chain = "";
    private Path key = Path.of("key");
    private Path store = Path.of("store");

    @BeforeEach
    void writeFiles() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        chain = files.chain().toString();
        key = Files.copy(files.key(), folder.resolve("live.key"));
        store = files.store();
    }

    @ThreatRow(
            value = "AD-03",
            outcome = "a warning with the file and its rights, and nothing of what is in it; it is used nevertheless")
    @ParameterizedTest
    @CsvSource({
        "rw-------, ''",
        "r--r-----, ''",
        "rw-r-----, ''",
        "rwxr-x---, ''",
        "rw-r--r--, read",
        "rw----r--, read",
        "r--r--r--, read",
        "rw-rw----, write",
        "rw-rw-rw-, write",
        "rw--w----, write",
    })
    void ad_03_warnsOfKeysThatOthersCanUse(String mode, String right) throws IOException {
        chmod(key, mode);
        chmod(store, mode);
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("tls: {certificates: [{chain: %s, key: %s}, {store: %s, password: correct}]}"
                                .formatted(chain, key, store))
                        .start()) {
            if (right.isEmpty()) {
                assertServed(proxy);
                assertEquals(List.of(), warnings(proxy));
            } else {
                Await.until("both are told", () -> warnings(proxy).size() == 2);
                assertWarned(warnings(proxy).getFirst(), key, mode, right);
                assertWarned(warnings(proxy).getLast(), store, mode, right);
                assertServed(proxy);
            }
            assertNothingOfTheKeyIn(proxy.errorLog());
        }
    }

    /** Links, as Kubernetes makes them, have all rights; those of the file count. */
    @ThreatRow("AD-03")
    @Test
    void ad_03_looksAtTheFileBehindALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.key"), key);
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, link)) {
            assertServed(proxy);
            assertEquals(List.of(), warnings(proxy));
        }
        chmod(key, "rw-r--r--");
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, link)) {
            Await.until("it is told", () -> warnings(proxy).size() == 1);
            assertWarned(warnings(proxy).getFirst(), link, "rw-r--r--", "read");
        }
    }

    @ThreatRow("AD-03")
    @Test
    void ad_03_warnsOfAChangedFileToo() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin, key)) {
            assertServed(proxy);
            assertEquals(List.of(), warnings(proxy));
            Path next = Files.copy(key, folder.resolve("next.key"));
            chmod(next, "rw-r--r--");
            Files.move(next, key, StandardCopyOption.ATOMIC_MOVE);
            Await.until("it is told", () -> warnings(proxy).size() == 1);
            assertWarned(warnings(proxy).getFirst(), key, "rw-r--r--", "read");
            assertServed(proxy);
        }
    }

    @ThreatRow("AD-03")
    @Test
    void ad_03_warnsOfKeysForOriginsToo() throws IOException {
        chmod(key, "rw-r--r--");
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .upstream("tls: {clientCertificate: {chain: %s, key: %s}}".formatted(chain, key))
                        .start()) {
            Await.until("it is told", () -> warnings(proxy).size() == 1);
            assertTrue(warnings(proxy).getFirst().contains(" upstream=app "));
            assertWarned(warnings(proxy).getFirst(), key, "rw-r--r--", "read");
        }
    }

    // ---- aids

    private ProxyHarness start(ScriptedOrigin origin, Path named) {
        return ProxySetup.before(origin)
                .listener("tls: {watch: 5ms, certificates: [{chain: %s, key: %s}]}".formatted(chain, named))
                .start();
    }

    private static void chmod(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static List<String> warnings(ProxyHarness proxy) {
        return proxy.errorLog().stream()
                .filter(line -> line.contains("key.exposed"))
                .toList();
    }

    private static void assertWarned(String line, Path file, String mode, String right) {
        assertTrue(line.startsWith("WARNING event=certificate_questionable "), line);
        assertTrue(line.contains("\"" + file + ": key.exposed: "), line);
        assertTrue(line.contains("others than its owner may " + right + " (" + mode + ")"), line);
    }

    private void assertNothingOfTheKeyIn(List<String> lines) throws IOException {
        for (String secret : Files.readAllLines(key)) {
            assertFalse(lines.stream().anyMatch(line -> line.contains(secret)));
        }
    }

    private static void assertServed(ProxyHarness proxy) {
        try (var client = SecureClient.connect(proxy.port(), TestCertificates.NAME)) {
            String answer = client.send(GET).receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }
}
