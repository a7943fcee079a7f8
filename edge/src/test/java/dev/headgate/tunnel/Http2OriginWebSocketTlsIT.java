package dev.headgate.tunnel;

import static dev.headgate.tunnel.WebSocketPeers.asking;
import static dev.headgate.tunnel.WebSocketPeers.expectGranted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.OriginCertificates;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SecureOrigin;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Request;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets to origins that agree on HTTP/2 within TLS, or on either version. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2OriginWebSocketTlsIT {
    private static final String GET = "GET /other HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    Path folder;

    private ProxySetup before(String address, String protocol) {
        return inTurn(protocol, address);
    }

    private ProxySetup inTurn(String protocol, String... addresses) {
        return ProxySetup.before(addresses)
                .upstream("protocol: " + protocol + ", balance: round-robin")
                .upstream("tls: {ca: " + OriginCertificates.write(folder, "root.crt") + ", serverName: example.test}");
    }

    private static void serveOrdinary(ProxyHarness proxy, Http2OriginPeer server) throws IOException {
        try (var client = TcpPeer.connect(proxy.port()).send(GET)) {
            server.respond(server.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 200 "));
            client.expect("ok");
        }
    }

    /** Grants over HTTP/1.1, and says so. */
    private static ScriptedOrigin byHttp1() {
        return ScriptedOrigin.start().otherwise(exchange -> {
            exchange.send(WebSocketPeers.GRANTING.replace("\r", "␍").replace("\n", "␊") + "by http/1.1");
            exchange.awaitPeerEnd();
        });
    }

    @Test
    void originOfHttp2AloneGetsItOnAStream() throws IOException {
        try (var origin = PlayedOrigin.startTls(OriginCertificates.serverContext("origin.crt"));
                var proxy = before(origin.address(), "h2").start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            Http2Request request = server.request();
            assertEquals("https", request.fields().value(":scheme"));
            int id = request.streamId();
            server.head(id, 0, 200);
            expectGranted(client);
            client.send(WebSocketFrames.masked("hello"));
            server.awaitContent(id, 11);
            server.send(Frames.data(id, Frames.END_STREAM, "by h2"));
            client.expect("by h2").expectEnd();
            client.halfClose();
            server.awaitContent(id);
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
        }
    }

    /** With auto it goes by HTTP/1.1 until the origin is known to take it otherwise. */
    @Test
    void originOfBothGetsItOnAStreamOnceItHasOfferedThat() throws IOException {
        try (var scripts = byHttp1();
                var http2 = PlayedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").http2To(http2.port());
                var proxy = before(origin.address(), "auto").start();
                var first = asking(proxy)) {
            expectGranted(first);
            first.expect("by http/1.1").reset();
            assertEquals(List.of(List.of("http/1.1")), origin.offers());
            TcpPeer ordinary = TcpPeer.connect(proxy.port()).send(GET);
            Http2OriginPeer server = http2.offer();
            server.respond(server.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(ordinary).startsWith("HTTP/1.1 200 "));
            server.settle();
            try (var second = asking(proxy)) {
                int id = server.request().streamId();
                server.head(id, 0, 200);
                expectGranted(second);
                server.send(Frames.data(id, 0, "by h2"));
                second.expect("by h2");
                assertEquals(2, origin.handshakes().size());
            }
            ordinary.close();
        }
    }

    @Test
    void originOfBothThatDoesNotOfferItGetsItByHttp1() throws IOException {
        try (var scripts = byHttp1();
                var http2 = PlayedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").http2To(http2.port());
                var proxy = before(origin.address(), "auto").start();
                var ordinary = TcpPeer.connect(proxy.port()).send(GET)) {
            Http2OriginPeer server = http2.accept();
            server.greet();
            server.respond(server.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(ordinary).startsWith("HTTP/1.1 200 "));
            for (int i = 0; i < 2; i++) {
                try (var client = asking(proxy)) {
                    expectGranted(client);
                    client.expect("by http/1.1");
                }
            }
            serveOrdinary(proxy, server);
            assertEquals(List.of("h2", "http/1.1"), origin.offers().getFirst());
            assertEquals(List.of("http/1.1"), origin.offers().getLast());
            assertEquals(2, server.requestCount(), "nobody else has asked");
        }
    }

    /** RFC 9113 §7. */
    @Test
    void originMayWantItByHttp1AllTheSame() throws IOException {
        try (var scripts = byHttp1();
                var http2 = PlayedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").http2To(http2.port());
                var proxy = before(origin.address(), "auto").start();
                var ordinary = TcpPeer.connect(proxy.port()).send(GET)) {
            Http2OriginPeer server = http2.offer();
            server.respond(server.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(ordinary).startsWith("HTTP/1.1 200 "));
            server.settle();
            try (var client = asking(proxy)) {
                server.send(Frames.rst(server.request().streamId(), Codes.HTTP_1_1_REQUIRED));
                expectGranted(client);
                client.expect("by http/1.1");
            }
        }
    }

    /** One that waits for an origin which takes it no more finds a connection with HTTP/1.1, and the wait is its own. */
    @Test
    void whoHasWaitedInVainGoesByHttp1() throws IOException {
        try (var scripts = byHttp1();
                var http2 = PlayedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").http2To(http2.port());
                var proxy = before(origin.address(), "auto").start();
                var ordinary = TcpPeer.connect(proxy.port()).send(GET)) {
            Http2OriginPeer first = http2.offer();
            int id = first.request().streamId();
            first.respond(id, 200, "ok");
            assertTrue(WebSocketPeers.head(ordinary).startsWith("HTTP/1.1 200 "));
            first.send(Frames.goAway(id, Codes.NO_ERROR));
            first.awaitEnd();
            try (var client = asking(proxy)) {
                Http2OriginPeer second = http2.accept();
                second.greet(); // It is another one now.
                expectGranted(client);
                client.expect("by http/1.1");
                assertEquals(0, second.requestCount());
                serveOrdinary(proxy, second);
                MetricsSnapshot.Endpoint endpoint =
                        proxy.metrics().endpoints().values().iterator().next();
                assertEquals(3, endpoint.connectionsOpened());
                client.reset();
            }
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
        }
    }

    /** Of two endpoints each speaks one version only: the one with HTTP/1.1 takes it, whichever is tried first. */
    @Test
    void anEndpointWithHttp1TakesWhatOneWithHttp2DoesNotOffer() throws IOException {
        try (var scripts = byHttp1();
                var http2 = PlayedOrigin.start();
                var ofHttp2 = SecureOrigin.before(scripts, "origin.crt")
                        .protocols("h2")
                        .http2To(http2.port());
                var ofHttp1 = SecureOrigin.before(scripts, "origin.crt").protocols("http/1.1");
                var proxy = inTurn("auto", ofHttp2.address(), ofHttp1.address()).start();
                var ordinary = TcpPeer.connect(proxy.port()).send(GET)) {
            Http2OriginPeer server = http2.accept();
            server.greet();
            server.respond(server.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(ordinary).startsWith("HTTP/1.1 200 "));
            for (int i = 0; i < 3; i++) {
                try (var client = asking(proxy)) {
                    expectGranted(client);
                    client.expect("by http/1.1");
                }
            }
            assertEquals(1, server.requestCount());
        }
    }

    /** One of both versions is known to offer it, and the next speaks HTTP/1.1 only: each takes it in its way. */
    @Test
    void eachEndpointTakesItInTheVersionThatItSpeaks() throws IOException {
        try (var scripts = byHttp1();
                var http2 = PlayedOrigin.start();
                var ofBoth = SecureOrigin.before(scripts, "origin.crt").http2To(http2.port());
                var ofHttp1 = SecureOrigin.before(scripts, "origin.crt").protocols("http/1.1");
                var proxy = inTurn("auto", ofBoth.address(), ofHttp1.address()).start();
                var ordinary = TcpPeer.connect(proxy.port()).send(GET)) {
            Http2OriginPeer server = http2.offer();
            server.respond(server.request().streamId(), 200, "ok");
            assertTrue(WebSocketPeers.head(ordinary).startsWith("HTTP/1.1 200 "));
            server.settle();
            try (var first = asking(proxy);
                    var second = asking(proxy)) {
                expectGranted(first);
                first.expect("by http/1.1");
                int id = server.request().streamId();
                server.head(id, 0, 200);
                expectGranted(second);
                server.send(Frames.data(id, 0, "by h2"));
                second.expect("by h2");
            }
        }
    }
}
