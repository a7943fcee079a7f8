package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.RefusingPort;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests for WebSockets that a route's upstream does not serve. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class WebSocketFallbackIT {
    private final RefusingPort nobody = RefusingPort.open();

    @AfterEach
    void closePort() {
        nobody.close();
    }

    @Test
    void theOtherUpstreamMayGrantIt() {
        try (var origin = TcpOrigin.start()) {
            try (var proxy = ProxySetup.before(nobody.address())
                            .other("spare: {endpoints: [\"" + origin.address() + "\"]}")
                            .route("{to: app, fallback: {to: spare}}")
                            .start();
                    var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                    var server = origin.accept()) {
                WebSocketPeers.grant(client, server);
                client.send(WebSocketFrames.masked("hello"));
                server.expect(WebSocketFrames.masked("hello"));
                var spare = Objects.requireNonNull(proxy.metrics().upstreams().get("spare"));
                assertEquals(1, spare.tunnels().orElseThrow().opened());
                client.send(WebSocketFrames.close(true, 1000));
                server.expect(WebSocketFrames.close(true, 1000)).send(WebSocketFrames.close(false, 1000));
                server.halfClose();
                client.expect(WebSocketFrames.close(false, 1000)).expectEnd();
                client.halfClose();
                TunnelSetup.awaitNothingLeft(proxy);
                assertEquals(0, proxy.upstreamPermitsTaken());
            }
        }
    }

    /** A success would grant it by HTTP/2, and nobody is there who has. */
    @Test
    void noFixedAnswerIsTakenForAWebSocket() {
        try (var proxy = ProxySetup.before(nobody.address())
                        .listener("protocols: [h2, http/1.1]")
                        .route("{to: app, fallback: {respond: {status: 200, body: hello}}}")
                        .start();
                var client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
                var http2 = Http2Peer.connect(proxy.port()).greet()) {
            assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 502 "));
            http2.send(Frames.begin(1, WebSocketPeers.connecting()));
            http2.expectStatus(1, 502);
        }
    }
}
