package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.Json;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.peer.RefusingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A WebSocket through the proxy: how one comes about, and how it does not. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WebSocketIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    Path folder;

    @Test
    void passesFramesBothWaysOnceItIsGranted() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream(TunnelSetup.SOON_AT_REST)
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(WebSocketFrames.masked("hello"));
            server.expect(WebSocketFrames.masked("hello")).send(WebSocketFrames.plain("hello"));
            client.expect(WebSocketFrames.plain("hello"));
            assertEquals(1, TunnelSetup.tunnelsOf(proxy).open());
            assertEquals(11, TunnelSetup.tunnelsOf(proxy).bytesIn());
            assertEquals(7, TunnelSetup.tunnelsOf(proxy).bytesOut());
            assertEquals(1, upstreamTunnels(proxy).open());
            assertEquals(1, inFlight(proxy), "in flight for whom it concerns");
            proxy.awaitBuffersReturned();
            client.send(WebSocketFrames.close(true, 1000));
            server.expect(WebSocketFrames.close(true, 1000)).send(WebSocketFrames.close(false, 1000));
            server.halfClose();
            client.expect(WebSocketFrames.close(false, 1000)).expectEnd();
            client.halfClose();
            server.expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
            assertEquals(0, proxy.upstreamPermitsTaken());
        }
    }

    @Test
    void tellsBothSidesWhatOthersAreToldToo() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .route("{to: app, headers: {request: {set: {x-in: \"1\"}}, response: {set: {x-out: \"2\"}}}}")
                        .start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.asking("Sec-WebSocket-Protocol: chat\r\n"
                                + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                                + "Origin: https://elsewhere.example\r\n"));
                var server = origin.accept()) {
            String request = WebSocketPeers.head(server);
            for (String line : List.of(
                    "GET /chat HTTP/1.1",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Key: " + WebSocketPeers.KEY,
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Protocol: chat",
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                    "Origin: https://elsewhere.example",
                    "X-Forwarded-For: 127.0.0.1",
                    "Via: 1.1 headgate",
                    "x-in: 1")) {
                assertTrue(request.contains(line + "\r\n"), () -> line + " in " + request);
            }
            server.send(WebSocketPeers.granting("Server: secret\r\nSec-WebSocket-Protocol: chat\r\n"
                    + "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
            String response = WebSocketPeers.head(client);
            for (String line : List.of(
                    "HTTP/1.1 101 Switching Protocols",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Accept: " + WebSocketFrames.acceptOf(WebSocketPeers.KEY),
                    "Sec-WebSocket-Protocol: chat",
                    "Sec-WebSocket-Extensions: permessage-deflate",
                    "Via: 1.1 headgate",
                    "x-out: 2")) {
                assertTrue(response.contains(line + "\r\n"), () -> line + " in " + response);
            }
            assertFalse(response.contains("secret"), response);
        }
    }

    /** RFC 9110 §7.8: of what a client would speak, the proxy takes the one that it knows, and nothing else goes on. */
    @ThreatRow(value = "H1-23", outcome = "beside a WebSocket, that alone is forwarded")
    @Test
    void h1_23_asksTheOriginForNothingElse() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port())) {
            client.send(WebSocketPeers.ASKING
                    .replace("Upgrade: websocket", "Upgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABkAAQAAP__")
                    .replace("keep-alive, Upgrade", "Upgrade, HTTP2-Settings"));
            try (var server = origin.accept()) {
                String request = WebSocketPeers.head(server);
                assertTrue(request.contains("Connection: Upgrade\r\nUpgrade: websocket\r\n"), request);
                assertFalse(request.toLowerCase(Locale.ROOT).contains("http2"), request);
                assertFalse(request.contains("h2c"), request);
            }
        }
    }

    @ThreatRow(
            value = "H1-22",
            outcome = "bytes behind a request for a WebSocket wait, up to 8 KiB, for a 101 that has that proof")
    @Test
    void h1_22_holdsEarlyBytesUntilItIsGranted() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.ASKING + "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n");
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            client.send("more");
            Await.until("all is read", () -> proxy.bytesRead() >= WebSocketPeers.ASKING.length());
            server.send(WebSocketPeers.GRANTING + "first");
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 101 "));
            client.expect("first");
            server.expect("GET /admin HTTP/1.1\r\nHost: a\r\n\r\nmore");
            assertEquals(1, origin.connections());
        }
    }

    @ThreatRow(
            value = "H1-22",
            outcome =
                    "bytes behind a request for a WebSocket that is not granted are dropped, and the connection ends behind the answer")
    @Test
    void h1_22_dropsEarlyBytesWhenItIsNotGranted() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.ASKING + "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n");
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            server.send(OK);
            String response = WebSocketPeers.head(client);
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
            assertTrue(response.contains("Connection: close\r\n"), response);
            client.expect("ok").expectEnd();
            client.halfClose();
            Await.until("the client is gone", () -> proxy.openConnections() == 0);
            assertEquals(1, origin.connections());
            assertEquals(0, TunnelSetup.tunnelsOf(proxy).opened());
        }
    }

    @ThreatRow(value = "H1-22", outcome = "more than 8 KiB of them: 400")
    @Test
    void h1_22_refusesMoreEarlyBytesThanItHolds() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .route("{to: app, webSocket: {earlyBytes: 16B}}")
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING + "x".repeat(16));
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            client.send("y");
            String response = WebSocketPeers.head(client);
            assertTrue(response.startsWith("HTTP/1.1 400 "), response);
            server.expectReset();
            proxy.awaitEndedBy(Cause.REQUEST_INVALID, 1);
            var listener = Objects.requireNonNull(proxy.metrics().listeners().get("web"));
            assertEquals(1, listener.byViolation()[Violation.UPGRADE_EARLY_BYTES.ordinal()]);
        }
    }

    /** What comes behind the 101 in the same segment is the other protocol's, however it is cut. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesWhatTheOriginSendsWithItsHead(boolean atOnce) throws IOException {
        byte[] much = Pattern.bytes(0, 200_000);
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            if (atOnce) {
                server.send(WebSocketPeers.GRANTING + "greeting");
            } else {
                for (char c : (WebSocketPeers.GRANTING + "greeting").toCharArray()) {
                    server.send(String.valueOf(c));
                }
            }
            server.send(much);
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 101 "));
            client.expect("greeting");
            assertArrayEquals(much, client.receive(much.length));
        }
    }

    @Test
    void answersThatAreNoGrantAreOrdinaryOnes() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            server.send(
                    "HTTP/1.1 401 Unauthorized\r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 2\r\n\r\nno");
            String response = WebSocketPeers.head(client);
            assertTrue(response.startsWith("HTTP/1.1 401 "), response);
            assertFalse(response.toLowerCase(Locale.ROOT).contains("upgrade"), response);
            client.expect("no").send(WebSocketPeers.ASKING);
            WebSocketPeers.grant(client, server); // The next one, on the same connections.
            client.send(WebSocketFrames.masked("a"));
            server.expect(WebSocketFrames.masked("a"));
        }
    }

    @Test
    void otherInterimResponsesMayComeBefore() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            server.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + WebSocketPeers.GRANTING);
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 103 "));
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 101 "));
        }
    }

    @ThreatRow(value = "H1-22", outcome = "a 101 without proof that the request was understood: 502")
    @ParameterizedTest
    @CsvSource({
        "Upgrade: websocket, Upgrade: foo",
        "Upgrade: websocket, X: y",
        "Connection: Upgrade, X: y",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, X: y",
        "xOo=, xOp=",
        "HTTP/1.1 101, HTTP/1.0 101"
    })
    void h1_22_grantWithoutProofIs502(String part, String wrong) {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING + "early");
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            server.send(WebSocketPeers.GRANTING.replace(part, wrong));
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 502 "));
            server.expectReset();
            proxy.awaitEndedBy(Cause.UPSTREAM_UPGRADE_INVALID, 1);
        }
    }

    /** What is no whole handshake, nobody may switch for: it is an ordinary request, and the origin sees no Upgrade (RFC 9110 §7.8). */
    @ThreatRow(value = "H1-22", outcome = "what is no whole handshake is an ordinary request")
    @ParameterizedTest
    @CsvSource({
        "GET, POST",
        "HTTP/1.1, HTTP/1.0",
        "'Upgrade: websocket\r\n', ''",
        "'keep-alive, Upgrade', keep-alive",
        "'Upgrade: websocket', 'Upgrade: foo'",
        "'Sec-WebSocket-Version: 13\r\n', ''",
        "'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 12'",
        "'Sec-WebSocket-Key: ', 'Sec-WebSocket-Key: x'",
        "'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='",
        "'keep-alive, Upgrade', 'Upgrade, Sec-WebSocket-Key'",
        "'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 13\r\nContent-Length: 2'"
    })
    void h1_22_whatIsNoWholeHandshakeIsAnOrdinaryRequest(String part, String other) {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.ASKING.replace(part, other) + (other.contains("Length") ? "xy" : ""));
                var server = origin.accept()) {
            String request = WebSocketPeers.head(server);
            assertFalse(request.toLowerCase(Locale.ROOT).contains("upgrade"), request);
            server.send(WebSocketPeers.GRANTING);
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 502 "));
            proxy.awaitEndedBy(Cause.UPSTREAM_UPGRADE_UNASKED, 1);
        }
    }

    @Test
    void aRouteCanDoWithout() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .route("{match: {path: /chat}, to: app, webSocket: off}")
                        .route("{to: app, webSocket: on}")
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            assertFalse(WebSocketPeers.head(server).contains("Upgrade"));
            server.send(OK);
            WebSocketPeers.head(client);
            client.expect("ok").send(WebSocketPeers.asking("/other", ""));
            WebSocketPeers.grant(client, server);
        }
    }

    @Test
    void goesOnToAnotherEndpointWhenOneRefuses() {
        try (var dead = RefusingPort.open();
                var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(dead.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start();
                var first = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var firstServer = origin.accept();
                var second = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var secondServer = origin.accept()) {
            WebSocketPeers.grant(first, firstServer);
            WebSocketPeers.grant(second, secondServer);
        }
    }

    @Test
    void countsAgainstTheConnectionsOfAnEndpoint() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {connections: 1}")
                        .upstream("breaker: {pending: 0}")
                        .start();
                var first = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(first, server);
            try (var second = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING)) {
                assertTrue(WebSocketPeers.head(second).startsWith("HTTP/1.1 503 "));
            }
            first.reset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            Await.until("it is free again", () -> proxy.upstreamPermitsTaken() == 0);
        }
    }

    /** It may have said all before it has an answer. */
    @Test
    void passesEarlyBytesOfAClientThatHasEndedItsStream() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.ASKING + "early")
                        .halfClose();
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            server.expect("early").expectEnd();
            server.send("late").halfClose();
            client.expect("late").expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
        }
    }

    /** Requests behind one that got an ordinary answer are requests again. */
    @Test
    void servesRequestsBehindAnAnswerThatIsNoGrant() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.head(server);
            server.send(OK.substring(0, OK.length() - 2));
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 200 "));
            long read = proxy.bytesRead();
            client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.awaitRead(read + 10);
            server.send("ok");
            client.expect("ok");
            assertTrue(WebSocketPeers.head(server).startsWith("GET /next "));
            server.send(OK);
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 200 "));
            client.expect("ok");
        }
    }

    @Test
    void passesOnWhatAHalfClosedClientStillGets() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.ASKING)
                        .halfClose();
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            server.expectEnd();
            server.send(WebSocketFrames.plain("last"));
            client.expect(WebSocketFrames.plain("last"));
            server.halfClose();
            client.expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
        }
    }

    @Test
    void resetsOneSideWhenTheOtherIsReset() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream(TunnelSetup.SOON_AT_REST)
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            server.reset();
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
            TunnelSetup.awaitNothingLeft(proxy);
            Await.until(
                    "the error log tells",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("upstream_failed")));
        }
    }

    @Test
    void oneRecordAtTheEndTellsTheWholeOfIt() throws IOException {
        Path file = folder.resolve("access.log");
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .accessLog("{format: json, to: " + file + "}")
                        .start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.asking("/chat?room=1", "User-Agent: test/1\r\n"));
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            try (var other = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                    var otherServer = origin.accept()) {
                WebSocketPeers.grant(other, otherServer); // The same objects serve another exchange meanwhile.
                other.reset();
            }
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            client.send(WebSocketFrames.masked("hello"));
            server.expect(WebSocketFrames.masked("hello")).halfClose();
            client.expectEnd();
            client.halfClose();
            server.expectEnd();
            Await.until("both records", () -> lines(file).size() == 2);
            Map<String, Object> record = Json.object(lines(file).get(1));
            assertEquals("GET", record.get("method"));
            assertEquals("/chat?room=1", record.get("path"));
            assertEquals("a", record.get("host"));
            assertEquals("test/1", record.get("user_agent"));
            assertEquals("127.0.0.1", record.get("client"));
            assertEquals("HTTP/1.1", record.get("protocol"));
            assertEquals(101, record.get("status"));
            assertEquals("app", record.get("upstream"));
            assertEquals(origin.address(), record.get("endpoint"));
            assertEquals(1, record.get("attempts"));
            assertEquals(
                    WebSocketPeers.asking("/chat?room=1", "User-Agent: test/1\r\n")
                                    .length()
                            + 11,
                    record.get("bytes_in"));
            assertFalse(record.containsKey("cause"), record::toString);
            Map<String, Object> reset = Json.object(lines(file).get(0));
            assertEquals("client_aborted", reset.get("cause"));
            assertEquals(101, reset.get("status"));
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static MetricsSnapshot.Tunnels upstreamTunnels(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                .tunnels()
                .orElseThrow();
    }

    private static long inFlight(ProxyHarness proxy) {
        return proxy.metrics().endpoints().values().stream()
                .mapToLong(MetricsSnapshot.Endpoint::attemptsInFlight)
                .sum();
    }
}
