package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Violation;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Where bodies end, and which are refused; every vector runs in every {@link Feed}. */
class BodyDecoderTest {
    private static void refuses(Violation violation, String... scripts) {
        for (String script : scripts) {
            Bodies.Outcome outcome = Bodies.chunked(script);
            assertEquals(violation, outcome.violation(), script);
            assertEquals(Decode.REFUSED, outcome.answer(), script);
        }
    }

    private static void accepts(String script, String content, int rest, String... trailers) {
        Bodies.Outcome outcome = Bodies.chunked(script);
        assertEquals(new Bodies.Outcome(Decode.END, null, content, List.of(trailers), rest), outcome, script);
    }

    private static void holds(int limit, Violation above, IntFunction<Bodies.Outcome> run) {
        assertEquals(Decode.END, run.apply(limit - 1).answer(), "n-1");
        assertEquals(Decode.END, run.apply(limit).answer(), "n");
        assertEquals(above, run.apply(limit + 1).violation(), "n+1");
    }

    @Test
    void joinsChunks() {
        accepts("5␍␊hello␍␊1␍␊ ␍␊0␍␊␍␊", "hello ", 0);
        accepts("A␍␊0123456789␍␊a␍␊0123456789␍␊00␍␊␍␊NEXT", "01234567890123456789", 4);
        accepts("0000000000000005␍␊hello␍␊0␍␊␍␊", "hello", 0);
        accepts("0␍␊␍␊", "", 0);
    }

    @Test
    void countsALength() {
        Bodies.Outcome outcome =
                Bodies.run(Http1Limits.DEFAULTS, BodyKind.LENGTH, 5, Wire.bytes("helloHTTP/1.1 200 OK"));
        assertEquals(new Bodies.Outcome(Decode.END, null, "hello", List.of(), 15), outcome);
    }

    @Test
    void endsAtOnceWithoutContent() {
        var body = new BodyDecoder();
        for (BodyKind kind : new BodyKind[] {BodyKind.NONE, BodyKind.LENGTH}) {
            body.start(kind, 0, Http1Limits.DEFAULTS);
            assertTrue(body.isEnded());
            assertEquals(Decode.END, body.next(ByteBuffer.wrap(new byte[] {1})));
            assertTrue(body.onEndOfStream());
        }
    }

    @Test
    void endsALengthWithItsLastByte() {
        var body = new BodyDecoder();
        body.start(BodyKind.LENGTH, 2, Http1Limits.DEFAULTS);
        ByteBuffer source = ByteBuffer.wrap(Wire.bytes("ab"));
        assertEquals(Decode.DATA, body.next(source));
        source.position(2);
        body.taken(2);
        assertTrue(body.isEnded());
    }

    @Test
    void refusesToTakeMoreThanThereIs() {
        var body = new BodyDecoder();
        body.start(BodyKind.LENGTH, 2, Http1Limits.DEFAULTS);
        body.next(ByteBuffer.wrap(Wire.bytes("a")));
        assertThrows(IllegalArgumentException.class, () -> body.taken(2));
    }

    @Test
    @ThreatRow("H1-32")
    void h1_32_tellsACutOffBodyFromAWholeOne() {
        assertTrue(endsWell(BodyKind.UNTIL_CLOSE, -1, "abc"));
        assertTrue(endsWell(BodyKind.UNTIL_CLOSE, -1, ""));
        assertTrue(endsWell(BodyKind.LENGTH, 3, "abc"));
        assertFalse(endsWell(BodyKind.LENGTH, 1000, "abc"));
        String chunked = "3␍␊abc␍␊0␍␊X: y␍␊␍␊";
        for (int end = 0; end < chunked.length(); end++) {
            assertFalse(endsWell(BodyKind.CHUNKED, -1, chunked.substring(0, end)), chunked.substring(0, end));
        }
        assertTrue(endsWell(BodyKind.CHUNKED, -1, chunked));
    }

