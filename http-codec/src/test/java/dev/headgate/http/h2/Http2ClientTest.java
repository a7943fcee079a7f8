package dev.headgate.http.h2;

import static dev.headgate.http.h2.Wires.block;
import static dev.headgate.http.h2.Wires.data;
import static dev.headgate.http.h2.Wires.goAway;
import static dev.headgate.http.h2.Wires.headers;
import static dev.headgate.http.h2.Wires.rst;
import static dev.headgate.http.h2.Wires.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.RequestHead;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class Http2ClientTest {
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;
    private static final byte[] OK = block(":status", "200");

    private final Machine client = Machine.client();
    private final Http2Connection connection = client.connection;

    private Http2Stream get(String path) {
        return send(Heads.get(path), StreamEnd.END);
    }

    private Http2Stream send(RequestHead head, StreamEnd end) {
        Http2Stream stream = connection.request(head, Heads.PLAIN, -1, end, client.nowNs);
        assertNotNull(stream);
        return stream;
    }

    @Test
    void beginsWithThePreface() {
        var machine = new Machine(Http2Role.CLIENT);
        machine.connection.start(machine.nowNs);
        assertTrue(Wire.script(machine.takeOutput()).startsWith("PRI * HTTP/2.0␍␊␍␊SM␍␊␍␊␀␀"));
        assertEquals(List.of("> SETTINGS 4=65536 6=65536 2=0", "> WINDOW_UPDATE 0 983041"), machine.takeLog());
        assertTrue(machine.connection.mayRequest(), "without waiting for the server");
    }

    @Test
    void sendsRequestsFromTheModel() {
        send(
                Heads.request(
                        "POST /a?b HTTP/1.1␍␊Host: Shop.example:81␍␊Connection: x␍␊X-Y: z␍␊TE: trailers␍␊Content-Length: 5␍␊␍␊"),
                StreamEnd.OPEN);
        var options = new Http2RequestOptions(
                Http2RequestOptions.Scheme.HTTPS, "origin", null, Http2RequestOptions.Trailers.TAKEN);
        connection.request(Heads.get("/"), options, 7, StreamEnd.OPEN, 0);
        var webSocket = new Http2RequestOptions(
                Http2RequestOptions.Scheme.HTTPS, null, "websocket", Http2RequestOptions.Trailers.UNSAID);
        connection.request(Heads.get("/chat"), webSocket, -1, StreamEnd.OPEN, 0);
        assertEquals(
                List.of(
                        "> HEADERS 1 [:method: POST] [:scheme: http] [:authority: Shop.example:81] [:path: /a?b] [x-y: z]",
                        "> HEADERS 3 [:method: GET] [:scheme: https] [:authority: origin] [:path: /] [te: trailers] [content-length: 7]",
                        "> HEADERS 5 [:method: CONNECT] [:scheme: https] [:authority: a] [:path: /chat] [:protocol: websocket]"),
                client.takeLog());
    }

    private Http2Stream connect(StreamEnd end) {
        RequestHead head = Heads.request("GET /chat HTTP/1.1␍␊Host: a␍␊Upgrade: websocket␍␊Connection: upgrade␍␊"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==␍␊Sec-WebSocket-Version: 13␍␊"
                + "Sec-WebSocket-Protocol: chat␍␊␍␊");
        var options = new Http2RequestOptions(
                Http2RequestOptions.Scheme.HTTP, null, "websocket", Http2RequestOptions.Trailers.UNSAID);
        Http2Stream stream = connection.request(head, options, -1, end, client.nowNs);
        assertNotNull(stream);
        return stream;
    }

    /** RFC 8441 §5: the key is left out, and everything else of the handshake is not. */
    @Test
    void asksForAWebSocketWithoutAKey() {
        connect(StreamEnd.OPEN);
        assertEquals(
                List.of("> HEADERS 1 [:method: CONNECT] [:scheme: http] [:authority: a] [:path: /chat]"
                        + " [:protocol: websocket] [sec-websocket-version: 13] [sec-websocket-protocol: chat]"),
                client.takeLog());
    }

    /** RFC 9110 §9.3.6: behind a success are a tunnel's bytes, whatever status and length it has. */
    @Test
    void takesATunnelsBytesForNoContent() {
        for (String status : List.of("200", "204", "299")) {
            int id = connect(StreamEnd.OPEN).id();
            client.takeLog();
            client.feed(
                    headers(id, EH, block(":status", status, "content-length", "2")),
                    data(id, 0, "abc"),
                    data(id, ES, 0));
            assertEquals(
                    List.of(
                            "response " + id + " " + status + " CHUNKED -1 OPEN content-length: 2|",
                            "data " + id + " 3",
                            "end " + id),
                    client.takeLog());
        }
    }

    @Test
    void tunnelCanBeGrantedAndEndedAtOnce() {
        Http2Stream stream = connect(StreamEnd.OPEN);
        client.takeLog();
        client.feed(headers(1, ES | EH, block(":status", "200", "content-length", "2")));
        assertEquals(List.of("response 1 200 NONE -1 END content-length: 2|"), client.takeLog());
        assertTrue(stream.canSend());
    }

    /** RFC 9113 §8.5. */
    @Test
    void refusesTrailersOfATunnel() {
        connect(StreamEnd.OPEN);
        client.takeLog();
        client.feed(headers(1, EH, OK), headers(1, ES | EH, block("a", "b")));
        assertEquals(
                List.of(
                        "response 1 200 CHUNKED -1 OPEN ",
                        "> RST_STREAM 1 PROTOCOL_ERROR",
                        "violation h2.connect.fields 1",
                        "reset 1 PROTOCOL_ERROR FAULT"),
                client.takeLog());
    }

    /** What is refused is an ordinary response, with a length that holds. */
    @Test
    void refusedTunnelHasContent() {
        connect(StreamEnd.OPEN);
        client.takeLog();
        client.feed(
                headers(1, EH, block(":status", "403", "content-length", "3")),
                data(1, 0, "abc"),
                headers(1, ES | EH, block("a", "b")));
        assertEquals(
                List.of("response 1 403 LENGTH 3 OPEN content-length: 3|", "data 1 3", "end 1 a: b|"),
                client.takeLog());
    }

    @Test
    void namesNoHostWhereTheClientNamesNone() {
        send(Heads.request("GET / HTTP/1.0␍␊␍␊"), StreamEnd.END);
        assertEquals(List.of("> HEADERS 1 END [:method: GET] [:scheme: http] [:path: /]"), client.takeLog());
    }

    @Test
    void joinsAPathThatWasRewrittenWithItsQuery() {
        RequestHead head = Heads.get("/a/../b%7e?c=d");
        assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
        send(head, StreamEnd.END);
        assertEquals(
                List.of("> HEADERS 1 END [:method: GET] [:scheme: http] [:authority: a] [:path: /b~?c=d]"),
                client.takeLog());
    }

    @Test
    void takesInterimAndFinalResponsesAndTrailers() {
        Http2Stream stream = get("/");
        client.takeLog();
        client.feed(
                headers(1, EH, block(":status", "103", "link", "</a>")),
                headers(1, EH, block(":status", "200", "content-length", "3", "set-cookie", "a", "set-cookie", "b")),
                data(1, 0, "abc"),
                headers(1, ES | EH, block("grpc-status", "0", "set-cookie", "x")));
        assertEquals(
                List.of(
                        "interim 1 103 link: </a>|",
                        "response 1 200 LENGTH 3 OPEN content-length: 3|set-cookie: a|set-cookie: b|",
                        "data 1 3",
                        "end 1 grpc-status: 0|"),
                client.takeLog());
        assertTrue(stream.isClosed());
        assertEquals(0, connection.streamCount());
    }

    @Test
    void takesEveryStatusOfThreeDigitsUpToTheLastClass() {
        get("/");
        client.takeLog();
        client.feed(headers(1, EH, block(":status", "100")), headers(1, ES | EH, block(":status", "599")));
        assertEquals(List.of("interim 1 100 ", "response 1 599 NONE -1 END "), client.takeLog());
    }

    @Test
    void knowsResponsesWithoutContent() {
        send(Heads.request("HEAD / HTTP/1.1␍␊Host: a␍␊␍␊"), StreamEnd.END);
        get("/");
        client.takeLog();
        client.feed(headers(1, ES | EH, block(":status", "200", "content-length", "5")));
        client.feed(headers(3, EH, block(":status", "304", "content-length", "5")), data(3, ES, 0));
        assertEquals(
                List.of(
                        "response 1 200 NONE 5 END content-length: 5|",
                        "response 3 304 NONE 5 OPEN content-length: 5|",
                        "end 3"),
                client.takeLog());
    }

    @Test
    void keepsToTheServersConcurrency() {
        client.feed(settings(3, 2));
        get("/1");
        get("/2");
        assertFalse(connection.mayRequest());
        assertNull(connection.request(Heads.get("/3"), Heads.PLAIN, -1, StreamEnd.END, 0));
        client.feed(headers(1, ES | EH, OK));
        assertTrue(connection.mayRequest());
        assertEquals(5, get("/3").id());
    }

    @ThreatRow("H2-26")
    @Test
    void h2_26_tellsWhichRequestsWereNotLookedAt() {
        get("/1");
        get("/2");
        get("/3");
        client.takeLog();
        client.feed(goAway(Integer.MAX_VALUE, 0), goAway(1, 0));
        assertEquals(
                List.of(
                        "goaway 2147483647 NO_ERROR",
                        "reset 3 REFUSED_STREAM GOAWAY",
                        "reset 5 REFUSED_STREAM GOAWAY",
                        "goaway 1 NO_ERROR"),
                client.takeLog());
        assertFalse(connection.mayRequest());
        client.feed(headers(3, ES | EH, OK), headers(1, ES | EH, OK));
        assertEquals(List.of("response 1 200 CHUNKED -1 END ".replace("CHUNKED", "NONE")), client.takeLog());
        assertTrue(connection.isDrained());
    }

    @ThreatRow("H2-31")
    @Test
    void h2_31_keepsAResponseThatWasCompleteBeforeTheReset() {
        Http2Stream stream = send(Heads.request("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊"), StreamEnd.OPEN);
        client.takeLog();
        client.feed(headers(1, EH, OK), data(1, ES, "no"), rst(1, ErrorCode.NO_ERROR));
        assertEquals(
                List.of("response 1 200 CHUNKED -1 OPEN ", "data 1 2", "end 1", "reset 1 NO_ERROR PEER"),
                client.takeLog());
        assertTrue(stream.isClosed());
        assertFalse(connection.sendData(stream, ByteBuffer.allocate(1), StreamEnd.OPEN));
    }

    @Test
    void tellsPriorities() {
        Http2Stream stream = get("/");
        client.takeLog();
        connection.sendPriority(stream, 1, true);
        connection.sendPriority(stream, 7, false);
        assertEquals(List.of("> PRIORITY_UPDATE 1 u=1,i", "> PRIORITY_UPDATE 1 u=7"), client.takeLog());
    }

    @Test
    void drainsOnceItsRequestsAreAnswered() {
        get("/");
        connection.startDrain();
        assertFalse(connection.mayRequest());
        assertFalse(connection.isDrained());
        client.feed(headers(1, ES | EH, OK));
        assertTrue(connection.isDrained());
    }

    @Test
    void uploadsWithinTheWindow() {
        client.feed(settings(4, 5));
        Http2Stream stream = send(Heads.request("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 8␍␊␍␊"), StreamEnd.OPEN);
        client.takeLog();
        ByteBuffer content = ByteBuffer.allocate(8);
        assertFalse(connection.sendData(stream, content, StreamEnd.END));
        connection.awaitTurn(stream, 0);
        client.feed(Wires.windowUpdate(1, 3));
        assertEquals(stream, connection.nextToSend());
        assertTrue(connection.sendData(stream, content, StreamEnd.END));
        assertEquals(List.of("> DATA 1 5", "window 1", "> DATA 1 3 END"), client.takeLog());
        assertFalse(stream.canSend());
    }
}
