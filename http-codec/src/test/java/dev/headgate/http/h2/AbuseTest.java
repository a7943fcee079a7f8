package dev.headgate.http.h2;

import static dev.headgate.http.h2.Wires.block;
import static dev.headgate.http.h2.Wires.continuation;
import static dev.headgate.http.h2.Wires.data;
import static dev.headgate.http.h2.Wires.get;
import static dev.headgate.http.h2.Wires.headers;
import static dev.headgate.http.h2.Wires.join;
import static dev.headgate.http.h2.Wires.padded;
import static dev.headgate.http.h2.Wires.ping;
import static dev.headgate.http.h2.Wires.post;
import static dev.headgate.http.h2.Wires.priority;
import static dev.headgate.http.h2.Wires.priorityUpdate;
import static dev.headgate.http.h2.Wires.rst;
import static dev.headgate.http.h2.Wires.settings;
import static dev.headgate.http.h2.Wires.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.hpack.HpackLimits;
import dev.headgate.testkit.ThreatRow;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Each budget at its edge: so much goes, and one more ends the connection. */
class AbuseTest {
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;
    private static final long SECOND_NS = 1_000_000_000L;

    private static final int SURPLUS_MAX = Http2Limits.DEFAULTS.heldSurplusBytes();
    private static final int PSEUDO_BYTES = ":method: GET␍␊:scheme: http␍␊:path: /␍␊:authority: a␍␊".length();
    private static final int BOMB_SURPLUS = PSEUDO_BYTES + 10 * 1_005 - 1_033 - 1_024 - 4 * (Wires.GET.length + 10);

    private Machine server = Machine.server();

    /** Feeds {@code limit} pieces, which go, and one more, which does not. */
    private void holds(int limit, Http2Violation violation, IntFunction<byte[]> piece) {
        for (int i = 0; i < limit; i++) {
            server.feed(piece.apply(i));
            server.connection.onOutputDrained();
            int number = i;
            assertFalse(server.connection.isFailed(), () -> "at " + number + ": " + server.connection.violation());
        }
        server.feed(piece.apply(limit));
        assertEquals(violation, server.connection.violation());
        assertTrue(server.log.stream().anyMatch(line -> line.matches("> GOAWAY \\d+ ENHANCE_YOUR_CALM")));
    }

    @ThreatRow("H2-01")
    @Test
    void h2_01_prematureResets() {
        holds(100, Http2Violation.RESET_FLOOD, i -> join(get(2 * i + 1), rst(2 * i + 1, ErrorCode.CANCEL)));
        assertEquals(0, server.connection.streamCount());
    }

