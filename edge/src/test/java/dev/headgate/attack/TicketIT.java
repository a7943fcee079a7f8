package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.SecureClient;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickets whose keys, certificate or proxy are no more: their clients get a whole handshake, and never a failure. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TicketIT {
    private static final String NAME = TestCertificates.NAME;
    private static final String GET = "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊";
    private static final int ROTATIONS = 5;

    @TempDir
    Path folder;

    private final SSLContext resuming = TestCertificates.clientContext();

    @BeforeEach
    void writeFiles() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        put(files.chain(), files.key());
    }

    /** Keys that are new with each ticket: the one before seals nothing any more, and still opens. */
    @ThreatRow(value = "TLS-02", outcome = "a ticket from before a change of its keys is good until it has run out")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void tls_02_resumesWithATicketFromBeforeARotation(String version) throws IOException {
        try (var program =
                HeadgateProcess.run(folder, yaml(0), "unlimited", "-Djdk.tls.server.statelessKeyTimeout=0")) {
            int port = program.awaitReady();
            long created = request(port, version);
            for (int i = 0; i < ROTATIONS; i++) {
                long before = System.currentTimeMillis();
                Await.until("the key is out of use", () -> System.currentTimeMillis() > before + 1);
                assertEquals(created, request(port, version), "the session of the first connection");
            }
        }
    }

    @ThreatRow(value = "TLS-02", outcome = "after a change of certificates, and at another instance, a whole handshake")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void tls_02_fallsBackAfterAChangeOfCertificates(String version) throws IOException {
        try (var proxy = ProxyHarness.start(yaml(0))) {
            request(proxy.port(), version);
            request(proxy.port(), version);
            assertEquals(1, tlsOf(proxy).resumed().get(version));
            TestCertificates files = TestCertificates.in(folder);
            put(files.rsaChain(), files.rsaKey());
            Await.until("they are changed", () -> tlsOf(proxy).certificateChanges() == 1);
            request(proxy.port(), version);
            assertEquals(1, tlsOf(proxy).resumed().get(version));
            request(proxy.port(), version);
            assertEquals(2, tlsOf(proxy).resumed().get(version));
            assertEquals(4, tlsOf(proxy).handshakes().get(version));
            assertNoFailure(proxy);
        }
    }

    @ThreatRow(value = "TLS-02", outcome = "after a change of certificates, and at another instance, a whole handshake")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void tls_02_fallsBackAtAnotherInstance(String version) throws IOException {
        int port;
        try (var first = ProxyHarness.start(yaml(0))) {
            port = first.port();
            request(port, version);
            request(port, version);
            assertEquals(1, tlsOf(first).resumed().get(version));
        }
        try (var second = ProxyHarness.start(yaml(port))) {
            request(port, version);
            assertEquals(0, tlsOf(second).resumed().get(version));
            request(port, version);
            assertEquals(1, tlsOf(second).resumed().get(version));
            assertEquals(2, tlsOf(second).handshakes().get(version));
            assertNoFailure(second);
        }
    }

    /** Answers when the connection's session was made. */
    private long request(int port, String version) {
        try (var client = SecureClient.connect(resuming, port, NAME)) {
            client.socket().setEnabledProtocols(new String[] {version});
            String answer = client.send(GET).receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            return client.socket().getSession().getCreationTime();
        }
    }

    private static void assertNoFailure(ProxyHarness proxy) {
        tlsOf(proxy).failures().forEach((token, count) -> {
            if (!token.equals("tls.truncated")) { // Which is how some clients end.
                assertEquals(0, count, token);
            }
        });
    }

    private static MetricsSnapshot.Tls tlsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().listeners().get("web"))
                .tls()
                .orElseThrow();
    }

    private void put(Path chain, Path key) throws IOException {
        Path both = folder.resolve("next.pem");
        Files.writeString(both, Files.readString(chain) + Files.readString(key));
        Files.move(both, folder.resolve("live.pem"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String yaml(int port) {
        Path live = folder.resolve("live.pem");
        return """
                version: 1
                loops: 1
                listeners:
                  - name: web
                    address: "127.0.0.1:%d"
                    tls: {watch: 5ms, certificates: [{chain: %s, key: %s}]}
                routes: [{respond: {body: x}}]
                log: {access: off}
                """.formatted(port, live, live);
    }
}
