package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Both ends of a WebSocket, byte by byte, on {@link TcpPeer}s. */
final class WebSocketPeers {
    /** The example of RFC 6455 §1.3. */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** A request that asks for one. */
    static final String ASKING = asking("");

    /** A response that grants one. */
    static final String GRANTING = granting("");

    private WebSocketPeers() {}

    /** A request that asks for one, with these further field lines, each with its line end. */
    static String asking(String more) {
        return asking("/chat", more);
    }

    static String asking(String target, String more) {
        return text("GET " + target + " HTTP/1.1␍␊Host: a␍␊Upgrade: websocket␍␊Connection: keep-alive, Upgrade␍␊"
                + "Sec-WebSocket-Key: " + KEY + "␍␊Sec-WebSocket-Version: 13␍␊" + more + "␍␊");
    }

    static String granting(String more) {
        return text("HTTP/1.1 101 Switching Protocols␍␊Upgrade: websocket␍␊Connection: Upgrade␍␊Sec-WebSocket-Accept: "
                + WebSocketFrames.acceptOf(KEY) + "␍␊" + more + "␍␊");
    }

    /** The field block of a request for one on a stream (RFC 8441 §4), with these further fields. */
    static byte[] connecting(String... more) {
        return connectingFor("websocket", more);
    }

    static byte[] connectingFor(String protocol, String... more) {
        byte[] block = FieldBlock.of(
                ":method", "CONNECT", ":protocol", protocol, ":scheme", "http", ":path", "/chat", ":authority", "a");
        return Wire.join(block, FieldBlock.of("sec-websocket-version", "13"), FieldBlock.of(more));
    }

    /** A client that has asked for one. */
    static TcpPeer asking(ProxyHarness proxy) {
        return TcpPeer.connect(proxy.port()).send(ASKING);
    }

    private static String text(String script) {
        return new String(Wire.bytes(script), StandardCharsets.ISO_8859_1);
    }

    /** Reads a head, up to and with its empty line. */
    static String head(TcpPeer peer) {
        var head = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith("\r\n\r\n")) {
            byte[] next = peer.receive(1);
            assertEquals(1, next.length, "the connection ended behind: " + text);
            head.writeBytes(next);
            text = head.toString(StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    /** Makes a WebSocket of two connections: the client has asked, and {@code server} is where that arrives. */
    static void grant(TcpPeer client, TcpPeer server) {
        String request = head(server);
        assertTrue(request.contains("\r\nUpgrade: websocket\r\n"), request);
        server.send(GRANTING);
        expectGranted(client);
    }

    /** The origin grants what has come to it next; the stream. */
    static int grant(Http2OriginPeer server) throws IOException {
        Http2Request request = server.request();
        assertEquals("CONNECT", request.method());
        server.head(request.streamId(), 0, 200);
        return request.streamId();
    }

    /** The same, and the client sees it; the stream. */
    static int grant(TcpPeer client, Http2OriginPeer server) throws IOException {
        int id = grant(server);
        expectGranted(client);
        return id;
    }

    static void expectGranted(TcpPeer client) {
        String response = head(client);
        assertTrue(response.startsWith("HTTP/1.1 101 "), response);
        assertTrue(response.contains(WebSocketFrames.acceptOf(KEY)), response);
    }
}
