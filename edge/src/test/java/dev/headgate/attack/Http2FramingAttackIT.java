package dev.headgate.attack;

import static dev.headgate.attack.Http2Attack.accepted;
import static dev.headgate.attack.Http2Attack.goAway;
import static dev.headgate.attack.Http2Attack.resetInBody;
import static dev.headgate.testkit.h2.Codes.COMPRESSION_ERROR;
import static dev.headgate.testkit.h2.Codes.FLOW_CONTROL_ERROR;
import static dev.headgate.testkit.h2.Codes.FRAME_SIZE_ERROR;
import static dev.headgate.testkit.h2.Codes.NO_ERROR;
import static dev.headgate.testkit.h2.Codes.PROTOCOL_ERROR;
import static dev.headgate.testkit.h2.Codes.STREAM_CLOSED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.OriginScript;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that are none, out of place or of a wrong length, before a proxy whose configuration is the default. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2FramingAttackIT {
    private static final byte[] GET = FieldBlock.get("/");
    private static final byte[] OPEN = Frames.begin(1, FieldBlock.post("/")); // a request whose content is to come
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;

    @AutoClose
    private static final Http2Range RANGE = new Http2Range();

    @ThreatRow(value = "H2-05", outcome = "GOAWAY(PROTOCOL_ERROR); nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h2_05_framesWithinAFieldBlock(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_05_framesWithinAFieldBlock() {
        byte[] begun = Frames.headers(1, ES, GET);
        return Stream.of(
                goAway("DATA", PROTOCOL_ERROR, begun, Frames.data(1, 0, 1)),
                goAway("HEADERS of another stream", PROTOCOL_ERROR, begun, Frames.get(3, "/")),
                goAway("HEADERS of the same stream", PROTOCOL_ERROR, begun, Frames.get(1, "/")),
                goAway("PRIORITY", PROTOCOL_ERROR, begun, Frames.priority(3, 0)),
                goAway("RST_STREAM of the stream", PROTOCOL_ERROR, begun, Frames.rst(1, Codes.CANCEL)),
                goAway("SETTINGS", PROTOCOL_ERROR, begun, Frames.settings()),
                goAway("PING", PROTOCOL_ERROR, begun, Frames.ping(1)),
                goAway("GOAWAY", PROTOCOL_ERROR, begun, Frames.goAway(0, NO_ERROR)),
                goAway("WINDOW_UPDATE", PROTOCOL_ERROR, begun, Frames.windowUpdate(0, 1)),
                goAway("PRIORITY_UPDATE", PROTOCOL_ERROR, begun, Frames.priorityUpdate(1, "u=1")),
                goAway("unknown type", PROTOCOL_ERROR, begun, Frames.header(0xBE, 0, 0, 0)),
                goAway("CONTINUATION of another stream", PROTOCOL_ERROR, begun, Frames.continuation(3, EH, GET)),
                goAway("CONTINUATION of stream zero", PROTOCOL_ERROR, begun, Frames.continuation(0, EH, GET)),
                goAway("CONTINUATION without HEADERS", PROTOCOL_ERROR, Frames.continuation(1, EH, GET)),
                goAway("CONTINUATION behind the end", PROTOCOL_ERROR, OPEN, Frames.continuation(1, EH, GET)),
                accepted("a block in pieces", "GET /", Frames.inPieces(1, ES, GET, 15)));
    }

    @ThreatRow(value = "H2-07", outcome = "GOAWAY(COMPRESSION_ERROR); nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h2_07_blocksThatCannotBeUnpacked(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_07_blocksThatCannotBeUnpacked() {
        return Stream.of(
                block("index 0", "80"),
                block("index 62 of an empty table", "be"),
                block("name by index 62 of an empty table", "7e 01 61"),
                block("index above 2^31", "ff ff ff ff ff ff"),
                block("index above 2^31, ended", "ff ff ff ff ff 7f"),
                block("length above 2^31", "00 7f ff ff ff ff 7f"),
                block("number of zeros without end", "ff 80 80 80 80 80 00"),
                block("end symbol in a Huffman code", "00 84 ff ff ff ff 01 61"),
                block("padding of eight bits", "00 01 61 82 1f ff"),
                block("padding of zeros", "00 01 61 81 18"),
                block("size update behind a field", "82 20"),
                block("size update above the table's limit", "3f e2 1f"),
                block("three size updates", "20 20 20 82"),
                block("name cut short", "00 05 61"),
                block("value cut short", "00 01 61 05 61"),
                block("number cut short", "ff"),
                block("nothing behind a name", "00 01 61"));
    }

    private static Http2Attack block(String name, String hex) {
        return goAway(name, COMPRESSION_ERROR, Frames.request(1, HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    @ThreatRow(value = "H2-07", outcome = "a block of a stream that is refused or reset is unpacked all the same")
    @Test
    void h2_07_tableStaysInStepThroughStreamsThatAreReset() {
        try (var client = RANGE.connect()) {
            client.send(
                    Frames.request(1, Wire.join(GET, FieldBlock.of("Upper", "x"), FieldBlock.entering("x-kept", "1"))));
            client.expectReset(1, PROTOCOL_ERROR);
            client.send(Frames.request(3, Wire.join(FieldBlock.get("/table"), FieldBlock.indexed(62))));
            client.expectStatus(3, 200);
            assertEquals("1", RANGE.origin().lastRequest().fields().value("x-kept"));
            RANGE.assertGoesOn(client);
        }
        RANGE.assertWell();
    }

    @ThreatRow(
            value = "H2-16",
            outcome =
                    "GOAWAY(PROTOCOL_ERROR) for numbers that are not a client's, STREAM_CLOSED for old ones; behind an end the stream is reset")
    @ParameterizedTest
    @MethodSource
    void h2_16_streamNumbers(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_16_streamNumbers() {
        byte[] bad = Frames.request(5, FieldBlock.of(":method", "GET")); // which is reset, and makes those below old
        return Stream.of(
                goAway("HEADERS with an even number", PROTOCOL_ERROR, Frames.get(2, "/")),
                goAway("HEADERS on stream zero", PROTOCOL_ERROR, Frames.get(0, "/")),
                goAway("DATA on stream zero", PROTOCOL_ERROR, Frames.data(0, 0, 1)),
                goAway("DATA on an idle stream", PROTOCOL_ERROR, Frames.data(1, 0, 1)),
                goAway("RST_STREAM on an idle stream", PROTOCOL_ERROR, Frames.rst(1, NO_ERROR)),
                goAway("RST_STREAM on stream zero", PROTOCOL_ERROR, Frames.rst(0, NO_ERROR)),
                goAway("WINDOW_UPDATE on an idle stream", PROTOCOL_ERROR, Frames.windowUpdate(1, 1)),
                goAway("WINDOW_UPDATE on an idle stream of the server's", PROTOCOL_ERROR, Frames.windowUpdate(2, 1)),
                goAway("PRIORITY on stream zero", PROTOCOL_ERROR, Frames.priority(0, 1)),
                goAway("SETTINGS on a stream", PROTOCOL_ERROR, Frames.frame(Frames.SETTINGS, 0, 1, new byte[0])),
                goAway("PING on a stream", PROTOCOL_ERROR, Frames.frame(Frames.PING, 0, 1, new byte[8])),
                goAway("GOAWAY on a stream", PROTOCOL_ERROR, Frames.frame(Frames.GOAWAY, 0, 1, new byte[8])),
                goAway("HEADERS that reuse a number", STREAM_CLOSED, OPEN, Frames.rst(1, NO_ERROR), Frames.get(1, "/")),
                goAway("DATA behind RST_STREAM", STREAM_CLOSED, OPEN, Frames.rst(1, NO_ERROR), Frames.data(1, 0, 1)));
    }

    @ThreatRow(
            value = "H2-16",
            outcome = "frames behind the end reset the stream: STREAM_CLOSED, and cancel it at the origin")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h2_16_framesBehindTheEnd(String name, byte[] late) {
        RANGE.origin().forget();
        RANGE.origin().on("/stall", OriginScript.stall());
        try (var client = RANGE.connect()) {
            client.get(1, "/stall");
            var request = RANGE.origin().awaitRequest(0);
            client.send(late).expectReset(1, STREAM_CLOSED);
            var connection = RANGE.origin().connections().get(request.connection());
            Await.until("the origin sees it cancelled", connection::isEndedByPeer);
            RANGE.assertGoesOn(client);
        }
        RANGE.assertWell();
    }

    static Stream<Arguments> h2_16_framesBehindTheEnd() {
        return Stream.of(
                Arguments.of("DATA", Frames.data(1, 0, 1)),
                Arguments.of("an empty end", Frames.data(1, ES, 0)),
                Arguments.of("HEADERS", Frames.get(1, "/")),
                Arguments.of("trailers", Frames.request(1, FieldBlock.of("a", "b"))));
    }

    @ThreatRow(value = "H2-16", outcome = "GOAWAY(STREAM_CLOSED) for numbers below the last one")
    @Test
    void h2_16_numbersThatWerePassedOver() {
        for (byte[] late : new byte[][] {Frames.get(3, "/late"), Frames.data(3, 0, 1)}) {
            RANGE.origin().forget();
            try (var client = RANGE.connect()) {
                client.get(5, "/").expectStatus(5, 200);
                client.send(late);
                assertEquals(5, client.expectGoAway(STREAM_CLOSED).lastStreamId());
                client.expectEnd();
            }
            assertEquals(List.of("GET /"), RANGE.origin().requestLines());
            RANGE.assertWell();
        }
    }

    @ThreatRow(value = "H2-16", outcome = "the last number there is is served, and followed by GOAWAY(NO_ERROR)")
    @Test
    void h2_16_numbersThatAreUsedUp() {
        int last = Integer.MAX_VALUE;
        try (var client = RANGE.connect()) {
            client.get(last, "/last").expectStatus(last, 200);
            client.readToEnd();
            assertEquals(2, client.goAways().size());
            assertEquals(NO_ERROR, client.goAways().getLast().errorCode());
            assertEquals(last, client.goAways().getLast().lastStreamId());
        }
        RANGE.assertWell();
    }

    @ThreatRow(value = "H2-18", outcome = "GOAWAY(FRAME_SIZE_ERROR); PRIORITY of a wrong length resets its stream")
    @ParameterizedTest
    @MethodSource
    void h2_18_framesOfAWrongLength(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_18_framesOfAWrongLength() {
        return Stream.of(
                size("DATA one byte larger than allowed", OPEN, Frames.data(1, 0, 16_385)),
                size("HEADERS one byte larger than allowed", Frames.request(1, new byte[16_385])),
                size("DATA of 2^24-1", OPEN, Frames.header(Frames.DATA, 0, 1, (1 << 24) - 1)),
                size("unknown type of 2^24-1", Frames.header(0xFA, 0, 0, (1 << 24) - 1)),
                size("SETTINGS of 2^24-1", Frames.header(Frames.SETTINGS, 0, 0, (1 << 24) - 1)),
                size("SETTINGS of seven bytes", Frames.frame(Frames.SETTINGS, 0, 0, new byte[7])),
                size("acknowledgement with a payload", Frames.frame(Frames.SETTINGS, Frames.ACK, 0, new byte[6])),
                size("RST_STREAM of three bytes", OPEN, Frames.frame(Frames.RST_STREAM, 0, 1, new byte[3])),
                size("RST_STREAM of five bytes", OPEN, Frames.frame(Frames.RST_STREAM, 0, 1, new byte[5])),
                size("PING of seven bytes", Frames.frame(Frames.PING, 0, 0, new byte[7])),
                size("PING of nine bytes", Frames.frame(Frames.PING, 0, 0, new byte[9])),
                size("GOAWAY of seven bytes", Frames.frame(Frames.GOAWAY, 0, 0, new byte[7])),
                size("WINDOW_UPDATE of three bytes", Frames.frame(Frames.WINDOW_UPDATE, 0, 0, new byte[3])),
                size("WINDOW_UPDATE of five bytes", OPEN, Frames.frame(Frames.WINDOW_UPDATE, 0, 1, new byte[5])),
                size("PRIORITY_UPDATE of three bytes", Frames.frame(Frames.PRIORITY_UPDATE, 0, 0, new byte[3])),
                size("PRIORITY of six bytes on an idle stream", Frames.frame(Frames.PRIORITY, 0, 1, new byte[6])),
                size("HEADERS without room for its priority", Frames.headers(1, EH | Frames.HAS_PRIORITY, new byte[4])),
                size("DATA without room for its padding", OPEN, Frames.header(Frames.DATA, Frames.PADDED, 1, 0)),
                goAway(
                        "DATA with more padding than payload",
                        PROTOCOL_ERROR,
                        OPEN,
                        Frames.frame(Frames.DATA, Frames.PADDED, 1, new byte[] {2, 0})),
                goAway(
                        "HEADERS with more padding than payload",
                        PROTOCOL_ERROR,
                        Frames.headers(1, EH | Frames.PADDED, new byte[] {2, 0})),
                resetInBody(
                        "PRIORITY of four bytes",
                        FRAME_SIZE_ERROR,
                        OPEN,
                        Frames.frame(Frames.PRIORITY, 0, 1, new byte[4])),
                accepted(
                        "the largest frames that are allowed",
                        "POST /",
                        request -> assertEquals(16_384, request.contentBytes()),
                        OPEN,
                        Frames.data(1, ES, 16_384)));
    }

    private static Http2Attack size(String name, byte[]... sent) {
        return goAway(name, FRAME_SIZE_ERROR, sent);
    }

    @ThreatRow(value = "H2-08", outcome = "values that no setting has end the connection")
    @ParameterizedTest
    @MethodSource
    void h2_08_settingsThatCannotBe(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_08_settingsThatCannotBe() {
        return Stream.of(
                goAway("ENABLE_PUSH of 2", PROTOCOL_ERROR, Frames.settings(Frames.ENABLE_PUSH, 2)),
                goAway("window of 2^31", FLOW_CONTROL_ERROR, Frames.settings(Frames.INITIAL_WINDOW_SIZE, 1 << 31)),
                goAway("frames of 16,383", PROTOCOL_ERROR, Frames.settings(Frames.MAX_FRAME_SIZE, 16_383)),
                goAway("frames of 2^24", PROTOCOL_ERROR, Frames.settings(Frames.MAX_FRAME_SIZE, 1 << 24)),
                goAway("CONNECT_PROTOCOL of 2", PROTOCOL_ERROR, Frames.settings(Frames.ENABLE_CONNECT_PROTOCOL, 2)),
                goAway("acknowledgement of nothing", PROTOCOL_ERROR, Frames.settingsAck()),
                accepted("unknown setting", "GET /", Frames.settings(0xFA, -1), Frames.get(1, "/")));
    }

    @ThreatRow(value = "H2-27", outcome = "from a client: GOAWAY(PROTOCOL_ERROR)")
    @ParameterizedTest
    @MethodSource
    void h2_27_pushOfAClient(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_27_pushOfAClient() {
        byte[] promise = Wire.join(new byte[] {0, 0, 0, 2}, GET);
        return Stream.of(
                goAway("on an open stream", PROTOCOL_ERROR, OPEN, Frames.frame(Frames.PUSH_PROMISE, EH, 1, promise)),
                goAway("on an idle stream", PROTOCOL_ERROR, Frames.frame(Frames.PUSH_PROMISE, EH, 1, promise)),
                goAway("on stream zero", PROTOCOL_ERROR, Frames.frame(Frames.PUSH_PROMISE, EH, 0, promise)));
    }
}