    @ThreatRow("H2-01")
    @Test
    void h2_01_resetsOfOlderStreamsAndCompleteOnesAreFree() {
        server.answer = (stream, end) -> server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.END);
        for (int i = 0; i < 500; i++) {
            server.feed(post(2 * i + 1), rst(2 * i + 1, ErrorCode.NO_ERROR));
            server.connection.onOutputDrained();
        }
        server.answer = null;
        for (int i = 500; i < 1000; i++) {
            server.feed(get(2 * i + 1));
            server.nowNs += SECOND_NS;
            server.feed(rst(2 * i + 1, ErrorCode.CANCEL));
        }
        assertNull(server.connection.violation());
    }

    @ThreatRow("H2-01")
    @Test
    void h2_01_aResetCountsBelowTheAgeAndNotAtIt() {
        var one = Http2AbuseLimits.DEFAULTS.withResets(1, 1_000 * SECOND_NS, SECOND_NS);
        server = Machine.server(Http2Limits.DEFAULTS.withAbuse(one));
        long[] ages = {SECOND_NS, SECOND_NS, SECOND_NS - 1, SECOND_NS};
        for (int i = 0; i < ages.length; i++) {
            resetAtAge(2 * i + 1, ages[i]);
            assertNull(server.connection.violation(), "request " + i);
        }
        resetAtAge(2 * ages.length + 1, SECOND_NS - 1);
        assertEquals(Http2Violation.RESET_FLOOD, server.connection.violation());
    }

    private void resetAtAge(int id, long ageNs) {
        server.feed(get(id));
        server.nowNs += ageNs;
        server.feed(rst(id, ErrorCode.CANCEL));
    }

    @ThreatRow("H2-01")
    @Test
    void h2_01_theBudgetComesBackWithTime() {
        for (int i = 0; i < 300; i++) {
            server.feed(get(2 * i + 1), rst(2 * i + 1, ErrorCode.CANCEL));
            server.nowNs += SECOND_NS * 6 / 10;
        }
        assertNull(server.connection.violation());
    }

    @ThreatRow("H2-02")
    @Test
    void h2_02_resetsThatThePeerMakesUsSendCountAsWell() {
        List<IntFunction<byte[]>> ways = List.of(
                id -> join(get(id), windowUpdate(id, 0)),
                id -> join(get(id), Wires.frame(Frames.PRIORITY, 0, id, new byte[4])),
                id -> join(get(id), priority(id, id)),
                id -> join(get(id), windowUpdate(id, Integer.MAX_VALUE)),
                id -> join(get(id), get(id)),
                id -> join(get(id), data(id, 0, 1)),
                id -> headers(id, ES | EH, block(":method", "GET")),
                id -> join(get(id), rst(id, ErrorCode.CANCEL)));
        for (IntFunction<byte[]> way : ways) {
            server = Machine.server();
            holds(100, Http2Violation.RESET_FLOOD, i -> way.apply(2 * i + 1));
        }
        server = Machine.server();
        holds(100, Http2Violation.RESET_FLOOD, i -> ways.get(i % ways.size()).apply(2 * i + 1));
    }

    @ThreatRow("H2-03")
    @Test
    void h2_03_tinyFieldsAreCountedAcrossContinuations() {
        byte[] start = join(Wires.GET, new byte[] {0x40, 1, 'a', 0});
        byte[] references = new byte[196];
        Arrays.fill(references, (byte) 0xBE);
        byte[] fewer = Arrays.copyOf(references, 195);
        server.feed(headers(1, ES, start), continuation(1, EH, fewer));
        assertEquals("refused 1 431", server.log.getLast());
        server.feed(headers(3, ES, start), continuation(3, EH, references));
        assertEquals(Http2Violation.LIST_FAR_TOO_LARGE, server.connection.violation());
    }

    /** A field that enters the table. */
    private static byte[] entering(String name, String value) {
        byte[] entry = block(name, value);
        entry[0] = 0x40;
        return entry;
    }

    /** What enters the table first is at 62 until something follows. */
    private static byte[] references(int count) {
        byte[] references = new byte[count];
        Arrays.fill(references, (byte) 0xBE);
        return references;
    }

    private static byte[] request(int id, byte[]... block) {
        return headers(id, ES | EH, join(block));
    }

    /** Asks for a line of 1,005 bytes ten times. */
    private static byte[] bomb(int id) {
        return request(id, Wires.GET, references(10));
    }

    @ThreatRow(
            value = "H2-03",
            outcome =
                    "what the open requests hold of lines that their heads repeat is at most 32 KiB: a request beyond is RST_STREAM(REFUSED_STREAM), GOAWAY(ENHANCE_YOUR_CALM) after 100 of those in 60 s, and trailers beyond are reset")
    @Test
    void h2_03_repeatedLinesHaveABudget() {
        server.feed(request(1, Wires.GET, entering("x", "v".repeat(1_000))));
        int room = SURPLUS_MAX / BOMB_SURPLUS;
        for (int i = 1; i <= room; i++) {
            server.feed(bomb(2 * i + 1));
            assertTrue(server.takeLog().getLast().startsWith("request " + (2 * i + 1)));
        }
        int next = 2 * room + 3;
        server.feed(bomb(next));
        assertEquals(
                List.of("> RST_STREAM " + next + " REFUSED_STREAM", "violation h2.head.surplus " + next),
                server.takeLog());
        server.feed(request(next + 2, Wires.GET, references(1)));
        assertTrue(server.takeLog().getLast().startsWith("request " + (next + 2)), "one that repeats nothing");
        server.connection.release(server.streams.get(3));
        server.feed(bomb(next + 4));
        assertTrue(server.log.getLast().startsWith("request " + (next + 4)), "in place of another");
        holds(99, Http2Violation.REFUSED_FLOOD, i -> bomb(2 * i + next + 6));
    }

    @ThreatRow("H2-03")
    @Test
    void h2_03_nothingElseThatIsSentBuysMore() {
        server.logsContent = false;
        server.feed(headers(1, EH, join(Wires.POST, entering("x", "v".repeat(1_000)))));
        for (int i = 0; i < 100; i++) {
            server.feed(data(1, 0, 16_384));
        }
        int room = SURPLUS_MAX / BOMB_SURPLUS;
        for (int i = 1; i <= room + 1; i++) {
            server.feed(bomb(2 * i + 1));
        }
        assertEquals("violation h2.head.surplus " + (2 * room + 3), server.log.getLast());
    }

    @ThreatRow("H2-03")
    @Test
    void h2_03_theTableStaysInStepThroughARefusedBomb() {
        server.feed(request(1, Wires.GET, entering("x", "v".repeat(1_000))));
        server.feed(request(3, Wires.GET, references(25)));
        server.feed(request(5, Wires.GET, references(25), entering("y", "w")));
        assertEquals("violation h2.head.surplus 5", server.log.getLast());
        server.feed(request(7, Wires.GET, references(1)));
        assertTrue(server.log.getLast().endsWith("y: w|"));
    }

    @ThreatRow(value = "H2-03", outcome = "a head that repeats more by itself gets 431")
    @Test
    void h2_03_whatCanNeverBeHeldIsNotToBeSentAgain() {
        server = Machine.server(Http2Limits.DEFAULTS.withHeads(heads(128 << 10)));
        server.feed(request(1, Wires.GET, entering("x", "v".repeat(1_000))));
        server.feed(request(3, Wires.GET, references(50), entering("y", "w")));
        assertEquals("refused 3 431", server.log.getLast());
        assertTrue(server.log.contains("violation h2.head.repetition 3"));
        server.feed(request(5, Wires.GET, references(1)));
        assertTrue(server.log.getLast().endsWith("y: w|"), "the table stays in step");
        server.feed(request(7, Wires.GET, references(25)));
        assertTrue(server.log.getLast().startsWith("request 7"), "what is refused takes no room");
    }

    @ThreatRow("H2-03")
    @Test
    void h2_03_theRoomForRepeatedLinesIsALimit() {
        server = Machine.server(Http2Limits.DEFAULTS.withHeldSurplus(0));
        server.feed(request(1, Wires.GET, entering("x", "v".repeat(1_000))));
        server.feed(bomb(3));
        assertEquals("refused 3 431", server.log.getLast());
        server.feed(request(5, Wires.GET, references(1)));
        assertTrue(server.log.getLast().startsWith("request 5"), "one that repeats nothing");
    }

    /** Behind a proxy that shares a connection among its users, they must not end it for each other by and by. */
    @ThreatRow("H2-17")
    @Test
    void h2_17_refusalsAreForgivenWithTime() {
        for (int i = 0; i < 100; i++) {
            server.feed(get(2 * i + 1));
        }
        for (int i = 0; i < 300; i++) {
            server.nowNs += SECOND_NS;
            server.feed(get(2 * i + 201));
            server.connection.onOutputDrained();
        }
        assertNull(server.connection.violation());
    }

    private static Http2HeadLimits heads(int listBytes) {
        Http2HeadLimits usual = Http2HeadLimits.DEFAULTS;
        return new Http2HeadLimits(
                new HpackLimits(100, listBytes, 256),
                usual.trailers(),
                usual.pathBytes(),
                usual.methodBytes(),
                usual.continuationCount(),
                usual.underscoreNames());
    }

    @ThreatRow("H2-03")
    @Test
    void h2_03_trailersAreInTheSameBudget() {
        byte[] trailers = references(12);
        server.feed(headers(1, EH, join(Wires.POST, entering("x", "v".repeat(1_000)))));
        int surplus = 12 * 1_005 - 1_033 - 1_024 - 4 * 12;
        int room = SURPLUS_MAX / surplus;
        for (int i = 0; i <= room; i++) {
            server.feed(post(2 * i + 3));
        }
        for (int i = 0; i < room; i++) {
            server.feed(headers(2 * i + 3, ES | EH, trailers));
            assertTrue(server.takeLog().getLast().startsWith("end " + (2 * i + 3)));
        }
        int next = 2 * room + 3;
        server.feed(headers(next, ES | EH, trailers));
        assertEquals(
                List.of(
                        "> RST_STREAM " + next + " ENHANCE_YOUR_CALM",
                        "violation h2.trailers.surplus " + next,
                        "reset " + next + " ENHANCE_YOUR_CALM FAULT"),
                server.takeLog());
        server.connection.release(server.streams.get(3));
        server.feed(post(next + 2), headers(next + 2, ES | EH, trailers));
        assertTrue(server.log.getLast().startsWith("end " + (next + 2)), "in place of others");
    }

    @ThreatRow("H2-03")
    @Test
    void h2_03_trailersOfOriginsHaveTheBudgetToo() {
        Machine client = Machine.client();
        int surplus = 12 * 1_005 - 1_033 - 1_024 - 4 * 12;
        int room = SURPLUS_MAX / surplus;
        for (int i = 0; i <= room; i++) {
            client.connection.request(Heads.get("/"), Heads.PLAIN, -1, StreamEnd.OPEN, client.nowNs);
        }
        byte[] ok = block(":status", "200");
        client.feed(headers(1, EH, join(ok, entering("x", "v".repeat(1_000)))));
        client.feed(headers(1, ES | EH, references(12)));
        for (int i = 1; i <= room; i++) {
            client.feed(headers(2 * i + 1, EH, ok), headers(2 * i + 1, ES | EH, references(12)));
        }
        String last = client.log.getLast();
        assertEquals("reset " + (2 * room + 1) + " ENHANCE_YOUR_CALM FAULT", last);
        assertEquals(
                1,
                client.log.stream().filter(line -> line.startsWith("violation")).count());
    }

    /** A browser sends its cookie with each of many requests, and a byte for each crumb of it. */
    @ThreatRow("H2-03")
    @Test
    void h2_03_longCookiesThatAreSentByIndexAreFree() {
        byte[] cookie = new byte[0];
        byte[] again = new byte[0];
        for (int i = 0; i < 9; i++) {
            cookie = join(cookie, entering("cookie", i + "=" + "c".repeat(400)));
            again = join(again, new byte[] {(byte) (0xBE + i)});
        }
        byte[] more = block("cookie", "d".repeat(4_000));
        server.feed(request(1, Wires.GET, cookie, more));
        for (int i = 1; i < 100; i++) {
            server.feed(request(2 * i + 1, Wires.GET, again, i % 2 == 0 ? more : new byte[0]));
        }
        assertEquals(100, server.connection.streamCount());
        assertTrue(server.log.stream().noneMatch(line -> line.startsWith("violation")));
    }

    @ThreatRow("H2-04")
    @Test
    void h2_04_continuations() {
        server.feed(headers(1, ES, Wires.GET));
        holds(8, Http2Violation.CONTINUATION_COUNT, i -> continuation(1, 0, block("a", "b")));
        server = Machine.server();
        server.feed(headers(1, ES, Wires.GET));
        holds(1, Http2Violation.CONTINUATION_EMPTY, i -> continuation(1, 0, new byte[0]));
        server = Machine.server();
        server.feed(headers(1, ES, new byte[16_384]));
        holds(3, Http2Violation.BLOCK_TOO_LARGE, i -> continuation(1, 0, new byte[i < 3 ? 16_384 : 1]));
    }

    @Test
    void aBlockOfEightContinuationsIsServed() {
        server.feed(headers(1, ES, Wires.GET));
        for (int i = 0; i < 8; i++) {
            server.feed(continuation(1, i == 7 ? EH : 0, block("a", "b")));
        }
        assertEquals(1, server.log.size());
    }

    @ThreatRow("H2-06")
    @Test
    void h2_06_largeHeadsAreRefusedWhileTheTableStaysInOrder() {
        String value = "v".repeat(3_000);
        byte[] entry = block("a", value);
        entry[0] = 0x40;
        byte[] references = new byte[9];
        Arrays.fill(references, (byte) 0xBE);
        server.feed(headers(1, ES | EH, join(Wires.GET, entry, references)));
        assertEquals(0, server.log.getFirst().indexOf("request 1"));
        byte[] more = new byte[12];
        Arrays.fill(more, (byte) 0xBE);
        server.feed(headers(3, ES | EH, join(Wires.GET, more)));
        assertEquals("refused 3 431", server.log.getLast());
        assertEquals("violation h2.head.too_large 3", server.log.get(server.log.size() - 2));
        server.feed(headers(5, ES | EH, join(Wires.GET, new byte[] {(byte) 0xBE})));
        assertTrue(server.log.getLast().endsWith("a: " + value + "|"));
        byte[] bomb = new byte[4_000];
        Arrays.fill(bomb, (byte) 0xBE);
        server.feed(headers(7, ES | EH, join(Wires.GET, bomb)));
        assertEquals(
                "> GOAWAY 7 ENHANCE_YOUR_CALM",
                server.log.stream()
                        .filter(line -> line.startsWith("> GO"))
                        .findFirst()
                        .orElse(""));
    }

    @ThreatRow("H2-08")
    @Test
    void h2_08_settings() {
        int[] entries = new int[64];
        Arrays.fill(entries, 0x99);
        server.feed(settings(entries));
        assertNull(server.connection.violation());
        server.feed(settings(Arrays.copyOf(entries, 66)));
        assertEquals(Http2Violation.SETTINGS_ENTRIES, server.connection.violation());
        server = Machine.server();
        holds(100, Http2Violation.SETTINGS_WINDOW_FLOOD, i -> settings(4, i % 2));
        server = Machine.server();
        server.feed(settings(1, -1), get(1));
        assertTrue(
                server.connection.sendResponse(
                        server.streams.get(1), 200, Heads.fields("server", "s"), -1, StreamEnd.END),
                "a table of 4 GiB is not made");
    }

    @ThreatRow({"H2-08", "H2-09"})
    @Test
    void h2_08_h2_09_controlFramesThatNobodyReads() {
        for (int i = 0; i < 1000; i++) {
            server.feed(settings());
        }
        assertNull(server.connection.violation());
        server.feed(settings());
        assertEquals(Http2Violation.CONTROL_FLOOD, server.connection.violation());
    }

    @ThreatRow("H2-09")
    @Test
    void h2_09_pings() {
        holds(50, Http2Violation.PING_FLOOD, Wires::ping);
        server = Machine.server();
        for (int i = 0; i < 300; i++) {
            server.feed(ping(i));
            server.nowNs += SECOND_NS / 10;
        }
        assertNull(server.connection.violation(), "ten each second");
    }

    @Test
    void pingsThatProbeThePathOfADownloadAreFree() {
        server.feed(get(1));
        Http2Stream stream = server.streams.get(1);
        server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.OPEN);
        for (int i = 0; i < 1000; i++) {
            server.connection.sendData(stream, java.nio.ByteBuffer.allocate(10), StreamEnd.OPEN);
            server.feed(ping(i));
            server.connection.onOutputDrained();
        }
        assertNull(server.connection.violation());
    }

    @ThreatRow("H2-10")
    @Test
    void h2_10_emptyAndTinyData() {
        server.feed(post(1));
        holds(10, Http2Violation.EMPTY_FLOOD, i -> data(1, 0, 0));
        server = Machine.server();
        server.feed(post(1));
        holds(10, Http2Violation.EMPTY_FLOOD, i -> padded(1, 0, 0, 255));
        server = Machine.server(
                Http2Limits.DEFAULTS.withAbuse(Http2AbuseLimits.DEFAULTS.withSmallData(500, 5 * SECOND_NS)));
        server.feed(post(1));
        server.logsContent = false;
        holds(500, Http2Violation.SMALL_DATA_FLOOD, i -> data(1, 0, 1));
    }

    @ThreatRow("H2-10")
    @Test
    void h2_10_smallDataInTheCourseOfTimeOrAmongLargerIsFree() {
        server = Machine.server(Http2Limits.DEFAULTS.withAbuse(Http2AbuseLimits.DEFAULTS.withSmallData(10, SECOND_NS)));
        server.feed(post(1));
        for (int i = 0; i < 100; i++) {
            server.feed(data(1, 0, 255), data(1, 0, 256));
        }
        for (int i = 0; i < 100; i++) {
            server.feed(data(1, 0, 1));
            server.nowNs += SECOND_NS / 10;
        }
        for (int i = 0; i < 100; i++) {
            server.feed(data(1, 0, 0), data(1, 0, 1000));
        }
        for (int i = 0; i < 100; i++) {
            server.feed(data(1, 0, 1), data(1, 0, 1), data(1, 0, 1), data(1, 0, 1));
            server.feed(data(1, 0, 400), data(1, 0, 400), data(1, 0, 400));
        }
        assertNull(server.connection.violation());
    }

    @ThreatRow("H2-10")
    @Test
    void h2_10_emptyDataOfWholeRequestsIsFree() {
        server.answer = (stream, end) -> server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.END);
        for (int i = 0; i < 300; i++) {
            int id = 2 * i + 1;
            byte[] end = i % 2 == 0 ? data(id, ES, 0) : headers(id, ES | EH, block("a", "b"));
            server.feed(post(id), data(id, 0, 0), end);
            server.connection.onOutputDrained();
        }
        assertNull(server.connection.violation());
    }

    /** One stream for all the time, others that come and go beside it: each of the latter makes up for some. */
    @ThreatRow("H2-10")
    @Test
    void h2_10_emptyDataOfALongRequestIsFree() {
        server.feed(post(1));
        for (int i = 0; i < 100; i++) {
            server.feed(data(1, 0, 0), data(1, 0, 1000), data(1, 0, 0));
        }
        for (int i = 1; i < 100; i++) {
            server.feed(post(2 * i + 1), data(1, 0, 0));
            server.feed(data(2 * i + 1, ES, 3));
            server.connection.release(server.streams.get(2 * i + 1));
        }
        assertNull(server.connection.violation());
    }

    @ThreatRow("H2-10")
    @Test
    void h2_10_emptyDataOfWholeResponsesIsFree() {
        Machine client = Machine.client();
        for (int i = 0; i < 300; i++) {
            int id = 2 * i + 1;
            byte[] end = i % 2 == 0 ? data(id, ES, 0) : headers(id, ES | EH, block("grpc-status", "0"));
            client.connection.request(Heads.get("/"), Heads.PLAIN, -1, StreamEnd.END, client.nowNs);
            client.feed(headers(id, EH, block(":status", "200")), data(id, 0, 0), end);
            client.connection.onOutputDrained();
        }
        assertNull(client.connection.violation());
        for (int i = 0; i < 2; i++) {
            client.connection.request(Heads.get("/"), Heads.PLAIN, -1, StreamEnd.END, client.nowNs);
        }
        client.feed(headers(601, EH, block(":status", "200")));
        for (int i = 0; i < 100; i++) {
            client.feed(data(601, 0, 0), data(601, 0, 5));
        }
        assertNull(client.connection.violation());
        for (int i = 0; i < 11; i++) {
            client.feed(headers(603, EH, block(":status", "103")), data(601, 0, 0));
        }
        assertEquals(Http2Violation.EMPTY_FLOOD, client.connection.violation(), "interim responses make up for none");
    }

    @ThreatRow("H2-10")
    @Test
    void h2_10_framesForAStreamThatIsNotThere() {
        List<IntFunction<byte[]>> ends = List.of(
                i -> data(1, ES, 0),
                i -> data(1, ES, 1),
                i -> rst(1, ErrorCode.CANCEL),
                i -> join(data(1, 0, 0), data(1, ES, 0)));
        for (IntFunction<byte[]> end : ends) {
            resetOne();
            holds(1002, Http2Violation.GLITCH_FLOOD, end);
        }
        resetOne();
        holds(10, Http2Violation.EMPTY_FLOOD, i -> data(1, 0, 0));
    }

    private void resetOne() {
        server = Machine.server();
        server.feed(post(1));
        server.connection.release(server.streams.get(1));
    }

    @ThreatRow("H2-11")
    @Test
    void h2_11_priorities() {
        holds(100, Http2Violation.PRIORITY_FLOOD, i -> priority(2 * i + 1, 2 * i + 3));
        server = Machine.server();
        server.feed(get(1));
        holds(200, Http2Violation.PRIORITY_FLOOD, i -> priorityUpdate(2 * i + 3, "u=1"));
    }

    @ThreatRow("H2-12")
    @Test
    void h2_12_windowUpdates() {
        holds(5, Http2Violation.WINDOW_UPDATE_FLOOD, i -> windowUpdate(0, 1));
        server = Machine.server();
        server.feed(get(1));
        Http2Stream stream = server.streams.get(1);
        server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.OPEN);
        server.connection.sendData(stream, java.nio.ByteBuffer.allocate(10), StreamEnd.OPEN);
        holds(5 + 2 * 11, Http2Violation.WINDOW_UPDATE_FLOOD, i -> windowUpdate(1, 1));
    }

    @ThreatRow("H2-17")
    @Test
    void h2_17_streams() {
        for (int i = 0; i < 100; i++) {
            server.feed(get(2 * i + 1));
        }
        assertEquals(100, server.connection.streamCount());
        server.takeLog();
        server.feed(get(201));
        assertEquals(List.of("> RST_STREAM 201 REFUSED_STREAM", "violation h2.stream.too_many 201"), server.takeLog());
        server.connection.release(server.streams.get(1));
        server.feed(get(203));
        assertTrue(server.log.getLast().startsWith("request 203"));
        holds(99, Http2Violation.REFUSED_FLOOD, i -> get(2 * i + 205));
    }

    @ThreatRow("H2-17")
    @Test
    void h2_17_streamsInOneReadPass() {
        server.answer = (stream, end) -> server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.END);
        byte[][] requests = new byte[201][];
        Arrays.setAll(requests, i -> get(2 * i + 1));
        server.feed(Arrays.copyOf(requests, 200));
        assertNull(server.connection.violation());
        server = Machine.server();
        server.answer = (stream, end) -> server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.END);
        server.feed(requests);
        assertEquals(Http2Violation.STREAM_BURST, server.connection.violation());
    }

    @ThreatRow("H2-16")
    @Test
    void h2_16_theLastNumber() {
        server.feed(get(Integer.MAX_VALUE));
        assertTrue(server.log.getLast().startsWith("request 2147483647"));
        assertTrue(server.connection.isPeersIdsUsedUp());
        server.feed(get(Integer.MAX_VALUE - 2));
        assertEquals(Http2Violation.STREAM_GONE, server.connection.violation());
    }

    @Test
    void glitches() {
        holds(1000, Http2Violation.GLITCH_FLOOD, i -> Wires.header(0xFA, 0, 0, 0));
        server = Machine.server();
        server.feed(get(1));
        server.connection.reset(server.streams.get(1), ErrorCode.CANCEL);
        holds(1000, Http2Violation.GLITCH_FLOOD, i -> get(1));
    }

    @Test
    void largeTrailers() {
        Http2HeadLimits heads = Http2HeadLimits.DEFAULTS;
        server = Machine.server(Http2Limits.DEFAULTS.withHeads(new Http2HeadLimits(
                heads.head(),
                new HpackLimits(10, 1000, 100),
                heads.pathBytes(),
                heads.methodBytes(),
                8,
                heads.underscoreNames())));
        server.feed(post(1), headers(1, ES | EH, block("a", "b".repeat(1000))));
        assertEquals(
                List.of(
                        "> RST_STREAM 1 ENHANCE_YOUR_CALM",
                        "violation h2.trailers.too_large 1",
                        "reset 1 ENHANCE_YOUR_CALM FAULT"),
                server.takeLog().subList(1, 4));
    }
}
