package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How responses of every framing reach clients of both versions. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ResponseFormsIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String GET_10 = "GET / HTTP/1.0␍␊Host: a␍␊␍␊";
    private static final String CHUNKED = "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊6␍␊ world␍␊0␍␊␍␊";

    @Test
    void lengthStaysLength() {
        var response = exchange(GET, "HTTP/1.1 200 OK␍␊Content-Length: 5␍␊␍␊hello");
        assertEquals(Response.Framing.LENGTH, response.framing());
        assertEquals("hello", response.text());
    }

    @Test
    void chunkedStaysChunked() {
        var response = exchange(GET, CHUNKED);
        assertEquals(Response.Framing.CHUNKED, response.framing());
        assertEquals("hello world", response.text());
    }

    @Test
    void closeDelimitedBecomesChunked() {
        var response = exchangeThenClose(GET, "HTTP/1.1 200 OK␍␊␍␊hello");
        assertEquals(Response.Framing.CHUNKED, response.framing());
        assertEquals("hello", response.text());
    }

    @Test
    void http10OriginIsUnderstood() {
        var response = exchangeThenClose(GET, "HTTP/1.0 200 OK␍␊Content-Length: 5␍␊␍␊hello");
        assertEquals("HTTP/1.1", response.version());
        assertEquals("hello", response.text());
    }

    @Test
    void http10OriginWithoutLengthIsUnderstood() {
        assertEquals("hello", exchangeThenClose(GET, "HTTP/1.0 200 OK␍␊␍␊hello").text());
    }

    @Test
    void connectionOfAnHttp10OriginIsNotUsedAgain() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixed("HTTP/1.0 200 OK␍␊Content-Length: 2␍␊␍␊hi"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.lastRequest().connection());
        }
    }

    @ThreatRow(value = "H1-17", outcome = "content without chunks, ended by the end of the connection")
    @Test
    void h1_17_http10ClientGetsNoChunks() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.fixed(CHUNKED));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.0␍␊Host: a␍␊Connection: keep-alive␍␊␍␊");
            var response = client.expectStatus(200);
            assertEquals(Response.Framing.CLOSE, response.framing());
            assertEquals("hello world", response.text());
            client.expectClosed();
        }
    }

    @Test
    void http10ClientIsClosedAfterTheResponse() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            assertTrue(client.send(GET_10).expectStatus(200).announcesClose());
            client.expectClosed();
            assertEquals("HTTP/1.1", origin.lastRequest().head().version());
        }
    }

    @Test
    void http10ClientWithoutHostIsServedUnderTheEndpointsName() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.0␍␊␍␊").expectStatus(200);
            assertEquals(origin.address(), origin.lastRequest().fields().value("host"));
        }
    }

    @Test
    void http10ClientGetsNoInterimResponse() {
        var response =
                exchange(GET_10, "HTTP/1.1 103 Early Hints␍␊Link: a␍␊␍␊HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊hi");
        assertEquals(List.of(), response.interimStatuses());
    }

    @Test
    void truncatedContentForAnHttp10ClientEndsInAReset() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixedThenClose(
                                "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(GET_10)) {
            var response = client.readResponseToAnyEnding();
            assertTrue(
                    response.status() == 502 || response.ending() == Response.Ending.RESET_EARLY, response::toString);
        }
    }

    @Test
    void headResponseKeepsItsLengthAndHasNoContent() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok("hello"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("HEAD / HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals("5", client.readResponse("HEAD").fields().value("content-length"));
            assertEquals("hello", client.send(GET).expectStatus(200).text());
            assertEquals(1, origin.connections().size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content␍␊X: a␍␊␍␊",
                "HTTP/1.1 304 Not Modified␍␊ETag: \"a\"␍␊␍␊",
                "HTTP/1.1 304 Not Modified␍␊ETag: \"a\"␍␊Content-Length: 10␍␊␍␊",
                "HTTP/1.1 200 OK␍␊Content-Length: 0␍␊␍␊",
                "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊0␍␊␍␊",
            })
    void responseWithoutContentLeavesBothConnectionsUsable(String sent) {
        try (var origin = ScriptedOrigin.start().on("/empty", OriginScript.fixed(sent));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            assertEquals(
                    "",
                    client.send("GET /empty HTTP/1.1␍␊Host: a␍␊␍␊")
                            .readResponse()
                            .text());
            assertEquals("scripted origin", client.send(GET).expectStatus(200).text());
            assertEquals(1, origin.connections().size());
        }
    }

    @Test
    void trailersReachAClientThatTakesThem() {
        var response = exchange(
                "GET / HTTP/1.1␍␊Host: a␍␊TE: trailers␍␊Connection: TE␍␊␍␊",
                "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊Trailer: Sum␍␊␍␊2␍␊hi␍␊0␍␊Sum: 42␍␊␍␊");
        assertEquals("hi", response.text());
        assertEquals("42", response.trailers().value("sum"));
    }

    @ThreatRow(
            value = "H1-12",
            outcome = "left out of what a client gets that does not take trailers, or that must not be there")
    @ParameterizedTest
    @CsvSource({
        "'', Sum: 42",
        "'TE: trailers␍␊', Content-Length: 5",
        "'TE: trailers␍␊', Set-Cookie: a=b",
        "'TE: trailers␍␊', Transfer-Encoding: chunked"
    })
    void h1_12_trailersThatNobodyWantsDoNotReachTheClient(String asks, String trailer) {
        var response = exchange(
                "GET / HTTP/1.1␍␊Host: a␍␊" + asks + "␍␊",
                "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊2␍␊hi␍␊0␍␊" + trailer + "␍␊␍␊");
        assertEquals("hi", response.text());
        assertEquals(List.of(), response.trailers().lines());
        assertFalse(response.fields().has("set-cookie"));
    }

    @Test
    void trailersOfARequestReachTheOrigin() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send(
                    "POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊Trailer: Sum␍␊␍␊" + "2␍␊hi␍␊0␍␊Sum: 42␍␊␍␊");
            client.expectStatus(200);
            assertEquals("42", origin.awaitRequest(0).trailers().value("sum"));
        }
    }

    @Test
    void interimResponsesReachTheClientInOrder() {
        var response = exchange(
                GET,
                "HTTP/1.1 102 Processing␍␊␍␊HTTP/1.1 103 Early Hints␍␊Link: </a.css>␍␊␍␊"
                        + "HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊hi");
        assertEquals(List.of(102, 103), response.interimStatuses());
        assertEquals("</a.css>", response.interim().getLast().fields().value("link"));
    }

    @Test
    void interimResponseReachesTheClientBeforeTheFinalOne() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 103 Early Hints␍␊Link: a␍␊␍␊");
                    exchange.await(go);
                    exchange.respond(200, "hi");
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(GET)) {
            assertEquals(103, client.readHead().status());
            go.countDown();
            assertEquals("hi", client.expectStatus(200).text());
        }
    }

    @Test
    void contentReachesTheClientAsItComes() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 10␍␊␍␊first");
                    exchange.await(go);
                    exchange.send("after");
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(GET)) {
            assertEquals(200, client.readHead().status());
            client.expectBytes("first");
            go.countDown();
            client.expectBytes("after").expectNothingMore();
        }
    }

    @Test
    void repeatedFieldsKeepTheirOrder() {
        var response = exchange(GET, "HTTP/1.1 200 OK␍␊Set-Cookie: a=1␍␊X: y␍␊Set-Cookie: b=2␍␊Content-Length: 0␍␊␍␊");
        assertEquals(List.of("a=1", "b=2"), response.fields().all("set-cookie"));
    }

    @Test
    void connectionFieldsOfTheOriginStayThere() {
        var response = exchange(
                GET,
                "HTTP/1.1 200 OK␍␊Connection: X-Hop␍␊X-Hop: 1␍␊Keep-Alive: timeout=5␍␊Proxy-Connection: x␍␊"
                        + "Upgrade: h2c␍␊Content-Length: 0␍␊␍␊");
        for (String name : List.of("x-hop", "keep-alive", "proxy-connection", "upgrade", "connection")) {
            assertFalse(response.fields().has(name), () -> name + " in " + response.fields());
        }
    }

    private static Response exchange(String request, String answer) {
        return exchange(request, OriginScript.fixed(answer));
    }

    private static Response exchangeThenClose(String request, String answer) {
        return exchange(request, OriginScript.fixedThenClose(answer));
    }

    private static Response exchange(String request, OriginScript script) {
        try (var origin = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(request)) {
            return client.expectStatus(200);
        }
    }
}
