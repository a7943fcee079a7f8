package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listener that speaks TLS, before a plain origin. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsListenerIT {
    private static final String NAME = TestCertificates.NAME;

    @TempDir
    Path folder;

    @Test
    void servesOverTlsAndTellsTheOrigin() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = before(origin, pem()).start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            for (int i = 0; i < 3; i++) {
                String answer = client.send("POST / HTTP/1.1␍␊Host: " + NAME + "␍␊Content-Length: 5␍␊␍␊hello")
                        .receive();
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                assertTrue(answer.endsWith("\r\n\r\nhello"), answer);
            }
            var request = origin.lastRequest();
            assertEquals("https", request.fields().value("x-forwarded-proto"));
            assertEquals(String.valueOf(proxy.port()), request.fields().value("x-forwarded-port"));
            MetricsSnapshot.Tls tls = tlsOf(proxy);
            assertEquals(1, tls.handshakes().get("TLSv1.3"));
            assertEquals(0, tls.resumed().get("TLSv1.3"));
            assertEquals(1, tls.bySuite().get("TLS_AES_128_GCM_SHA256"));
        }
    }

    @ParameterizedTest
    @CsvSource({"encrypted key", "store", "rsa", "both kinds"})
    void takesEachFormOfCertificate(String form) throws IOException {
        String certificates = switch (form) {
            case "encrypted key" ->
                "{chain: %s, key: %s, passphrase: correct}".formatted(files().chain(), files().encryptedKey());
            case "store" -> "{store: %s, password: correct}".formatted(files().store());
            case "rsa" -> "{chain: %s, key: %s}".formatted(files().rsaChain(), files().rsaKey());
            default -> pem() + ", {chain: %s, key: %s}".formatted(files().rsaChain(), files().rsaKey());
        };
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, certificates).start();
                var client = SecureClient.connect(proxy.port(), "a." + NAME)) {
            String answer =
                    client.send("GET / HTTP/1.1␍␊Host: a." + NAME + "␍␊␍␊").receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            var leaf = (X509Certificate) client.socket().getSession().getPeerCertificates()[0];
            assertEquals(form.equals("rsa") ? "RSA" : "EC", leaf.getPublicKey().getAlgorithm());
        }
    }

    @Test
    void carriesLargeContentUnchanged() throws IOException {
        byte[] content = new byte[8 << 20];
        new Random(1).nextBytes(content);
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = before(origin, pem()).start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            client.send("POST / HTTP/1.1␍␊Host: " + NAME + "␍␊Connection: close␍␊Content-Length: " + content.length
                    + "␍␊␍␊");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.socket().getOutputStream().write(content);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            byte[] answer = client.receiveAll();
            sender.join();
            assertArrayEquals(content, Arrays.copyOfRange(answer, answer.length - content.length, answer.length));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void resumesSessions() {
        SSLContext context = TestCertificates.clientContext();
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, pem()).start()) {
            for (int i = 0; i < 5; i++) {
                try (var client = SecureClient.connect(context, proxy.port(), NAME)) {
                    client.send("GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊").receive();
                }
            }
            assertEquals(5, tlsOf(proxy).handshakes().get("TLSv1.3"));
            assertEquals(4, tlsOf(proxy).resumed().get("TLSv1.3"));
        }
    }

    @ThreatRow(value = "TLS-04", outcome = "421 unless the same certificate is for both names")
    @ParameterizedTest
    @CsvSource({
        // asked for, Host, status
        "example.test, example.test, 200",
        "example.test, EXAMPLE.test:443, 200",
        "example.test, a.example.test, 200",
        "a.example.test, example.test, 200",
        "example.test, self.test, 421",
        "self.test, example.test, 421",
        "example.test, unknown.test, 421",
        "example.test, 192.0.2.1, 421",
    })
    void tls_04_servesAHostOnlyOnAConnectionThatWasMadeForIt(String asked, String host, int status) {
        String self = "{chain: %s, key: %s}".formatted(files().selfSigned(), files().key());
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, pem() + ", " + self).start();
                var client = SecureClient.connect(TrustAll.context(), proxy.port(), asked)) {
            String answer =
                    client.send("GET / HTTP/1.1␍␊Host: " + host + "␍␊␍␊").receive();
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
            assertEquals(status == 200 ? 1 : 0, origin.requests().size());
        }
    }

    @Test
    void servesAnyHostWhenTold() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("tls: {sniHost: any, certificates: [" + pem() + "]}")
                        .start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            String answer = client.send("GET / HTTP/1.1␍␊Host: other.test␍␊␍␊").receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @ThreatRow(value = "H1-37", outcome = "one 400 in plain text, and the connection is closed")
    @Test
    void h1_37_answersPlainHttpOnATlsPortOnce() {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, pem()).start();
                var client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊GET /2 HTTP/1.1␍␊Host: a␍␊␍␊")
                    .expectStatus(400);
            client.expectClosed();
            assertEquals(0, origin.requests().size());
            assertEquals(1, tlsOf(proxy).failures().get("tls.plain_http"));
        }
    }

    @Test
    void writesTlsToTheAccessLog() throws IOException {
        Path log = folder.resolve("access.log");
        try (var origin = ScriptedOrigin.start()) {
            try (var proxy = before(origin, pem())
                            .accessLog("{format: json, to: \"" + log + "\"}")
                            .start();
                    var client = SecureClient.connect(proxy.port(), NAME)) {
                client.send("GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊").receive();
            }
        }
        String record = Files.readString(log);
        assertTrue(record.contains("\"tls\":\"TLSv1.3 TLS_AES_128_GCM_SHA256\""), record);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{chain: DIR/chain.pem, key: DIR/rsa-key.pem}|key.certificate_mismatch",
                "{chain: DIR/chain.pem, key: DIR/key-encrypted.pem}|key.passphrase.missing",
                "{chain: DIR/chain.pem, key: DIR/key-encrypted.pem, passphrase: wrong}|key.passphrase.wrong",
                "{chain: DIR/none.pem, key: DIR/key.pem}|cannot read DIR/none.pem: there is no such file",
                "{chain: DIR/key.pem, key: DIR/key.pem}|certificate.missing",
                "{store: DIR/store.p12, password: wrong}|key.passphrase.wrong",
            })
    void doesNotStartWithCertificatesThatAreOfNoUse(String certificate, String expected) {
        files();
        String yaml = """
                version: 1
                loops: 1
                listeners: [{name: web, address: "127.0.0.1:0", tls: {certificates: [%s]}}]
                routes: [{respond: {body: x}}]
                """.formatted(certificate.replace("DIR", folder.toString()));
        var config =
                ConfigLoader.parse("test.yaml", yaml, Environment.ofProcess()).orThrow();
        var failure =
                assertThrows(HeadgateStartException.class, () -> Headgate.start(config, HeadgateOptions.defaults()));
        assertEquals(HeadgateStartException.Kind.CERTIFICATE_UNUSABLE, failure.kind());
        String message = Objects.requireNonNull(failure.getMessage());
        assertTrue(message.startsWith("listener web cannot speak TLS: "), message);
        assertTrue(message.contains(expected.replace("DIR", folder.toString())), message);
    }

    private String pem() {
        return "{chain: %s, key: %s}".formatted(files().chain(), files().key());
    }

    private static ProxySetup before(ScriptedOrigin origin, String certificates) {
        return ProxySetup.before(origin).listener("tls: {certificates: [" + certificates + "]}");
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

    /** Handshakes in memory are nobody's: no client, no counter; and they are over when the proxy is. */
    @Test
    void warmsUpUntilItStops() throws Exception {
        try (var origin = ScriptedOrigin.start()) {
            var proxy = before(origin, pem()).top("warmUp: 1m").start();
            Thread warming = Thread.ofPlatform().start(proxy::warmUp);
            var listener = Objects.requireNonNull(proxy.metrics().listeners().get("web"));
            long counted = listener.tls().orElseThrow().handshakes().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertEquals(0, counted);
            proxy.close();
            assertTrue(warming.join(Duration.ofSeconds(30)));
        }
    }
}
