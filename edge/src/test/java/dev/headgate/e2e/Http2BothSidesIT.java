package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Peer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 on both sides of the proxy. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class Http2BothSidesIT {
    /**
     * A client counts a stream as gone once both sides have ended it, and asks for the next thing. Where the origin's end comes in a frame of
     * its own, the proxy is not done with the stream before, and must not look as if it were: it would refuse that next request.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 70_000})
    void aResponseEndsWhenTheOriginHasEndedIt(int length) {
        var contentSeen = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Http2Origin.Script.serving((peer, request) -> {
                    int id = request.streamId();
                    peer.head(id, 0, 200, "content-length", "" + length);
                    peer.content(id, "x".repeat(length).getBytes(StandardCharsets.US_ASCII), 0);
                    await(contentSeen);
                    peer.send(Frames.frame(Frames.DATA, Frames.END_STREAM, id, new byte[0]));
                }));
                var proxy = ProxySetup.before(origin.address())
                        .listener("protocols: [h2, http/1.1]")
                        .listener("http2: {streams: 1}")
                        .upstream("protocol: h2")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            client.get(1, "/");
            int seen = 0;
            boolean isHeadSeen = false;
            while (!isHeadSeen || seen < length) {
                Frame frame = client.next();
                boolean canEnd = frame.is(Frames.HEADERS) || frame.is(Frames.DATA);
                assertFalse(canEnd && frame.has(Frames.END_STREAM), frame::toString);
                isHeadSeen |= frame.is(Frames.HEADERS);
                seen += frame.is(Frames.DATA) ? frame.length() : 0;
            }
            contentSeen.countDown();
            assertEquals(length, client.expectStatus(1, 200).text().length());
            client.get(3, "/");
            assertEquals(length, client.expectStatus(3, 200).text().length());
        }
    }

    /** A client that goes once it has all that was announced has not given up, though the origin has not ended the response yet. */
    @Test
    void aClientThatHasAllOfItIsFreeToGo() {
        var isOver = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Http2Origin.Script.serving((peer, request) -> {
                    peer.head(request.streamId(), 0, 200, "content-length", "5");
                    peer.content(request.streamId(), "hello".getBytes(StandardCharsets.US_ASCII), 0);
                    await(isOver);
                }));
                var proxy = ProxySetup.before(origin.address())
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("protocol: h2")
                        .start()) {
            try (var client = Http2Peer.connect(proxy.port()).greet()) {
                client.get(1, "/").awaitContent(1, 5);
            }
            proxy.awaitEndedBy(Cause.NONE, 1);
            assertEquals(0, proxy.exchangesEndedBy(Cause.CLIENT_ABORTED));
            isOver.countDown();
        }
    }

    /** A frame without content would cost a write here, and a read there. The first request waits for its connection with its content, the others do not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20_000})
    void aRequestEndsWithTheLastOfItsContent(int length) {
        byte[] content = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        try (var origin = Http2Origin.start(Http2Origin.Script.serving((peer, request) -> {
                    int id = request.streamId();
                    assertArrayEquals(content, peer.awaitContent(id));
                    peer.respond(id, 200, "" + peer.lastFrameBytes(id));
                }));
                var proxy = ProxySetup.before(origin.address())
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("protocol: h2")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet();
                var byHttp1 = proxy.connect()) {
            byte[] post = FieldBlock.of(":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a");
            byte[] withLength = Wire.join(post, FieldBlock.of("content-length", "" + length));
            int id = 1;
            for (byte[] head : List.of(withLength, withLength, post, post)) {
                client.send(Frames.begin(id, head)).sendContent(id, content);
                assertTrue(Integer.parseInt(client.expectStatus(id, 200).text()) > 0, "stream " + id);
                id += 2;
            }
            byHttp1.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + length + "␍␊␍␊")
                    .send(content);
            assertTrue(Integer.parseInt(byHttp1.expectStatus(200).text()) > 0);
        }
    }

    /** The end comes behind content that has gone: it has a frame of its own. */
    @Test
    void aRequestWhoseEndComesLaterEndsThen() {
        var contentSeen = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Http2Origin.Script.serving((peer, request) -> {
                    int id = request.streamId();
                    peer.awaitContent(id, 5);
                    contentSeen.countDown();
                    peer.awaitContent(id);
                    peer.respond(
                            id,
                            200,
                            peer.lastFrameBytes(id) + " " + peer.trailersOf(id).value("a"));
                }));
                var proxy = ProxySetup.before(origin.address())
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("protocol: h2")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            byte[] head = FieldBlock.of(
                    ":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a", "content-length", "5");
            client.send(Frames.begin(1, head), Frames.data(1, 0, "hello"));
            await(contentSeen);
            client.send(Frames.data(1, Frames.END_STREAM, ""));
            assertEquals("0 null", client.expectStatus(1, 200).text());
            client.send(
                    Frames.begin(3, head),
                    Frames.data(3, 0, "hello"),
                    Frames.headers(3, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.of("a", "b")));
            assertEquals("-1 b", client.expectStatus(3, 200).text());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
