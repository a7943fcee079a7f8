package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Headgate;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.e2e.SecureOrigin.Handshake;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy before origins that speak TLS. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UpstreamTlsIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";
    private static final String HASTE = "timeouts: {connect: 50ms}, retry: {attempts: 1}";
    private static final int LARGE = 20 << 20;

    @TempDir
    Path folder;

    @Test
    void keepsAConnectionAlive() {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, "serverName: example.test").start();
                var client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("hello", client.send(POST).expectStatus(200).text());
            }
            assertEquals(List.of(new Handshake("TLSv1.3", "example.test", "http/1.1", "")), origin.handshakes());
            assertEquals("http", scripts.lastRequest().fields().value("x-forwarded-proto"));
            assertEquals(1, tlsOf(proxy).handshakes().get("TLSv1.3"));
            assertEquals(List.of(1L), List.copyOf(tlsOf(proxy).bySuite().values()));
        }
    }

    @Test
    void asksForAndVerifiesTheEndpointsOwnHost() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = ProxySetup.before("localhost:" + origin.port())
                        .upstream(tls("verify: full"))
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            assertEquals("localhost", origin.handshakes().getFirst().serverName());
        }
    }

    @Test
    void verifiesAnAddressAndSendsNoName() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, "verify: full").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            assertEquals("", origin.handshakes().getFirst().serverName());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void resumesSessionsOnLaterConnections(String version) {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").versions(version);
                var proxy = before(origin, "serverName: example.test")
                        .upstream("pool: {idle: 0}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(GET).expectStatus(200);
            }
            assertEquals(5, tlsOf(proxy).handshakes().get(version));
            assertEquals(4, tlsOf(proxy).resumed().get(version));
        }
    }

    @Test
    void resumesEachOfTwoEndpointsOfOneName() {
        try (var scripts = ScriptedOrigin.start();
                var first = SecureOrigin.before(scripts, "origin.crt");
                var second = SecureOrigin.before(scripts, "origin.crt");
                var proxy = ProxySetup.before(first.address(), second.address())
                        .upstream(tls("serverName: example.test"))
                        .upstream("balance: round-robin")
                        .upstream("pool: {idle: 0}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 6; i++) {
                client.send(GET).expectStatus(200);
            }
            assertEquals(3, first.handshakes().size());
            assertEquals(4, tlsOf(proxy).resumed().get("TLSv1.3"));
        }
    }

    @Test
    void largeDownloadIsUnchanged() {
        try (var scripts = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: " + LARGE + "␍␊␍␊");
                    Pattern.write(exchange.output(), LARGE);
                });
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, "verify: full").start();
                var client = proxy.connect().send(GET)) {
            var seen = Pattern.verifier();
            byte[] content = client.expectStatus(200).text().getBytes(StandardCharsets.ISO_8859_1);
            seen.write(content, 0, content.length);
            assertEquals(LARGE, seen.count());
        }
    }

    @Test
    void largeUploadIsUnchanged() {
        var seen = Pattern.verifier();
        try (var scripts = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent(seen);
                    exchange.respond(200, Long.toString(seen.count()));
                });
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, "verify: full")
                        .listener("limits: {body: unlimited}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + LARGE + "␍␊␍␊")
                    .send(Pattern.bytes(0, LARGE));
            assertEquals(Integer.toString(LARGE), client.expectStatus(200).text());
        }
    }

    @Test
    void anyNameWillDoWhenOnlyTheIssuerIsVerified() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var stranger = SecureOrigin.before(scripts, "unknown.crt");
                var proxy = before(origin, "verify: ca, serverName: other.test").start();
                var strict =
                        before(stranger, "verify: ca, serverName: other.test").start();
                var client = proxy.connect();
                var refused = strict.connect()) {
            client.send(GET).expectStatus(200);
            assertEquals("other.test", origin.handshakes().getFirst().serverName());
            refused.send(GET).expectStatus(502);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"self-signed.crt", "unknown.crt", "expired.crt"})
    void anyCertificateWillDoWhenNothingIsVerified(String certificate) {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, certificate);
                var proxy = ProxySetup.before(origin.address())
                        .upstream("tls: {verify: off}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
        }
    }

    @Test
    void theRootsOfTheJdkDoNotKnowTheOrigin() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy =
                        ProxySetup.before(origin.address()).upstream("tls: {}").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            assertEquals(0, scripts.requests().size());
            assertTrue(tlsOf(proxy).failures().get("tls.certificate_untrusted") > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void showsItsCertificateToAnOriginThatDemandsOne(String version) {
        String own = "clientCertificate: {chain: %s, key: %s}"
                .formatted(OriginCertificates.write(folder, "client.crt"), OriginCertificates.write(folder, "key.pem"));
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt")
                        .versions(version)
                        .needsClients();
                var proxy = before(origin, own).start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(200);
            assertEquals("CN=client", origin.handshakes().getFirst().client());
            assertTrue(tlsOf(proxy).certificatesEndS() < Long.MAX_VALUE);
        }
    }

    /** In TLS 1.3 the alert comes when the request is on its way already; in 1.2 it ends the handshake. */
    @ParameterizedTest
    @CsvSource({"TLSv1.3, upstream_failed", "TLSv1.2, upstream_connect_failed"})
    void tellsOfAnOriginThatDemandsACertificateInVain(String version, String event) {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt")
                        .versions(version)
                        .needsClients();
                var proxy = before(origin, "verify: full")
                        .upstream("retry: {attempts: 1}")
                        .start();
                var client = proxy.connect()) {
            var response = client.send(POST).expectStatus(502);
            assertEquals("headgate; error=tls_alert_received", response.fields().value("proxy-status"));
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_ALERT, 1);
            Await.until(
                    "it is logged",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=" + event + " ")
                                    && line.contains("failure=upstream_tls_alert tls=\"tls.peer_alert: ")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void anotherEndpointIsTriedWhateverTheMethod(String request) {
        try (var scripts = ScriptedOrigin.start();
                var stranger = SecureOrigin.before(scripts, "unknown.crt");
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = ProxySetup.before(stranger.address(), origin.address())
                        .upstream(tls("verify: full"))
                        .upstream("balance: round-robin")
                        .start()) {
            for (int i = 0; i < 4; i++) {
                try (var client = proxy.connect()) {
                    client.send(request).expectStatus(200);
                }
            }
            assertEquals(4, scripts.requests().size());
            assertTrue(tlsOf(proxy).failures().get("tls.certificate_untrusted") > 0);
        }
    }

    @Test
    void anOriginThatIsSilentInTheHandshakeIs504() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = ProxySetup.before("127.0.0.1:" + silent.getLocalPort())
                        .upstream(tls("verify: full"))
                        .upstream("timeouts: {handshake: 100ms}")
                        .upstream("retry: {attempts: 1}")
                        .start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(504);
            assertEquals("headgate; error=connection_timeout", response.fields().value("proxy-status"));
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_TIMEOUT, 1);
            assertEquals(1, tlsOf(proxy).failures().get("tls.handshake_timeout"));
        }
    }

    @Test
    void theTimeOfATryBoundsTheHandshakeToo() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = ProxySetup.before("127.0.0.1:" + silent.getLocalPort())
                        .upstream(tls("verify: full"))
                        .upstream("timeouts: {connect: 10ms}")
                        .upstream("retry: {attempts: 1, perTry: 150ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
            proxy.awaitEndedBy(Cause.UPSTREAM_FIRST_BYTE_TIMEOUT, 1);
        }
    }

    /** What takes as long as a connect may, begun later, is over: the handshake has had longer than that. */
    @Test
    void theTimeToConnectDoesNotBoundTheHandshake() {
        var mayGoOn = new CountDownLatch(1);
        try (var hole = Blackhole.open();
                var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").heldBy(mayGoOn);
                var proxy = before(origin, "verify: full").upstream(HASTE).start();
                var late = ProxySetup.before(hole.address()).upstream(HASTE).start();
                var client = proxy.connect();
                var other = late.connect()) {
            client.send(GET);
            other.send(GET).expectStatus(504);
            mayGoOn.countDown();
            client.expectStatus(200);
        }
    }

    // ---- application protocols

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verify: full    |http/1.1",
                "alpn: http/1.1  |http/1.1",
                "alpn: [http/1.1]|http/1.1",
                "alpn: []        |''",
            })
    void offersWhatIsConfigured(String keys, String expected) {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin, keys).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            assertEquals(expected.isEmpty() ? List.of() : List.of(List.of(expected)), origin.offers());
            assertEquals(expected, origin.handshakes().getFirst().protocol());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void tellsOfAnOriginThatSpeaksAnotherProtocol(String version) {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt")
                        .versions(version)
                        .protocols("h2");
                var proxy = before(origin, "verify: full")
                        .upstream("retry: {attempts: 1}")
                        .start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(502);
            assertEquals("headgate; error=tls_alert_received", response.fields().value("proxy-status"));
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_ALERT, 1);
            assertEquals(1, tlsOf(proxy).failures().get("tls.peer_alert"));
            awaitLogged(proxy, "failure=upstream_tls_alert tls=\"tls.peer_alert: ", "no_application_protocol");
            assertEquals(0, scripts.connections().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify: full", "alpn: []"})
    void tellsOfAnOriginThatChoosesWhatWasNotOffered(String keys) throws IOException {
        try (var origin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = ProxySetup.before("127.0.0.1:" + origin.getLocalPort())
                        .upstream(tls(keys))
                        .upstream("retry: {attempts: 1}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET);
            try (var socket = origin.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                in.skipNBytes(3);
                in.skipNBytes(in.readUnsignedShort()); // the record with the hello
                socket.getOutputStream().write(helloThatChooses("spdy/3"));
                var response = client.expectStatus(502);
                assertEquals(
                        "headgate; error=tls_protocol_error", response.fields().value("proxy-status"));
            }
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_HANDSHAKE, 1);
            assertEquals(1, tlsOf(proxy).failures().get("tls.protocol_mismatch"));
            awaitLogged(proxy, "failure=upstream_tls_handshake tls=\"tls.protocol_mismatch: ", "");
        }
    }

    /** The ServerHello of TLS 1.2 in its record, from a server that chooses {@code protocol}. */
    private static byte[] helloThatChooses(String protocol) {
        byte[] name = protocol.getBytes(StandardCharsets.US_ASCII);
        int extensions = 5 + 4 + 3 + name.length;
        int hello = 2 + 32 + 1 + 2 + 1 + 2 + extensions;
        ByteBuffer bytes = ByteBuffer.allocate(5 + 4 + hello);
        bytes.put((byte) 22).putShort((short) 0x0303).putShort((short) (4 + hello));
        bytes.putInt(2 << 24 | hello).putShort((short) 0x0303);
        bytes.put(new byte[32]).put((byte) 0).putShort((short) 0xc02b).put((byte) 0); // random, session, suite
        bytes.putShort((short) extensions);
        bytes.putShort((short) 0xff01).putShort((short) 1).put((byte) 0); // renegotiation_info
        bytes.putShort((short) 16).putShort((short) (3 + name.length)); // ALPN
        bytes.putShort((short) (1 + name.length)).put((byte) name.length).put(name);
        return bytes.array();
    }

    private static void awaitLogged(ProxyHarness proxy, String what, String further) {
        Await.until(
                what, () -> proxy.errorLog().stream().anyMatch(line -> line.contains(what) && line.contains(further)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ca: DIR/none.pem|cannot read DIR/none.pem: there is no such file",
                "ca: DIR/key.pem|DIR/key.pem: certificate.missing: ",
                "ca: DIR/empty.pem|DIR/empty.pem: certificate.missing: ",
                "clientCertificate: {chain: DIR/root.crt, key: DIR/key.pem}|key.certificate_mismatch",
            })
    void doesNotStartWithFilesThatAreOfNoUse(String keys, String expected) throws IOException {
        OriginCertificates.write(folder, "key.pem");
        OriginCertificates.write(folder, "root.crt");
        Files.createFile(folder.resolve("empty.pem"));
        String yaml = ProxySetup.before("127.0.0.1:1")
                .upstream("tls: {" + keys.replace("DIR", folder.toString()) + "}")
                .yaml();
        var config =
                ConfigLoader.parse("test.yaml", yaml, Environment.ofProcess()).orThrow();
        var failure = assertThrows(HeadgateStartException.class, () -> Headgate.start(config));
        assertEquals(HeadgateStartException.Kind.CERTIFICATE_UNUSABLE, failure.kind());
        String message = Objects.requireNonNull(failure.getMessage());
        assertTrue(message.startsWith("upstream app cannot speak TLS: "), message);
        assertTrue(message.contains(expected.replace("DIR", folder.toString())), message);
    }

    private String tls(String keys) {
        return "tls: {ca: " + OriginCertificates.write(folder, "root.crt") + ", " + keys + "}";
    }

    private ProxySetup before(SecureOrigin origin, String keys) {
        return ProxySetup.before(origin.address()).upstream(tls(keys));
    }

    private static MetricsSnapshot.Tls tlsOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                .tls()
                .orElseThrow();
    }
}
