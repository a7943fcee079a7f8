package dev.headgate.http.h2;

import static dev.headgate.http.h2.Wires.block;
import static dev.headgate.http.h2.Wires.continuation;
import static dev.headgate.http.h2.Wires.data;
import static dev.headgate.http.h2.Wires.get;
import static dev.headgate.http.h2.Wires.goAway;
import static dev.headgate.http.h2.Wires.header;
import static dev.headgate.http.h2.Wires.headers;
import static dev.headgate.http.h2.Wires.join;
import static dev.headgate.http.h2.Wires.padded;
import static dev.headgate.http.h2.Wires.ping;
import static dev.headgate.http.h2.Wires.post;
import static dev.headgate.http.h2.Wires.priorityUpdate;
import static dev.headgate.http.h2.Wires.rst;
import static dev.headgate.http.h2.Wires.settings;
import static dev.headgate.http.h2.Wires.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Http2ServerTest {
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;

    private final Machine server = Machine.server();
    private final Http2Connection connection = server.connection;

    private Http2Stream stream(int id) {
        Http2Stream stream = server.streams.get(id);
        assertNotNull(stream);
        return stream;
    }

    @Test
    void beginsWithItsSettingsAndItsWindow() {
        var machine = new Machine(Http2Role.SERVER_WITH_EXTENDED_CONNECT);
        machine.connection.start(machine.nowNs);
        assertEquals(
                List.of("> SETTINGS 4=65536 6=32768 3=100 9=1 8=1", "> WINDOW_UPDATE 0 983041"), machine.takeLog());
        assertTrue(machine.connection.isAwaitingSettingsAck());
        assertEquals(machine.nowNs, machine.connection.awaitingSettingsAckSinceNs());
        assertTrue(machine.connection.isWithinHead(), "the preface is yet to come");
        machine.feed(Wires.PREFACE, settings(3, 7, 8, 1));
        assertEquals(List.of("> SETTINGS ACK", "settings"), machine.takeLog());
        assertEquals(7, machine.connection.peerStreamsMax());
        assertTrue(machine.connection.isExtendedConnectOffered());
        machine.feed(Wires.settingsAck());
        assertEquals(List.of("settings acknowledged"), machine.takeLog());
        assertFalse(machine.connection.isAwaitingSettingsAck());
        assertFalse(machine.connection.isWithinHead());
    }

    @Test
    void takesARequestAndAnswersIt() {
        server.feed(headers(1, ES | EH, join(Wires.GET, block("user-agent", "x", "a", "b"))));
        assertEquals(List.of("request 1 GET http://a/ NONE -1 END user-agent: x|a: b|"), server.takeLog());
        FieldSection fields = Heads.fields(
                "Server", "s", "Connection", "close", "X-Gone", "g", "Transfer-Encoding", "chunked", "X-Y", "z");
        fields.removeAll(Wire.bytes("x-gone"));
        assertTrue(connection.sendResponse(stream(1), 200, fields, 5, StreamEnd.OPEN));
        assertEquals(16_384, connection.sendableBytes(stream(1)));
        assertTrue(connection.sendData(stream(1), ByteBuffer.wrap(Wire.bytes("hello")), StreamEnd.END));
        assertEquals(
                List.of("> HEADERS 1 [:status: 200] [server: s] [x-y: z] [content-length: 5]", "> DATA 1 5 END"),
                server.takeLog());
        assertTrue(stream(1).isClosed());
        assertEquals(1, connection.streamCount(), "until it is released");
        connection.release(stream(1));
        assertEquals(0, connection.streamCount());
        assertThrows(IllegalStateException.class, () -> connection.release(stream(1)));
    }

    @Test
    void takesContentAndTrailers() {
        server.feed(
                post(1),
                data(1, 0, "abc"),
                padded(1, 0, 3, 10),
                headers(1, ES | EH, block("grpc-status", "0", "content-length", "9")));
        assertEquals(
                List.of("request 1 POST http://a/ CHUNKED -1 OPEN ", "data 1 6", "end 1 grpc-status: 0|"),
                server.takeLog());
        assertEquals(6, stream(1).receivedBytes());
        assertFalse(stream(1).canReceive());
        assertTrue(stream(1).canSend());
        assertTrue(server.isWindowWhole(Http2Limits.DEFAULTS));
    }

    @Test
    void anEmptyFrameEndsARequestToo() {
        server.feed(headers(1, EH, join(Wires.POST, block("content-length", "3", "expect", "100-continue"))));
        server.feed(data(1, 0, "abc"), data(1, ES, ""));
        assertEquals(
                List.of(
                        "request 1 POST http://a/ LENGTH 3 OPEN continue content-length: 3|expect: 100-continue|",
                        "data 1 3",
                        "end 1"),
                server.takeLog());
        server.feed(headers(3, EH, join(Wires.POST, block("content-length", "0"))), data(3, ES, ""));
        server.feed(headers(5, ES | EH, join(Wires.POST, block("content-length", "0"))));
        assertEquals(
                List.of(
                        "request 3 POST http://a/ LENGTH 0 OPEN content-length: 0|",
                        "end 3",
                        "request 5 POST http://a/ LENGTH 0 END content-length: 0|"),
                server.takeLog());
    }

    @Test
    void understandsEveryFormOfTarget() {
        server.feed(
                headers(1, ES | EH, block(":path", "/a?b=c?", ":method", "GET", ":scheme", "https", "host", "h:8443")));
        server.feed(headers(
                3,
                ES | EH,
                block(":path", "*", ":method", "OPTIONS", ":scheme", "http", ":authority", "H:80", "host", "h")));
        server.feed(headers(
                5, ES | EH, block(":path", "/?", ":method", "PROPFIND", ":scheme", "http", ":authority", "[::1]:81")));
        assertEquals(
                List.of(
                        "request 1 GET https://h:8443/a?b=c? NONE -1 END host: h:8443|",
                        "request 3 OPTIONS http://H:80* NONE -1 END host: h|",
                        "request 5 PROPFIND http://[::1]:81/? NONE -1 END "),
                server.takeLog());
    }

    @Test
    void takesExtendedConnectWhereOffered() {
        var machine = new Machine(Http2Role.SERVER_WITH_EXTENDED_CONNECT);
        machine.open();
        machine.feed(headers(
                1,
                EH,
                block(
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "https",
                        ":path",
                        "/c",
                        ":authority",
                        "a")));
        machine.feed(headers(
                3,
                EH,
                block(
                        ":method",
                        "GET",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "https",
                        ":path",
                        "/c",
                        ":authority",
                        "a")));
        assertEquals(
                List.of(
                        "request 1 CONNECT https://a/c protocol=websocket CHUNKED -1 OPEN ",
                        "> RST_STREAM 3 PROTOCOL_ERROR",
                        "violation h2.protocol.unexpected 3"),
                machine.takeLog());
    }

    @ThreatRow("H2-24")
    @Test
    void h2_24_joinsCrumbsOfACookie() {
        server.feed(headers(
                1,
                ES | EH,
                join(Wires.GET, block("cookie", "a=1", "cookie", "b=2", "x", "y", "cookie", "c=3", "cookie", "d"))));
        assertEquals(List.of("request 1 GET http://a/ NONE -1 END x: y|cookie: a=1; b=2; c=3; d|"), server.takeLog());
        server.feed(headers(3, ES | EH, join(Wires.GET, block("x", "y", "cookie", "a=1", "cookie", "", "z", "z"))));
        assertEquals(List.of("request 3 GET http://a/ NONE -1 END x: y|cookie: a=1|z: z|"), server.takeLog());
        String[] crumbs = new String[2 * 97];
        Arrays.fill(crumbs, "cookie");
        server.feed(headers(5, ES | EH, join(Wires.GET, block(crumbs))));
        assertEquals("refused 5 431", server.log.getLast());
    }

    @Test
    void keepsUnderscoresOnlyWhereTheyAreAllowed() {
        server.feed(headers(1, ES | EH, join(Wires.GET, block("a_b", "c", "d", "e"))));
        assertEquals(List.of("request 1 GET http://a/ NONE -1 END d: e|"), server.takeLog());
        Machine rejecting = Machine.server(withUnderscores(UnderscoreNames.REJECT));
        rejecting.feed(headers(1, ES | EH, join(Wires.GET, block("a_b", "c"))));
        assertEquals(List.of("violation h2.field.name_underscore 1", "refused 1 400"), rejecting.takeLog());
        Machine allowing = Machine.server(withUnderscores(UnderscoreNames.ALLOW));
        allowing.feed(headers(1, ES | EH, join(Wires.GET, block("a_b", "c"))));
        assertEquals(List.of("request 1 GET http://a/ NONE -1 END a_b: c|"), allowing.takeLog());
    }

    private static Http2Limits withUnderscores(UnderscoreNames policy) {
        Http2HeadLimits heads = Http2HeadLimits.DEFAULTS;
        return Http2Limits.DEFAULTS.withHeads(new Http2HeadLimits(
                heads.head(),
                heads.trailers(),
                heads.pathBytes(),
                heads.methodBytes(),
                heads.continuationCount(),
                policy));
    }

    @Test
    void aBlockInPiecesIsThatInOne() {
        byte[] block = join(Wires.GET, block("a", "b", "cookie", "c", "cookie", "d"));
        server.feed(headers(1, ES | EH, block));
        String whole = server.takeLog().getFirst().replace("request 1", "");
        int id = 1;
        for (int cut = 0; cut <= block.length; cut++) {
            id += 2;
            byte[] first = Arrays.copyOf(block, cut);
            byte[] rest = Arrays.copyOfRange(block, cut, block.length);
            server.feed(headers(id, ES, first), continuation(id, EH, rest));
            assertEquals(List.of("request " + id + whole), server.takeLog(), "cut at " + cut);
            connection.release(stream(id));
            server.takeLog();
            connection.onOutputDrained();
        }
    }

    @Test
    void keepsTheHeadOfAPieceWiseBlockPaddedAndWithPriority() {
        byte[] payload = join(new byte[] {2, 0, 0, 0, 0, 16}, Wires.GET, new byte[2]);
        server.feed(headers(1, ES | Frames.PADDED | Frames.HAS_PRIORITY, payload));
        assertTrue(connection.isWithinHead());
        server.feed(continuation(1, EH, block("a", "b")));
        assertFalse(connection.isWithinHead());
        assertEquals(List.of("request 1 GET http://a/ NONE -1 END a: b|"), server.takeLog());
    }

    @Test
    void sendsInterimResponsesAndTrailers() {
        server.feed(get(1));
        server.takeLog();
        assertTrue(connection.sendInterim(stream(1), 103, Heads.fields("Link", "</a>")));
        assertTrue(connection.sendResponse(stream(1), 200, Heads.fields(), -1, StreamEnd.OPEN));
        assertTrue(connection.sendTrailers(stream(1), Heads.fields("Grpc-Status", "0")));
        assertFalse(connection.sendTrailers(stream(1), Heads.fields()));
        assertFalse(connection.sendResponse(stream(1), 200, Heads.fields(), -1, StreamEnd.OPEN));
        assertEquals(
                List.of(
                        "> HEADERS 1 [:status: 103] [link: </a>]",
                        "> HEADERS 1 [:status: 200]",
                        "> HEADERS 1 END [grpc-status: 0]"),
                server.takeLog());
        assertThrows(IllegalArgumentException.class, () -> connection.sendInterim(stream(1), 101, Heads.fields()));
    }

    @Test
    void splitsLargeHeads() {
        server.feed(get(1));
        server.takeLog();
        String value = "~".repeat(20_000);
        assertTrue(connection.sendResponse(stream(1), 200, Heads.fields("a", value, "b", value), -1, StreamEnd.END));
        assertEquals(
                List.of(
                        "> HEADERS 1 END ...",
                        "> CONTINUATION 1 ...",
                        "> CONTINUATION 1 [:status: 200] [a: " + value + "] [b: " + value + "]"),
                server.takeLog());
    }

    @Test
    void sendsPayloadsWithoutTouchingThem() {
        server.feed(get(1), settings(5, 20_000));
        server.takeLog();
        connection.sendResponse(stream(1), 200, Heads.fields(), -1, StreamEnd.OPEN);
        assertEquals(20_000, connection.sendableBytes(stream(1)));
        connection.beginData(stream(1), 20_000, StreamEnd.OPEN);
        server.payload(new byte[20_000]);
        assertEquals(20_000, stream(1).sentBytes());
        assertThrows(IllegalStateException.class, () -> connection.beginData(stream(1), 20_001, StreamEnd.OPEN));
        connection.beginData(stream(1), 0, StreamEnd.END);
        assertEquals(List.of("> HEADERS 1 [:status: 200]", "> DATA 1 20000", "> DATA 1 0 END"), server.takeLog());
        assertEquals(0, connection.sendableBytes(stream(1)));
    }

    @Test
    void answersPingsAndTellsOfItsOwn() {
        server.feed(ping(42));
        connection.ping(7);
        server.feed(Wires.frame(
                Frames.PING, Frames.ACK, 0, ByteBuffer.allocate(8).putLong(7).array()));
        assertEquals(List.of("> PING ACK 42", "> PING 7", "pong 7"), server.takeLog());
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        server.feed(Wires.frame(0xFA, 0xFF, 77, new byte[500]), settings(0x99, 5), goAwayless(), get(1));
        assertEquals(List.of("> SETTINGS ACK", "settings", "request 1 GET http://a/ NONE -1 END "), server.takeLog());
    }

    private static byte[] goAwayless() {
        return join(Wires.priority(9, 3), header(0xBB, 0, 0, 0));
    }

    // ---- resets

    @ThreatRow({"H2-30", "H2-32"})
    @Test
    void h2_30_h2_32_givesCreditBackForWhatNobodyGets() {
        server.consumesAtOnce = false;
        server.feed(post(1), data(1, 0, 1000));
        connection.reset(stream(1), ErrorCode.CANCEL);
        server.feed(data(1, 0, 5000), padded(1, 0, 100, 200), data(1, ES, 10));
        server.feed(headers(1, ES | EH, block("a", "b")), rst(1, 8), windowUpdate(1, 5));
        assertEquals(
                List.of("request 1 POST http://a/ CHUNKED -1 OPEN ", "data 1 1000", "> RST_STREAM 1 CANCEL"),
                server.takeLog(),
                "no event, and no error");
        assertEquals(Http2Limits.DEFAULTS.connectionWindowBytes() - 1000, connection.receiveWindowFreeBytes());
        connection.release(stream(1));
        assertTrue(server.isWindowWhole(Http2Limits.DEFAULTS));
    }

    @Test
    void aResetWithinAFrameStopsItsContent() {
        server.feed(post(1));
        byte[] frame = padded(1, ES, 1000, 100);
        server.feed(Arrays.copyOf(frame, 500));
        connection.reset(stream(1), ErrorCode.CANCEL);
        connection.release(stream(1));
        server.feed(Arrays.copyOfRange(frame, 500, frame.length));
        assertEquals(
                List.of("request 1 POST http://a/ CHUNKED -1 OPEN ", "data 1 490", "> RST_STREAM 1 CANCEL"),
                server.takeLog());
        assertTrue(server.isWindowWhole(Http2Limits.DEFAULTS));
    }

    @Test
    void nothingFollowsAResetThatTheOwnerMakesWithinAnEvent() {
        server.onContent = stream -> connection.reset(stream, ErrorCode.CANCEL);
        server.feed(post(1), data(1, ES, 100), get(3));
        assertEquals(
                List.of(
                        "request 1 POST http://a/ CHUNKED -1 OPEN ",
                        "data 1 100",
                        "> RST_STREAM 1 CANCEL",
                        "request 3 GET http://a/ NONE -1 END "),
                server.takeLog());
        server.onContent = stream -> connection.fail(ErrorCode.INTERNAL_ERROR);
        server.feed(post(5), data(5, ES, 100), get(7));
        assertEquals("reset 5 INTERNAL_ERROR CONNECTION", server.log.getLast());
    }

    @Test
    void tellsOfResetsAndCountsTheStreamUntilItsRelease() {
        server.releasesAtOnce = false;
        server.feed(post(1), rst(1, ErrorCode.CANCEL));
        assertEquals("reset 1 CANCEL PEER", server.takeLog().getLast());
        assertEquals(1, connection.streamCount());
        assertFalse(connection.sendResponse(stream(1), 200, Heads.fields(), -1, StreamEnd.OPEN));
        connection.release(stream(1));
        assertEquals(0, connection.streamCount());
        assertEquals(List.of(), server.takeLog());
    }

    // ---- going away

    @ThreatRow("H2-26")
    @Test
    void h2_26_drainsInTwoSteps() {
        server.feed(get(1));
        connection.startDrain();
        server.feed(get(3));
        connection.finishDrain();
        server.feed(get(5), post(7), data(7, ES, 100), rst(7, 8), ping(1));
        assertEquals(
                List.of(
                        "request 1 GET http://a/ NONE -1 END ",
                        "> GOAWAY 2147483647 NO_ERROR",
                        "request 3 GET http://a/ NONE -1 END ",
                        "> GOAWAY 3 NO_ERROR",
                        "> PING ACK 1"),
                server.takeLog());
        assertTrue(server.isWindowWhole(Http2Limits.DEFAULTS));
        assertFalse(connection.isDrained());
        connection.sendResponse(stream(1), 200, Heads.fields(), -1, StreamEnd.END);
        connection.release(stream(1));
        assertFalse(connection.isDrained());
        connection.release(stream(3));
        assertTrue(connection.isDrained());
        server.takeLog();
        connection.fail(ErrorCode.NO_ERROR);
        assertEquals(List.of("> GOAWAY 3 NO_ERROR"), server.takeLog(), "never more than was said");
    }

    @ThreatRow("H2-26")
    @Test
    void h2_26_goesOnWithStreamsOfAClientThatGoesAway() {
        server.feed(get(1), goAway(0, 0), get(3));
        assertEquals(
                List.of(
                        "request 1 GET http://a/ NONE -1 END ",
                        "goaway 0 NO_ERROR",
                        "request 3 GET http://a/ NONE -1 END "),
                server.takeLog());
    }

    @Test
    void failsAsItsOwnerSays() {
        server.feed(post(1), get(3));
        server.takeLog();
        connection.fail(ErrorCode.SETTINGS_TIMEOUT);
        assertEquals(
                List.of(
                        "> GOAWAY 3 SETTINGS_TIMEOUT",
                        "reset 1 SETTINGS_TIMEOUT CONNECTION",
                        "reset 3 SETTINGS_TIMEOUT CONNECTION"),
                server.takeLog());
        server.feed(get(5));
        assertEquals(List.of(), server.takeLog());
        assertEquals(0, connection.streamCount());
    }

    @Test
    void saysNothingOnceTheTransportHasGone() {
        server.feed(post(1));
        server.takeLog();
        connection.onTransportClosed();
        connection.ping(1);
        connection.startDrain();
        assertEquals(List.of("reset 1 CANCEL CONNECTION"), server.takeLog());
    }

    // ---- windows

    @Test
    void waitsForWindowsAndTakesTurns() {
        server.feed(settings(4, 10), get(1), get(3));
        server.takeLog();
        for (int id : new int[] {1, 3}) {
            connection.sendResponse(stream(id), 200, Heads.fields(), -1, StreamEnd.OPEN);
            ByteBuffer content = ByteBuffer.allocate(12);
            assertFalse(connection.sendData(stream(id), content, StreamEnd.END));
            assertEquals(2, content.remaining());
            connection.awaitTurn(stream(id), 5);
        }
        assertNull(connection.nextToSend());
        assertTrue(stream(1).isWaiting());
        assertEquals(5, stream(1).waitingSinceNs());
        server.takeLog();
        server.feed(windowUpdate(3, 1));
        assertEquals(List.of("window 3"), server.takeLog());
        assertEquals(stream(3), connection.nextToSend());
        assertFalse(connection.sendData(stream(3), ByteBuffer.allocate(2), StreamEnd.END));
        assertNull(connection.nextToSend());
        server.feed(settings(4, 100));
        assertEquals(List.of("> DATA 3 1", "window 1", "window 3", "> SETTINGS ACK", "settings"), server.takeLog());
        assertEquals(stream(1), connection.nextToSend());
        assertTrue(connection.sendData(stream(1), ByteBuffer.allocate(2), StreamEnd.END));
        assertEquals(stream(3), connection.nextToSend());
        connection.endTurns(stream(3));
        assertNull(connection.nextToSend());
    }

    @Test
    void aSmallerInitialWindowMayMakeWindowsNegative() {
        server.feed(get(1));
        connection.sendResponse(stream(1), 200, Heads.fields(), -1, StreamEnd.OPEN);
        connection.sendData(stream(1), ByteBuffer.allocate(1000), StreamEnd.OPEN);
        server.feed(settings(4, 100));
        assertEquals(0, connection.sendableBytes(stream(1)));
        server.feed(windowUpdate(1, 900));
        assertEquals(0, connection.sendableBytes(stream(1)));
        server.feed(windowUpdate(1, 1));
        assertEquals(1, connection.sendableBytes(stream(1)));
    }

    @Test
    void theConnectionsWindowBoundsAllStreams() {
        server.feed(get(1), get(3), settings(4, 1 << 20));
        for (int id : new int[] {1, 3}) {
            connection.sendResponse(stream(id), 200, Heads.fields(), -1, StreamEnd.OPEN);
        }
        assertFalse(connection.sendData(stream(1), ByteBuffer.allocate(65_536), StreamEnd.OPEN));
        connection.awaitTurn(stream(3), 0);
        assertEquals(0, connection.sendableBytes(stream(3)));
        assertNull(connection.nextToSend());
        server.feed(windowUpdate(0, 10));
        assertEquals(stream(3), connection.nextToSend());
        assertEquals(10, connection.sendableBytes(stream(3)));
    }

    @Test
    void creditComesBackInHalves() {
        server.consumesAtOnce = false;
        server.feed(post(1), data(1, 0, 16_384), data(1, 0, 16_384));
        server.takeLog();
        connection.consumed(stream(1), 32_767);
        assertEquals(List.of(), server.takeLog());
        connection.consumed(stream(1), 1);
        assertEquals(List.of("> WINDOW_UPDATE 1 32768"), server.takeLog());
        assertThrows(IllegalArgumentException.class, () -> connection.consumed(stream(1), 1));
        assertTrue(server.isWindowWhole(Http2Limits.DEFAULTS));
    }

    @ThreatRow("H2-15")
    @Test
    void h2_15_noStreamsTogetherMayExceedTheConnectionsWindow() {
        Machine small = Machine.server(Http2Limits.DEFAULTS.withWindows(65_536, 65_535));
        small.consumesAtOnce = false;
        small.feed(post(1), post(3), data(1, 0, 16_384), data(1, 0, 16_384), data(3, 0, 16_384), data(3, 0, 16_383));
        assertFalse(small.connection.isFailed());
        small.feed(data(3, 0, 1));
        assertEquals(Http2Violation.WINDOW_EXCEEDED, small.connection.violation());
    }

    @Test
    void bufferedContentDoesNotHoldUpOtherStreams() {
        server.consumesAtOnce = false;
        server.feed(post(1), data(1, 0, 10_000));
        int whole = Http2Limits.DEFAULTS.connectionWindowBytes();
        assertEquals(whole - 10_000, connection.receiveWindowFreeBytes());
        connection.buffered(stream(1), 6_000);
        assertEquals(whole - 4_000, connection.receiveWindowFreeBytes());
        connection.consumed(stream(1), 5_000);
        assertEquals(whole - 4_000, connection.receiveWindowFreeBytes());
        connection.consumed(stream(1), 5_000);
        assertEquals(whole, connection.receiveWindowFreeBytes());
    }

    @Test
    void anotherWindowForStreamsHoldsOnceAcknowledged() {
        server.consumesAtOnce = false;
        server.feed(post(1), data(1, 0, 100));
        assertTrue(connection.changeStreamWindow(50, 3));
        assertFalse(connection.changeStreamWindow(60, 4), "one at a time");
        assertEquals(3, connection.awaitingSettingsAckSinceNs());
        server.feed(data(1, 0, 100));
        server.feed(Wires.settingsAck(), post(3), data(3, 0, 50), ping(1));
        assertEquals("> PING ACK 1", server.takeLog().getLast());
        server.feed(data(3, 0, 1));
        assertEquals("> GOAWAY 3 FLOW_CONTROL_ERROR", server.log.get(1));
    }

    /** The peer has used more than the window that it then learnt of; to end a stream it needs none (RFC 9113 §6.9.1). */
    @Test
    void anEndWithoutContentIsTakenWhateverTheWindow() {
        server.consumesAtOnce = false;
        server.feed(post(1), data(1, 0, 100));
        assertTrue(connection.changeStreamWindow(50, 0));
        server.feed(Wires.settingsAck(), data(1, ES, 0), ping(1));
        assertEquals("> PING ACK 1", server.takeLog().getLast());
    }

    @Test
    void aSmallerWindowDoesNotKeepCreditBack() {
        server.feed(post(1), data(1, 0, 16_384));
        connection.changeStreamWindow(200, 0);
        server.takeLog();
        server.feed(Wires.settingsAck());
        assertEquals(List.of("> WINDOW_UPDATE 1 16384", "settings acknowledged"), server.takeLog());
        server.feed(padded(1, 0, 100, 98));
        assertEquals(
                List.of("> WINDOW_UPDATE 1 199"),
                server.takeLog().stream().filter(l -> l.startsWith(">")).toList());
    }

    // ---- priorities

    @Test
    void sendsTheMostUrgentFirst() {
        server.feed(
                headers(1, ES | EH, join(Wires.GET, block("priority", "u=5"))),
                headers(3, ES | EH, join(Wires.GET, block("priority", "u=1, i"))),
                headers(5, ES | EH, join(Wires.GET, block("priority", "i, u=1"))),
                priorityUpdate(7, "u=0"),
                get(7));
        assertEquals(0, stream(7).urgency());
        assertEquals(5, stream(1).urgency());
        assertTrue(stream(3).isIncremental());
        for (int id : new int[] {1, 3, 5, 7}) {
            connection.sendResponse(stream(id), 200, Heads.fields(), -1, StreamEnd.OPEN);
            connection.awaitTurn(stream(id), 0);
        }
        assertEquals(List.of(7, 7, 7), turns(3));
        connection.endTurns(stream(7));
        assertEquals(List.of(3, 5, 3, 5), turns(4));
        server.feed(priorityUpdate(1, "u=1"));
        connection.endTurns(stream(3));
        assertEquals(List.of(5, 1, 1, 1), turns(4));
        server.feed(priorityUpdate(1, "u=7"));
        assertEquals(List.of(5, 5), turns(2));
    }

    private List<Integer> turns(int count) {
        var ids = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            Http2Stream next = connection.nextToSend();
            assertNotNull(next);
            ids.add(next.id());
            connection.sendData(next, ByteBuffer.allocate(1), StreamEnd.OPEN);
        }
        return ids;
    }

    @Test
    void streamsThatSayNothingTakeTurns() {
        server.feed(get(1), get(3));
        for (int id : new int[] {1, 3}) {
            connection.sendResponse(stream(id), 200, Heads.fields(), -1, StreamEnd.OPEN);
            connection.awaitTurn(stream(id), 0);
        }
        assertEquals(List.of(1, 3, 1, 3), turns(4));
    }

    @Test
    void aHeadMayBeTakenOver() {
        var kept = new RequestHead[1];
        server.answer = (stream, end) -> {
            if (stream.id() == 1) {
                kept[0] = server.scratch.swapRequest(new RequestHead());
                kept[0].retain(ByteBuffer.allocate(1000));
            }
        };
        server.feed(
                headers(1, ES | EH, join(Wires.GET, block("a", "b"))),
                headers(3, ES | EH, join(Wires.POST, block("c", "d"))));
        assertEquals("a: b\n", kept[0].fields().toString());
        assertTrue(kept[0].fields().add(Field.VIA, Wire.bytes("x"), 0, 1));
        assertEquals("a", kept[0].fields().name(0));
        assertEquals(Method.GET, kept[0].method());
        assertTrue(server.log.getLast().endsWith("c: d|"));
    }

    @Test
    void keepsNeverIndexedFieldsSo() {
        byte[] secret = {0x10, 1, 'a', 1, 'b'};
        byte[] secretCrumb = {0x1F, 0x11, 1, 'x'};
        byte[] crumb = block("cookie", "y");
        assertEquals(List.of("a"), neverIndexed(secret, block("c", "d")));
        assertEquals(List.of("cookie"), neverIndexed(crumb, secretCrumb));
        assertEquals(List.of("cookie"), neverIndexed(secretCrumb, crumb, block("c", "d")));
        assertEquals(List.of("cookie"), neverIndexed(crumb, block("c", "d"), secretCrumb));
        assertEquals(List.of("cookie"), neverIndexed(secretCrumb, block("c", "d"), crumb));
        assertEquals(List.of(), neverIndexed(crumb, block("c", "d"), crumb));
    }

    private static List<String> neverIndexed(byte[]... fields) {
        Machine machine = Machine.server();
        var names = new ArrayList<String>();
        machine.answer = (stream, end) -> {
            FieldSection section = machine.scratch.request.fields();
            for (int i = 0; i < section.count(); i++) {
                if (section.isLive(i) && section.isNeverIndexed(i)) {
                    names.add(section.name(i));
                }
            }
        };
        machine.feed(headers(1, ES | EH, join(Wires.GET, join(fields))));
        return names;
    }

    /** The peer may have emptied its table in between (RFC 7541 §4.2). */
    @Test
    void announcesTheSmallestTableOfOneFrameBeforeTheLast() {
        FieldSection fields = Heads.fields("x-a", "1");
        int[][] settings = {{1, 0, 1, 4096}, {1, 4096, 1, 0, 3, 7, 1, 4096}, {1, 100, 1, 0, 1, 200}, {1, 300, 1, 200}};
        String[] updates = {"203fe11f", "203fe11f", "203fa901", ""};
        for (int i = 0; i < settings.length; i++) {
            int id = 2 * i + 1;
            server.feed(get(id), settings(settings[i]));
            server.takeOutput();
            connection.sendResponse(stream(id), 200, fields, -1, StreamEnd.END);
            String block = HexFormat.of().formatHex(server.takeOutput()).substring(2 * Frames.HEADER_BYTES);
            assertTrue(block.startsWith(updates[i] + "88"), block);
        }
    }

    /** The table goes through every block, whatever becomes of its stream. */
    @Test
    void blocksThatNobodyGetsAreDecodedAllTheSame() {
        byte[] entry = {0x40, 1, 'n', 1, '1'};
        List<byte[]> lost = List.of(
                join(post(1), headers(1, EH, entry)), // trailers that do not end
                join(get(1), headers(1, ES | EH, entry)), // behind the end
                join(post(1), headers(1, ES | EH, entry)), // reset by the owner meanwhile
                headers(1, ES | EH, join(block(":method", "GET"), entry))); // malformed
        for (byte[] input : lost) {
            Machine machine = Machine.server();
            machine.answer = (stream, end) -> {
                if (input == lost.get(2) && stream.id() == 1) {
                    machine.connection.reset(stream, ErrorCode.CANCEL);
                }
            };
            machine.feed(input);
            machine.feed(headers(3, ES | EH, join(Wires.GET, new byte[] {(byte) 0xBE})));
            assertEquals("request 3 GET http://a/ NONE -1 END n: 1|", machine.log.getLast());
        }
        Machine full = Machine.server(Http2Limits.DEFAULTS.withStreams(1));
        full.feed(post(1), headers(3, ES | EH, join(Wires.GET, entry)));
        full.connection.release(full.streams.get(1));
        full.feed(headers(5, ES | EH, join(Wires.GET, new byte[] {(byte) 0xBE})));
        assertEquals("request 5 GET http://a/ NONE -1 END n: 1|", full.log.getLast());
    }
}
