package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that break the rules of WebSocket, and peers who use them otherwise than meant: they are the endpoints' to judge, and harm nobody else. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WebSocketAttackIT {
    private static final int FLOOD_FRAMES = 50_000;

    static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of("unmasked", WebSocketFrames.plain("hello")),
                Arguments.of("a length of 2^63", hex("82FF800000000000000001020304")),
                Arguments.of("the longest length, and little of it", hex("82FF7FFFFFFFFFFFFFFF0102030461")),
                Arguments.of("longer than it need be", WebSocketFrames.frame(WebSocketFrames.TEXT, true, 3, 8)),
                Arguments.of("a ping of 126 bytes", WebSocketFrames.frame(WebSocketFrames.PING, true, 126)),
                Arguments.of("a ping in parts", hex("0980010203040980010203")),
                Arguments.of("reserved bits", hex("F18101020304FF")),
                Arguments.of("reserved opcodes", hex("838001020304BF8001020304")),
                Arguments.of("a part of no message", hex("808001020304")),
                Arguments.of("a Close of one byte", hex("88810102030400")),
                Arguments.of("more behind a Close", hex("888001020304818001020304")),
                Arguments.of("a request", "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                Arguments.of("one-byte frames", flood(hex("82810102030461"))),
                Arguments.of("empty parts", flood(hex("000001800102030402800102030400"))),
                Arguments.of("pings", flood(hex("898001020304"))));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] flood(byte[] frame) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < FLOOD_FRAMES; i++) {
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    /** The same in both directions; and whatever it was, the proxy stops in time. */
    @ThreatRow(
            value = "W-01",
            advisory = "undici CVE-2026-1528",
            outcome = "frames that break the rules go through, for the endpoints to judge")
    @ParameterizedTest
    @MethodSource("frames")
    void w_01_passesWhatIsTheEndpointsToJudge(String what, byte[] bytes) throws InterruptedException {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept();
                var other = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var otherServer = origin.accept()) {
            WebSocketPeers.grant(client, server);
            WebSocketPeers.grant(other, otherServer);
            Thread up = Thread.ofVirtual().start(() -> client.send(bytes));
            Thread down = Thread.ofVirtual().start(() -> server.send(bytes));
            assertArrayEquals(bytes, server.receive(bytes.length), what);
            assertArrayEquals(bytes, client.receive(bytes.length), what);
            up.join();
            down.join();
            other.send(WebSocketFrames.masked("well"));
            otherServer.expect(WebSocketFrames.masked("well"));
            assertEquals(2, TunnelSetup.tunnelsOf(proxy).open());
            var drain = proxy.drain(Duration.ofMillis(100));
            Await.until("drained", () -> !drain.isAlive());
            Await.until("nothing is open", () -> TunnelSetup.tunnelsOf(proxy).open() == 0);
        }
    }

    @ThreatRow("W-01")
    @Test
    void w_01_passesFramesThatComeByteByByte() {
        byte[] frame = WebSocketFrames.frame(WebSocketFrames.TEXT, true, 200);
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            for (byte b : frame) {
                client.send(new byte[] {b});
            }
            server.expect(frame);
            var drain = proxy.drain(Duration.ofSeconds(30));
            assertTrue(server.receive(8)[0] == (byte) WebSocketFrames.CLOSE, "the end of the frame was found");
            client.reset();
            Await.until("drained", () -> !drain.isAlive());
        }
    }

    /** Both say Close at once; neither waits for the other's, nor for the proxy. */
    @ThreatRow("W-01")
    @Test
    void w_01_endsWhenBothSidesCloseAtOnce() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream(TunnelSetup.SOON_AT_REST)
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(WebSocketFrames.close(true, 1000)).halfClose();
            server.send(WebSocketFrames.close(false, 1001)).halfClose();
            server.expect(WebSocketFrames.close(true, 1000)).expectEnd();
            client.expect(WebSocketFrames.close(false, 1001)).expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    /** Only the origin knows which pages may ask (RFC 6455 §10.2): it is told who does, by whatever route. */
    @ThreatRow(value = "W-01", outcome = "the origin sees who asks, a page of others included, and decides")
    @Test
    void w_01_leavesItToTheOriginWhichPagesMayAsk() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port())
                        .send(WebSocketPeers.asking("Origin: https://attacker.example\r\nCookie: session=1\r\n"));
                var server = origin.accept()) {
            String request = WebSocketPeers.head(server);
            assertTrue(request.contains("Origin: https://attacker.example\r\n"), request);
            server.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 403 "));
            assertEquals(0, TunnelSetup.tunnelsOf(proxy).opened());
        }
    }

    /** Who takes nothing is not read for, and what is held for it is bounded. */
    @ThreatRow("W-01")
    @Test
    void w_01_holdsLittleForWhoTakesNothing() throws InterruptedException {
        byte[] much = WebSocketFrames.frame(0x82, false, 16 << 20);
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address()).start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            Thread sender = Thread.ofVirtual().start(() -> server.send(much));
            Await.until("the client's side is full", () -> proxy.outstandingBytes() >= 32 * 1024);
            assertTrue(proxy.outstandingBytes() <= 512 * 1024, proxy.outstandingBytes() + " bytes");
            assertArrayEquals(much, client.receive(much.length));
            sender.join();
        }
    }
}
