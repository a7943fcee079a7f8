package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.PeerContexts;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificate files that change under a running proxy. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CertificateReloadIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: " + TestCertificates.NAME + "␍␊␍␊";
    private static final int CHANGES = 100;

    @TempDir
    Path folder;

    private Path chain = Path.of("chain");
    private Path key = Path.of("key");

    @BeforeEach
    void writeFiles() throws IOException {
        files();
        chain = folder.resolve("live-chain.pem");
        key = folder.resolve("live-key.pem");
        putInPlace(false);
        Files.copy(files().key(), key);
    }

    @ThreatRow(value = "TLS-14", outcome = "what is of no use is not used; the old pair stays, with an alarm")
    @Test
    void tls_14_keepsTheOldPairUntilThereIsAWholeNewOne() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin)) {
            assertEquals("EC", keyKindSeen(proxy));
            Files.copy(files().rsaChain(), chain, StandardCopyOption.REPLACE_EXISTING);
            Await.until("the mismatch is noticed", () -> tlsOf(proxy).certificateFailures() == 1);
            assertEquals("EC", keyKindSeen(proxy));
            Await.until(
                    "the alarm",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=certificates_unusable")
                                    && line.contains("key.certificate_mismatch")));
            Files.delete(key);
            Await.until("the lack is noticed", () -> tlsOf(proxy).certificateFailures() == 2);
            assertEquals("EC", keyKindSeen(proxy));
            Files.copy(files().rsaKey(), key);
            Await.until("the new pair is used", () -> tlsOf(proxy).certificateChanges() == 1);
            assertEquals("RSA", keyKindSeen(proxy));
        }
    }

    @Test
    void renewsOneWhileAnotherIsOfNoUse() throws IOException {
        Path self = Files.copy(files().selfSigned(), folder.resolve("live-self.pem"));
        SSLContext trusting = PeerContexts.trusting(self);
        String pair = "{chain: %s, key: %s}";
        String both = pair.formatted(chain, chain) + ", " + pair.formatted(self, files().key());
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("tls: {watch: 5ms, certificates: [%s]}".formatted(both))
                        .start()) {
            Files.delete(self);
            Await.until("the lack is noticed", () -> tlsOf(proxy).certificateFailures() == 1);
            assertEquals("EC", keyKindSeen(proxy));
            putInPlace(true);
            Await.until("the new pair is used", () -> tlsOf(proxy).certificateChanges() == 1);
            assertEquals("RSA", keyKindSeen(proxy));
            Await.until("the lack is told again", () -> tlsOf(proxy).certificateFailures() == 2);
            request(
                    SecureClient.connect(trusting, proxy.port(), TestCertificates.SELF_NAME),
                    TestCertificates.SELF_NAME);
        }
    }

    @Test
    void followsLinksThatAreSwapped() throws IOException {
        Path live = Files.createDirectory(folder.resolve("v1"));
        Files.copy(files().chain(), live.resolve("chain.pem"));
        Files.copy(files().key(), live.resolve("key.pem"));
        Path next = Files.createDirectory(folder.resolve("v2"));
        Files.copy(files().rsaChain(), next.resolve("chain.pem"));
        Files.copy(files().rsaKey(), next.resolve("key.pem"));
        Path link = Files.createSymbolicLink(folder.resolve("live"), live);
        chain = link.resolve("chain.pem");
        key = link.resolve("key.pem");
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin)) {
            assertEquals("EC", keyKindSeen(proxy));
            Path swapped = Files.createSymbolicLink(folder.resolve("live.new"), next);
            Files.move(swapped, link, StandardCopyOption.ATOMIC_MOVE);
            Await.until("the new pair is used", () -> tlsOf(proxy).certificateChanges() == 1);
            assertEquals("RSA", keyKindSeen(proxy));
        }
    }

    /** Requests go on while certificates change a hundred times, on new connections, resumed and not; not one of them fails. */
    @Test
    void failsNoRequestWhileCertificatesChange() throws Exception {
        key = chain; // One file for both, replaced as a whole: no look can see half a change.
        try (var origin = ScriptedOrigin.start();
                var proxy = start(origin)) {
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            AtomicInteger served = new AtomicInteger();
            AtomicReference<Boolean> isOver = new AtomicReference<>(false);
            Thread clients = Thread.ofVirtual().start(() -> {
                try {
                    SSLContext resuming = TestCertificates.clientContext();
                    while (!isOver.get()) {
                        request(SecureClient.connect(resuming, proxy.port(), TestCertificates.NAME));
                        served.incrementAndGet();
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            for (int i = 0; i < CHANGES; i++) {
                putInPlace(i % 2 == 0);
                int changes = i + 1;
                Await.until("change " + changes, () -> tlsOf(proxy).certificateChanges() == changes);
            }
            isOver.set(true);
            clients.join();
            assertEquals(null, failure.get());
            assertTrue(served.get() > 0);
            assertEquals(0, tlsOf(proxy).certificateFailures());
            assertTrue(tlsOf(proxy).resumed().get("TLSv1.3") > 0);
        }
    }

    /** Puts certificates and key into one file, and that to where the chain is expected, as a whole. */
    private void putInPlace(boolean isRsa) throws IOException {
        Path both = folder.resolve("next.pem");
        Files.copy(isRsa ? files().rsaChain() : files().chain(), both, StandardCopyOption.REPLACE_EXISTING);
        Files.write(both, Files.readAllBytes(isRsa ? files().rsaKey() : files().key()), StandardOpenOption.APPEND);
        Files.move(both, chain, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private ProxyHarness start(ScriptedOrigin origin) {
        return ProxySetup.before(origin)
                .listener("tls: {watch: 5ms, certificates: [{chain: %s, key: %s}]}".formatted(chain, key))
                .start();
    }

    private static String keyKindSeen(ProxyHarness proxy) throws IOException {
        try (var client = SecureClient.connect(proxy.port(), TestCertificates.NAME)) {
            client.send(GET).receive();
            return client.socket()
                    .getSession()
                    .getPeerCertificates()[0]
                    .getPublicKey()
                    .getAlgorithm();
        }
    }

    private static void request(SecureClient connected) {
        request(connected, TestCertificates.NAME);
    }

    private static void request(SecureClient connected, String host) {
        try (connected) {
            String answer =
                    connected.send("GET / HTTP/1.1␍␊Host: " + host + "␍␊␍␊").receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    private static MetricsSnapshot.Tls tlsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tls()
                .orElseThrow();
    }

    /** Written to the test's folder. */
    private TestCertificates files() {
        return TestCertificates.in(folder);
    }
}
