package dev.headgate.http.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.h1.ResponseHeadDecoder;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketHandshakeTest {
    /** The example of RFC 6455 §1.3. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    private static final String UPGRADE = "Upgrade: websocket␍␊Connection: Upgrade␍␊";
    private static final String COMPLETE =
            "GET / HTTP/1.1␍␊Host: a␍␊" + UPGRADE + "Sec-WebSocket-Key: " + KEY + "␍␊Sec-WebSocket-Version: 13␍␊␍␊";

    private final WebSocketHandshake handshake = new WebSocketHandshake();

    private static RequestHead request(String script) {
        var head = new RequestHead();
        int answer = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(Wire.bytes(script)), head);
        assertEquals(Decode.COMPLETE, answer, script);
        return head;
    }

    private static ResponseHead response(String script) {
        var head = new ResponseHead();
        int answer = new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS)
                .decode(ByteBuffer.wrap(Wire.bytes(script)), head, Method.GET);
        assertEquals(Decode.COMPLETE, answer, script);
        return head;
    }

    @Test
    void knowsARequestForAWebSocket() {
        RequestHead head = request(COMPLETE);
        assertTrue(WebSocketHandshake.isAskedFor(head));
        assertTrue(WebSocketHandshake.isComplete(head.fields()));
    }

    @ParameterizedTest
    @CsvSource({
        "as browsers write it, GET / HTTP/1.1, 'Connection: keep-alive, Upgrade␍␊Upgrade: websocket', true",
        "letters in either case, GET / HTTP/1.1, 'connection: UPGRADE␍␊upgrade: WebSocket', true",
        "one of several, GET / HTTP/1.1, 'Connection: upgrade␍␊Upgrade: foo/1 , websocket', true",
        "on two lines, GET / HTTP/1.1, 'Connection: x␍␊Connection: upgrade␍␊Upgrade: foo␍␊Upgrade: websocket', true",
        "not named in Connection, GET / HTTP/1.1, 'Upgrade: websocket', false",
        "named and not there, GET / HTTP/1.1, 'Connection: upgrade', false",
        "another protocol, GET / HTTP/1.1, 'Connection: upgrade␍␊Upgrade: h2c', false",
        "with a version, GET / HTTP/1.1, 'Connection: upgrade␍␊Upgrade: websocket/13', false",
        "a part of the name, GET / HTTP/1.1, 'Connection: upgrade␍␊Upgrade: websockets', false",
        "another method, POST / HTTP/1.1, 'Connection: upgrade␍␊Upgrade: websocket', false",
        "HTTP/1.0, GET / HTTP/1.0, 'Connection: upgrade␍␊Upgrade: websocket', false",
        "content, GET / HTTP/1.1, 'Connection: upgrade␍␊Upgrade: websocket␍␊Content-Length: 1', false",
        "chunks, GET / HTTP/1.1, 'Connection: upgrade␍␊Upgrade: websocket␍␊Transfer-Encoding: chunked', false"
    })
    void knowsWhoAsks(String what, String line, String fields, boolean asks) {
        assertEquals(asks, WebSocketHandshake.isAskedFor(request(line + "␍␊Host: a␍␊" + fields + "␍␊␍␊")), what);
    }

    @ParameterizedTest
    @CsvSource({
        "no key, 'Sec-WebSocket-Version: 13'",
        "no version, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='",
        "another version, 'Sec-WebSocket-Version: 8␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='",
        "two versions, 'Sec-WebSocket-Version: 13, 8␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='",
        "two lines of it, 'Sec-WebSocket-Version: 13␍␊Sec-WebSocket-Version: 13␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='",
        "two keys, 'Sec-WebSocket-Version: 13␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='",
        "a short key, 'Sec-WebSocket-Version: 13␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ='",
        "a long key, 'Sec-WebSocket-Version: 13␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQA=='",
        "a key that is no base 64, 'Sec-WebSocket-Version: 13␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q=='",
        "a key of more bytes, 'Sec-WebSocket-Version: 13␍␊Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQAA'"
    })
    void knowsWhatIsMissing(String what, String fields) {
        RequestHead head = request("GET / HTTP/1.1␍␊Host: a␍␊" + UPGRADE + fields + "␍␊␍␊");
        assertTrue(WebSocketHandshake.isAskedFor(head), what);
        assertEquals(false, WebSocketHandshake.isComplete(head.fields()), what);
    }

    @ThreatRow("H1-22")
    @ParameterizedTest
    @CsvSource({
        "as it should be, HTTP/1.1 101 x, 'Upgrade: WebSocket␍␊Connection: x, upgrade␍␊Sec-WebSocket-Accept: " + ACCEPT
                + "', true",
        "no proof, HTTP/1.1 101 x, 'Upgrade: websocket␍␊Connection: upgrade', false",
        "another's proof, HTTP/1.1 101 x, 'Upgrade: websocket␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOp=', false",
        "a shorter one, HTTP/1.1 101 x, 'Upgrade: websocket␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: s3pP', false",
        "two of them, HTTP/1.1 101 x, 'Upgrade: websocket␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: " + ACCEPT
                + "␍␊Sec-WebSocket-Accept: " + ACCEPT + "', false",
        "another protocol, HTTP/1.1 101 x, 'Upgrade: foo␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: " + ACCEPT
                + "', false",
        "several, HTTP/1.1 101 x, 'Upgrade: websocket, foo␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: " + ACCEPT
                + "', false",
        "on two lines, HTTP/1.1 101 x, 'Upgrade: websocket␍␊Upgrade: foo␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: "
                + ACCEPT + "', false",
        "none, HTTP/1.1 101 x, 'Connection: upgrade␍␊Sec-WebSocket-Accept: " + ACCEPT + "', false",
        "not named in Connection, HTTP/1.1 101 x, 'Upgrade: websocket␍␊Sec-WebSocket-Accept: " + ACCEPT + "', false",
        "another status, HTTP/1.1 200 x, 'Upgrade: websocket␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: " + ACCEPT
                + "', false",
        "HTTP/1.0, HTTP/1.0 101 x, 'Upgrade: websocket␍␊Connection: upgrade␍␊Sec-WebSocket-Accept: " + ACCEPT
                + "', false"
    })
    void h1_22_knowsWhoGrants(String what, String line, String fields, boolean grants) {
        RequestHead asked = request(COMPLETE);
        for (int i = 0; i < 2; i++) { // Nothing is left of the first time.
            assertEquals(grants, handshake.isGrantedBy(response(line + "␍␊" + fields + "␍␊␍␊"), asked.fields()), what);
        }
    }

    /** RFC 8441 §5: an origin by HTTP/2 gives no proof, and its client by HTTP/1.1 wants one. */
    @Test
    void provesWhatCameWithoutProof() {
        RequestHead asked = request(COMPLETE);
        for (String has : List.of(
                "", "Sec-WebSocket-Accept: of another␍␊", "sec-websocket-accept: a␍␊Sec-WebSocket-Accept: b␍␊")) {
            ResponseHead head = response("HTTP/1.1 200 x␍␊a: b␍␊" + has + "␍␊");
            head.retain(ByteBuffer.allocate(300));
            assertTrue(handshake.prove(head.fields(), asked.fields()));
            int accept = head.fields().find("sec-websocket-accept".getBytes(StandardCharsets.US_ASCII));
            assertEquals(ACCEPT, head.fields().value(accept));
            assertEquals(
                    -1, head.fields().findNext("sec-websocket-accept".getBytes(StandardCharsets.US_ASCII), accept));
        }
    }

    @Test
    void provesNothingWithoutAKeyOrWithoutRoom() {
        ResponseHead head = response("HTTP/1.1 200 x␍␊␍␊");
        head.retain(ByteBuffer.allocate(300));
        assertFalse(handshake.prove(
                head.fields(), request("GET / HTTP/1.1␍␊Host: a␍␊␍␊").fields()));
        head.retain(ByteBuffer.allocate(50));
        assertFalse(handshake.prove(head.fields(), request(COMPLETE).fields()));
    }
}
