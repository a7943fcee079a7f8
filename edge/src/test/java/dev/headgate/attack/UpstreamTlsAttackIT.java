package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.OriginCertificates;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SecureOrigin;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins that are not whom they should be, or speak what they should not, and somebody on the way who cuts off. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UpstreamTlsAttackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊Secret: word␍␊␍␊";

    @TempDir
    Path folder;

    @ThreatRow(value = "TLS-12", outcome = "502 with the reason in the log; the origin gets no byte of the request")
    @ParameterizedTest
    @CsvSource({
        "origin.crt, wrong.test, certificate_name",
        "unknown.crt, example.test, certificate_untrusted",
        "self-signed.crt, example.test, certificate_untrusted",
        "expired.crt, example.test, certificate_expired",
        "early.crt, example.test, certificate_not_yet_valid",
    })
    void tls_12_wrongCertificateIs502(String certificate, String name, String token) {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, certificate);
                var proxy = before(origin.address(), "serverName: " + name).start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(502);
            assertEquals(
                    "headgate; error=tls_certificate_error", response.fields().value("proxy-status"));
            assertFalse(response.text().contains(origin.address()), response.text());
            assertEquals(List.of(), scripts.connections());
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_CERTIFICATE, 1);
            awaitLogged(proxy, "failure=upstream_tls_certificate tls=\"tls." + token + ": ");
        }
    }

    @ThreatRow(
            value = "TLS-12",
            advisory = "nginx CVE-2026-1642",
            outcome = "bytes before the handshake are no answer, also when a handshake follows: 502")
    @Test
    void tls_12_plainBytesBeforeTheHandshakeAreNoAnswer() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt")
                        .saysFirst("HTTP/1.1 200 OK␍␊Content-Length: 6␍␊␍␊forged");
                var proxy = before(origin.address(), "verify: full").start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(502);
            assertEquals("headgate; error=tls_protocol_error", response.fields().value("proxy-status"));
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_HANDSHAKE, 1);
            assertEquals(List.of(), scripts.connections());
        }
    }

    @ThreatRow(value = "TLS-12", outcome = "an origin that speaks plain HTTP: 502, nothing is sent in plain text")
    @ParameterizedTest
    @CsvSource({"'HTTP/1.1 200 OK␍␊Content-Length: 0␍␊␍␊', tls.protocol_error", "'', tls.peer_closed"})
    void tls_12_neverFallsBackToPlainText(String answer, String token) throws IOException {
        var received = new CopyOnWriteArrayList<String>();
        try (var plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var proxy = before("127.0.0.1:" + plain.getLocalPort(), "verify: full")
                        .start();
                var client = proxy.connect()) {
            Thread.ofVirtual().start(() -> answerAll(plain, answer, received));
            var response = client.send(GET).expectStatus(502);
            assertEquals("headgate; error=tls_protocol_error", response.fields().value("proxy-status"));
            Await.until("the attempt is seen to its end", () -> received.size() == 1);
            String bytes = received.getFirst();
            assertEquals("\u0016\u0003", bytes.substring(0, 2)); // a handshake record
            assertFalse(bytes.contains("Secret"), bytes);
            awaitLogged(proxy, "failure=upstream_tls_handshake tls=\"" + token + ": ");
        }
    }

    private static void answerAll(ServerSocket server, String answer, List<String> received) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                var bytes = new ByteArrayOutputStream();
                byte[] first = new byte[4096];
                bytes.write(first, 0, socket.getInputStream().read(first));
                socket.getOutputStream().write(Wire.bytes(answer));
                socket.shutdownOutput();
                readToEndOrReset(socket, bytes);
                received.add(bytes.toString(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    private static void readToEndOrReset(Socket socket, ByteArrayOutputStream into) {
        try {
            socket.getInputStream().transferTo(into);
        } catch (IOException e) {
            // A reset is an end as well.
        }
    }

    @ThreatRow(value = "TLS-12", outcome = "a version below those of the profile: 502")
    @Test
    void tls_12_olderVersionIsNotTaken() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").versions("TLSv1.2");
                var proxy = before(origin.address(), "profile: modern").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            assertEquals(List.of(), scripts.connections());
            proxy.awaitEndedBy(Cause.UPSTREAM_TLS_ALERT, 1);
        }
    }

    @ThreatRow(
            value = "TLS-11",
            outcome = "from an origin: content without an end of its own counts as cut off, and the client sees it")
    @ParameterizedTest
    @ValueSource(strings = {"␍␊half", "Content-Length: 9␍␊␍␊half", "Transfer-Encoding: chunked␍␊␍␊4␍␊half␍␊"})
    void tls_11_endWithoutCloseNotifyIsNoEnd(String rest) {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊" + rest));
                var origin = SecureOrigin.before(scripts, "origin.crt").truncates();
                var proxy = before(origin.address(), "verify: full").start();
                var client = proxy.connect()) {
            var response = client.send(GET).readResponseToAnyEnding();
            assertEquals("half", response.text());
            assertNotEquals(Response.Ending.COMPLETE, response.ending());
            proxy.awaitEndedBy(Cause.UPSTREAM_TRUNCATED, 1);
            assertEquals(1, scripts.requests().size());
        }
    }

    @ThreatRow("TLS-11")
    @Test
    void tls_11_endWithCloseNotifyIsTheEnd() {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊␍␊whole"));
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = before(origin.address(), "verify: full").start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                assertEquals("whole", client.send(GET).expectStatus(200).text());
            }
        }
    }

    @ThreatRow(value = "TLS-11", outcome = "content that is complete before is complete")
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5␍␊␍␊whole", "Transfer-Encoding: chunked␍␊␍␊5␍␊whole␍␊0␍␊␍␊"})
    void tls_11_completeContentIsComplete(String rest) {
        try (var scripts = ScriptedOrigin.start().otherwise(OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊" + rest));
                var origin = SecureOrigin.before(scripts, "origin.crt").truncates();
                var proxy = before(origin.address(), "verify: full").start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                assertEquals("whole", client.send(GET).expectStatus(200).text());
            }
        }
    }

    @ThreatRow("TLS-11")
    @Test
    void tls_11_completeContentReachesAClientThatReadsLate() {
        int length = 4 << 20;
        try (var scripts = ScriptedOrigin.start()
                        .on("/large", exchange -> {
                            exchange.respond(200, new byte[length]);
                            exchange.close();
                        })
                        .otherwise(OriginScript.ok("other"));
                var origin = SecureOrigin.before(scripts, "origin.crt").truncates();
                var proxy = before(origin.address(), "verify: full").start();
                var client = proxy.connect();
                var other = proxy.connect()) {
            client.send("GET /large HTTP/1.1␍␊Host: a␍␊␍␊");
            for (int i = 0; i < 20; i++) {
                other.send(GET).expectStatus(200);
            }
            assertEquals(length, client.expectStatus(200).text().length());
        }
    }

    /** Many servers end idle connections so; a request that meets such an end is sent again on a fresh one. */
    @ThreatRow("TLS-11")
    @Test
    void tls_11_endOfAnIdleConnectionCostsNoRequest() {
        OriginScript once = exchange -> {
            exchange.readContent();
            if (exchange.indexOnConnection() == 0) {
                exchange.respond(200, "answer");
            } else {
                exchange.close();
            }
        };
        try (var scripts = ScriptedOrigin.start().otherwise(once);
                var origin = SecureOrigin.before(scripts, "origin.crt").truncates();
                var proxy = before(origin.address(), "verify: full").start();
                var client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                client.send(GET).expectStatus(200);
            }
            assertTrue(
                    origin.handshakes().size() >= 4, () -> origin.handshakes().toString());
        }
    }

    private ProxySetup before(String address, String keys) {
        Path root = OriginCertificates.write(folder, "root.crt");
        return ProxySetup.before(address).upstream("tls: {ca: " + root + ", " + keys + "}");
    }

    private static void awaitLogged(ProxyHarness proxy, String part) {
        try {
            Await.until("it is logged", () -> proxy.errorLog().stream().anyMatch(line -> line.contains(part)));
        } catch (AssertionError e) {
            throw new AssertionError(part + " is not in " + proxy.errorLog(), e);
        }
    }
}
