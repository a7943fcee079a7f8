package dev.headgate.tunnel;

import static dev.headgate.tunnel.WebSocketPeers.asking;
import static dev.headgate.tunnel.WebSocketPeers.connecting;
import static dev.headgate.tunnel.WebSocketPeers.grant;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on streams towards an origin: ends that come in one breath with something else, or before something has been taken. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2OriginWebSocketOrderIT {
    private static ProxySetup before(PlayedOrigin origin) {
        return ProxySetup.before(origin.address()).upstream("protocol: h2").listener("protocols: [h2, http/1.1]");
    }

    /** Who waits for an origin's offer has lost nothing when that connection goes away with it. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{attempts: 1}"})
    void anOfferOfAConnectionThatGoesAwayIsFollowedByAnother(String retry) throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).upstream("retry: " + retry).start();
                var client = asking(proxy)) {
            Http2OriginPeer first = origin.accept();
            first.awaitPreface();
            first.send(Frames.settings(Frames.ENABLE_CONNECT_PROTOCOL, 1), Frames.goAway(0, Codes.NO_ERROR));
            grant(client, origin.offer());
        }
    }

    /** A reset behind the end says that nothing more is wanted, not that what was said is void (RFC 9113 §8.1). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowClientGetsAllThatCameBeforeTheEnd(boolean isReset) throws IOException {
        byte[] all = Pattern.bytes(7, 71_535);
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = Http2Peer.connect(proxy.port()).withoutCredit().greet()) {
            client.send(Frames.begin(1, connecting()));
            Http2OriginPeer server = origin.offer();
            int id = grant(server);
            client.awaitHead(1);
            for (int at = 0; at < 65_535; at += 13_107) {
                server.send(Frames.frame(Frames.DATA, 0, id, Arrays.copyOfRange(all, at, at + 13_107)));
            }
            client.awaitContent(1, 65_535);
            server.send(Frames.frame(Frames.DATA, 0, id, Arrays.copyOfRange(all, 65_535, 66_535)));
            server.settle();
            byte[] last = Frames.frame(Frames.DATA, Frames.END_STREAM, id, Arrays.copyOfRange(all, 66_535, 71_535));
            server.send(isReset ? Wire.join(last, Frames.rst(id, Codes.NO_ERROR)) : last);
            server.settle();
            client.send(Frames.windowUpdate(0, 1 << 20), Frames.windowUpdate(1, 1 << 20));
            String text = client.awaitContent(1, all.length).text();
            assertArrayEquals(all, text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void anEndWithAResetBehindItIsInOrder() throws IOException {
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = asking(proxy)) {
            Http2OriginPeer server = origin.offer();
            int id = grant(client, server);
            server.send(Frames.data(id, Frames.END_STREAM, "bye"), Frames.rst(id, Codes.NO_ERROR));
            client.expect("bye").expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            proxy.awaitBuffersReturned();
        }
    }

    /** What is held for a grant may lie in several buffers, and the client have ended its side before. */
    @Test
    void earlyBytesArriveWholeAndTheEndBehindThem() throws IOException {
        byte[] early = Pattern.bytes(1, 6100);
        try (var origin = PlayedOrigin.start();
                var proxy = before(origin).start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(
                    Frames.begin(1, connecting()),
                    Frames.frame(Frames.DATA, 0, 1, Arrays.copyOf(early, 100)),
                    Frames.frame(Frames.DATA, Frames.END_STREAM, 1, Arrays.copyOfRange(early, 100, early.length)));
            client.settle();
            Http2OriginPeer server = origin.offer();
            assertArrayEquals(early, server.awaitContent(grant(server)));
            assertEquals(200, client.awaitHead(1).status());
        }
    }
}
