package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.http.websocket.CloseFrame;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets that the proxy ends: for time, or because it is being stopped. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WebSocketEndIT {
    private static final Duration A_MOMENT = Duration.ofMillis(50); // more than two ticks of the timers
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
    private static final byte[] GOING_AWAY = WebSocketFrames.close(false, CloseFrame.GOING_AWAY);

    private final SteeredIo io = new SteeredIo().frozen();

    private ProxyHarness start(TcpOrigin origin, String webSocket) {
        return ProxySetup.before(origin.address())
                .route("{to: app, webSocket: " + webSocket + "}")
                .start(io);
    }

    /** What a server gets, which is masked (RFC 6455 §5.3); answers the mask. */
    private static int expectGoingAway(TcpPeer server) {
        byte[] frame = server.receive(8);
        assertEquals(0x88, frame[0] & 0xFF);
        assertEquals(0x82, frame[1] & 0xFF);
        assertEquals(CloseFrame.GOING_AWAY, ((frame[6] ^ frame[2]) & 0xFF) << 8 | (frame[7] ^ frame[3]) & 0xFF);
        return frame[2] << 24 | (frame[3] & 0xFF) << 16 | (frame[4] & 0xFF) << 8 | frame[5] & 0xFF;
    }

    private static void answerClose(TcpPeer client, TcpPeer server) {
        client.expect(GOING_AWAY).send(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
        expectGoingAway(server);
        server.send(WebSocketFrames.close(false, CloseFrame.GOING_AWAY));
        client.expectEnd();
        server.expectEnd();
    }

    @ThreatRow(value = "W-01", outcome = "a WebSocket gets Close frames when no byte has gone through for five minutes")
    @Test
    void w_01_closesAnIdleOne() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            io.pass(Duration.ofMinutes(5).minus(A_MOMENT));
            client.send(WebSocketFrames.frame(WebSocketFrames.PING, true, 0)); // just in time
            server.expect(WebSocketFrames.frame(WebSocketFrames.PING, true, 0));
            io.pass(Duration.ofMinutes(5).minus(A_MOMENT));
            assertEquals(1, TunnelSetup.tunnelsOf(proxy).open());
            io.pass(A_MOMENT.multipliedBy(2));
            answerClose(client, server);
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @ThreatRow(value = "W-01", outcome = "who does not answer a Close frame is reset five seconds later")
    @Test
    void w_01_resetsWhoDoesNotAnswer() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{idle: 1m}");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            client.expect(GOING_AWAY).send(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
            expectGoingAway(server);
            io.pass(CLOSE_WAIT.minus(A_MOMENT));
            server.send(WebSocketFrames.plain("not an answer"));
            proxy.awaitRead(1);
            io.pass(A_MOMENT.multipliedBy(2));
            client.expectReset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @ThreatRow(value = "W-01", outcome = "a WebSocket gets Close frames when it has lived for an hour")
    @Test
    void w_01_closesOneThatHasLivedLongEnough() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{idle: 24h}");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            io.pass(Duration.ofMinutes(60).minus(A_MOMENT));
            client.send(WebSocketFrames.masked("a"));
            server.expect(WebSocketFrames.masked("a"));
            io.pass(A_MOMENT.multipliedBy(2));
            answerClose(client, server);
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_AGED, 1);
        }
    }

    @Test
    void resetsBothSidesWhereFramesAreNotFollowed() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{closeFrames: false, idle: 1m}");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            client.expectReset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
        }
    }

    /** One direction makes no sense any more, so its reader cannot be told; the other can. */
    @ThreatRow("W-01")
    @Test
    void w_01_tellsWhomItCan() {
        byte[] noFrame = {(byte) 0x82, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0};
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{idle: 1m}");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(noFrame);
            server.expect(noFrame);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            client.expect(GOING_AWAY);
            server.send(WebSocketFrames.close(false, 1000));
            client.expectEnd();
            server.expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
        }
    }

    @ThreatRow(value = "L-04", outcome = "WebSockets get Close frames, one after the other over the drain time")
    @Test
    void l_04_tellsBothSidesWhenItStops() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(WebSocketFrames.masked("hello"));
            server.expect(WebSocketFrames.masked("hello"));
            var drain = proxy.drain(Duration.ofSeconds(30));
            answerClose(client, server);
            Await.until("drained", () -> !drain.isAlive());
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_DRAINED, 1);
        }
    }

    /** A Close frame within another would be payload. */
    @ThreatRow("L-04")
    @Test
    void l_04_placesItBetweenTwoFrames() {
        byte[] up = WebSocketFrames.frame(WebSocketFrames.TEXT, true, 300);
        byte[] down = WebSocketFrames.frame(0x01, false, 70_000);
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var idle = TcpPeer.connect(proxy.port());
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(Arrays.copyOf(up, 3));
            server.expect(Arrays.copyOf(up, 3)).send(Arrays.copyOf(down, 100));
            client.expect(Arrays.copyOf(down, 100));
            var drain = proxy.drain(Duration.ofSeconds(30));
            idle.expectEnd(); // Draining has begun.
            client.send(Arrays.copyOfRange(up, 3, up.length)).send(WebSocketFrames.masked("for nobody"));
            server.expect(Arrays.copyOfRange(up, 3, up.length));
            expectGoingAway(server);
            server.send(Arrays.copyOfRange(down, 100, down.length)).send(WebSocketFrames.plain("for nobody"));
            client.expect(Arrays.copyOfRange(down, 100, down.length)).expect(GOING_AWAY);
            client.send(WebSocketFrames.close(true, CloseFrame.GOING_AWAY));
            server.send(WebSocketFrames.close(false, CloseFrame.GOING_AWAY));
            client.expectEnd();
            server.expectEnd();
            Await.until("drained", () -> !drain.isAlive());
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_DRAINED, 1);
        }
    }

    /** Behind a Close frame of its own a side says nothing more, and nobody says it for it (RFC 6455 §5.5.1). */
    @ThreatRow("W-01")
    @Test
    void w_01_addsNoCloseFrameToOneThatIsThere() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(WebSocketFrames.close(true, 1000));
            server.expect(WebSocketFrames.close(true, 1000));
            var drain = proxy.drain(Duration.ofSeconds(30));
            client.expect(GOING_AWAY);
            server.send(WebSocketFrames.close(false, 1000));
            client.expectEnd();
            server.expectEnd();
            Await.until("drained", () -> !drain.isAlive());
        }
    }

    @Test
    void endsTheOtherSideWhenOneIsGoneInsteadOfAnswering() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            var drain = proxy.drain(Duration.ofSeconds(30));
            client.expect(GOING_AWAY);
            expectGoingAway(server);
            server.reset();
            client.expectEnd();
            Await.until("drained", () -> !drain.isAlive());
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_DRAINED, 1);
        }
    }

    /** In the middle of a frame there was no place to tell the other: it must not take what it has got for all there was. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetsTheOtherSideWhenOneBreaksOffWithinAFrame(boolean isClientBreaking) {
        byte[] up = Arrays.copyOf(WebSocketFrames.frame(WebSocketFrames.TEXT, true, 300), 100);
        byte[] down = Arrays.copyOf(WebSocketFrames.frame(0x01, false, 70_000), 100);
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var idle = TcpPeer.connect(proxy.port());
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(up);
            server.expect(up).send(down);
            client.expect(down);
            var drain = proxy.drain(Duration.ofSeconds(30));
            idle.expectEnd(); // Draining has begun.
            (isClientBreaking ? client : server).reset();
            (isClientBreaking ? server : client).expectReset();
            Await.until("drained", () -> !drain.isAlive());
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_DRAINED, 1);
        }
    }

    /** An end within a frame is none that the other could take for good, however well it closes itself. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetsTheOtherSideWhenOneEndsWithinAFrame(boolean isClientEnding) {
        byte[] up = WebSocketFrames.frame(WebSocketFrames.TEXT, true, 300);
        byte[] down = WebSocketFrames.frame(0x01, false, 300);
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{closeWait: 1h}");
                var idle = TcpPeer.connect(proxy.port());
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            client.send(Arrays.copyOf(up, 100));
            server.expect(Arrays.copyOf(up, 100)).send(Arrays.copyOf(down, 100));
            client.expect(Arrays.copyOf(down, 100));
            var drain = proxy.drain(Duration.ofSeconds(30));
            idle.expectEnd(); // Draining has begun.
            if (isClientEnding) {
                client.halfClose();
                server.send(Arrays.copyOfRange(down, 100, down.length)).send(WebSocketFrames.close(false, 1000));
                client.expect(Arrays.copyOfRange(down, 100, down.length)).expect(GOING_AWAY);
                client.expectEnd();
                server.expectReset();
            } else {
                server.halfClose();
                client.send(Arrays.copyOfRange(up, 100, up.length)).send(WebSocketFrames.close(true, 1000));
                server.expect(Arrays.copyOfRange(up, 100, up.length));
                expectGoingAway(server);
                server.expectEnd();
                client.expectReset();
            }
            Await.until("drained", () -> !drain.isAlive());
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_DRAINED, 1);
        }
    }

    /** Masks that can be foreseen would let a client choose what appears on the wire (RFC 6455 §10.3). */
    @Test
    void masksDifferEachTime() {
        Set<Integer> masks = new HashSet<>();
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{closeWait: 1h}");
                var many = Many.open(proxy, origin, 4)) {
            proxy.drain(Duration.ofHours(1));
            for (TcpPeer server : many.servers.reversed()) {
                Await.until("it is told", server::hasInput);
                masks.add(expectGoingAway(server));
                io.pass(Duration.ofMinutes(12));
            }
        }
        assertEquals(4, masks.size());
    }

    /** What cannot be told ends with the drain time. */
    @ThreatRow("L-04")
    @Test
    void l_04_cutsOffInTheEndWhatCannotBeTold() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{closeFrames: false}");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            var drain = proxy.drain(Duration.ofSeconds(30));
            client.send(WebSocketFrames.masked("still here"));
            server.expect(WebSocketFrames.masked("still here"));
            Await.until("drained", () -> {
                io.pass(Duration.ofSeconds(1)); // Again and again: when the drain's own time begins cannot be seen.
                return !drain.isAlive();
            });
            client.expectReset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.STOPPED, 1);
        }
    }

    @Test
    void stopsAtOnceWhenToldTo() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            WebSocketPeers.grant(client, server);
            proxy.stop();
            client.expectReset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.STOPPED, 1);
        }
    }

    /** One per second, as told. */
    @ThreatRow("L-04")
    @Test
    void l_04_keepsToItsPace() {
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .top("webSocketDrainRate: 1")
                        .route("{to: app, webSocket: {closeWait: 1h}}")
                        .start(io);
                var many = Many.open(proxy, origin, 3)) {
            proxy.drain(Duration.ofSeconds(30));
            for (int told = 1; told <= 3; told++) {
                int expected = told;
                Await.until(told + " are told", () -> many.told() == expected);
                io.pass(Duration.ofSeconds(1).minus(A_MOMENT));
                assertEquals(told, many.told());
                io.pass(A_MOMENT.multipliedBy(2));
            }
        }
    }

    /** Three of them over three quarters of twelve seconds. */
    @Test
    void spreadsThemOverTheDrainTime() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "{closeWait: 1h}");
                var many = Many.open(proxy, origin, 3)) {
            proxy.drain(Duration.ofSeconds(12));
            for (int told = 1; told <= 3; told++) {
                int expected = told;
                Await.until(told + " are told", () -> many.told() == expected);
                io.pass(Duration.ofSeconds(3).minus(A_MOMENT));
                assertEquals(told, many.told());
                io.pass(A_MOMENT.multipliedBy(2));
            }
        }
    }

    /** WebSockets at once, whose clients hear no more than that they are to go. */
    private static final class Many implements AutoCloseable {
        final List<TcpPeer> clients = new ArrayList<>();
        final List<TcpPeer> servers = new ArrayList<>();

        static Many open(ProxyHarness proxy, TcpOrigin origin, int count) {
            Many many = new Many();
            for (int i = 0; i < count; i++) {
                many.clients.add(TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING));
                many.servers.add(origin.accept());
                WebSocketPeers.grant(many.clients.get(i), many.servers.get(i));
            }
            return many;
        }

        long told() {
            return servers.stream().filter(TcpPeer::hasInput).count();
        }

        @Override
        public void close() {
            clients.forEach(TcpPeer::close);
            servers.forEach(TcpPeer::close);
        }
    }

    @Test
    void grantsWhatIsUnderWayWhenItStopsAndTellsItAtOnce() {
        try (var origin = TcpOrigin.start();
                var proxy = start(origin, "on");
                var idle = TcpPeer.connect(proxy.port());
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var server = origin.accept()) {
            assertTrue(WebSocketPeers.head(server).contains("Upgrade"));
            var drain = proxy.drain(Duration.ofSeconds(30));
            idle.expectEnd();
            server.send(WebSocketPeers.GRANTING);
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 101 "));
            answerClose(client, server);
            Await.until("drained", () -> !drain.isAlive());
        }
    }
}
