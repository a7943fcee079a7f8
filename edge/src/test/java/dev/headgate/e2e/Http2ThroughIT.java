package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Request;
import dev.headgate.testkit.h2.Http2Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/2 on both sides: what one end says at the level of frames, the other hears. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2ThroughIT {
    private static final byte[] CALL = FieldBlock.post("/", "te", "trailers", "content-type", "application/grpc");
    private static final byte[] MESSAGE = {0, 0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o'};

    private static Http2Origin serving(Handler handler) {
        return Http2Origin.start(Script.serving(handler));
    }

    private static ProxyHarness before(Http2Origin origin) {
        return ProxySetup.before(origin.address())
                .listener("protocols: [h2]")
                .upstream("protocol: h2")
                .start();
    }

    @Test
    void passesACallWithItsTrailers() {
        try (var origin = serving((peer, request) -> {
                    int id = request.streamId();
                    byte[] message = peer.awaitContent(id);
                    peer.head(id, 0, 200, "content-type", "application/grpc");
                    peer.content(id, message, 0);
                    peer.trailers(id, "grpc-status", request.fields().has("te") ? "0" : "13");
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(Frames.begin(1, CALL)).sendContent(1, MESSAGE);
            Http2Response response = client.expectStatus(1, 200);
            assertEquals("0", response.trailers().value("grpc-status"));
            assertEquals(new String(MESSAGE, StandardCharsets.ISO_8859_1), response.text());
        }
    }

    /** Clients of gRPC know that a call has failed by a head that ends the stream. */
    @Test
    void headThatEndsTheStreamEndsItForTheClientToo() {
        try (var origin = serving((peer, request) -> {
                    peer.awaitContent(request.streamId());
                    peer.head(
                            request.streamId(),
                            Frames.END_STREAM,
                            200,
                            "content-type",
                            "application/grpc",
                            "grpc-status",
                            "12");
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(Frames.begin(1, CALL)).sendContent(1, MESSAGE);
            Frame frame = client.next();
            while (!frame.is(Frames.HEADERS)) {
                frame = client.next();
            }
            assertTrue(frame.has(Frames.END_STREAM), frame::toString);
            Http2Response response = client.response(1);
            assertEquals("12", response.fields().value("grpc-status"));
            assertFalse(response.fields().has("content-length"));
        }
    }

    /** Clients take CANCEL for the end of a call's time, and INTERNAL_ERROR for a fault. */
    @Test
    void aCallWhoseTimeEndsAmongItsMessagesIsCancelled() {
        byte[] head = FieldBlock.post("/", "content-type", "application/grpc", "grpc-timeout", "1S");
        try (var origin = serving((peer, request) -> {
                    peer.head(request.streamId(), 0, 200, "content-type", "application/grpc");
                    peer.content(request.streamId(), MESSAGE, 0);
                    assertEquals(Codes.CANCEL, peer.awaitReset(request.streamId()));
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(Frames.begin(1, head));
            client.awaitContent(1, MESSAGE.length);
            assertEquals(Codes.CANCEL, client.response(1).resetCode());
            proxy.awaitEndedBy(Cause.EXCHANGE_TIMEOUT, 1);
        }
    }

    /** RFC 9110 §8.6: answers to HEAD and 304 may name the length of what is not there, 204 and interim ones may not. */
    @Test
    void noLengthIsShownWhereNoneMayBe() {
        try (var origin = serving((peer, request) -> {
                    int id = request.streamId();
                    int status = Integer.parseInt(request.path().substring(1));
                    peer.head(id, 0, 103, "content-length", "7");
                    peer.head(id, Frames.END_STREAM, status, "content-length", "5");
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            assertFalse(client.get(1, "/204").expectStatus(1, 204).fields().has("content-length"));
            assertEquals(
                    "5", client.get(3, "/304").expectStatus(3, 304).fields().value("content-length"));
            client.isHead(5).send(Frames.request(5, FieldBlock.request("HEAD", "/200")));
            assertEquals("5", client.expectStatus(5, 200).fields().value("content-length"));
        }
    }

    @Test
    void resetOfEitherEndReachesTheOther() {
        try (var origin = serving((peer, request) -> {
                    int id = request.streamId();
                    peer.head(id, 0, 200);
                    if (request.path().equals("/origin")) {
                        peer.send(Frames.rst(id, Codes.INTERNAL_ERROR));
                    } else {
                        assertEquals(Codes.CANCEL, peer.awaitReset(id));
                    }
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.get(1, "/origin");
            assertTrue(client.response(1).resetCode() >= 0);
            client.get(3, "/client").awaitHead(3);
            client.send(Frames.rst(3, Codes.CANCEL));
            client.get(5, "/origin");
            assertTrue(client.response(5).resetCode() >= 0);
            assertEquals(1, origin.connections());
        }
    }

    private static void tellLengthAndTrailer(Http2OriginPeer peer, Http2Request request) throws IOException {
        int id = request.streamId();
        int length = peer.awaitContent(id).length;
        peer.respond(id, 200, length + " " + peer.trailersOf(id).value("x-there"));
    }

    @Test
    void trailersOfARequestWithLengthPass() {
        try (var origin = serving(Http2ThroughIT::tellLengthAndTrailer);
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(
                    Frames.begin(1, FieldBlock.post("/", "content-length", "5")),
                    Frames.data(1, 0, "hello"),
                    Frames.headers(1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of("x-there", "1")));
            assertEquals("5 1", client.expectStatus(1, 200).text());
        }
    }

    /** All of the request is there before a connection to the origin is. */
    @Test
    void trailersWithoutContentPass() {
        try (var origin = serving(Http2ThroughIT::tellLengthAndTrailer);
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(
                    Frames.begin(1, FieldBlock.post("/")),
                    Frames.headers(1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of("x-there", "1")));
            assertEquals("0 1", client.expectStatus(1, 200).text());
        }
    }

    /** A client that asks to be told to continue ends its request without content before it is. */
    @Test
    void endWithoutContentIsNotHeldBackByExpect() {
        var seen = new CountDownLatch(1);
        try (var origin = serving((peer, request) -> {
                    seen.countDown();
                    byte[] content = peer.awaitContent(request.streamId());
                    peer.respond(request.streamId(), 200, content.length + " bytes");
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.send(Frames.begin(1, FieldBlock.post("/", "expect", "100-continue")));
            Await.open("the origin has the head", seen);
            client.send(Frames.headers(1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of("x-there", "1")));
            assertEquals("0 bytes", client.expectStatus(1, 200).text());
        }
    }

    @Test
    void largeBodiesPassOnManyStreamsAtATime() {
        int streams = 10;
        byte[] content = Pattern.bytes(0, 300_000);
        try (var origin = serving((peer, request) -> {
                    byte[] got = peer.awaitContent(request.streamId());
                    peer.head(request.streamId(), 0, 200);
                    peer.content(request.streamId(), got, Frames.END_STREAM);
                });
                var proxy = before(origin);
                var client = Http2Peer.connect(proxy.port()).greet()) {
            for (int i = 0; i < streams; i++) {
                client.send(Frames.begin(2 * i + 1, FieldBlock.post("/")));
            }
            for (int i = 0; i < streams; i++) {
                client.sendContent(2 * i + 1, content);
            }
            for (int i = 0; i < streams; i++) {
                assertEquals(
                        new String(content, StandardCharsets.ISO_8859_1),
                        client.expectStatus(2 * i + 1, 200).text());
            }
            client.assertCreditWhole(2 * streams + 1, FieldBlock.post("/"));
            assertEquals(1, origin.connections());
        }
    }
}
