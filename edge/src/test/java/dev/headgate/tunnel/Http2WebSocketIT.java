package dev.headgate.tunnel;

import static dev.headgate.tunnel.WebSocketPeers.connecting;
import static dev.headgate.tunnel.WebSocketPeers.connectingFor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.http.websocket.CloseFrame;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on streams of HTTP/2 (RFC 8441) before origins that grant them over HTTP/1.1. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class Http2WebSocketIT {
    private static final String BOTH = "protocols: [h2, http/1.1]";

    private static ProxySetup before(TcpOrigin origin) {
        return ProxySetup.before(origin.address()).listener(BOTH);
    }

    private static Http2Peer client(ProxyHarness proxy) {
        return Http2Peer.connect(proxy.port()).greet();
    }

    private static String keyOf(String head) {
        String name = "sec-websocket-key: ";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name) + name.length();
        return head.substring(at, head.indexOf('\r', at));
    }

    private static String granting(String key, String more) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + WebSocketFrames.acceptOf(key) + "\r\n" + more + "\r\n";
    }

    /** The origin grants what the client has asked for on stream 1; returns the head that has come to it. */
    private static String grant(Http2Peer client, TcpPeer server) {
        String request = WebSocketPeers.head(server);
        server.send(granting(keyOf(request), "Sec-WebSocket-Protocol: chat\r\n"));
        assertEquals(200, client.awaitHead(1).status());
        return request;
    }

    private static void end(Http2Peer client, TcpPeer server) {
        client.send(Frames.data(1, Frames.END_STREAM, ""));
        server.expectEnd();
        server.halfClose();
        assertTrue(client.response(1).isComplete());
    }

    @Test
    void isOffered() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            assertEquals(1, client.setting(Frames.ENABLE_CONNECT_PROTOCOL, 0));
        }
    }

    @Test
    void itIsAskedForAndGrantedAsOverHttp1() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting("origin", "http://a", "sec-websocket-protocol", "chat")));
            try (var server = origin.accept()) {
                String request = grant(client, server);
                assertTrue(request.startsWith("GET /chat HTTP/1.1\r\n"), request);
                assertTrue(request.contains("Connection: Upgrade\r\nUpgrade: websocket\r\n"), request);
                assertTrue(request.contains("origin: http://a\r\n"), request);
                assertEquals(24, keyOf(request).length());
                Http2Response head = client.soFar(1);
                assertEquals(List.of("chat"), head.fields().all("sec-websocket-protocol"));
                assertFalse(head.fields().has("sec-websocket-accept"));
                assertFalse(head.fields().has("upgrade"));
                byte[] hello = WebSocketFrames.masked("hello");
                client.send(Frames.frame(Frames.DATA, 0, 1, hello));
                assertArrayEquals(hello, server.receive(hello.length));
                server.send(WebSocketFrames.plain("hi"));
                client.awaitContent(1, 4);
                end(client, server);
            }
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            client.get(3, "/ordinary");
            try (var server = origin.accept()) {
                WebSocketPeers.head(server);
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                client.expectStatus(3, 200);
            }
        }
    }

    /** Larger than windows and reads, both ways at once. */
    @Test
    void muchGoesBothWays() {
        byte[] up = pattern(900_000);
        byte[] down = pattern(1_100_000);
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting()));
            try (var server = origin.accept()) {
                grant(client, server);
                Thread sending = Thread.ofVirtual().start(() -> server.send(down));
                client.sendContent(1, up);
                assertArrayEquals(up, server.receive(up.length));
                server.expectEnd();
                assertEquals(
                        new String(down, StandardCharsets.ISO_8859_1),
                        client.awaitContent(1, down.length).text());
                Await.until("all is sent", () -> !sending.isAlive());
                server.halfClose();
                assertTrue(client.response(1).isComplete());
            }
            proxy.awaitBuffersReturned();
        }
    }

    @Test
    void whatComesBeforeItIsGrantedWaits() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            byte[] early = WebSocketFrames.masked("early");
            client.send(Frames.begin(1, connecting()), Frames.frame(Frames.DATA, 0, 1, early));
            client.settle();
            try (var server = origin.accept()) {
                grant(client, server);
                assertArrayEquals(early, server.receive(early.length));
                end(client, server);
            }
        }
    }

    @Test
    void moreThanMayWaitIsRefused() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin)
                        .route("{to: app, webSocket: {earlyBytes: 16B}}")
                        .start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting()), Frames.data(1, 0, 16));
            try (var server = origin.accept()) {
                WebSocketPeers.head(server);
                client.send(Frames.data(1, 0, 1));
                client.expectStatus(1, 400);
                server.expectReset();
            }
            client.send(Frames.begin(3, connecting()), Frames.data(3, 0, 17)).expectStatus(3, 400);
            proxy.awaitEndedBy(Cause.REQUEST_INVALID, 2);
            var listener = Objects.requireNonNull(proxy.metrics().listeners().get("web"));
            assertEquals(2, listener.byViolation()[Violation.UPGRADE_EARLY_BYTES.ordinal()]);
            for (int id = 5; id < 85; id += 2) { // more than the connection's window, if it did not come back
                client.send(Frames.begin(id, connecting())).sendContent(id, new byte[32 << 10]);
                client.expectStatus(id, 400);
            }
            proxy.awaitBuffersReturned();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 206})
    void anOrdinarySuccessGrantsNothing(int status) {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting()));
            try (var server = origin.accept()) {
                WebSocketPeers.head(server);
                server.send("HTTP/1.1 " + status + " OK\r\nContent-Length: 0\r\n\r\n");
                assertEquals(502, client.response(1).status());
            }
        }
    }

    @Test
    void aRefusalIsPassedOn() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting()));
            try (var server = origin.accept()) {
                WebSocketPeers.head(server);
                server.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                Http2Response response = client.response(1);
                assertEquals(403, response.status());
                assertEquals("no", response.text());
            }
        }
    }

    @ThreatRow(
            value = "H2-28",
            outcome =
                    "501 for other protocols, for half a handshake, and where WebSockets are off; nothing reaches the origin")
    @Test
    void h2_28_extendedConnectForWhatIsNotSpoken() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin)
                        .route("{match: {path: /chat}, to: app, webSocket: off}")
                        .route("{to: app}")
                        .start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connectingFor("connect-udp")));
            assertEquals(501, client.response(1).status());
            client.send(Frames.begin(3, connecting()));
            assertEquals(501, client.response(3).status());
            client.send(Frames.begin(
                    5,
                    FieldBlock.of(
                            ":method",
                            "CONNECT",
                            ":protocol",
                            "websocket",
                            ":scheme",
                            "http",
                            ":path",
                            "/",
                            ":authority",
                            "a")));
            assertEquals(501, client.response(5).status());
            assertEquals(0, origin.connections());
        }
    }

    @Test
    void aResetEndsTheOriginsSide() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting()));
            try (var server = origin.accept()) {
                grant(client, server);
                client.send(Frames.rst(1, Codes.CANCEL));
                server.expectReset();
            }
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            client.expectQuiet();
        }
    }

    @Test
    void anOriginThatBreaksOffResetsTheStream() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting()));
            try (var server = origin.accept()) {
                grant(client, server);
                server.reset();
                client.expectReset(1, Codes.CANCEL);
            }
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
            client.expectQuiet();
        }
    }

    @Test
    void drainingTellsBothSides() {
        try (var origin = TcpOrigin.start();
                var proxy = before(origin).start();
                var client = client(proxy)) {
            client.send(Frames.begin(1, connecting()));
            try (var server = origin.accept()) {
                grant(client, server);
                Thread drain = proxy.drain(Duration.ofSeconds(20));
                byte[] told = WebSocketFrames.close(false, CloseFrame.GOING_AWAY);
                client.awaitContent(1, told.length);
                client.send(Frames.frame(Frames.DATA, 0, 1, WebSocketFrames.close(true, CloseFrame.GOING_AWAY)));
                assertEquals(8, server.receive(8).length);
                server.send(told);
                assertTrue(client.response(1).isComplete());
                server.expectEnd();
                while (client.nextOrEnd() != null) {
                    // until it ends
                }
                client.halfClose();
                Await.until("drained", () -> !drain.isAlive());
            }
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_DRAINED, 1);
        }
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + (i * 7 + i / 26) % 26);
        }
        return bytes;
    }
}
