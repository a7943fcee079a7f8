package dev.headgate.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters between a client and an origin. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FilterIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ASKING =
            "GET /chat HTTP/1.1␍␊Host: a␍␊Upgrade: websocket␍␊Connection: Upgrade␍␊Sec-WebSocket-Key: " + KEY
                    + "␍␊Sec-WebSocket-Version: 13␍␊␍␊";
    private static final Filter A = new Marker("a");
    private static final Filter B = new Marker("b");

    @Test
    void requestsPassInOrderAndResponsesInReverse() {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, A, B);
                var client = proxy.connect()) {
            Response response = client.send(GET).expectStatus(200);
            assertEquals(List.of("a", "b"), origin.lastRequest().fields().all("x-mark"));
            assertEquals(List.of("b", "a"), response.fields().all("x-mark"));
        }
    }

    /** The end of a filter goes through those behind it, as all of its bytes do. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2␍␊␍␊XY", "Transfer-Encoding: chunked␍␊␍␊1␍␊X␍␊1␍␊Y␍␊0␍␊␍␊"})
    void requestBodyIsChangedInOrder(String rest) {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, A, B);
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊" + rest).expectStatus(200);
            assertEquals("XbabYbab/bab/b", origin.lastRequest().text());
            assertFalse(origin.lastRequest().fields().has("content-length"));
        }
    }

    /** By HTTP/2 the whole of a request is there, without content, before a connection to its origin is. */
    @Test
    void addsToAnEndThatNothingCouldTakeYet() {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.withHttp2Before(origin, A, B);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(
                    Frames.begin(1, FieldBlock.post("/")),
                    Frames.headers(1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of("x-there", "1")));
            client.expectStatus(1, 200);
            assertEquals("/bab/b", origin.lastRequest().text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2␍␊␍␊XY", "Transfer-Encoding: chunked␍␊␍␊1␍␊X␍␊1␍␊Y␍␊0␍␊␍␊"})
    void responseBodyIsChangedInReverse(String rest) {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.fixed("HTTP/1.1 200 OK␍␊" + rest));
                var proxy = FilteredProxy.before(origin, A, B);
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send(GET).expectStatus(200);
                assertEquals("XabaYaba/aba/a", response.text());
                assertEquals(Response.Framing.CHUNKED, response.framing());
            }
        }
    }

    /** The end that a filter gives to a response which breaks passes those behind it, and those before it are not asked for more. */
    @Test
    void aFilterMayEndWhatCannotBeCompleted() {
        try (var origin = ScriptedOrigin.start().otherwise(FilterIT::breakOff);
                var proxy = FilteredProxy.before(origin, A, ending(" the end"), B);
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send(GET).expectStatus(200);
                assertEquals("Xaba atahaea aeanada/a", response.text());
            }
        }
    }

    /** Those before it are asked and no more; for those behind it the response is whole, as their client gets it. */
    @Test
    void behindAFilterThatEndsWhatCannotBeCompletedTheResponseIsWhole() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (var origin = ScriptedOrigin.start().otherwise(FilterIT::breakOff);
                var proxy = FilteredProxy.before(
                        origin, listening("behind", heard), ending(" the end"), listening("before", heard));
                var client = proxy.connect()) {
            assertEquals("X the end", client.send(GET).expectStatus(200).text());
        }
        assertEquals(
                List.of("before: X", "behind: X", "before: break", "behind:  the end", "behind: end"),
                List.copyOf(heard));
    }

    @Test
    void everyFilterIsAskedUntilOneEndsWhatCannotBeCompleted() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (var origin = ScriptedOrigin.start().otherwise(FilterIT::breakOff);
                var proxy = FilteredProxy.before(origin, listening("last", heard), listening("first", heard));
                var client = proxy.connect()) {
            Response response = client.send(GET).readResponseToAnyEnding();
            assertNotEquals(Response.Ending.COMPLETE, response.ending());
        }
        assertEquals(List.of("first: X", "last: X", "first: break", "last: break"), List.copyOf(heard));
    }

    /** By who sees in the content itself that it is wrong: within it, at its end, or at the end that another filter has given it. */
    @ParameterizedTest
    @ValueSource(strings = {"it is broken off", "wrong", ""})
    void aFilterMayBreakAResponseOff(String content) {
        try (var origin = ScriptedOrigin.start()
                        .on("/whole", OriginScript.ok("whole"))
                        .otherwise(
                                content.isEmpty() ? FilterIT::breakOff : exchange -> exchange.respond(200, content));
                var proxy = FilteredProxy.before(origin, breaking(), ending(" wrong"));
                var client = proxy.connect();
                var next = proxy.connect()) {
            Response response = client.send(GET).readResponseToAnyEnding();
            assertEquals(200, response.status());
            assertNotEquals(Response.Ending.COMPLETE, response.ending());
            assertEquals(
                    "whole",
                    next.send(GET.replace(" / ", " /whole ")).expectStatus(200).text());
        }
    }

    /** Breaks off content that has "broken" in it, or ends with "wrong". */
    private static Filter breaking() {
        return new Filter() {
            @Override
            public Bodies bodies() {
                return Bodies.RESPONSE;
            }

            @Override
            public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
                String text = text(bytes);
                context.state(this, text);
                if (text.contains("broken")) {
                    context.breakResponse();
                }
                return bytes;
            }

            @Override
            public @Nullable ByteBuffer onResponseEnd(FilterContext context) {
                if (context.state(this) instanceof String seen && seen.endsWith("wrong")) {
                    context.breakResponse();
                }
                return null;
            }
        };
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    /** Changes nothing, and says what it hears of the response's content. */
    private static Filter listening(String name, List<String> heard) {
        return new Filter() {
            @Override
            public Bodies bodies() {
                return Bodies.RESPONSE;
            }

            @Override
            public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
                heard.add(name + ": " + text(bytes));
                return bytes;
            }

            @Override
            public @Nullable ByteBuffer onResponseEnd(FilterContext context) {
                heard.add(name + ": end");
                return null;
            }

            @Override
            public @Nullable ByteBuffer onResponseBreak(FilterContext context, ResponseBreak reason) {
                heard.add(name + ": break");
                return null;
            }
        };
    }

    private static void breakOff(OriginExchange exchange) throws IOException {
        exchange.send("HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊1␍␊X␍␊");
        exchange.close();
    }

    private static Filter ending(String end) {
        return new Filter() {
            @Override
            public Bodies bodies() {
                return Bodies.RESPONSE;
            }

            @Override
            public ByteBuffer onResponseBreak(FilterContext context, ResponseBreak reason) {
                assertEquals(new ResponseBreak("upstream_truncated", 14), reason);
                return ByteBuffer.wrap(end.getBytes(StandardCharsets.ISO_8859_1));
            }
        };
    }

    /** What a filter would make of content it does not make of frames. */
    @Test
    void seesTheHeadsOfAWebSocketAndNotItsFrames() {
        List<Phases.Phase> seen = new CopyOnWriteArrayList<>();
        try (var origin = ScriptedOrigin.start().otherwise(FilterIT::grant);
                var proxy = FilteredProxy.before(origin, A, new Phases((phase, target) -> seen.add(phase)), B);
                var client = proxy.connect()) {
            Response granted = client.send(ASKING.replace("/chat", "/")).readHead();
            assertEquals(101, granted.status());
            assertEquals(List.of("b", "a"), granted.fields().all("x-mark"));
            assertEquals(List.of("a", "b"), origin.lastRequest().fields().all("x-mark"));
            client.expectBytes("frames");
            assertEquals(List.of(Phases.Phase.REQUEST_HEAD, Phases.Phase.RESPONSE_HEAD, Phases.Phase.END), seen);
        }
    }

    @Test
    void grantsNoWebSocketWhenAFilterFails() {
        try (var origin = ScriptedOrigin.start().otherwise(FilterIT::grant);
                var proxy = FilteredProxy.before(origin, Phases.failingIn(Phases.Phase.RESPONSE_HEAD));
                var client = proxy.connect()) {
            client.send(ASKING.replace("/chat", "/fail")).expectStatus(500);
            client.send(GET).expectStatus(200);
        }
    }

    private static void grant(OriginExchange exchange) throws IOException {
        if (exchange.request().fields().has("upgrade")) {
            exchange.send(
                    "HTTP/1.1 101 Switching Protocols␍␊Upgrade: websocket␍␊Connection: Upgrade␍␊Sec-WebSocket-Accept: "
                            + WebSocketFrames.acceptOf(KEY) + "␍␊␍␊frames");
            exchange.awaitPeerEnd();
        } else {
            exchange.respond(200, "ok");
        }
    }

    @Test
    void responseWithoutContentStaysWithout() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.fixed("HTTP/1.1 204 No Content␍␊␍␊"));
                var proxy = FilteredProxy.before(origin, A);
                var client = proxy.connect()) {
            assertEquals("", client.send(GET).expectStatus(204).text());
            assertEquals(204, client.send(GET).expectStatus(204).status());
        }
    }

    @Test
    void responseToHeadKeepsNoLengthThatIsNoLongerTrue() {
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, A);
                var client = proxy.connect()) {
            client.send("HEAD / HTTP/1.1␍␊Host: a␍␊␍␊");
            assertNull(client.readResponse("HEAD").fields().value("content-length"));
            client.send(GET).expectStatus(200);
        }
    }

    @Test
    void answerOfFilterReachesTheClientAndNothingTheOrigin() {
        Filter answers = new Filter() {
            @Override
            public void onRequestHead(FilterContext context, RequestHead head) {
                context.respond(403, "text/plain", "no entry\n".getBytes(StandardCharsets.US_ASCII));
            }
        };
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, answers, B);
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello");
            Response response = client.expectStatus(403);
            assertEquals("no entry\n", response.text());
            assertEquals("text/plain", response.fields().value("content-type"));
            assertEquals(403, client.send(GET).expectStatus(403).status());
            origin.assertReceivedNothing();
        }
    }

    @Test
    void stateBelongsToTheExchange() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Filter remembers = new Filter() {
            @Override
            public void onRequestHead(FilterContext context, RequestHead head) {
                assertNull(context.state(this));
                context.state(this, Phases.target(head));
            }

            @Override
            public void onEnd(FilterContext context) {
                seen.add(context.state(this) + " " + context.routeName() + " " + context.clientAddress());
            }
        };
        try (var origin = ScriptedOrigin.start();
                var proxy = FilteredProxy.before(origin, remembers);
                var client = proxy.connect()) {
            client.send("GET /1 HTTP/1.1␍␊Host: a␍␊␍␊GET /2 HTTP/1.1␍␊Host: a␍␊␍␊");
            client.expectStatus(200);
            client.expectStatus(200);
            Await.until("both have ended", () -> seen.size() == 2);
            assertEquals(List.of("/1 filtered 127.0.0.1", "/2 filtered 127.0.0.1"), seen);
        }
    }

    @Test
    void endIsToldWhenTheClientHasGone() {
        List<String> ended = new CopyOnWriteArrayList<>();
        Filter listens = new Filter() {
            @Override
            public void onEnd(FilterContext context) {
                ended.add(context.routeName());
            }
        };
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.stall());
                var proxy = FilteredProxy.before(origin, listens)) {
            try (var client = proxy.connect()) {
                client.send(GET);
                origin.awaitRequest(0);
                client.reset();
            }
            Await.until("the exchange has ended", () -> ended.size() == 1);
        }
    }
}
