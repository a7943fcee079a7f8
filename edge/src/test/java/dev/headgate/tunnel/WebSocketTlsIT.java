package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.OriginCertificates;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SecureClient;
import dev.headgate.e2e.SecureOrigin;
import dev.headgate.exchange.Cause;
import dev.headgate.http.websocket.CloseFrame;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets with TLS on either side of the proxy. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WebSocketTlsIT {
    private static final String NAME = TestCertificates.NAME;

    @TempDir
    Path folder;

    @Test
    void passesOneFromWithinTls() throws IOException {
        byte[] much = WebSocketFrames.frame(0x82, false, Pattern.bytes(0, 300_000));
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .listener(tls())
                        .upstream(TunnelSetup.SOON_AT_REST)
                        .start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            OutputStream out = client.socket().getOutputStream();
            InputStream in = client.socket().getInputStream();
            out.write(ascii(WebSocketPeers.ASKING.replace("Host: a", "Host: " + NAME) + "early"));
            try (var server = origin.accept()) {
                assertTrue(WebSocketPeers.head(server).contains("X-Forwarded-Proto: https\r\n"));
                server.send(WebSocketPeers.GRANTING).send(much);
                assertTrue(head(in).startsWith("HTTP/1.1 101 "));
                assertArrayEquals(much, in.readNBytes(much.length));
                server.expect("early");
                out.write(WebSocketFrames.masked("hello"));
                server.expect(WebSocketFrames.masked("hello"));
                proxy.awaitBuffersReturned();
                server.halfClose();
                assertEquals(-1, in.read());
                client.socket().shutdownOutput();
                server.expectEnd();
            }
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    /** RFC 7540 §3.2 knew it on plain connections alone; within TLS it is a way past whoever looks at requests. */
    @ThreatRow(value = "H1-23", outcome = "the same within TLS")
    @Test
    void h1_23_asksNobodyWithinTlsEither() throws IOException {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).listener(tls()).start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            client.send("GET / HTTP/1.1␍␊Host: " + NAME
                    + "␍␊Connection: Upgrade, HTTP2-Settings␍␊Upgrade: h2c␍␊HTTP2-Settings: AAMAAABkAAQAAP__␍␊␍␊");
            try (var server = origin.accept()) {
                String request = WebSocketPeers.head(server);
                assertFalse(request.toLowerCase(Locale.ROOT).matches("(?s).*(upgrade|http2|h2c).*"), request);
                server.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
                assertTrue(client.receive().startsWith("HTTP/1.1 502 "));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void passesOneToAnOriginWithTls(String version) {
        OriginCertificates.write(folder, "root.crt");
        try (var scripts = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send(script(WebSocketPeers.GRANTING) + "greeting");
                    exchange.awaitPeerEnd();
                });
                var origin = SecureOrigin.before(scripts, "origin.crt").versions(version);
                var proxy = ProxySetup.before(origin.address())
                        .upstream("tls: {ca: " + folder.resolve("root.crt") + ", serverName: example.test}")
                        .upstream(TunnelSetup.SOON_AT_REST)
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING)) {
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 101 "));
            client.expect("greeting").send("bye").reset();
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    /** The origin would choose HTTP/2, on which there is no Upgrade (RFC 9113 §8.2.2). */
    @Test
    void offersHttp1AloneForOneWhereHttp2IsSpokenElse() {
        OriginCertificates.write(folder, "root.crt");
        try (var scripts = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send(script(WebSocketPeers.GRANTING) + "greeting");
                    exchange.awaitPeerEnd();
                });
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: auto, tls: {ca: " + folder.resolve("root.crt")
                                + ", serverName: example.test}")
                        .upstream(TunnelSetup.SOON_AT_REST)
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING)) {
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 101 "));
            client.expect("greeting").reset();
            assertEquals(List.of(List.of("http/1.1")), origin.offers());
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void asksNoOriginForOneThatSpeaksHttp2Alone() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2")
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            server.expect("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            server.reset();
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 502 "));
        }
    }

    @Test
    void tellsClientsWithTlsWhenItStops() throws IOException {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).listener(tls()).start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            client.socket().getOutputStream().write(ascii(WebSocketPeers.ASKING.replace("Host: a", "Host: " + NAME)));
            try (var server = origin.accept()) {
                WebSocketPeers.head(server);
                server.send(WebSocketPeers.GRANTING);
                assertTrue(head(client.socket().getInputStream()).startsWith("HTTP/1.1 101 "));
                var drain = proxy.drain(Duration.ofSeconds(30));
                byte[] told = WebSocketFrames.close(false, CloseFrame.GOING_AWAY);
                assertArrayEquals(told, client.socket().getInputStream().readNBytes(told.length));
                client.socket().getOutputStream().write(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
                assertEquals(8, server.receive(8).length);
                server.send(told);
                assertEquals(-1, client.socket().getInputStream().read());
                server.expectEnd();
                Await.until("drained", () -> !drain.isAlive());
                TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_DRAINED, 1);
            }
        }
    }

    private String tls() {
        TestCertificates files = TestCertificates.in(folder);
        return "tls: {certificates: [{chain: %s, key: %s}]}".formatted(files.chain(), files.key());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String script(String text) {
        return text.replace("\r", "␍").replace("\n", "␊");
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            assertTrue(next >= 0, () -> "the connection ended behind: " + head);
            head.append((char) next);
        }
        return head.toString();
    }
}
