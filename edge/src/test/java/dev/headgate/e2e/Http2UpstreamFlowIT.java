package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.peer.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slow clients and slow origins around HTTP/2 upstreams: each holds up its own exchange, within bounds, and no other. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2UpstreamFlowIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int LARGE = 2 << 20;

    private static ProxySetup before(Http2Origin origin) {
        return ProxySetup.before(origin.address()).upstream("protocol: h2");
    }

    @Test
    void slowClientPausesItsOwnStreamAlone() {
        var io = new SteeredIo();
        var stopped = new CountDownLatch(1);
        byte[] content = Pattern.bytes(0, LARGE);
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    int id = peer.request().streamId();
                    peer.head(id, 0, 200, "content-length", Integer.toString(LARGE));
                    int sent = 0;
                    // Until its window stays shut.
                    for (peer.settle(); peer.streamCredit(id) > 0; peer.settle()) {
                        int length = (int) Math.min(16_000, peer.streamCredit(id));
                        peer.content(id, java.util.Arrays.copyOfRange(content, sent, sent + length), 0);
                        sent += length;
                    }
                    assertTrue(sent < 1 << 19, "sent=" + sent);
                    assertTrue(
                            peer.connectionCredit() > 1 << 19, "the connection is held up: " + peer.connectionCredit());
                    stopped.countDown();
                    int other = peer.request().streamId();
                    peer.respond(other, 200, "good");
                    peer.content(id, java.util.Arrays.copyOfRange(content, sent, LARGE), Frames.END_STREAM);
                    peer.assertCreditWhole();
                    peer.respond(peer.request().streamId(), 200, "last");
                    peer.awaitEnd();
                });
                var proxy =
                        before(origin).listener("limits: {bufferBytes: 16KiB}").start(io);
                var other = proxy.connect();
                var client = proxy.connect()) {
            io.downstream.close();
            client.send(GET);
            Await.open("the origin is stopped", stopped);
            assertTrue(proxy.outstandingBytes() < 1 << 20, () -> "held=" + proxy.outstandingBytes());
            other.send(GET); // Its answer waits behind the valve as well.
            io.downstream.open();
            assertEquals("good", other.expectStatus(200).text());
            assertArrayEquals(content, client.expectStatus(200).text().getBytes(StandardCharsets.ISO_8859_1));
            assertEquals("last", client.send(GET).expectStatus(200).text());
        }
    }

    /** Held responses cost their own windows: what all share goes on. */
    @Test
    void manySlowClientsDoNotUseUpTheConnection() {
        int slow = 12;
        var io = new SteeredIo();
        var full = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    List<Integer> ids = new ArrayList<>();
                    for (int i = 0; i < slow; i++) {
                        int id = peer.request().streamId();
                        ids.add(id);
                        peer.head(id, 0, 200);
                    }
                    for (int id : ids) {
                        for (peer.settle(); peer.streamCredit(id) > 0; peer.settle()) {
                            peer.content(id, new byte[(int) peer.streamCredit(id)], 0);
                        }
                    }
                    assertTrue(peer.connectionCredit() > 1 << 19, "credit " + peer.connectionCredit());
                    full.countDown();
                    for (int id : ids) {
                        peer.content(id, "end".getBytes(StandardCharsets.US_ASCII), Frames.END_STREAM);
                    }
                    peer.awaitEnd();
                });
                var proxy =
                        before(origin).listener("limits: {bufferBytes: 4KiB}").start(io)) {
            io.downstream.close();
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < slow; i++) {
                clients.add(proxy.connect().send(GET));
            }
            Await.open("all windows are shut", full);
            io.downstream.open();
            for (RawClient client : clients) {
                assertTrue(client.expectStatus(200).text().endsWith("end"));
                client.close();
            }
        }
    }

    @Test
    void slowOriginStopsItsClientAlone() throws Exception {
        var go = new CountDownLatch(1);
        var got = new AtomicLong();
        byte[] content = Pattern.bytes(0, LARGE);
        try (var origin = Http2Origin.start(peer -> {
                    peer.withoutCredit().greet();
                    int slow = peer.request().streamId();
                    peer.awaitContent(slow, 65_535);
                    int other = peer.request().streamId();
                    peer.respond(other, 200, "good");
                    peer.settle();
                    assertEquals(65_535, peer.contentSoFar(slow).length);
                    Await.open("go on", go);
                    while (peer.contentSoFar(slow).length < LARGE) {
                        peer.send(Frames.windowUpdate(0, 20_000), Frames.windowUpdate(slow, 20_000));
                        peer.settle();
                    }
                    assertArrayEquals(content, peer.awaitContent(slow));
                    peer.respond(slow, 200, "all of it");
                    peer.awaitEnd();
                });
                var proxy = before(origin).start();
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + LARGE + "␍␊␍␊");
            var upload = Thread.ofVirtual().start(() -> client.send(content));
            Await.until("the first window is used up", () -> proxy.bytesRead() > 65_535);
            assertEquals("good", other.send(GET).expectStatus(200).text());
            got.set(proxy.bytesRead());
            assertTrue(proxy.outstandingBytes() < 1 << 20, () -> "held=" + proxy.outstandingBytes());
            assertTrue(got.get() < 1 << 20, () -> "read=" + got);
            go.countDown();
            upload.join();
            assertEquals("all of it", client.expectStatus(200).text());
        }
    }

    /** The origin's window may open by a setting as well, and shrink below zero before. */
    @Test
    void windowsFollowTheOriginsSettings() {
        byte[] content = Pattern.bytes(0, 200_000);
        try (var origin = Http2Origin.start(peer -> {
                    peer.withoutCredit().greet(Frames.INITIAL_WINDOW_SIZE, 1000);
                    int id = peer.request().streamId();
                    peer.settle(); // The settings may have come behind the first content.
                    peer.settings(Frames.INITIAL_WINDOW_SIZE, 0);
                    peer.settle();
                    int before = peer.contentSoFar(id).length;
                    peer.settle();
                    assertEquals(before, peer.contentSoFar(id).length);
                    peer.send(Frames.windowUpdate(0, 1 << 20));
                    peer.settings(Frames.INITIAL_WINDOW_SIZE, 1 << 20);
                    assertArrayEquals(content, peer.awaitContent(id));
                    peer.respond(id, 200, "good");
                    peer.awaitEnd();
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊30d40␍␊")
                    .send(content)
                    .send("␍␊0␍␊␍␊");
            assertEquals("good", client.expectStatus(200).text());
        }
    }

    @ThreatRow(value = "U-13", outcome = "an echo larger than all windows passes")
    @Test
    void u_13_echoLargerThanAllWindowsPasses() throws Exception {
        int length = 10 << 20;
        byte[] content = Pattern.bytes(0, length);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    peer.head(id, 0, 200, "content-length", Integer.toString(length));
                    int sent = 0;
                    while (sent < length) {
                        peer.awaitContent(id, sent + 1);
                        byte[] all = peer.contentSoFar(id);
                        peer.content(
                                id,
                                java.util.Arrays.copyOfRange(all, sent, all.length),
                                all.length == length ? Frames.END_STREAM : 0);
                        sent = all.length;
                    }
                }));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + length + "␍␊␍␊");
            var upload = Thread.ofVirtual().start(() -> client.send(content));
            String text = client.expectStatus(200).text();
            upload.join();
            assertEquals(length, text.length());
            assertArrayEquals(content, text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** What waits for a window is let go with its client. */
    @Test
    void clientThatLeavesWhileItsUploadWaitsLeavesNothingBehind() {
        var cancelled = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.withoutCredit().greet();
                    int id = peer.request().streamId();
                    peer.awaitContent(id, 65_535);
                    assertEquals(Codes.CANCEL, peer.awaitReset(id));
                    cancelled.countDown();
                    peer.awaitEnd();
                });
                var proxy =
                        before(origin).upstream("timeouts: {bodyIdle: 200ms}").start()) {
            try (var client = proxy.connect()) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 1000000␍␊␍␊")
                        .send(new byte[200_000]);
                Await.until("the upload is read", () -> proxy.bytesRead() > 65_535);
                client.reset();
            }
            Await.open("the stream is cancelled", cancelled);
            proxy.awaitBuffersReturned();
        }
    }

    @Test
    void trailersWaitBehindContent() {
        var io = new SteeredIo();
        var sent = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.withoutCredit().greet(Frames.INITIAL_WINDOW_SIZE, 10);
                    peer.respond(peer.request().streamId(), 200, "first");
                    int id = peer.request().streamId();
                    peer.awaitContent(id, 10);
                    peer.settle();
                    assertEquals(10, peer.contentSoFar(id).length);
                    peer.send(Frames.windowUpdate(id, 100_000));
                    assertEquals(60_000, peer.awaitContent(id).length);
                    String trailer = String.valueOf(peer.trailersOf(id).value("x-there"));
                    peer.head(id, 0, 200);
                    peer.content(id, new byte[60_000], 0);
                    peer.trailers(id, "x-back", trailer);
                    peer.settle();
                    sent.countDown();
                    peer.awaitEnd();
                });
                var proxy =
                        before(origin).listener("limits: {bufferBytes: 4KiB}").start(io);
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            io.downstream.close();
            client.send("POST / HTTP/1.1␍␊Host: a␍␊TE: trailers␍␊Connection: te␍␊Transfer-Encoding: chunked␍␊␍␊ea60␍␊")
                    .send(new byte[60_000])
                    .send("␍␊0␍␊x-there: 1␍␊␍␊");
            Await.open("the origin has answered", sent);
            io.downstream.open();
            var response = client.expectStatus(200);
            assertEquals(60_000, response.text().length());
            assertEquals("1", response.trailers().value("x-back"));
        }
    }
}
