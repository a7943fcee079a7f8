package dev.headgate.attack;

import static dev.headgate.attack.Http2Attack.goAway;
import static dev.headgate.attack.Http2Attack.resetInBody;
import static dev.headgate.testkit.h2.Codes.CANCEL;
import static dev.headgate.testkit.h2.Codes.ENHANCE_YOUR_CALM;
import static dev.headgate.testkit.h2.Codes.FLOW_CONTROL_ERROR;
import static dev.headgate.testkit.h2.Codes.NO_ERROR;
import static dev.headgate.testkit.h2.Codes.PROTOCOL_ERROR;
import static dev.headgate.testkit.h2.Codes.STREAM_CLOSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows that overflow, stay shut or are exceeded, and credit that must not be lost; with the default configuration. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2WindowAttackIT {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration COARSENESS = Duration.ofMillis(50); // of timers
    private static final int STREAMS = 100;
    private static final int LARGE_BYTES = 1 << 20;
    private static final byte[] PIECE = new byte[16 << 10];

    /** For a stream: its head, what it may hold, and a read of the origin's connection that came on top. */
    private static final long HELD_FOR_STREAM_BYTES = (4 + 64 + 64) * 1024;

    private final SteeredIo io = new SteeredIo();

    private static int id(int index) {
        return 2 * index + 1;
    }

    private Http2Range range() {
        Http2Range range = new Http2Range(setup -> setup, io);
        range.origin().on("/large", Http2WindowAttackIT::large).on("/stall", OriginScript.stall());
        return range;
    }

    /** Sent in pieces, for there are many at a time. */
    private static void large(OriginExchange exchange) throws IOException {
        exchange.readContent();
        exchange.send("HTTP/1.1 200 OK␍␊Content-Length: " + LARGE_BYTES + "␍␊␍␊");
        for (int sent = 0; sent < LARGE_BYTES; sent += PIECE.length) {
            exchange.send(PIECE);
        }
    }

    // ---- windows of the client ------------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-13",
            advisory = "HTTP/2 CVE-2019-9517",
            outcome =
                    "what is held of a response is bounded, its origin is not read any more; after 60 s without 4 KiB of progress RST_STREAM(CANCEL), and GOAWAY(ENHANCE_YOUR_CALM) when nothing on the connection has moved")
    @Test
    void h2_13_windowsThatStayShut() {
        io.frozen();
        try (var range = range();
                var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 0)) {
            for (int i = 0; i < STREAMS; i++) {
                client.get(id(i), "/large");
            }
            for (int i = 0; i < STREAMS; i++) {
                client.awaitHead(id(i));
            }
            Await.until("all have something to send", () -> range.proxy().bytesRead() > STREAMS * 16_000L);
            client.expectQuiet();
            long held = range.proxy().outstandingBytes();
            assertTrue(held <= STREAMS * HELD_FOR_STREAM_BYTES, () -> "held: " + held);
            io.pass(Duration.ofSeconds(60).minus(COARSENESS));
            client.expectQuiet();
            io.pass(COARSENESS.multipliedBy(2));
            client.expectGoAway(ENHANCE_YOUR_CALM);
            // Whose content came first, in whatever order origins answer, is the first to have stood still for so long.
            assertTrue(
                    IntStream.range(0, STREAMS)
                            .anyMatch(i -> client.soFar(id(i)).resetCode() == CANCEL),
                    "no stream was reset before");
            client.readToEnd();
            Await.until(
                    "all are cancelled",
                    () -> range.origin().connections().stream().allMatch(c -> c.isEnded()));
            long stalled = range.violations(Http2Violation.SEND_STALLED);
            assertTrue(stalled > 0, "nothing counted");
            range.proxy().awaitEndedBy(Cause.CLIENT_STALLED, stalled);
            range.assertWell();
        }
    }

    @ThreatRow(value = "H2-13", outcome = "updates of single bytes do not count as progress")
    @Test
    void h2_13_windowsThatOpenByTheByte() {
        io.frozen();
        try (var range = range();
                var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 0).withoutCredit()) {
            client.get(1, "/large").awaitHead(1);
            client.expectQuiet();
            for (int second = 1; second < 60; second++) {
                io.pass(SECOND);
                client.send(Frames.windowUpdate(1, 1)).awaitContent(1, second);
            }
            io.pass(SECOND.plus(COARSENESS));
            client.expectReset(1, CANCEL);
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.expectEnd();
            assertEquals(59, client.soFar(1).text().length());
            range.assertWell();
        }
    }

    @ThreatRow(value = "H2-13", outcome = "a stream that stands still while others move is reset alone")
    @Test
    void h2_13_oneWindowThatStaysShut() {
        io.frozen();
        try (var range = range();
                var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 0)) {
            client.get(1, "/large").awaitHead(1);
            client.get(3, "/large").awaitHead(3);
            client.expectQuiet();
            io.pass(SECOND.multipliedBy(59));
            client.send(Frames.windowUpdate(3, 10_000)).awaitContent(3, 10_000);
            io.pass(SECOND.plus(COARSENESS));
            client.expectReset(1, CANCEL);
            client.expectQuiet();
            client.send(Frames.rst(3, CANCEL), Frames.settings(Frames.INITIAL_WINDOW_SIZE, 65_535));
            range.assertGoesOn(client);
            range.assertWell();
        }
    }

    @ThreatRow(
            value = "H2-13",
            outcome = "when it is the connection's window that stays shut, all of it ends after 60 s")
    @Test
    void h2_13_windowOfTheConnectionThatStaysShut() {
        io.frozen();
        try (var range = range();
                var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 1 << 20).withoutCredit()) {
            client.get(1, "/large").awaitContent(1, 65_535);
            client.get(3, "/large").awaitHead(3);
            client.expectQuiet();
            io.pass(Duration.ofSeconds(60).minus(COARSENESS));
            client.expectQuiet();
            io.pass(COARSENESS.multipliedBy(2));
            client.expectReset(1, CANCEL);
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
            range.assertWell();
        }
    }

    @ThreatRow(value = "H2-13", outcome = "a transport that takes nothing for 60 s is aborted")
    @Test
    void h2_13_transportThatTakesNothing() {
        io.frozen();
        try (var range = range();
                var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 1 << 20)) {
            io.downstream.close();
            for (int i = 0; i < 10; i++) {
                client.get(id(i), "/large");
            }
            Await.until("all have something to send", () -> range.proxy().bytesRead() > 10 * 16_000L);
            assertTrue(io.downstream.hasRefused());
            long held = range.proxy().outstandingBytes();
            assertTrue(held <= 10 * HELD_FOR_STREAM_BYTES, () -> "held: " + held);
            assertStays(range, 59);
            // What origins send may have come while seconds passed, and its minute begin then. It may also be told
            // before, which it does
            // not take either, and has its time to go.
            assertGoneWithin(range, 59 + 4);
            client.readToEnd();
            io.downstream.open();
            Await.until(
                    "all are cancelled",
                    () -> range.origin().connections().stream().allMatch(c -> c.isEnded()));
            range.assertWell();
        }
    }

    /**
     * A download that is slower than we are: something waits at any time, but never the same. What is said among it, here
     * acknowledgements, leaves with it.
     */
    @ThreatRow(value = "H2-09", outcome = "control frames that leave among a slow download do not count")
    @Test
    void h2_09_controlFramesAmongASlowDownload() {
        int frames = 3000;
        try (var range = range();
                var client = Http2Peer.connect(range.proxy().port(), 16 << 10)
                        .greet(Frames.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE)) {
            range.origin().on("/endless", exchange -> {
                exchange.readContent();
                exchange.send("HTTP/1.1 200 OK␍␊Content-Length: " + (1L << 40) + "␍␊␍␊");
                while (true) {
                    exchange.send(PIECE);
                }
            });
            client.send(Frames.windowUpdate(0, 1 << 30));
            client.get(1, "/endless").awaitHead(1);
            for (int i = 0; i < frames; i++) {
                client.send(Frames.settings());
                client.next();
                client.next();
            }
            assertTrue(client.goAways().isEmpty());
        }
    }

    /** The loop sees to what was before, and then so many seconds pass in which nothing ends. */
    private void assertStays(Http2Range range, int seconds) {
        range.proxy().outstandingBytes();
        range.proxy().outstandingBytes(); // A turn that began before has ended, and another has seen what there was.
        for (int i = 0; i < seconds; i++) {
            io.pass(SECOND);
            range.proxy().outstandingBytes();
        }
        assertEquals(1, range.proxy().openConnections());
    }

    private void assertGoneWithin(Http2Range range, int seconds) {
        for (int i = 0; i < 10 * seconds && range.proxy().openConnections() > 0; i++) {
            io.pass(Duration.ofMillis(100));
            range.proxy().outstandingBytes();
        }
        Await.until("it is gone", () -> range.proxy().openConnections() == 0); // Timers have a turn of their own.
    }

    @ThreatRow("H2-13")
    @Test
    void h2_13_transportThatTakesNothingAndEndsItsSide() {
        io.frozen();
        try (var range = range();
                var client = range.connect()) {
            io.downstream.close();
            client.get(1, "/after").get(3, "/after");
            range.proxy().awaitEndedBy(Cause.NONE, 2);
            client.halfClose();
            Await.until("its end is seen", io.downstream::hasShownEnd);
            assertStays(range, 59);
            assertGoneWithin(range, 2);
            io.downstream.open();
            range.assertWell();
        }
    }

    @ThreatRow(
            value = "H2-14",
            outcome = "RST_STREAM(FLOW_CONTROL_ERROR) on a stream, GOAWAY(FLOW_CONTROL_ERROR) on the connection")
    @ParameterizedTest
    @MethodSource
    void h2_14_windowsThatOverflow(Http2Attack attack) {
        try (var range = range()) {
            range.run(attack);
        }
    }

    static Stream<Http2Attack> h2_14_windowsThatOverflow() {
        byte[] begun = Frames.begin(1, FieldBlock.post("/"));
        int max = Integer.MAX_VALUE;
        return Stream.of(
                resetInBody("stream, at once", FLOW_CONTROL_ERROR, begun, Frames.windowUpdate(1, max)),
                resetInBody(
                        "stream, in two steps",
                        FLOW_CONTROL_ERROR,
                        begun,
                        Frames.windowUpdate(1, max - 65_535),
                        Frames.windowUpdate(1, 1)),
                resetInBody("stream, zero", PROTOCOL_ERROR, begun, Frames.windowUpdate(1, 0)),
                goAway("connection, at once", FLOW_CONTROL_ERROR, Frames.windowUpdate(0, max)),
                goAway(
                        "connection, in two steps",
                        FLOW_CONTROL_ERROR,
                        Frames.windowUpdate(0, max - 65_535),
                        Frames.windowUpdate(0, 1)),
                goAway("connection, zero", PROTOCOL_ERROR, Frames.windowUpdate(0, 0)),
                goAway(
                        "streams by SETTINGS",
                        FLOW_CONTROL_ERROR,
                        begun,
                        Frames.windowUpdate(1, 1),
                        Frames.settings(Frames.INITIAL_WINDOW_SIZE, max)),
                goAway(
                        "setting above 2^31-1",
                        FLOW_CONTROL_ERROR,
                        Frames.settings(Frames.INITIAL_WINDOW_SIZE, 1 << 31)));
    }

    @ThreatRow(value = "H2-14", outcome = "the largest windows there are serve like any other, and so do negative ones")
    @Test
    void h2_14_windowsAtTheirEnds() {
        try (var range = range();
                var client = range.connect()) {
            client.send(Frames.windowUpdate(0, Integer.MAX_VALUE - 65_535));
            client.send(Frames.begin(1, FieldBlock.post("/large")), Frames.windowUpdate(1, Integer.MAX_VALUE - 65_535));
            client.send(Frames.data(1, Frames.END_STREAM, 0));
            assertEquals(LARGE_BYTES, client.expectStatus(1, 200).text().length());
            client.withoutCredit().get(3, "/large").awaitContent(3, 65_535);
            client.send(Frames.settings(Frames.INITIAL_WINDOW_SIZE, 0), Frames.windowUpdate(3, 65_535));
            client.settle(); // 65,535 were sent on a window of 0, and 65,535 have come back.
            assertEquals(65_535, client.soFar(3).text().length());
            client.send(Frames.windowUpdate(3, 1)).awaitContent(3, 65_536);
            client.send(Frames.rst(3, CANCEL), Frames.settings(Frames.INITIAL_WINDOW_SIZE, 65_535));
            range.assertGoesOn(client);
            range.assertWell();
        }
    }

    // ---- our windows ----------------------------------------------------------------------------------------------

    @ThreatRow(value = "H2-15", outcome = "GOAWAY(FLOW_CONTROL_ERROR); the origin never sees a whole request")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_15_contentBeyondTheWindow(String name, byte[] beyond) {
        io.upstream.close(); // Nothing can be passed on, and so no credit comes back.
        try (var range = range();
                var client = range.connect()) {
            client.send(Frames.begin(1, FieldBlock.post("/upload")));
            client.send(Frames.data(1, 0, 16_384));
            Await.until("the origin takes nothing", io.upstream::hasRefused);
            for (client.settle(); client.streamCredit(1) > 0; client.settle()) {
                client.send(Frames.data(1, 0, (int) Math.min(16_384, client.streamCredit(1))));
            }
            long held = range.proxy().outstandingBytes();
            assertTrue(held <= 2 * HELD_FOR_STREAM_BYTES, () -> "held: " + held);
            client.send(beyond);
            client.expectGoAway(FLOW_CONTROL_ERROR);
            client.expectEnd();
            io.upstream.open();
            range.proxy().awaitBuffersReturned();
            assertTrue(range.origin().requests().stream().noneMatch(request -> request.isComplete()));
            assertEquals(1, range.violations(Http2Violation.WINDOW_EXCEEDED));
            range.assertWell();
        }
    }

    static Stream<Arguments> h2_15_contentBeyondTheWindow() {
        return Stream.of(
                Arguments.of("a byte", Frames.data(1, 0, 1)),
                Arguments.of("a byte and the end", Frames.data(1, Frames.END_STREAM, 1)),
                Arguments.of("padding", Frames.padded(1, 0, 0, 0)),
                Arguments.of("a whole frame", Frames.data(1, 0, 16_384)));
    }

    @ThreatRow(
            value = "H2-30",
            outcome = "after thousands of requests that are reset in all ways the connection's window is what it was")
    @Test
    void h2_30_creditOfRequestsThatAreReset() {
        io.frozen();
        try (var range = range();
                var client = range.connect()) {
            int id = 1;
            for (int round = 0; round < 99; round++) { // A connection has 10,000 requests.
                byte[] begin = new byte[0];
                for (int i = 0; i < 100; i++) {
                    int stream = id + 2 * i;
                    begin = Wire.join(
                            begin,
                            Frames.begin(stream, FieldBlock.post(i % 2 == 0 ? "/stall" : "/upload")),
                            i % 3 == 0 ? Frames.padded(stream, 0, 30, 255) : Frames.data(stream, 0, 300));
                }
                client.send(begin).expectQuiet();
                io.pass(SECOND.multipliedBy(2)); // Now no reset is premature.
                byte[] resets = new byte[0];
                for (int i = 0; i < 100; i++) {
                    resets = Wire.join(resets, Frames.data(id + 2 * i, 0, 257), Frames.rst(id + 2 * i, CANCEL));
                }
                client.send(resets).expectQuiet();
                id += 200;
            }
            client.assertCreditWhole(id, FieldBlock.post("/credit"));
            range.assertWell();
        }
    }

    @ThreatRow("H2-30")
    @Test
    void h2_30_creditOfContentForStreamsThatWeHaveReset() {
        io.frozen();
        try (var range = range();
                var client = range.connect()) {
            int id = 1;
            for (int round = 0; round < 90; round++, id += 2) {
                client.send(Frames.begin(id, FieldBlock.post("/upload")), Frames.data(id, 0, 1000));
                client.send(Frames.windowUpdate(id, 0)).expectReset(id, PROTOCOL_ERROR);
                // What was on its way, of which nothing is the origin's any more.
                client.send(
                        Frames.data(id, 0, 2000),
                        Frames.padded(id, 0, 100, 100),
                        Frames.data(id, Frames.END_STREAM, 1));
            }
            client.expectQuiet();
            client.assertCreditWhole(id, FieldBlock.post("/credit"));
            assertTrue(range.origin().requests().stream()
                    .filter(request -> request.line().equals("POST /upload"))
                    .noneMatch(request -> request.isComplete()));
            range.assertWell();
        }
    }

    /** More than are remembered, with as many streams as an operator may well allow. */
    @ThreatRow("H2-30")
    @Test
    void h2_30_creditOfContentForManyUploadsThatWereAnsweredEarly() {
        int uploads = 240;
        try (var range = new Http2Range(setup -> setup.listener("http2: {streams: 250}")
                .route("{match: {path: /early}, respond: {status: 403}}")
                .route("{to: app}"))) {
            try (var client = range.connect()) {
                for (int i = 0; i < uploads; i++) {
                    client.send(Frames.begin(id(i), FieldBlock.post("/early")), Frames.data(id(i), 0, 3));
                }
                for (int i = 0; i < uploads; i++) {
                    client.expectStatus(id(i), 403);
                }
                client.settle();
                byte[] late = new byte[0];
                for (int i = 0; i < uploads; i++) {
                    late = Wire.join(late, Frames.data(id(i), 0, 1000), Frames.data(id(i), Frames.END_STREAM, 4));
                }
                client.send(late).expectQuiet();
                client.assertCreditWhole(id(uploads), FieldBlock.post("/credit"));
            }
            range.assertWell();
        }
    }

    @ThreatRow(
            value = "H2-30",
            outcome = "content that comes behind our GOAWAY for streams above it gives its credit back")
    @Test
    void h2_30_creditOfContentBehindOurGoAway() throws InterruptedException {
        try (var range = range();
                var client = range.connect()) {
            client.send(Frames.begin(1, FieldBlock.post("/upload")), Frames.data(1, 0, 1000))
                    .expectQuiet();
            Thread drain = range.proxy().drain(Duration.ofSeconds(20));
            client.expectGoAway(NO_ERROR);
            assertEquals(1, client.expectGoAway(NO_ERROR).lastStreamId());
            client.send(Frames.begin(3, FieldBlock.post("/upload")), Frames.data(3, 0, 1000), Frames.data(3, 0, 500));
            client.expectQuiet();
            client.sendContent(1, new byte[524_288 - 2500]).expectStatus(1, 200);
            client.readToEnd();
            assertEquals(1 << 20, client.connectionCredit());
            assertEquals(1, range.origin().requests().size());
            drain.join();
        }
    }

    // ---- content behind a reset -----------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-32",
            advisory = "Envoy CVE-2026-26311",
            outcome = "content in one segment with a reset reaches neither filter nor origin")
    @Test
    void h2_32_contentBehindAReset() {
        var contents = new AtomicInteger();
        var heads = new AtomicInteger();
        Filter counting = new Filter() {
            @Override
            public void onRequestHead(FilterContext context, RequestHead head) {
                heads.incrementAndGet();
            }

            @Override
            public Bodies bodies() {
                return Bodies.REQUEST;
            }

            @Override
            public ByteBuffer onRequestBody(FilterContext context, ByteBuffer content) {
                contents.incrementAndGet();
                return content;
            }
        };
        var options = HeadgateOptions.defaults().withFilter("counting", counting);
        try (var range = new Http2Range(
                setup -> setup.route("{name: counting, match: {path: /counted}, to: app}")
                        .route("{to: app}"),
                options)) {
            try (var client = range.connect()) {
                // Ours: the head is in order, the frame behind it is not.
                client.send(
                        Frames.begin(1, FieldBlock.post("/counted")),
                        Frames.windowUpdate(1, 0),
                        Frames.data(1, 0, 1000),
                        Frames.data(1, Frames.END_STREAM, 1000));
                client.expectReset(1, PROTOCOL_ERROR);
                client.expectQuiet();
                range.assertGoesOn(client);
            }
            try (var client = range.connect()) {
                // The client's: it must not send anything behind it.
                client.send(
                        Frames.begin(1, FieldBlock.post("/counted")),
                        Frames.rst(1, CANCEL),
                        Frames.data(1, Frames.END_STREAM, 1000));
                client.expectGoAway(STREAM_CLOSED);
                client.expectEnd();
            }
            assertEquals(0, heads.get());
            assertEquals(0, contents.get());
            assertFalse(range.origin().requestLines().contains("POST /counted"));
            range.assertWell();
        }
    }
}
