package dev.headgate.tunnel;

import static dev.headgate.tunnel.WebSocketPeers.asking;
import static dev.headgate.tunnel.WebSocketPeers.grant;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.http.websocket.CloseFrame;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2OriginPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets on streams towards an origin that the proxy ends: for time, or because it is being stopped. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2OriginWebSocketEndIT {
    private static final Duration A_MOMENT = Duration.ofMillis(50); // more than two ticks of the timers
    private static final byte[] GOING_AWAY = WebSocketFrames.close(false, CloseFrame.GOING_AWAY);
    private static final byte[] HELLO = WebSocketFrames.masked("hello");

    private final SteeredIo io = new SteeredIo().frozen();

    private ProxyHarness start(PlayedOrigin origin, String webSocket) {
        return ProxySetup.before(origin.address())
                .upstream("protocol: h2, http2: {pingInterval: 0s}") // The test's thread answers no pings.
                .route("{to: app, webSocket: " + webSocket + "}")
                .start(io);
    }

    /** What an origin gets, which is masked (RFC 6455 §5.3), behind what it has got before. */
    private static void expectGoingAway(Http2OriginPeer server, int id, int behind) throws IOException {
        server.awaitContent(id, behind + 8);
        byte[] frame = Arrays.copyOfRange(server.contentSoFar(id), behind, behind + 8);
        assertEquals(0x88, frame[0] & 0xFF);
        assertEquals(0x82, frame[1] & 0xFF);
        assertEquals(CloseFrame.GOING_AWAY, ((frame[6] ^ frame[2]) & 0xFF) << 8 | (frame[7] ^ frame[3]) & 0xFF);
    }

    /** Both sides answer, and both get the end of their connection or stream. */
    private static void answerClose(TcpPeer client, Http2OriginPeer server, int id, int behind) throws IOException {
        client.expect(GOING_AWAY).send(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
        expectGoingAway(server, id, behind);
        server.send(Frames.frame(Frames.DATA, Frames.END_STREAM, id, GOING_AWAY));
        client.expectEnd();
        assertEquals(behind + 8, server.awaitContent(id).length);
    }

    @ThreatRow("W-01")
    @Test
    void w_01_closesAnIdleOne() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = start(origin, "on");
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            io.pass(Duration.ofMinutes(5).minus(A_MOMENT));
            client.send(HELLO); // just in time
            server.awaitContent(id, HELLO.length);
            io.pass(Duration.ofMinutes(5).minus(A_MOMENT));
            assertEquals(1, TunnelSetup.tunnelsOf(proxy).open());
            io.pass(A_MOMENT.multipliedBy(2));
            answerClose(client, server, id, HELLO.length);
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
            server.settle();
            assertEquals(-1, server.resetCode(id));
        }
    }

    /** An origin that has said Close, and does not end its stream, is not waited for. */
    @ThreatRow("W-01")
    @Test
    void w_01_endsTheStreamOfAnOriginThatLeavesItOpen() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = start(origin, "{age: 1m}");
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            client.expect(GOING_AWAY).send(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
            expectGoingAway(server, id, 0);
            server.send(Frames.frame(Frames.DATA, 0, id, GOING_AWAY));
            client.expectEnd();
            server.awaitContent(id);
            assertEquals(Codes.NO_ERROR, server.awaitReset(id));
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_AGED, 1);
            proxy.awaitBuffersReturned();
        }
    }

    @ThreatRow("W-01")
    @Test
    void w_01_resetsWhoDoesNotAnswer() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = start(origin, "{idle: 1m}");
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            client.expect(GOING_AWAY).send(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
            expectGoingAway(server, id, 0);
            io.pass(Duration.ofSeconds(5).plus(A_MOMENT));
            client.expectReset();
            assertEquals(Codes.CANCEL, server.awaitReset(id));
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
        }
    }

    @Test
    void resetsBothSidesWhereFramesAreNotFollowed() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = start(origin, "{closeFrames: false, idle: 1m}");
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            client.expectReset();
            assertEquals(Codes.CANCEL, server.awaitReset(id));
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
        }
    }

    /** The connection that carries them takes no more requests, and ends behind the last of them. */
    @ThreatRow("L-04")
    @Test
    void l_04_tellsBothSidesWhenItStops() throws IOException {
        byte[] half = Arrays.copyOf(WebSocketFrames.frame(WebSocketFrames.TEXT, true, 300), 3);
        byte[] rest = Arrays.copyOfRange(WebSocketFrames.frame(WebSocketFrames.TEXT, true, 300), 3, 308);
        try (var origin = PlayedOrigin.start();
                var proxy = start(origin, "{closeWait: 1h}");
                var idle = TcpPeer.connect(proxy.port());
                var client = asking(proxy);
                var other = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = server.request().streamId();
            server.head(id, 0, 200);
            int otherId = server.request().streamId();
            server.head(otherId, 0, 200);
            WebSocketPeers.expectGranted(client);
            WebSocketPeers.expectGranted(other);
            // Which of both is on which stream shows what they say.
            client.send(half);
            boolean isFirst = isFirstToSpeak(server, id, otherId, half.length);
            int ofClient = isFirst ? id : otherId;
            int ofOther = isFirst ? otherId : id;
            var drain = proxy.drain(Duration.ofSeconds(30));
            idle.expectEnd(); // Draining has begun.
            Await.until("all are told", () -> {
                io.pass(Duration.ofSeconds(1));
                return client.hasInput() && other.hasInput();
            });
            answerClose(other, server, ofOther, 0);
            server.send(Frames.frame(Frames.DATA, 0, ofClient, GOING_AWAY));
            server.withoutCredit(); // The connection may be gone before all is read.
            client.send(rest); // A Close frame within another would be payload.
            client.expect(GOING_AWAY).send(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
            expectGoingAway(server, ofClient, 308);
            server.awaitContent(ofClient);
            Await.until("drained", () -> !drain.isAlive());
            server.awaitEnd();
        }
    }

    private static boolean isFirstToSpeak(Http2OriginPeer server, int first, int second, int bytes) throws IOException {
        while (server.contentSoFar(first).length + server.contentSoFar(second).length < bytes) {
            server.settle();
        }
        return server.contentSoFar(first).length == bytes;
    }

    @Test
    void stopsAtOnceWhenToldTo() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = start(origin, "on");
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            grant(client, server);
            proxy.stop();
            client.expectReset();
            server.awaitEnd();
            TunnelSetup.awaitEnded(proxy, Cause.STOPPED, 1);
        }
    }

    /** Connections are given up for their age; a tunnel has one of its own. */
    @Test
    void aConnectionThatIsTooOldForOthersKeepsItsTunnels() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2, http2: {pingInterval: 0s}, pool: {age: 1m}")
                        .start(io);
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            try (var next = asking(proxy)) {
                grant(next, origin.offer());
            }
            client.send(HELLO);
            server.awaitContent(id, HELLO.length);
            server.send(Frames.data(id, 0, "hi"));
            client.expect("hi").reset();
            assertEquals(Codes.CANCEL, server.awaitReset(id));
            assertEquals(Codes.NO_ERROR, server.awaitGoAway());
            server.awaitEnd();
        }
    }

    /** A connection that gives no sign of life takes its tunnels with it. */
    @Test
    void anUnresponsiveConnectionBreaksItsTunnels() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2")
                        .start(io);
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            grant(client, server);
            server.settle(); // Our settings are acknowledged.
            server.withoutAcknowledgements();
            io.pass(Duration.ofSeconds(30).plus(A_MOMENT));
            server.awaitPings(1);
            io.pass(Duration.ofSeconds(10).plus(A_MOMENT));
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
        }
    }
}