    private static boolean endsWell(BodyKind kind, long length, String script) {
        var body = new BodyDecoder();
        body.start(kind, length, Http1Limits.DEFAULTS);
        ByteBuffer source = ByteBuffer.wrap(Wire.bytes(script));
        while (body.next(source) == Decode.DATA) {
            source.position(source.position() + body.dataLength());
            body.taken(body.dataLength());
        }
        return body.onEndOfStream();
    }

    @Test
    @ThreatRow("H1-06")
    void h1_06_refusesBareLineEnds() {
        refuses(
                Violation.BARE_LF,
                "5␊hello␍␊0␍␊␍␊",
                "5;a␊hello␍␊0␍␊␍␊",
                "5;a=b␊hello␍␊0␍␊␍␊",
                "␊",
                "0␍␊␊",
                "0␍␊X: a␊␍␊");
        refuses(Violation.BARE_CR, "5␍hello␍␊0␍␊␍␊", "0␍␊␍X", "0␍␊X: a␍b␍␊␍␊");
        refuses(Violation.CHUNK_END_INVALID, "5␍␊hello␊0␍␊␍␊", "5␍␊hello␍0␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-09")
    void h1_09_refusesOddChunkSizes() {
        refuses(
                Violation.CHUNK_SIZE_INVALID,
                "0x5␍␊hello␍␊0␍␊␍␊",
                "+5␍␊hello",
                "-5␍␊hello",
                " 5␍␊hello",
                "5 ␍␊hello",
                "5␉␍␊hello",
                "5_0␍␊hello",
                "␍␊hello",
                "g␍␊hello",
                "5,␍␊hello",
                "\u00b5␍␊",
                "5␀␍␊");
        refuses(
                Violation.CHUNK_SIZE_OVERFLOW,
                "FFFFFFFFFFFFFFFF1␍␊",
                "FFFFFFFFFFFFFFFF␍␊",
                "8000000000000000␍␊",
                "00000000000000005␍␊hello␍␊",
                "0".repeat(1000) + "5␍␊hello");
        assertEquals(Decode.NEED_MORE, Bodies.chunked("7FFFFFFFFFFFFFFF␍␊abc").answer());
    }

    @Test
    void limitsTheDigitsOfAChunkSize() {
        holds(16, Violation.CHUNK_SIZE_OVERFLOW, n -> Bodies.chunked("0".repeat(n - 1) + "1␍␊a␍␊0␍␊␍␊"));
    }

    @Test
    @ThreatRow("H1-10")
    void h1_10_checksAndDropsExtensions() {
        accepts("1;a␍␊X␍␊0;b=c␍␊␍␊", "X", 0);
        accepts("1;a=\"b\\\"␉;\u00e9\";c=d ; e = f␍␊X␍␊0␍␊␍␊", "X", 0);
        accepts("1 ;a␍␊X␍␊0␍␊␍␊", "X", 0);
        accepts("1; a=\"\"␍␊X␍␊0␍␊␍␊", "X", 0);
        refuses(
                Violation.CHUNK_EXTENSION_INVALID,
                "1;ext=\"val␍␊X␍␊0␍␊␍␊GET /smug HTTP/1.1␍␊",
                "1;ext=\"val␊\"␍␊X",
                "5;a=␀␍␊hello",
                "5;a=\"␀\"␍␊hello",
                "5;a=\"\\␍\"␍␊hello",
                "5;␍␊hello",
                "5;;a␍␊hello",
                "5;a=␍␊hello",
                "5;=b␍␊hello",
                "5;a@␍␊hello",
                "5;a=b@␍␊hello",
                "5;a=\"b\"c␍␊hello",
                "5;a ␍␊hello",
                "5;a b␍␊hello",
                "5;␊hello");
        refuses(Violation.CHUNK_SIZE_INVALID, "5;a=b ␍␊hello", "5;a=b c␍␊hello");
    }

    @Test
    @ThreatRow("H1-10")
    void h1_10_limitsAChunkLine() {
        int limit = Http1Limits.DEFAULTS.chunkLineBytes();
        holds(limit, Violation.CHUNK_LINE_TOO_LONG, n -> Bodies.chunked("1;" + "a".repeat(n - 2) + "␍␊X␍␊0␍␊␍␊"));
        refuses(Violation.CHUNK_LINE_TOO_LONG, "1;" + "a".repeat(8192) + "␍␊X␍␊0␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-10")
    void h1_10_limitsExtensionsOfAMessage() {
        int limit = Http1Limits.DEFAULTS.chunkExtensionBytes();
        String chunk = "1;" + "a".repeat(127) + "␍␊X␍␊"; // 128 bytes of extension
        String body = chunk.repeat(limit / 128 - 1);
        holds(
                limit,
                Violation.CHUNK_EXTENSION_TOO_LONG,
                n -> Bodies.chunked(body + "1;" + "a".repeat(n - limit + 127) + "␍␊X␍␊0␍␊␍␊"));
    }

    @Test
    @ThreatRow("H1-11")
    void h1_11_refusesDataThatDoesNotEndWithItsChunk() {
        refuses(
                Violation.CHUNK_END_INVALID,
                "5␍␊helloXX0␍␊␍␊",
                "5␍␊hello0␍␊␍␊",
                "5␍␊hello␊0␍␊␍␊",
                "5␍␊hello␍X0␍␊␍␊",
                "5␍␊hello ␍␊0␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-12")
    void h1_12_dropsTrailersThatMeanSomethingInAHead() {
        accepts(
                "0␍␊Content-Length: 5␍␊transfer-encoding: chunked␍␊Host: a␍␊Authorization: b␍␊Cookie: c␍␊Set-Cookie: d␍␊"
                        + "X-Forwarded-For: e␍␊X-Forwarded-Prefix: f␍␊Content-Foo: g␍␊grpc-status: 0␍␊ETag: \"h\"␍␊"
                        + "Connection: grpc-status␍␊Trailer: x␍␊Sec-Fetch-Mode: i␍␊Proxy-Foo: j␍␊x_y: k␍␊␍␊",
                "",
                0,
                "grpc-status: 0",
                "ETag: \"h\"");
        refuses(Violation.FIELD_NAME_ALIAS, "0␍␊Content_Length: 5␍␊␍␊");
    }

    @Test
    @ThreatRow({"H1-07", "H1-08", "H1-13"})
    void h1_07_h1_08_h1_13_refusesBadTrailerLines() {
        refuses(Violation.FIELD_FOLDED, "0␍␊X: a␍␊ b␍␊␍␊", "0␍␊ X: a␍␊␍␊");
        refuses(Violation.FIELD_NAME_BLANK, "0␍␊X : a␍␊␍␊");
        refuses(Violation.FIELD_NAME_INVALID, "0␍␊: a␍␊␍␊", "0␍␊GET /smuggled HTTP/1.1␍␊".replace(' ', '/'));
        refuses(Violation.FIELD_VALUE_INVALID, "0␍␊X: a␀␍␊␍␊", "0␍␊X: ␡␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-12")
    void h1_12_limitsTrailers() {
        Http1Limits limits = Http1Limits.DEFAULTS;
        String line = "X: " + "a".repeat(8_000) + "␍␊";
        holds(
                limits.trailerBytes(),
                Violation.TRAILER_TOO_LARGE,
                n -> Bodies.chunked("0␍␊" + line + "Y: " + "b".repeat(n - line.length() - 7) + "␍␊␍␊"));
        holds(limits.trailerCount(), Violation.TRAILER_COUNT, n -> Bodies.chunked("0␍␊" + "X: a␍␊".repeat(n) + "␍␊"));
        refuses(Violation.TRAILER_TOO_LARGE, "0␍␊" + line.repeat(131));
        assertEquals(431, Violation.TRAILER_TOO_LARGE.status());
    }
}
