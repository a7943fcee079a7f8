package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Request;
import dev.headgate.testkit.peer.Response.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins that end HTTP/2 streams and connections, in good order or not, and what becomes of the requests. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2UpstreamFailureIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";

    private static final Script OK = Script.serving((peer, request) -> {
        peer.awaitContent(request.streamId());
        peer.respond(request.streamId(), 200, "good");
    });

    private static ProxySetup before(Http2Origin origin) {
        return ProxySetup.before(origin.address()).upstream("protocol: h2");
    }

    /** Greets, takes a whole request, and goes on as {@code then} says. */
    private static Script uponRequest(RequestScript then) {
        return peer -> {
            peer.greet();
            Http2Request request = peer.request();
            peer.awaitContent(request.streamId());
            then.run(peer, request.streamId());
        };
    }

    private interface RequestScript {
        void run(Http2OriginPeer peer, int id) throws IOException;
    }

    private static long violations(ProxyHarness proxy) {
        return Arrays.stream(Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                        .byHttp2Violation())
                .sum();
    }

    private static long retries(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app")).retries();
    }

    // ---- GOAWAY and REFUSED_STREAM

    @ThreatRow(
            value = "H2-26",
            outcome = "what lies above the last stream of an origin's GOAWAY is sent again, POST too")
    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void h2_26_requestAboveTheLastStreamOfGoAwayIsSentAgain(String request) {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                            peer.send(Frames.goAway(0, Codes.NO_ERROR));
                            peer.awaitEnd();
                        })
                        .then(OK));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            assertEquals("good", client.send(request).expectStatus(200).text());
            assertEquals(2, origin.connections());
            assertEquals(1, retries(proxy));
            origin.awaitEnded(1);
        }
    }

    @ThreatRow("H2-26")
    @Test
    void h2_26_postThatTheOriginMayHaveActedOnIsNotSentAgain() {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> peer.send(Frames.goAway(id, Codes.NO_ERROR)))
                        .then(OK));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(502);
            assertEquals(1, origin.connections());
            proxy.awaitEndedBy(Cause.UPSTREAM_CLOSED, 1);
        }
    }

    @ThreatRow("H2-26")
    @Test
    void h2_26_connectionThatGoesAwayServesWhatItHasAndNothingMore() {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                            peer.send(Frames.goAway(Integer.MAX_VALUE, Codes.NO_ERROR));
                            peer.settle();
                            peer.head(id, 0, 200, "content-length", "4");
                            peer.send(Frames.goAway(id, Codes.NO_ERROR));
                            peer.settle();
                            peer.content(id, "last".getBytes(), Frames.END_STREAM);
                            peer.awaitEnd();
                        })
                        .then(OK));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            assertEquals("last", client.send(POST).expectStatus(200).text());
            origin.awaitEnded(1);
            assertEquals("good", client.send(POST).expectStatus(200).text());
            assertEquals(2, origin.connections());
            assertEquals(0, retries(proxy));
        }
    }

    @ThreatRow("H2-26")
    @Test
    void h2_26_idleConnectionThatGoesAwayIsNotUsedAgain() {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                            peer.respond(id, 200, "first");
                            peer.send(Frames.goAway(id, Codes.NO_ERROR));
                            peer.awaitEnd();
                        })
                        .then(OK));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            origin.awaitEnded(1);
            assertEquals("good", client.send(POST).expectStatus(200).text());
        }
    }

    @ThreatRow("H2-26")
    @Test
    void h2_26_originThatAlwaysGoesAwayIsNotAskedWithoutEnd() {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                    peer.send(Frames.goAway(0, Codes.NO_ERROR));
                    peer.awaitEnd();
                }));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(503);
            assertEquals(3, origin.connections());
            proxy.awaitEndedBy(Cause.UPSTREAM_GOING_AWAY, 1);
        }
    }

    @ThreatRow("U-10")
    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void u_10_refusedRequestIsSentAgain(String request) {
        try (var origin = Http2Origin.start(Script.serving((peer, each) -> {
                    int id = each.streamId();
                    if (id == 1) {
                        peer.send(Frames.rst(id, Codes.REFUSED_STREAM));
                    } else {
                        peer.awaitContent(id);
                        peer.respond(id, 200, "good");
                    }
                }));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            assertEquals("good", client.send(request).expectStatus(200).text());
            assertEquals(1, origin.connections());
            assertEquals(1, retries(proxy));
        }
    }

    @Test
    void requestThatIsAlwaysRefusedIsAnsweredInTheEnd() {
        try (var origin = Http2Origin.start(Script.serving(
                        (peer, request) -> peer.send(Frames.rst(request.streamId(), Codes.REFUSED_STREAM))));
                var proxy = before(origin).upstream("retry: {attempts: 3}").start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(503);
            proxy.awaitEndedBy(Cause.UPSTREAM_REFUSED, 1);
            assertEquals(3, origin.peers().getFirst().requestCount());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void requestThatIsWantedByHttp1EndsWhereThatIsNotSpoken(String request) {
        try (var origin = Http2Origin.start(Script.serving(
                        (peer, each) -> peer.send(Frames.rst(each.streamId(), Codes.HTTP_1_1_REQUIRED))));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send(request).expectStatus(502);
            proxy.awaitEndedBy(Cause.UPSTREAM_VERSION_REFUSED, 1);
            assertEquals(1, origin.peers().getFirst().requestCount());
            assertEquals(0, retries(proxy));
        }
    }

    /** What has begun to be answered has been acted on, whatever the origin says then. */
    @Test
    void refusalBehindAHeadIsABreak() {
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    peer.head(request.streamId(), 0, 200, "content-length", "9");
                    peer.send(Frames.rst(request.streamId(), Codes.REFUSED_STREAM));
                }));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            assertNotEquals(
                    Ending.COMPLETE, client.send(GET).readResponseToAnyEnding().ending());
            assertEquals(1, origin.peers().getFirst().requestCount());
        }
    }

    @Test
    void requestWhoseContentIsTooLongToKeepIsNotSentAgain() {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                            peer.send(Frames.goAway(0, Codes.NO_ERROR));
                            peer.awaitEnd();
                        })
                        .then(OK));
                var proxy = before(origin).upstream("retry: {replayBytes: 4B}").start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(503);
            assertEquals(1, origin.connections());
        }
    }

    // ---- resets

    @ThreatRow("U-10")
    @ParameterizedTest
    @CsvSource({"GET, 200, 2", "POST, 502, 1"})
    void u_10_requestThatIsResetIsSentElsewhereIfItIsIdempotent(String method, int status, int requests) {
        var seen = new AtomicInteger();
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    if (seen.getAndIncrement() == 0) {
                        peer.send(Frames.rst(request.streamId(), Codes.INTERNAL_ERROR));
                    } else {
                        peer.respond(request.streamId(), 200, "good");
                    }
                }));
                var proxy = ProxySetup.before(origin.address(), "localhost:" + origin.port())
                        .upstream("protocol: h2")
                        .start();
                var client = proxy.connect()) {
            client.send(method + " / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(status);
            assertEquals(requests, seen.get());
        }
    }

    @ThreatRow("U-03")
    @Test
    void u_03_resetBehindTheHeadIsVisible() {
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    peer.head(request.streamId(), 0, 200);
                    peer.content(request.streamId(), "half".getBytes(), 0);
                    peer.send(Frames.rst(request.streamId(), Codes.INTERNAL_ERROR));
                }));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            assertNotEquals(
                    Ending.COMPLETE, client.send(GET).readResponseToAnyEnding().ending());
            proxy.awaitEndedBy(Cause.UPSTREAM_RESET, 1);
            assertEquals(1, origin.peers().getFirst().requestCount());
        }
    }

    @ThreatRow(
            value = "H2-31",
            outcome = "an origin's complete answer is delivered, also when it is held for a slow client")
    @Test
    void h2_31_answerBeforeTheEndOfTheRequestIsDelivered() {
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    if (!request.isWhole()) {
                        peer.awaitContent(id, 1000);
                        peer.head(id, 0, 413);
                        peer.content(id, "too much".getBytes(), Frames.END_STREAM);
                        peer.send(Frames.rst(id, Codes.NO_ERROR));
                    } else {
                        peer.assertCreditWhole();
                        peer.respond(id, 200, "good");
                    }
                }));
                var proxy = before(origin).start();
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 100000␍␊␍␊").send(new byte[1000]);
            assertEquals("too much", client.expectStatus(413).text());
            assertEquals("good", other.send(GET).expectStatus(200).text());
            assertEquals(1, origin.connections());
        }
    }

    @ThreatRow("H2-31")
    @Test
    void h2_31_answerThatIsHeldForASlowClientSurvivesTheReset() {
        var io = new SteeredIo();
        var sent = new CountDownLatch(1);
        byte[] content = "c".repeat(60_000).getBytes();
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    peer.head(id, 0, 200, "content-length", "60000");
                    peer.content(id, content, Frames.END_STREAM);
                    peer.send(Frames.rst(id, Codes.NO_ERROR));
                    peer.settle();
                    sent.countDown();
                }));
                var proxy =
                        before(origin).listener("limits: {bufferBytes: 4KiB}").start(io);
                var client = proxy.connect()) {
            io.downstream.close();
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 100000␍␊␍␊");
            Await.open("the origin has said all", sent);
            io.downstream.open();
            assertEquals(60_000, client.expectStatus(200).text().length());
        }
    }

    @Test
    void clientThatGoesAwayHasItsStreamCancelledAndNothingElse() throws Exception {
        var seen = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    int first = peer.request().streamId();
                    int second = peer.request().streamId();
                    seen.countDown();
                    assertEquals(Codes.CANCEL, peer.awaitReset(first));
                    cancelled.countDown();
                    peer.send(Frames.data(first, 0, "late"), Frames.rst(first, Codes.NO_ERROR));
                    peer.assertCreditWhole();
                    peer.respond(second, 200, "good");
                    peer.awaitEnd();
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            try (var gone = proxy.connect()) {
                gone.send(GET);
                Await.until("the first is sent", () -> !origin.peers().isEmpty() && origin.connections() == 1);
                client.send(GET);
                Await.open("both are there", seen);
                gone.reset();
            }
            Await.open("the stream is cancelled", cancelled);
            assertEquals("good", client.expectStatus(200).text());
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
        }
    }

    // ---- the connection ends

    @ThreatRow("U-11")
    @ParameterizedTest
    @CsvSource({"GET, 200", "POST, 502"})
    void u_11_connectionThatEndsUponAFurtherRequest(String method, int status) {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                            peer.respond(id, 200, "first");
                            peer.request();
                        })
                        .then(OK));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(method + " / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(status);
        }
    }

    @ThreatRow("U-03")
    @Test
    void u_03_endBehindTheHeadIsVisible() {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                    peer.head(id, 0, 200);
                    peer.content(id, "half".getBytes(), 0);
                }));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            assertNotEquals(
                    Ending.COMPLETE, client.send(GET).readResponseToAnyEnding().ending());
            proxy.awaitEndedBy(Cause.UPSTREAM_TRUNCATED, 1);
        }
    }

    @Test
    void originThatSpeaksHttp1IsFoundOut() {
        try (var origin = Http2Origin.start(peer -> {
                    peer.awaitPreface();
                    peer.send(Wire.bytes("HTTP/1.1 400 Bad Request␍␊Content-Length: 0␍␊␍␊"));
                });
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(502);
            proxy.awaitEndedBy(Cause.UPSTREAM_PROTOCOL_BROKEN, 1);
        }
    }

    // ---- faults of origins

    /** A fault, what the origin is told, and what the client's exchange ends by. */
    record Fault(String name, RequestScript script, int code, Cause cause) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static RequestScript block(int flags, String... namesAndValues) {
        return (peer, id) -> peer.send(Frames.headers(id, flags | Frames.END_HEADERS, FieldBlock.of(namesAndValues)));
    }

    private static RequestScript half(RequestScript then) {
        return (peer, id) -> {
            peer.head(id, 0, 200, "content-length", "5");
            then.run(peer, id);
        };
    }

    static Stream<Fault> faultsOfStreams() {
        Cause head = Cause.UPSTREAM_HEAD_INVALID;
        Cause body = Cause.UPSTREAM_BODY_INVALID;
        return Stream.of(
                new Fault("no status", block(0, "x", "y"), Codes.PROTOCOL_ERROR, head),
                new Fault("status of four digits", block(0, ":status", "2000"), Codes.PROTOCOL_ERROR, head),
                new Fault("switching protocols", block(0, ":status", "101"), Codes.PROTOCOL_ERROR, head),
                new Fault("interim that ends", block(1, ":status", "103"), Codes.PROTOCOL_ERROR, head),
                new Fault("method", block(0, ":status", "200", ":method", "GET"), Codes.PROTOCOL_ERROR, head),
                new Fault("upper case", block(0, ":status", "200", "X-A", "b"), Codes.PROTOCOL_ERROR, head),
                new Fault("connection", block(0, ":status", "200", "connection", "x"), Codes.PROTOCOL_ERROR, head),
                new Fault(
                        "transfer-encoding",
                        block(0, ":status", "200", "transfer-encoding", "chunked"),
                        Codes.PROTOCOL_ERROR,
                        head),
                new Fault(
                        "line end in a value", block(0, ":status", "200", "a", "b␍␊c: d"), Codes.PROTOCOL_ERROR, head),
                new Fault(
                        "length twice",
                        block(0, ":status", "200", "content-length", "1", "content-length", "2"),
                        Codes.PROTOCOL_ERROR,
                        head),
                new Fault(
                        "length of an empty answer",
                        block(1, ":status", "200", "content-length", "5"),
                        Codes.PROTOCOL_ERROR,
                        head),
                new Fault(
                        "content before a head",
                        (peer, id) -> peer.send(Frames.data(id, 0, "x")),
                        Codes.PROTOCOL_ERROR,
                        head),
                new Fault("no credit", (peer, id) -> peer.send(Frames.windowUpdate(id, 0)), Codes.PROTOCOL_ERROR, head),
                new Fault(
                        "too much credit",
                        (peer, id) -> peer.send(Frames.windowUpdate(id, Integer.MAX_VALUE)),
                        Codes.FLOW_CONTROL_ERROR,
                        head),
                new Fault(
                        "too many fields",
                        (peer, id) -> peer.send(Frames.inPieces(
                                id,
                                0,
                                Wire.join(FieldBlock.of(":status", "200"), Frames.times(201, FieldBlock.of("a", "b"))),
                                16_000)),
                        Codes.PROTOCOL_ERROR,
                        Cause.UPSTREAM_HEAD_TOO_LARGE),
                new Fault(
                        "too long",
                        half((peer, id) -> peer.send(Frames.data(id, 1, "123456"))),
                        Codes.PROTOCOL_ERROR,
                        body),
                new Fault(
                        "too short",
                        half((peer, id) -> peer.send(Frames.data(id, 1, "1234"))),
                        Codes.PROTOCOL_ERROR,
                        body),
                new Fault(
                        "short with trailers",
                        half((peer, id) -> peer.trailers(id, "a", "b")),
                        Codes.PROTOCOL_ERROR,
                        body),
                new Fault(
                        "open trailers",
                        half((peer, id) -> peer.send(Frames.headers(id, Frames.END_HEADERS, FieldBlock.of("a", "b")))),
                        Codes.PROTOCOL_ERROR,
                        body),
                new Fault(
                        "status in trailers",
                        (peer, id) -> {
                            peer.head(id, 0, 200);
                            peer.trailers(id, ":status", "200");
                        },
                        Codes.PROTOCOL_ERROR,
                        body));
    }

    @ThreatRow(
            value = "H2-23",
            outcome = "an origin's answer of another length is broken off, and its connection goes on")
    @ParameterizedTest
    @MethodSource("faultsOfStreams")
    void h2_23_faultsOfAStreamEndThatStreamAlone(Fault fault) {
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    if (request.path().equals("/fault")) {
                        fault.script().run(peer, id);
                        assertEquals(fault.code(), peer.awaitReset(id));
                    } else {
                        peer.assertCreditWhole();
                        peer.respond(id, 200, "good");
                    }
                }));
                var proxy = before(origin).start();
                var other = proxy.connect();
                var client = proxy.connect()) {
            var response = client.send("GET /fault HTTP/1.1␍␊Host: a␍␊␍␊").readResponseToAnyEnding();
            boolean isBroken = response.status() == 502 || response.ending() != Ending.COMPLETE;
            assertTrue(isBroken, response::toString);
            assertEquals("good", other.send(GET).expectStatus(200).text());
            assertEquals(1, origin.connections());
            proxy.awaitEndedBy(fault.cause(), 1);
            assertEquals(1, violations(proxy));
            Await.until(
                    "the rule is in the log",
                    () -> proxy.errorLog().stream()
                            .anyMatch(
                                    line -> line.contains("event=upstream_failed") && line.contains("violation=h2.")));
        }
    }

    static Stream<Fault> faultsOfConnections() {
        Cause broken = Cause.UPSTREAM_PROTOCOL_BROKEN;
        return Stream.of(
                new Fault(
                        "push",
                        (peer, id) -> peer.send(Frames.frame(
                                Frames.PUSH_PROMISE,
                                Frames.END_HEADERS,
                                id,
                                Wire.join(new byte[] {0, 0, 0, 2}, FieldBlock.get("/pushed")))),
                        Codes.PROTOCOL_ERROR,
                        broken),
                new Fault(
                        "a stream of its own",
                        (peer, id) -> peer.send(Frames.headers(2, Frames.END_HEADERS, FieldBlock.of(":status", "200"))),
                        Codes.PROTOCOL_ERROR,
                        broken),
                new Fault(
                        "idle stream",
                        (peer, id) ->
                                peer.send(Frames.headers(99, Frames.END_HEADERS, FieldBlock.of(":status", "200"))),
                        Codes.PROTOCOL_ERROR,
                        broken),
                new Fault(
                        "push allowed",
                        (peer, id) -> peer.send(Frames.settings(Frames.ENABLE_PUSH, 1)),
                        Codes.PROTOCOL_ERROR,
                        broken),
                new Fault(
                        "settings acknowledged twice",
                        (peer, id) -> {
                            peer.settle();
                            peer.send(Frames.settingsAck());
                        },
                        Codes.PROTOCOL_ERROR,
                        broken),
                new Fault(
                        "no such entry",
                        (peer, id) -> peer.send(Frames.headers(id, Frames.END_HEADERS, FieldBlock.indexed(100))),
                        Codes.COMPRESSION_ERROR,
                        broken),
                new Fault(
                        "frame too large",
                        (peer, id) -> peer.send(Frames.header(Frames.DATA, 0, id, 16_385)),
                        Codes.FRAME_SIZE_ERROR,
                        broken),
                new Fault(
                        "connection's credit",
                        (peer, id) -> peer.send(Frames.windowUpdate(0, Integer.MAX_VALUE)),
                        Codes.FLOW_CONTROL_ERROR,
                        broken),
                new Fault(
                        "goaway raised",
                        (peer, id) -> peer.send(Frames.goAway(id, 0), Frames.goAway(id + 2, 0)),
                        Codes.PROTOCOL_ERROR,
                        broken),
                new Fault(
                        "empty frames",
                        half((peer, id) -> peer.send(Frames.times(11, Frames.data(id, 0, "")))),
                        Codes.ENHANCE_YOUR_CALM,
                        broken),
                new Fault(
                        "pings",
                        (peer, id) -> peer.send(Frames.times(60, Frames.ping(7))),
                        Codes.ENHANCE_YOUR_CALM,
                        broken));
    }

    @ThreatRow(value = "H2-27", outcome = "from an origin: GOAWAY(PROTOCOL_ERROR), 502, and the log names the rule")
    @ParameterizedTest
    @MethodSource("faultsOfConnections")
    void h2_27_faultsOfAConnectionEndIt(Fault fault) {
        try (var origin = Http2Origin.start(uponRequest((peer, id) -> {
                            fault.script().run(peer, id);
                            assertEquals(fault.code(), peer.awaitGoAway());
                            peer.awaitEnd();
                        })
                        .then(OK));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            var response = client.send(POST).readResponseToAnyEnding();
            assertTrue(response.status() == 502 || response.ending() != Ending.COMPLETE, response::toString);
            proxy.awaitEndedBy(fault.cause(), 1);
            origin.awaitEnded(1);
            try (var other = proxy.connect()) {
                assertEquals("good", other.send(POST).expectStatus(200).text());
            }
        }
    }

    // ---- time

    @Test
    void originThatDoesNotAcknowledgeSettingsIsGivenUp() {
        var io = new SteeredIo();
        var there = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.withoutAcknowledgements().greet();
                    peer.request();
                    there.countDown();
                    assertEquals(Codes.SETTINGS_TIMEOUT, peer.awaitGoAway());
                    peer.awaitEnd();
                });
                var proxy = before(origin).start(io);
                var client = proxy.connect()) {
            client.send(POST);
            Await.open("the request is there", there);
            io.pass(Duration.ofSeconds(11));
            client.expectStatus(504);
            proxy.awaitEndedBy(Cause.UPSTREAM_UNRESPONSIVE, 1);
            origin.awaitEnded(1);
        }
    }

    @Test
    void silentOriginIsAskedForASignOfLifeAndGivenUp() {
        var io = new SteeredIo();
        var there = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    peer.request();
                    peer.settle(); // What we have said is acknowledged.
                    peer.withoutAcknowledgements();
                    there.countDown();
                    assertEquals(Codes.NO_ERROR, peer.awaitGoAway());
                    peer.awaitEnd();
                });
                var proxy = before(origin).upstream("timeouts: {firstByte: 5m}").start(io);
                var client = proxy.connect()) {
            client.send(POST);
            Await.open("the request is there", there);
            io.pass(Duration.ofSeconds(31));
            Await.until("a ping is there", () -> origin.peers().getFirst().pings() == 1);
            io.pass(Duration.ofSeconds(11));
            client.expectStatus(504);
            proxy.awaitEndedBy(Cause.UPSTREAM_UNRESPONSIVE, 1);
            origin.awaitEnded(1);
        }
    }

    /** A ping that went out for a request which has been given up does not count against the next one. */
    @Test
    void pingOfBeforeLeavesTheNextRequestItsTime() {
        var io = new SteeredIo();
        var there = new CountDownLatch(1);
        var isLeft = new CountDownLatch(1);
        var isNext = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    int first = peer.request().streamId();
                    peer.settle();
                    peer.withoutAcknowledgements();
                    there.countDown();
                    peer.awaitReset(first);
                    isLeft.countDown();
                    int next = peer.request().streamId();
                    isNext.countDown();
                    Await.open("the time has come", go);
                    peer.respond(next, 200, "next");
                });
                var proxy = before(origin)
                        .upstream("timeouts: {firstByte: 5m, poolIdle: 1h}")
                        .route("{match: {path: /cycle}, respond: {status: 200}}")
                        .route("{to: app}")
                        .start(io)) {
            try (var leaving = proxy.connect()) {
                leaving.send(POST);
                Await.open("the request is there", there);
                io.pass(Duration.ofSeconds(31));
                Await.until("a ping is there", () -> origin.peers().getFirst().pings() == 1);
                leaving.reset();
            }
            Await.open("the first client has left", isLeft);
            io.pass(Duration.ofSeconds(20));
            try (var client = proxy.connect()) {
                client.send(POST);
                Await.open("the next request is there", isNext);
                io.pass(Duration.ofSeconds(1));
                try (var other = proxy.connect()) { // Timers have been looked at when it has its answer.
                    other.send("GET /cycle HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
                    other.send("GET /cycle HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
                }
                go.countDown();
                assertEquals("next", client.expectStatus(200).text());
            }
        }
    }

    @Test
    void silentOriginThatGivesASignOfLifeIsWaitedFor() {
        var io = new SteeredIo();
        var there = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    there.countDown();
                    for (int i = 1; i <= 3; i++) {
                        peer.settle(); // All that we have said is read, and silence begins.
                        io.pass(Duration.ofSeconds(3));
                        peer.awaitPings(i);
                    }
                    peer.respond(request.streamId(), 200, "at last");
                }));
                var proxy = before(origin)
                        .upstream("timeouts: {firstByte: 5m}")
                        .upstream("http2: {pingInterval: 2s}")
                        .start(io);
                var client = proxy.connect()) {
            client.send(POST);
            Await.open("the request is there", there);
            assertEquals("at last", client.expectStatus(200).text());
        }
    }

    @Test
    void originThatTakesNothingIsGivenUp() {
        var io = new SteeredIo();
        var there = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    peer.request();
                    peer.settle();
                    there.countDown();
                    peer.awaitEnd();
                });
                var proxy = before(origin)
                        .upstream("http2: {pingInterval: 0s}")
                        .listener("timeouts: {bodyIdle: 1h}, bodyRate: {bytesPerSecond: 0B}")
                        .route("{match: {path: /cycle}, respond: {status: 200}}")
                        .route("{to: app}")
                        .start(io);
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 1000␍␊␍␊");
            Await.open("the request is there", there);
            io.upstream.close();
            client.send(new byte[500]);
            Await.until("the origin takes nothing", io.upstream::hasRefused);
            for (int i = 0; i < 6; i++) { // In steps, so that each check sees that nothing has left.
                io.pass(Duration.ofSeconds(8));
                other.send("GET /cycle HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            }
            client.expectStatus(504);
            proxy.awaitEndedBy(Cause.UPSTREAM_UNRESPONSIVE, 1);
            io.upstream.open();
        }
    }

    /** Nothing of it has left, so that it may go elsewhere, though it is a POST; and once it may, it must not leave here as well. */
    @Test
    void whatGoesElsewhereUnsentDoesNotLeaveBehindTheEndOfItsConnection() {
        var io = new SteeredIo();
        var there = new CountDownLatch(1);
        var waiting = new CountDownLatch(1);
        try (var origin = Http2Origin.start(((Script) peer -> {
                            peer.greet();
                            peer.request();
                            peer.settle();
                            there.countDown();
                            Await.open("the second request waits", waiting);
                            peer.send(Frames.windowUpdate(0, 0));
                            peer.awaitEnd();
                        })
                        .then(OK));
                var proxy = before(origin).start(io);
                var first = proxy.connect();
                var second = proxy.connect()) {
            first.send(POST);
            Await.open("the first request is there", there);
            io.upstream.close();
            second.send(POST);
            Await.until("the origin takes nothing", io.upstream::hasRefused);
            waiting.countDown();
            first.expectStatus(502);
            Await.until("the second request goes elsewhere", () -> origin.connections() == 2);
            io.upstream.open();
            second.expectStatus(200);
            origin.awaitEnded(1);
            assertEquals(1, origin.peers().getFirst().requestCount());
        }
    }

    // ---- credit

    @ThreatRow(value = "H2-30", outcome = "towards origins too, after hundreds of streams that clients give up")
    @Test
    void h2_30_noCreditIsLostWithStreamsThatAreGivenUp() {
        int rounds = 300;
        var whole = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    if (request.path().equals("/last")) {
                        peer.respondForWholeCredit(id);
                        whole.countDown();
                        return;
                    }
                    peer.head(id, 0, 200);
                    peer.send(Frames.padded(id, 0, 5000, 200));
                    peer.awaitReset(id);
                    peer.send(
                            Frames.padded(id, 0, 5000, 200), Frames.data(id, 0, 5000), Frames.rst(id, Codes.NO_ERROR));
                }));
                var proxy = before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < rounds; i++) {
                try (var gone = proxy.connect()) {
                    assertEquals(200, gone.send(GET).readHead().status());
                    gone.reset();
                }
            }
            client.send("GET /last HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            Await.open("all credit is back", whole);
            assertEquals(1, origin.connections());
        }
    }

    /** Two clients leave, with more calls than are remembered, within what is a round trip for the origin. */
    @ThreatRow(value = "H2-30", outcome = "more resets on their way than are remembered")
    @Test
    void h2_30_responsesToManyRequestsThatWereGivenUpTogether() {
        int calls = 99;
        var held = new ArrayList<Integer>();
        var whole = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    int id = request.streamId();
                    if (request.path().equals("/held")) {
                        peer.head(id, 0, 200);
                        held.add(id);
                        return;
                    }
                    for (int given : held) {
                        peer.awaitReset(given);
                    }
                    for (int given : held) {
                        peer.send(Frames.data(given, 0, 500), Frames.data(given, Frames.END_STREAM, 9));
                    }
                    peer.respondForWholeCredit(id);
                    whole.countDown();
                }));
                var proxy = before(origin).listener("protocols: [h2]").start()) {
            for (int round = 0; round < 2; round++) {
                try (var gone = Http2Peer.connect(proxy.port()).greet()) {
                    for (int i = 0; i < calls; i++) {
                        gone.get(2 * i + 1, "/held");
                    }
                    for (int i = 0; i < calls; i++) {
                        gone.awaitHead(2 * i + 1);
                    }
                }
            }
            try (var witness = Http2Peer.connect(proxy.port()).greet()) {
                witness.get(1, "/last").expectStatus(1, 200);
            }
            Await.open("all credit is back", whole);
            assertEquals(2 * calls, held.size());
            assertEquals(1, origin.connections());
        }
    }
}
