package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2Request;
import dev.headgate.testkit.peer.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of HTTP/1.1 clients through the proxy to origins that speak HTTP/2 in plain. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2UpstreamIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int LARGE = 5 << 20;

    private static ProxySetup before(Http2Origin origin) {
        return ProxySetup.before(origin.address()).upstream("protocol: h2");
    }

    private static Http2Origin serving(Handler handler) {
        return Http2Origin.start(Script.serving(handler));
    }

    private static Handler ok(String text) {
        return (peer, request) -> {
            peer.awaitContent(request.streamId());
            peer.respond(request.streamId(), 200, text);
        };
    }

    @Test
    void sendsRequestsOnOneConnection() {
        try (var origin = serving(ok("hello"));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 100; i++) {
                assertEquals("hello", client.send(GET).expectStatus(200).text());
            }
            assertEquals(1, origin.connections());
            assertEquals(100, origin.peers().getFirst().requestCount());
            var endpoint = proxy.metrics().endpoints().values().iterator().next();
            assertEquals(1, endpoint.connectionsOpened());
            assertEquals(99, endpoint.poolHits());
        }
    }

    @Test
    void translatesTheHead() {
        var seen = new CompletableFuture<Http2Request>();
        try (var origin = serving((peer, request) -> {
                    seen.complete(request);
                    peer.respond(request.streamId(), 200, "");
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send(
                            "GET /a/b?c=d HTTP/1.1␍␊Host: example.test␍␊X-One: 1␍␊Connection: x-two␍␊X-Two: 2␍␊Cookie: a=b␍␊␍␊")
                    .expectStatus(200);
            var fields = seen.join().fields();
            assertEquals("GET", fields.value(":method"));
            assertEquals("http", fields.value(":scheme"));
            assertEquals("/a/b?c=d", fields.value(":path"));
            assertEquals("example.test", fields.value(":authority"));
            assertEquals("1", fields.value("x-one"));
            assertEquals("a=b", fields.value("cookie"));
            assertFalse(fields.has("x-two"));
            assertFalse(fields.has("te"));
            assertFalse(fields.has("content-length"));
            assertEquals("1.1 headgate", fields.value("via"));
            assertTrue(seen.join().isWhole());
        }
    }

    @Test
    void namesTheEndpointOrAFixedHostWhereToldTo() {
        for (String host : List.of("endpoint", "fixed.test:81")) {
            var seen = new CompletableFuture<Http2Request>();
            try (var origin = serving((peer, request) -> {
                        seen.complete(request);
                        peer.respond(request.streamId(), 200, "");
                    });
                    var proxy =
                            before(origin).upstream("host: \"" + host + "\"").start();
                    var client = proxy.connect()) {
                client.send(GET).expectStatus(200);
                String expected = host.equals("endpoint") ? origin.address() : host;
                assertEquals(expected, seen.join().fields().value(":authority"));
            }
        }
    }

    @Test
    void translatesTheAnswer() {
        try (var origin = serving((peer, request) -> {
                    peer.head(request.streamId(), 0, 201, "x-one", "1", "content-type", "text/plain");
                    peer.content(request.streamId(), "abc".getBytes(StandardCharsets.US_ASCII), 0);
                    peer.content(request.streamId(), "def".getBytes(StandardCharsets.US_ASCII), Frames.END_STREAM);
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            Response response = client.send(GET).expectStatus(201);
            assertEquals("abcdef", response.text());
            assertEquals(Response.Framing.CHUNKED, response.framing());
            assertEquals("1", response.fields().value("x-one"));
            assertEquals("2.0 headgate", response.fields().value("via"));
        }
    }

    @Test
    void tellsItsClientTheEndOfAnAnswerWithoutContent() {
        try (var origin = serving((peer, request) -> peer.head(request.streamId(), Frames.END_STREAM, 200));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            Response response = client.send(GET).expectStatus(200);
            assertEquals("0", response.fields().value("content-length"));
            client.send(GET).expectStatus(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void forwardsAnswersThatHaveNoContent(int status) {
        try (var origin = serving((peer, request) -> peer.head(request.streamId(), Frames.END_STREAM, status));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send(GET).expectStatus(status);
                assertFalse(response.fields().has("content-length"));
            }
        }
    }

    @Test
    void forwardsTheLengthThatAnAnswerToHeadShows() {
        try (var origin = serving((peer, request) ->
                        peer.head(request.streamId(), Frames.END_STREAM, 200, "content-length", "1234"));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send("HEAD / HTTP/1.1␍␊Host: a␍␊␍␊").readResponse("HEAD");
                assertEquals("1234", response.fields().value("content-length"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void saysThatThereIsNoContentWhereThereUsuallyIs(String method) {
        try (var origin = serving((peer, request) -> {
                    peer.respond(
                            request.streamId(),
                            request.isWhole() ? 200 : 500,
                            String.valueOf(request.fields().value("content-length")));
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            String head = method + " / HTTP/1.1␍␊Host: a␍␊";
            assertEquals("0", client.send(head + "␍␊").expectStatus(200).text());
            assertEquals(
                    "0",
                    client.send(head + "Content-Length: 0␍␊␍␊")
                            .expectStatus(200)
                            .text());
        }
    }

    @Test
    void endsTheStreamWithTheLastByteOfAKnownLength() {
        try (var origin = serving((peer, request) -> {
                    peer.awaitContent(request.streamId(), 5);
                    peer.respond(
                            request.streamId(),
                            200,
                            new String(peer.awaitContent(request.streamId()), StandardCharsets.US_ASCII));
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            assertEquals(
                    "hello",
                    client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello")
                            .expectStatus(200)
                            .text());
        }
    }

    @Test
    void forwardsTrailersBothWays() {
        try (var origin = serving((peer, request) -> {
                    int id = request.streamId();
                    String text = new String(peer.awaitContent(id), StandardCharsets.US_ASCII);
                    peer.head(id, 0, 200);
                    peer.content(id, (text + request.fields().value("te")).getBytes(StandardCharsets.US_ASCII), 0);
                    peer.trailers(
                            id, "x-back", String.valueOf(peer.trailersOf(id).value("x-there")));
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send("POST / HTTP/1.1␍␊Host: a␍␊TE: trailers␍␊Connection: te␍␊"
                                + "Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊x-there: 1␍␊␍␊")
                        .expectStatus(200);
                assertEquals("hellotrailers", response.text());
                assertEquals("1", response.trailers().value("x-back"));
            }
        }
    }

    @Test
    void forwardsInterimResponses() {
        try (var origin = serving((peer, request) -> {
                    peer.head(request.streamId(), 0, 103, "link", "</a.css>; rel=preload");
                    peer.head(request.streamId(), 0, 103, "link", "</b.css>; rel=preload");
                    peer.respond(request.streamId(), 200, "done");
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            Response response = client.send(GET).expectStatus(200);
            assertEquals(List.of(103, 103), response.interimStatuses());
            assertEquals(
                    "</a.css>; rel=preload",
                    response.interim().getFirst().fields().value("link"));
        }
    }

    @Test
    void relaysContinue() {
        try (var origin = serving((peer, request) -> {
                    assertEquals("100-continue", request.fields().value("expect"));
                    assertFalse(request.isWhole());
                    peer.head(request.streamId(), 0, 100);
                    peer.respond(
                            request.streamId(),
                            200,
                            new String(peer.awaitContent(request.streamId()), StandardCharsets.US_ASCII));
                });
                var proxy = before(origin)
                        .listener("timeouts: {expectContinue: 1m}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊Expect: 100-continue␍␊␍␊");
            assertEquals(100, client.readHead().status());
            assertEquals("hello", client.send("hello").expectStatus(200).text());
        }
    }

    @Test
    void passesLargeBodiesBothWays() {
        byte[] upload = Pattern.bytes(1, LARGE);
        try (var origin = serving((peer, request) -> {
                    peer.assertCreditWhole();
                    byte[] content = peer.awaitContent(request.streamId());
                    peer.head(request.streamId(), 0, 200);
                    peer.content(request.streamId(), content, Frames.END_STREAM);
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + LARGE + "␍␊␍␊")
                        .send(upload);
                String text = client.expectStatus(200).text();
                assertEquals(LARGE, text.length());
                assertTrue(java.util.Arrays.equals(upload, text.getBytes(StandardCharsets.ISO_8859_1)));
            }
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void sendsLargeHeadsInPieces() {
        String value = "v".repeat(7000);
        try (var origin = serving((peer, request) -> {
                    int length = request.fields().value("x-one").length()
                            + request.fields().value("x-two").length()
                            + request.fields().value("x-three").length();
                    peer.head(request.streamId(), Frames.END_STREAM, 200, "x-length", Integer.toString(length));
                });
                var proxy =
                        before(origin).listener("limits: {headerBytes: 64KiB}").start();
                var client = proxy.connect()) {
            Response response = client.send("GET / HTTP/1.1␍␊Host: a␍␊X-One: " + value + "␍␊X-Two: " + value
                            + "␍␊X-Three: " + value + "␍␊␍␊")
                    .expectStatus(200);
            assertEquals("21000", response.fields().value("x-length"));
        }
    }

    @Test
    void carriesManyRequestsAtATimeOnOneConnection() throws Exception {
        int clients = 20;
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    for (int i = 0; i < clients; i++) {
                        peer.request();
                    }
                    for (int i = clients - 1; i >= 0; i--) {
                        peer.respond(2 * i + 1, 200, "a");
                    }
                    peer.awaitEnd();
                });
                var proxy = before(origin).start()) {
            var all = new java.util.ArrayList<dev.headgate.testkit.peer.RawClient>();
            for (int i = 0; i < clients; i++) {
                all.add(proxy.connect().send(GET));
            }
            for (var client : all) {
                assertEquals("a", client.expectStatus(200).text());
                client.close();
            }
            assertEquals(1, origin.connections());
        }
    }
}
