package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.OriginCertificates;
import dev.headgate.e2e.SecureClient;
import dev.headgate.e2e.SecureOrigin;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import dev.headgate.testkit.peer.TlsPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels with TLS that ends at the proxy, on either side. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TunnelTlsIT {
    private static final String NAME = TestCertificates.NAME;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void showsTheOriginWhatWasInTheClientsTls(String version) throws IOException {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).listener(tls("")).start();
                var client = TlsPeer.connect(TestCertificates.clientContext(), proxy.port(), NAME, version)) {
            client.handshake().send("plain".getBytes(StandardCharsets.US_ASCII));
            try (var server = origin.accept()) {
                server.expect("plain").send("answer");
                assertEquals("answer", new String(client.receive(6), StandardCharsets.US_ASCII));
                server.halfClose();
                assertEquals("answer", new String(client.receiveAll(), StandardCharsets.US_ASCII));
            }
        }
    }

    @Test
    void carriesLargeContentThroughTls() throws Exception {
        byte[] content = Pattern.bytes(0, 8 << 20);
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin).listener(tls("")).start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            client.socket().startHandshake();
            Thread sender = Thread.ofVirtual().start(() -> write(client, content));
            assertArrayEquals(content, client.socket().getInputStream().readNBytes(content.length));
            sender.join();
            client.socket().shutdownOutput();
            assertEquals(-1, client.socket().getInputStream().read());
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    private static void write(SecureClient client, byte[] content) {
        try {
            client.socket().getOutputStream().write(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void passesOneNameThroughAndEndsTheOthers() throws IOException {
        byte[] hello = Hellos.of("db.example.com", "", 0x0303);
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin)
                        .listener(tls(", passthrough: {serverName: db.example.com, to: app}"))
                        .start()) {
            try (var client = TcpPeer.connect(proxy.port()).send(hello);
                    var server = origin.accept()) {
                assertArrayEquals(hello, server.receive(hello.length));
                server.send("raw").halfClose();
                client.expect("raw").expectEnd();
                client.halfClose();
                server.expectEnd();
            }
            try (var client = SecureClient.connect(proxy.port(), NAME)) {
                client.send("plain");
                try (var server = origin.accept()) {
                    server.expect("plain").halfClose();
                    assertEquals(-1, client.socket().getInputStream().read());
                    client.socket().shutdownOutput();
                    server.expectEnd();
                }
            }
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 2);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void closesClientsThatHaveNotOpenedTlsWhenItStops() {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).listener(tls("")).start();
                var client = TcpPeer.connect(proxy.port())) {
            Await.until("it is let in", () -> proxy.openConnections() == 1);
            var drain = proxy.drain(Duration.ofSeconds(30));
            client.expectEnd();
            Await.until("drained", () -> !drain.isAlive());
            assertEquals(0, origin.connections());
        }
    }

    /** Whatever is inside, the proxy does not speak it: it chooses none, and the client goes on. */
    @Test
    void choosesNoApplicationProtocol() throws IOException {
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin).listener(tls("")).start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            SSLParameters parameters = client.socket().getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"postgresql"});
            client.socket().setSSLParameters(parameters);
            client.send("q");
            assertEquals('q', client.socket().getInputStream().read());
            assertEquals("", client.socket().getApplicationProtocol());
        }
    }

    /** An end without close_notify may come from anybody on the path: it is no end that the origin may believe. */
    @Test
    void carriesATruncatedStreamAsAReset() throws IOException {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).listener(tls("")).start();
                var client = TlsPeer.connect(TestCertificates.clientContext(), proxy.port(), NAME, "TLSv1.3")) {
            client.handshake().send("a".getBytes(StandardCharsets.US_ASCII));
            try (var server = origin.accept()) {
                server.expect("a");
                client.shutdownOutput();
                server.expectReset();
            }
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
        }
    }

    @Test
    void speaksTlsToAnUpstreamThatHasIt() {
        OriginCertificates.write(folder, "root.crt");
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = TunnelSetup.to(origin.address())
                        .upstream("tls: {ca: " + folder.resolve("root.crt") + ", serverName: example.test}")
                        .start();
                var client = RawClient.connect(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello")
                        .expectStatus(200);
            }
            assertEquals(1, origin.handshakes().size());
            assertEquals("example.test", origin.handshakes().getFirst().serverName());
            assertEquals("", origin.handshakes().getFirst().protocol());
            assertEquals(List.of(), origin.offers());
        }
    }

    @ParameterizedTest
    @CsvSource({"postgresql, postgresql", "'h2, x/2, http/1.1', x/2", "'', ''"})
    void offersTheUpstreamWhatIsConfigured(String offered, String chosen) {
        OriginCertificates.write(folder, "root.crt");
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var origin = SecureOrigin.before(scripts, "origin.crt").protocols("x/2", "postgresql");
                var proxy = TunnelSetup.to(origin.address())
                        .upstream("tls: {ca: %s, serverName: example.test, alpn: [%s]}"
                                .formatted(folder.resolve("root.crt"), offered))
                        .start();
                var client = RawClient.connect(proxy.port())) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            List<String> names = List.of(offered.split(", ", -1));
            assertEquals(offered.isEmpty() ? List.of() : List.of(names), origin.offers());
            assertEquals(chosen, origin.handshakes().getFirst().protocol());
        }
    }

    @Test
    void resetsTheClientWhenTheUpstreamTakesNoneOfWhatIsOffered() {
        OriginCertificates.write(folder, "root.crt");
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").protocols("postgresql");
                var proxy = TunnelSetup.to(origin.address())
                        .upstream("tls: {ca: " + folder.resolve("root.crt") + ", serverName: example.test, alpn: imap}")
                        .start();
                var client = TcpPeer.connect(proxy.port())) {
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_TLS_ALERT, 1);
            Await.until(
                    "the error log tells",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("no_application_protocol")));
        }
    }

    @Test
    void resetsTheClientWhenTheUpstreamsCertificateIsRefused() {
        OriginCertificates.write(folder, "root.crt");
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = TunnelSetup.to(origin.address())
                        .upstream("tls: {ca: " + folder.resolve("root.crt") + ", serverName: other.test}")
                        .start();
                var client = TcpPeer.connect(proxy.port())) {
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_TLS_CERTIFICATE, 1);
            Await.until(
                    "the error log tells",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("tls.certificate_name")));
        }
    }

    @Test
    void writesTlsAndNameToTheAccessLog() throws IOException {
        Path log = folder.resolve("access.log");
        try (var origin = TcpOrigin.echo()) {
            try (var proxy = TunnelSetup.to(origin)
                            .listener(tls(""))
                            .accessLog("{format: json, to: \"" + log + "\"}")
                            .start();
                    var client = SecureClient.connect(proxy.port(), NAME)) {
                client.send("hello");
                client.socket().getInputStream().readNBytes(5);
            }
            String record = Files.readString(log);
            assertTrue(record.contains("\"protocol\":\"tcp\",\"host\":\"" + NAME + "\""), record);
            assertTrue(record.contains("\"tls\":\"TLSv1.3 TLS_AES_128_GCM_SHA256\""), record);
            assertTrue(record.contains("\"bytes_in\":5,\"bytes_out\":5"), record);
        }
    }

    private String tls(String more) {
        TestCertificates files = TestCertificates.in(folder);
        return "tls: {certificates: [{chain: %s, key: %s}]%s}".formatted(files.chain(), files.key(), more);
    }
}
