package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class EncoderTest {
    /** What {@code encode} writes; asserts also that it writes nothing when a single byte of room is missing. */
    static String written(Predicate<ByteBuffer> encode) {
        ByteBuffer out = ByteBuffer.allocate(1 << 17).position(3);
        assertTrue(encode.test(out));
        int length = out.position() - 3;
        for (int room = 0; room < length; room += Math.max(1, length / 50)) {
            ByteBuffer tight = ByteBuffer.allocateDirect(room + 2).position(2);
            assertFalse(encode.test(tight));
            assertEquals(2, tight.position());
        }
        ByteBuffer exact = ByteBuffer.allocateDirect(length);
        assertTrue(encode.test(exact));
        assertFalse(exact.hasRemaining());
        return Heads.text(out, 3, length);
    }

    private static String request(RequestHead head, BodyKind kind, long length, Persistence persistence) {
        return written(out -> RequestEncoder.encode(out, head, null, kind, length, persistence));
    }

    private static String response(String lines, int status, BodyKind kind, long length) {
        FieldSection fields =
                Heads.decodedResponse("HTTP/1.1 200 OK␍␊" + lines + "␍␊", 0).fields();
        return written(out -> ResponseEncoder.encode(out, status, fields, kind, length, Persistence.PERSISTENT));
    }

    @Test
    void writesARequestFromItsModel() {
        RequestHead head = Heads.decodedRequest(
                "GET /a?b HTTP/1.1␍␊X:1␍␊hOsT: a:1␍␊Y:   2 ␍␊Connection: close␍␊Z:␍␊Content-Length: 3␍␊W: 4␍␊␍␊", 0);
        assertEquals(
                "GET /a?b HTTP/1.1␍␊Host: a:1␍␊X: 1␍␊Y: 2␍␊Z: ␍␊W: 4␍␊Content-Length: 3␍␊␍␊",
                request(head, BodyKind.LENGTH, 3, Persistence.PERSISTENT));
        assertEquals(
                "GET /a?b HTTP/1.1␍␊Host: a:1␍␊X: 1␍␊Y: 2␍␊Z: ␍␊W: 4␍␊Transfer-Encoding: chunked␍␊Connection: close␍␊␍␊",
                request(head, BodyKind.CHUNKED, -1, Persistence.CLOSE));
        byte[] host = Wire.bytes("b.example");
        assertEquals(
                "GET /a?b HTTP/1.1␍␊Host: b.example␍␊X: 1␍␊Y: 2␍␊Z: ␍␊W: 4␍␊␍␊",
                written(out -> RequestEncoder.encode(out, head, host, BodyKind.NONE, -1, Persistence.PERSISTENT)));
    }

    /** RFC 6455 §4.1: an upgrade to what was asked for, and nothing else that the client's fields may have said of the connection. */
    @Test
    void asksForAWebSocketInARequest() {
        RequestHead head = Heads.decodedRequest(
                "GET /chat HTTP/1.1␍␊Host: a␍␊Connection: keep-alive, Upgrade␍␊Upgrade: foo, websocket␍␊Sec-WebSocket-Version: 13␍␊␍␊",
                0);
        head.webSocket(true);
        assertEquals(
                "GET /chat HTTP/1.1␍␊Host: a␍␊Sec-WebSocket-Version: 13␍␊Connection: Upgrade␍␊Upgrade: websocket␍␊␍␊",
                request(head, BodyKind.NONE, -1, Persistence.PERSISTENT));
        assertThrows(IllegalArgumentException.class, () -> request(head, BodyKind.CHUNKED, -1, Persistence.PERSISTENT));
        head.clear();
        assertFalse(head.isWebSocket());
    }

    @Test
    void grantsAWebSocketInAResponse() {
        FieldSection fields = Heads.decodedResponse(
                        "HTTP/1.1 101 Fine␍␊Upgrade: WebSocket␍␊Sec-WebSocket-Accept: x␍␊Connection: upgrade␍␊␍␊", 0)
                .fields();
        assertEquals(
                "HTTP/1.1 101 Switching Protocols␍␊Sec-WebSocket-Accept: x␍␊Connection: Upgrade␍␊Upgrade: websocket␍␊␍␊",
                written(out -> ResponseEncoder.encodeWebSocket(out, fields)));
    }

    @Test
    void saysThatAPostHasNoContent() {
        RequestHead head = Heads.decodedRequest("POST / HTTP/1.1␍␊Host: a␍␊␍␊", 0);
        assertEquals(
                "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊",
                request(head, BodyKind.NONE, -1, Persistence.PERSISTENT));
    }

    @Test
    void raisesHttp10RequestsAndFillsAnEmptyPath() {
        RequestHead head = Heads.decodedRequest("GET http://a?q HTTP/1.0␍␊X: 1␍␊␍␊", 0);
        assertEquals("GET /?q HTTP/1.1␍␊Host: a␍␊X: 1␍␊␍␊", request(head, BodyKind.NONE, -1, Persistence.PERSISTENT));
    }

    @Test
    void writesAddedAndLeavesOutRemovedFields() {
        RequestHead head = Heads.decodedRequest("GET / HTTP/1.1␍␊A: 1␍␊Host: a␍␊B: 2␍␊C: 3␍␊D: 4␍␊␍␊", 200);
        FieldSection fields = head.fields();
        fields.remove(3);
        assertTrue(fields.add(Field.VIA, Wire.bytes("1.1 x"), 0, 5));
        assertTrue(fields.add(Wire.bytes("X-New"), Wire.bytes("")));
        assertEquals(
                "GET / HTTP/1.1␍␊Host: a␍␊A: 1␍␊B: 2␍␊D: 4␍␊Via: 1.1 x␍␊X-New: ␍␊␍␊",
                request(head, BodyKind.NONE, -1, Persistence.PERSISTENT));
    }

    @Test
    void refusesFramingThatARequestCannotHave() {
        RequestHead head = Heads.decodedRequest("GET / HTTP/1.1␍␊Host: a␍␊␍␊", 0);
        assertThrows(
                IllegalArgumentException.class, () -> request(head, BodyKind.UNTIL_CLOSE, -1, Persistence.PERSISTENT));
        assertThrows(IllegalArgumentException.class, () -> request(head, BodyKind.LENGTH, -1, Persistence.PERSISTENT));
    }

    @Test
    @ThreatRow("H1-17")
    void h1_17_writesResponsesByTheirFraming() {
        String lines = "Server: x␍␊Transfer-Encoding: chunked␍␊ETag: y␍␊";
        assertEquals(
                "HTTP/1.1 200 OK␍␊Server: x␍␊ETag: y␍␊Transfer-Encoding: chunked␍␊␍␊",
                response(lines, 200, BodyKind.CHUNKED, -1));
        assertEquals(
                "HTTP/1.1 200 OK␍␊Server: x␍␊ETag: y␍␊Connection: close␍␊␍␊",
                response(lines, 200, BodyKind.UNTIL_CLOSE, -1));
        assertEquals(
                "HTTP/1.1 404 Not Found␍␊Server: x␍␊ETag: y␍␊Content-Length: 9223372036854775807␍␊␍␊",
                response(lines, 404, BodyKind.LENGTH, Long.MAX_VALUE));
    }

    @Test
    void writesTheLengthOfContentThatIsNotSent() {
        assertEquals("HTTP/1.1 200 OK␍␊Content-Length: 7␍␊␍␊", response("", 200, BodyKind.NONE, 7));
        assertEquals("HTTP/1.1 200 OK␍␊␍␊", response("", 200, BodyKind.NONE, -1));
        assertEquals("HTTP/1.1 304 Not Modified␍␊Content-Length: 7␍␊␍␊", response("", 304, BodyKind.LENGTH, 7));
        assertEquals("HTTP/1.1 204 No Content␍␊␍␊", response("", 204, BodyKind.LENGTH, 7));
        assertEquals("HTTP/1.1 299 ␍␊␍␊", response("", 299, BodyKind.NONE, -1));
    }

    @Test
    @ThreatRow("H1-31")
    void h1_31_writesInterimResponsesWithoutFraming() {
        FieldSection fields = Heads.decodedResponse("HTTP/1.1 103 X␍␊Link: </a>␍␊Connection: close␍␊Upgrade: y␍␊␍␊", 0)
                .fields();
        assertEquals(
                "HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊",
                written(out -> ResponseEncoder.encodeInterim(out, 103, fields)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ResponseEncoder.encodeInterim(ByteBuffer.allocate(99), 101, fields));
        assertThrows(
                IllegalArgumentException.class,
                () -> ResponseEncoder.encodeInterim(ByteBuffer.allocate(99), 200, fields));
    }

    @Test
    @ThreatRow("H1-29")
    void h1_29_addsNoFieldThatCouldSplitAMessage() {
        FieldSection fields =
                Heads.decodedResponse("HTTP/1.1 200 OK␍␊A: 1␍␊␍␊", 500).fields();
        for (String value : new String[] {"a␍␊X: y", "a␊b", "a␍", "a␀", "␡", " a", "a ", "␉a", "␛"}) {
            byte[] bytes = Wire.bytes(value);
            assertFalse(fields.add(Field.VIA, bytes, 0, bytes.length), value);
            assertFalse(fields.add(Field.VIA, ByteBuffer.wrap(bytes), 0, bytes.length), value);
            assertFalse(fields.add(Wire.bytes("X"), bytes), value);
            fields.beginAdd(Field.DATE).put(bytes);
            assertFalse(fields.endAdd(), value);
        }
        for (String name : new String[] {"", "a b", "a:", "a␍␊b", "a\u00e9"}) {
            assertFalse(fields.add(Wire.bytes(name), Wire.bytes("v")), name);
        }
        assertEquals(1, fields.count());
    }

    @Test
    void buildsASectionFromNothing() {
        var fields = new FieldSection();
        fields.startIn(ByteBuffer.allocateDirect(100));
        fields.beginAdd(Field.DATE).put(Wire.bytes("now"));
        assertTrue(fields.endAdd());
        assertEquals(
                "HTTP/1.1 503 Service Unavailable␍␊Date: now␍␊Content-Length: 0␍␊␍␊",
                written(out -> ResponseEncoder.encode(out, 503, fields, BodyKind.LENGTH, 0, Persistence.PERSISTENT)));
    }

    @Test
    void aChunkInPiecesLeavesItsDataWhereItIs() {
        ChunkPieces chunk = new ChunkPieces();
        for (String data : List.of("a", "a".repeat(4096), "bc")) {
            ByteBuffer content = StandardCharsets.US_ASCII.encode(data);
            ByteBuffer[] pieces = chunk.of(content);
            assertEquals(ChunkPieces.COUNT, pieces.length);
            assertSame(content, pieces[1]);
            StringBuilder text = new StringBuilder();
            for (ByteBuffer piece : pieces) {
                text.append(StandardCharsets.US_ASCII.decode(piece));
            }
            assertEquals(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n", text.toString());
        }
    }

    @Test
    void writesChunks() {
        assertEquals("1␍␊", written(out -> ChunkEncoder.prefix(out, 1)));
        assertEquals("10␍␊", written(out -> ChunkEncoder.prefix(out, 16)));
        assertEquals("fff␍␊", written(out -> ChunkEncoder.prefix(out, 4095)));
        assertEquals("7fffffffffffffff␍␊", written(out -> ChunkEncoder.prefix(out, Long.MAX_VALUE)));
        assertEquals("␍␊", written(ChunkEncoder::crlf));
        assertEquals("0␍␊␍␊", written(ChunkEncoder::last));
        assertThrows(IllegalArgumentException.class, () -> ChunkEncoder.prefix(ByteBuffer.allocate(9), 0));
        assertEquals(
                ChunkEncoder.PREFIX_BYTES_MAX,
                written(out -> ChunkEncoder.prefix(out, Long.MAX_VALUE)).length());
    }

    @Test
    @ThreatRow("H1-12")
    void h1_12_writesOnlyTrailersThatMayStandThere() {
        FieldSection fields = Heads.decodedRequest("GET / HTTP/1.1␍␊Host: a␍␊grpc-status: 0␍␊Cookie: b␍␊␍␊", 0)
                .fields();
        assertEquals("0␍␊grpc-status: 0␍␊␍␊", written(out -> ChunkEncoder.lastWithTrailers(out, fields)));
    }
}
