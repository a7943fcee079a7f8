package dev.headgate.attack;

import static dev.headgate.testkit.h2.Codes.CANCEL;
import static dev.headgate.testkit.h2.Codes.ENHANCE_YOUR_CALM;
import static dev.headgate.testkit.h2.Codes.FLOW_CONTROL_ERROR;
import static dev.headgate.testkit.h2.Codes.FRAME_SIZE_ERROR;
import static dev.headgate.testkit.h2.Codes.PROTOCOL_ERROR;
import static dev.headgate.testkit.h2.Codes.REFUSED_STREAM;
import static dev.headgate.testkit.h2.Codes.STREAM_CLOSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.SteeredIo;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginScript;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames in numbers, before a proxy whose configuration is the default: what they cost stays within bounds. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2FloodAttackIT {
    private static final int FLOOD_FRAMES = 100_000;
    private static final int PIECE_FRAMES = 1000; // of a flood, in one write
    private static final long HELD_FREE_BYTES = 64 * 1024; // for a connection, whatever it has sent
    private static final long HELD_PER_BYTE_MAX = 20;
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;

    private Http2Range range;

    @BeforeEach
    void start() {
        range = new Http2Range();
        range.origin().on("/stall", OriginScript.stall());
    }

    @AfterEach
    void stop() {
        range.close();
    }

    /** Starts anew where no time passes, so that no budget comes back. */
    private void stopClock() {
        range.close();
        range = new Http2Range(setup -> setup, new SteeredIo().frozen());
        range.origin().on("/stall", OriginScript.stall());
    }

    /** Sends as much of a flood as the proxy takes, numbered from zero. */
    private static void flood(Http2Peer client, int frames, IntFunction<byte[]> frame) {
        boolean isTaken = true;
        for (int sent = 0; isTaken && sent < frames; sent += PIECE_FRAMES) {
            byte[][] piece = IntStream.range(sent, Math.min(frames, sent + PIECE_FRAMES))
                    .mapToObj(frame)
                    .toArray(byte[][]::new);
            isTaken = client.trySend(piece);
        }
    }

    /** The flood of a client that reads nothing meanwhile ends its connection. */
    private void assertEnds(Http2Violation violation, int frames, IntFunction<byte[]> frame) {
        try (var client = range.connect()) {
            flood(client, frames, frame);
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        assertEquals(1, range.violations(violation), violation::token);
        range.assertWell();
    }

    private static int id(int index) {
        return 2 * index + 1;
    }

    // ---- resets ---------------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-01",
            advisory = "HTTP/2 CVE-2023-44487",
            outcome =
                    "requests that are reset in the same read reach no origin; after 100 premature resets GOAWAY(ENHANCE_YOUR_CALM)")
    @Test
    void h2_01_rapidResetStartsNothing() {
        assertEnds(
                Http2Violation.RESET_FLOOD,
                FLOOD_FRAMES,
                i -> Wire.join(Http2Range.shortGet(id(i)), Frames.rst(id(i), CANCEL)));
        assertEquals(List.of("GET /after"), range.origin().requestLines());
    }

    @ThreatRow("H2-01")
    @Test
    void h2_01_asManyResetsAsAreAllowedAreHarmless() {
        try (var client = range.connect()) {
            byte[] pairs = new byte[0];
            for (int i = 0; i < 100; i++) {
                pairs = Wire.join(pairs, Frames.get(id(i), "/never"), Frames.rst(id(i), CANCEL));
            }
            client.send(pairs).expectQuiet();
            assertEquals(0, range.origin().connections().size());
            range.assertGoesOn(client);
            int next = 0x2001;
            client.send(Frames.get(next, "/never"), Frames.rst(next, CANCEL));
            assertEquals(next, client.expectGoAway(ENHANCE_YOUR_CALM).lastStreamId());
            client.expectEnd();
        }
        assertEquals(List.of("GET /after"), range.origin().requestLines());
        range.assertWell();
    }

    private void assertNoneFor(String path) {
        List<String> lines = range.origin().requestLines();
        assertTrue(lines.stream().noneMatch(line -> line.endsWith(path)), lines::toString);
    }

    @ThreatRow(value = "H2-01", outcome = "those that were begun are cancelled at the origin")
    @Test
    void h2_01_requestsThatHaveBegunAreCancelled() {
        try (var client = range.connect()) {
            for (int i = 0; i <= 100; i++) {
                client.get(id(i), "/stall");
                range.origin().awaitRequest(i);
                client.send(Frames.rst(id(i), CANCEL));
            }
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.expectEnd();
        }
        assertAllCancelled();
        range.assertWell();
    }

    private void assertAllCancelled() {
        for (var request : range.origin().requests()) {
            var connection = range.origin().connections().get(request.connection());
            Await.until("the origin sees the end of " + request, connection::isEndedByPeer);
        }
    }

    @ThreatRow(
            value = "H2-02",
            advisory = "HTTP/2 CVE-2025-8671",
            outcome =
                    "our own resets for a client's fault count like the client's; what was begun is cancelled at the origin")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_02_resetsThatTheServerIsMadeToSend(String name, int code, boolean isOpen, IntFunction<byte[]> fault) {
        try (var client = range.connect()) {
            for (int i = 0; i <= 100; i++) {
                byte[] block = FieldBlock.get("/stall");
                client.send(isOpen ? Frames.begin(id(i), block) : Frames.request(id(i), block));
                int index = i;
                Await.until("it has begun", () -> range.origin().requests().size() > index);
                client.send(fault.apply(id(i))).expectReset(id(i), code);
            }
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.expectEnd();
        }
        assertEquals(1, range.violations(Http2Violation.RESET_FLOOD));
        assertAllCancelled();
        range.assertWell();
    }

    static Stream<Arguments> h2_02_resetsThatTheServerIsMadeToSend() {
        return Stream.of(
                primitive("WINDOW_UPDATE of zero", PROTOCOL_ERROR, false, id -> Frames.windowUpdate(id, 0)),
                primitive(
                        "PRIORITY of another length",
                        FRAME_SIZE_ERROR,
                        false,
                        id -> Frames.frame(Frames.PRIORITY, 0, id, new byte[4])),
                primitive("PRIORITY on itself", PROTOCOL_ERROR, false, id -> Frames.priority(id, id)),
                primitive(
                        "window above 2^31-1",
                        FLOW_CONTROL_ERROR,
                        false,
                        id -> Frames.windowUpdate(id, Integer.MAX_VALUE)),
                primitive("HEADERS behind the end", STREAM_CLOSED, false, id -> Frames.get(id, "/")),
                primitive("DATA behind the end", STREAM_CLOSED, false, id -> Frames.data(id, 0, 1)),
                primitive(
                        "trailers that end nothing",
                        PROTOCOL_ERROR,
                        true,
                        id -> Frames.begin(id, FieldBlock.of("a", "b"))));
    }

    private static Arguments primitive(String name, int code, boolean isOpen, IntFunction<byte[]> fault) {
        return Arguments.of(name, code, isOpen, fault);
    }

    @ThreatRow(value = "H2-02", outcome = "a malformed head counts as well")
    @Test
    void h2_02_malformedHeadsInNumbers() {
        assertEnds(Http2Violation.RESET_FLOOD, FLOOD_FRAMES, i -> Frames.request(id(i), FieldBlock.of("a", "b")));
    }

    // ---- streams --------------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-17",
            outcome =
                    "the 101st is RST_STREAM(REFUSED_STREAM), also before our settings are acknowledged; GOAWAY(ENHANCE_YOUR_CALM) after 100 of those in 60 s, or 200 in one read")
    @Test
    void h2_17_streamsAboveTheLimitAreRefused() {
        try (var client = Http2Peer.connect(range.proxy().port()).withoutAcknowledgements()) {
            byte[] streams = new byte[0];
            for (int i = 0; i < 102; i++) {
                streams = Wire.join(streams, Frames.get(id(i), i < 100 ? "/stall" : "/refused"));
            }
            client.send(Frames.preface(), Frames.settings(), streams);
            client.expectReset(id(100), REFUSED_STREAM).expectReset(id(101), REFUSED_STREAM);
            Await.until("100 are at the origin", () -> range.origin().requests().size() == 100);
            client.send(Frames.rst(id(0), CANCEL), Frames.get(id(102), "/next")).expectStatus(id(102), 200);
            assertNoneFor("/refused");
        }
        assertEquals(2, range.violations(Http2Violation.STREAM_REFUSED));
        assertAllCancelledBut("/next");
        range.assertWell();
    }

    private void assertAllCancelledBut(String path) {
        for (var request : range.origin().requests()) {
            if (!request.line().endsWith(path)) {
                var connection = range.origin().connections().get(request.connection());
                Await.until("the origin sees the end of " + request, connection::isEndedByPeer);
            }
        }
    }

    @ThreatRow("H2-17")
    @Test
    void h2_17_refusedStreamsInNumbersEndTheConnection() {
        stopClock();
        try (var client = range.connect()) {
            for (int i = 0; i < 100; i++) {
                client.get(id(i), "/stall");
            }
            Await.until("100 are at the origin", () -> range.origin().requests().size() == 100);
            for (int i = 100; i < 200; i++) {
                client.get(id(i), "/refused").expectReset(id(i), REFUSED_STREAM);
            }
            client.get(id(200), "/refused").expectReset(id(200), REFUSED_STREAM);
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.expectEnd();
        }
        assertNoneFor("/refused");
        assertEquals(1, range.violations(Http2Violation.REFUSED_FLOOD));
        range.assertWell();
    }

    @ThreatRow("H2-17")
    @Test
    void h2_17_burstOfStreamsEndsTheConnection() {
        try (var client = range.connect()) {
            flood(client, FLOOD_FRAMES, i -> Http2Range.shortGet(id(i)));
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        range.assertWell();
    }

    @ThreatRow(
            value = "H2-33",
            advisory = "Envoy CVE-2021-32778",
            outcome = "everything is cancelled and given back, however many streams there were")
    @Test
    void h2_33_connectionsThatEndWithAllTheirStreams() {
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            range.origin().forget();
            try (var client = range.connect()) {
                for (int i = 0; i < 100; i++) {
                    client.get(id(i), "/stall");
                }
                Await.until(
                        "100 are at the origin", () -> range.origin().requests().size() == 100);
            }
            range.proxy().awaitBuffersReturned();
            assertAllCancelled();
        }
        range.assertWell();
    }

    // ---- heads ----------------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-03",
            advisory = {"Apache CVE-2026-49975", "Envoy CVE-2026-47774"},
            outcome =
                    "fields are counted while they are unpacked: 431 above 100, GOAWAY(ENHANCE_YOUR_CALM) above 200; what is held is at most 64 KiB and 20 bytes for each byte received")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_03_bombOfIndexedFields(String name, byte[] entry) {
        try (var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 0)) {
            byte[] first = Wire.join(FieldBlock.get("/stall"), entry);
            byte[] again = FieldBlock.indexed(62);
            client.send(Frames.request(1, Wire.join(first, Frames.times(95, again))));
            int count = 1;
            for (; count < 100; count++) {
                byte[] block = Wire.join(FieldBlock.get("/stall"), Frames.times(96, again));
                client.send(Frames.inPieces(id(count), ES, block, 30));
            }
            awaitAtOrigin(100);
            assertHeld(0);
            client.send(
                    Frames.inPieces(id(count), ES, Wire.join(FieldBlock.get("/"), Frames.times(4000, again)), 1000));
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        range.assertWell();
    }

    static Stream<Arguments> h2_03_bombOfIndexedFields() {
        return Stream.of(
                Arguments.of("empty fields", FieldBlock.entering("a", "")),
                Arguments.of("crumbs of a cookie", FieldBlock.entering("cookie", "")),
                Arguments.of("crumbs with a byte", FieldBlock.entering("cookie", "a")));
    }

    private void awaitAtOrigin(int count) {
        Await.until(
                "as many are at the origin: " + count,
                () -> range.origin().requests().size() == count);
    }

    /** Fails when more is held than was paid for, with {@code perRequestBytes} that each of 100 requests has for nothing. */
    private void assertHeld(int perRequestBytes) {
        long held = range.proxy().outstandingBytes();
        long received = range.proxy().bytesRead();
        long allowed = HELD_FREE_BYTES + HELD_PER_BYTE_MAX * received + 100L * perRequestBytes;
        assertTrue(held <= allowed, () -> "held " + held + ", allowed " + allowed + ", received " + received);
    }

    /** Heads of 30 KB for a few bytes: as many as there is room for are served, and no other reaches the origin. */
    @ThreatRow("H2-03")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_03_bombOfLongFields(String name, byte[] first, byte[] again) {
        stopClock();
        range.origin().on("/stall/" + "%7B".repeat(4_000), OriginScript.stall());
        try (var client = range.connect()) {
            client.send(Frames.request(1, first));
            int count = 1;
            for (; count < 100; count++) {
                client.send(Frames.request(id(count), again));
            }
            Await.until("all are judged", () -> atOrigin() + refused() == 100);
            assertTrue(atOrigin() < 10, () -> "served " + atOrigin());
            client.expectReset(id(99), REFUSED_STREAM);
            assertHeld(0);
            client.get(id(count), "/").expectStatus(id(count), 200);
            count++;
            for (; refused() < 100; count++) {
                client.send(Frames.request(id(count), again)).expectReset(id(count), REFUSED_STREAM);
            }
            client.send(Frames.request(id(count), again));
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        assertEquals(1, range.violations(Http2Violation.REFUSED_FLOOD));
        range.assertWell();
    }

    @ThreatRow("H2-03")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits: {headerBytes: 64KiB}    | 11 | 200", // the room for it grows with the limit of heads
                "http2: {heldSurplus: 16KiB}     |  3 | 200",
                "http2: {heldSurplus: 16KiB}     |  7 | 431",
                "http2: {heldSurplus: 0B}        |  1 | 200",
                "http2: {heldSurplus: 0B}        |  3 | 431",
            })
    void h2_03_theRoomForRepeatedLinesIsConfigured(String settings, int lines, int status) {
        range.close();
        range = new Http2Range(setup -> setup.listener(settings));
        byte[] get = FieldBlock.get("/");
        byte[] line = FieldBlock.entering("x", "a".repeat(4_000));
        try (var client = range.connect()) {
            client.send(Frames.request(1, Wire.join(get, line))).expectStatus(1, 200);
            byte[] again = Frames.times(lines, FieldBlock.indexed(62));
            client.send(Frames.request(3, Wire.join(get, again))).expectStatus(3, status);
        }
        assertEquals(status == 431 ? 1 : 0, range.violations(Http2Violation.HEAD_REPETITION));
    }

    private int atOrigin() {
        return range.origin().requests().size();
    }

    private long refused() {
        return range.violations(Http2Violation.HEAD_SURPLUS);
    }

    static Stream<Arguments> h2_03_bombOfLongFields() {
        byte[] last = FieldBlock.indexed(62);
        byte[] lastTwo = Wire.join(last, FieldBlock.indexed(63));
        byte[] nameOfLast = Wire.join(FieldBlock.integer(0x00, 4, 62), new byte[1]);
        byte[] pseudo = FieldBlock.of(":method", "GET", ":scheme", "http", ":authority", "a");
        return Stream.of(
                bomb("a field of 200 bytes", FieldBlock.entering("x", "a".repeat(200)), Frames.times(95, last)),
                bomb("a field of 4 KB", FieldBlock.entering("x", "a".repeat(4_000)), Frames.times(7, last)),
                bomb("a cookie", FieldBlock.entering("cookie", "a".repeat(4_000)), Frames.times(7, last)),
                bomb(
                        "cookies between other fields",
                        Wire.join(FieldBlock.entering("x", ""), FieldBlock.entering("cookie", "a".repeat(600))),
                        Frames.times(45, lastTwo)),
                bomb("a long name", FieldBlock.entering("x".repeat(256), ""), Frames.times(90, nameOfLast)),
                Arguments.of(
                        "a path that has to be escaped",
                        Wire.join(pseudo, FieldBlock.entering(":path", "/stall/" + "{".repeat(4_000))),
                        Wire.join(pseudo, last)));
    }

    private static Arguments bomb(String name, byte[] entries, byte[] again) {
        byte[] get = FieldBlock.get("/stall");
        return Arguments.of(name, Wire.join(get, entries), Wire.join(get, again));
    }

    /** No bomb, however few bytes it takes: each head has each line of a whole table once, as those of browsers may. */
    @ThreatRow(
            value = "H2-03",
            outcome =
                    "beside that each request may have the table of 4 KiB once, so that browsers can send a long cookie with 100 requests at once: 8 KiB each, or 16 KiB when it is a path that has to be written anew")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_03_longFieldsThatGoByIndexAreServed(String name, int perRequestBytes, byte[] entries, byte[] again) {
        range.origin().otherwise(OriginScript.stall());
        try (var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 0)) {
            client.send(Frames.request(1, entries));
            for (int count = 1; count < 100; count++) {
                client.send(Frames.request(id(count), again));
            }
            awaitAtOrigin(100);
            assertHeld(perRequestBytes);
        }
        assertEquals(0, range.violations());
        range.origin().otherwise(OriginScript.ok(""));
        range.assertWell();
    }

    static Stream<Arguments> h2_03_longFieldsThatGoByIndexAreServed() {
        byte[] crumbs = new byte[0];
        byte[] byIndex = new byte[0];
        for (int i = 0; i < 9; i++) {
            crumbs = Wire.join(crumbs, FieldBlock.entering("cookie", i + "=" + "c".repeat(405)));
            byIndex = Wire.join(byIndex, FieldBlock.indexed(62 + i));
        }
        byte[] apart = new byte[0];
        byte[] apartByIndex = new byte[0];
        for (int i = 0; i < 2; i++) {
            byte[] cookie = FieldBlock.entering("cookie", i + "=" + "c".repeat(1_940));
            apart = Wire.join(apart, cookie, FieldBlock.entering("x", ""));
            apartByIndex = Wire.join(apartByIndex, FieldBlock.indexed(63 + 2 * i), FieldBlock.indexed(62 + 2 * i));
        }
        byte[] get = FieldBlock.get("/stall");
        byte[] more = FieldBlock.literal("cookie", "d".repeat(4_000));
        byte[] pseudo = FieldBlock.of(":method", "GET", ":scheme", "http", ":authority", "a");
        byte[] path = Wire.join(pseudo, FieldBlock.entering(":path", "/stall/" + "p".repeat(4_000)));
        byte[] query = Wire.join(pseudo, FieldBlock.entering(":path", "/stall?" + "q".repeat(4_000)));
        byte[] twoSlashes = Wire.join(pseudo, FieldBlock.entering(":path", "/stall//" + "p".repeat(4_000)));
        byte[] last = Wire.join(pseudo, FieldBlock.indexed(62));
        return Stream.of(
                Arguments.of("cookie in crumbs", 8 << 10, Wire.join(get, crumbs), Wire.join(get, byIndex)),
                Arguments.of(
                        "and 4 KB of it anew each time",
                        8 << 10,
                        Wire.join(get, crumbs, more),
                        Wire.join(get, byIndex, more)),
                Arguments.of(
                        "cookies between other fields", 8 << 10, Wire.join(get, apart), Wire.join(get, apartByIndex)),
                Arguments.of("path", 8 << 10, path, last),
                Arguments.of("query", 8 << 10, query, last),
                Arguments.of("path that has to be written anew", 16 << 10, twoSlashes, last));
    }

    /** Trailers are kept as long as their request. */
    @ThreatRow(value = "H2-03", outcome = "the table is for head and trailers together")
    @Test
    void h2_03_trailersHaveNoTableOfTheirOwn() {
        range.origin().otherwise(OriginScript.stall());
        byte[] put = FieldBlock.request("PUT", "/stall");
        byte[] line = FieldBlock.entering("x", "a".repeat(4_000));
        byte[] again = FieldBlock.indexed(62);
        try (var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 0)) {
            client.send(Frames.begin(1, Wire.join(put, line)), Frames.headers(1, EH | ES, again));
            for (int count = 1; count < 100; count++) {
                int id = id(count);
                client.send(Frames.begin(id, Wire.join(put, again)), Frames.headers(id, EH | ES, again));
            }
            client.settle();
            assertHeld(8 << 10);
            assertTrue(range.violations(Http2Violation.TRAILERS_SURPLUS) > 80, "reset");
        }
        range.origin().otherwise(OriginScript.ok(""));
        range.assertWell();
    }

    @ThreatRow(
            value = "H2-04",
            advisory = {"HTTP/2 VU#421644", "Netty CVE-2026-33871"},
            outcome =
                    "GOAWAY(ENHANCE_YOUR_CALM) at the ninth CONTINUATION, the second empty one, or twice the limit of a list")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_04_blocksThatNeverEnd(String name, Http2Violation violation, byte[] begin, byte[] more) {
        try (var client = range.connect()) {
            client.send(Frames.headers(1, ES, begin));
            flood(client, FLOOD_FRAMES / 10, _ -> more);
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        assertEquals(1, range.violations(violation), violation::token);
        assertEquals(0, range.origin().connections().size());
        range.assertWell();
    }

    static Stream<Arguments> h2_04_blocksThatNeverEnd() {
        byte[] get = FieldBlock.get("/");
        byte[] fields = Frames.times(16, FieldBlock.literal("x", "a".repeat(1018)));
        return Stream.of(
                Arguments.of("full frames", Http2Violation.BLOCK_TOO_LARGE, get, Frames.continuation(1, 0, fields)),
                Arguments.of(
                        "single bytes", Http2Violation.CONTINUATION_COUNT, get, Frames.continuation(1, 0, new byte[1])),
                Arguments.of(
                        "empty frames", Http2Violation.CONTINUATION_EMPTY, get, Frames.continuation(1, 0, new byte[0])),
                Arguments.of(
                        "the ninth ends it",
                        Http2Violation.CONTINUATION_COUNT,
                        new byte[0],
                        Frames.continuation(1, 0, FieldBlock.literal("a", "b"))));
    }

    @ThreatRow("H2-04")
    @Test
    void h2_04_huffmanCodesThatUnpackToMoreThanTheLimit() {
        byte[] coded = new byte[15_000]; // symbols of five bits, all "0"
        byte[] field = Wire.join(new byte[] {0, 1, 'x'}, FieldBlock.integer(0x80, 7, coded.length), coded);
        byte[] block = Wire.join(FieldBlock.get("/"), field, field, field);
        try (var client = range.connect()) {
            client.send(Frames.inPieces(1, ES, block, 16_384));
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        assertEquals(1, range.violations(Http2Violation.LIST_FAR_TOO_LARGE));
        assertEquals(0, range.origin().connections().size());
        range.assertWell();
    }

    @ThreatRow("H2-04")
    @Test
    void h2_04_asManyPiecesAsAreAllowed() {
        byte[] block = FieldBlock.get("/", "x", "a".repeat(100));
        try (var client = range.connect()) {
            client.send(Frames.inPieces(1, ES, block, (block.length + 8) / 9)).expectStatus(1, 200);
            range.assertGoesOn(client);
        }
    }

    // ---- control frames -------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-08",
            advisory = "HTTP/2 CVE-2019-9515",
            outcome =
                    "GOAWAY(ENHANCE_YOUR_CALM) when 1,000 acknowledgements wait, for 33 entries in a frame, and for 101 changes of the window in 10 s")
    @Test
    void h2_08_floodOfSettings() {
        assertEnds(Http2Violation.CONTROL_FLOOD, 10 * FLOOD_FRAMES, _ -> Frames.settings());
    }

    @ThreatRow("H2-08")
    @Test
    void h2_08_floodOfWindowChanges() {
        assertEnds(
                Http2Violation.SETTINGS_WINDOW_FLOOD,
                FLOOD_FRAMES,
                i -> Frames.settings(Frames.INITIAL_WINDOW_SIZE, 1 + i % 2));
    }

    @ThreatRow("H2-08")
    @ParameterizedTest
    @ValueSource(ints = {33, 2000})
    void h2_08_manyEntriesInOneFrame(int entries) {
        int[] settings = new int[2 * entries];
        for (int i = 0; i < entries; i++) {
            settings[2 * i] = Frames.MAX_HEADER_LIST_SIZE;
            settings[2 * i + 1] = i;
        }
        assertEnds(Http2Violation.SETTINGS_ENTRIES, 1, _ -> Frames.settings(settings));
    }

    @ThreatRow(value = "H2-08", outcome = "a table of 2^32-1 bytes is not used beyond 4 KiB")
    @Test
    void h2_08_hugeCompressionTable() {
        range.origin().on("/fields", exchange -> {
            String number = exchange.request().target().substring("/fields?".length());
            exchange.respond(200, "", "X-Large: " + number.repeat(300));
        });
        try (var client = range.connect(Frames.HEADER_TABLE_SIZE, -1)) {
            for (int i = 0; i < 200; i++) {
                // Each value twice, so that it enters the table: the client reads with one of 4 KiB.
                String value = String.valueOf(10 + i / 2 % 40);
                client.get(id(i), "/fields?" + value);
                assertEquals(
                        value.repeat(300),
                        client.expectStatus(id(i), 200).fields().value("x-large"));
            }
            range.assertGoesOn(client);
        }
        range.assertWell();
    }

    @ThreatRow(
            value = "H2-09",
            advisory = "HTTP/2 CVE-2019-9512",
            outcome = "GOAWAY(ENHANCE_YOUR_CALM) after 50 in a row without content between them")
    @Test
    void h2_09_floodOfPings() {
        assertEnds(Http2Violation.PING_FLOOD, FLOOD_FRAMES, Frames::ping);
    }

    @ThreatRow(
            value = "H2-11",
            advisory = "HTTP/2 CVE-2019-9513",
            outcome = "GOAWAY(ENHANCE_YOUR_CALM) after 100 and 100 for each stream; no tree is kept")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_11_floodOfPriorities(String name, IntFunction<byte[]> frame) {
        assertEnds(Http2Violation.PRIORITY_FLOOD, FLOOD_FRAMES, frame);
    }

    static Stream<Arguments> h2_11_floodOfPriorities() {
        return Stream.of(
                frames("on one idle stream", _ -> Frames.priority(1, 0)),
                frames("on all idle streams", i -> Frames.priority(id(i), 0)),
                frames("in a chain", i -> Frames.priority(id(i) + 2, id(i))),
                frames("in a circle of two", i -> i % 2 == 0 ? Frames.priority(1, 3) : Frames.priority(3, 1)),
                frames("updates", i -> Frames.priorityUpdate(id(i), "u=" + i % 8)));
    }

    private static Arguments frames(String name, IntFunction<byte[]> frame) {
        return Arguments.of(name, frame);
    }

    @ThreatRow(value = "H2-11", outcome = "as many as are allowed change nothing")
    @Test
    void h2_11_circleOfPrioritiesIsHarmless() {
        try (var client = range.connect()) {
            for (int i = 0; i < 100; i++) {
                client.send(Frames.priority(id(i % 50), id((i + 1) % 50)));
            }
            client.get(1, "/").expectStatus(1, 200);
            range.assertGoesOn(client);
        }
        range.assertWell();
    }

    @ThreatRow(
            value = "H2-12",
            advisory = "HTTP/2 CVE-2019-9511",
            outcome = "GOAWAY(ENHANCE_YOUR_CALM) after 5, 2 for each stream and 20 for each DATA frame sent")
    @Test
    void h2_12_floodOfWindowUpdates() {
        assertEnds(Http2Violation.WINDOW_UPDATE_FLOOD, FLOOD_FRAMES, _ -> Frames.windowUpdate(0, 1));
    }

    @ThreatRow("H2-12")
    @Test
    void h2_12_floodOfWindowUpdatesOnAStream() {
        range.origin().on("/large", OriginScript.ok("a".repeat(100_000)));
        try (var client = range.connect(Frames.INITIAL_WINDOW_SIZE, 1)) {
            client.get(1, "/large").awaitContent(1, 1);
            flood(client, FLOOD_FRAMES, _ -> Frames.windowUpdate(1, 1));
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        assertEquals(1, range.violations(Http2Violation.WINDOW_UPDATE_FLOOD));
        range.assertWell();
    }

    // ---- content --------------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "H2-10",
            advisory = "HTTP/2 CVE-2019-9518",
            outcome =
                    "GOAWAY(ENHANCE_YOUR_CALM) after 10 empty frames in a row, or 10,000 small ones; the origin never sees a whole request")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_10_framesWithLittleOrNoContent(String name, Http2Violation violation, byte[] frame) {
        try (var client = range.connect()) {
            client.send(Frames.begin(1, FieldBlock.post("/upload")));
            flood(client, FLOOD_FRAMES, _ -> frame);
            client.expectGoAway(ENHANCE_YOUR_CALM);
            client.readToEnd();
        }
        assertEquals(1, range.violations(violation), violation::token);
        assertTrue(range.origin().requests().stream().noneMatch(request -> request.isComplete()));
        range.assertWell();
    }

    static Stream<Arguments> h2_10_framesWithLittleOrNoContent() {
        return Stream.of(
                Arguments.of("empty", Http2Violation.EMPTY_FLOOD, Frames.data(1, 0, 0)),
                Arguments.of("padding alone", Http2Violation.EMPTY_FLOOD, Frames.padded(1, 0, 0, 255)),
                Arguments.of("a length of padding alone", Http2Violation.EMPTY_FLOOD, Frames.padded(1, 0, 0, 0)),
                Arguments.of("single bytes", Http2Violation.SMALL_DATA_FLOOD, Frames.data(1, 0, 1)));
    }

    @ThreatRow(value = "H2-10", outcome = "frames of unknown types: GOAWAY(ENHANCE_YOUR_CALM) after 1,000")
    @Test
    void h2_10_framesOfUnknownTypes() {
        assertEnds(Http2Violation.GLITCH_FLOOD, FLOOD_FRAMES, _ -> Frames.frame(0xFA, EH, 0, new byte[1]));
    }
}
