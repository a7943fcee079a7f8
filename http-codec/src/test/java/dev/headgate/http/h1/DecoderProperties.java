package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of the decoders: no input makes them throw, loop, read too far, or depend on how it was cut. */
class DecoderProperties {
    private static final String TOKEN = "[!#$%&'*+.^`|~0-9A-Za-z-]";
    private static final Pattern REQUEST = Pattern.compile(
            "(?:\r\n){0,2}([!#$%&'*+.^_`|~0-9A-Z-]{1,32}) (/[!-~&&[^#]]*) HTTP/1\\.1\r\n((?:" + TOKEN
                    + "+:[ -~\t\u0080-\u00ff]*\r\n)*)\r\n",
            Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("([^:]+):[ \t]*(.*?)[ \t]*\r\n");

    /** Bytes that mean something, so that arbitrary messages get past the first line. */
    @Provide
    Arbitrary<String> almostRequests() {
        Arbitrary<String> piece = Arbitraries.of(
                "GET",
                "POST",
                " ",
                "/",
                "?",
                "HTTP/1.1",
                "␍␊",
                "␍␊",
                "␊",
                "␍",
                ":",
                ": ",
                "Host: a␍␊",
                "X",
                "X: b ␍␊",
                "Content-Length: ",
                "5",
                "Transfer-Encoding: chunked␍␊",
                "Connection: close␍␊",
                "␉",
                "_",
                "␀",
                "\u00e9",
                "GET / HTTP/1.1␍␊",
                "GET /a?b HTTP/1.1␍␊Host: a␍␊",
                "Expect: 100-continue␍␊",
                "␍␊␍␊",
                ",",
                "\"",
                "#");
        return Combinators.combine(
                        Arbitraries.of("", "GET / HTTP/1.1␍␊", "POST /a HTTP/1.1␍␊Host: a␍␊"),
                        piece.list().ofMaxSize(12),
                        Arbitraries.of("", "␍␊", "␍␊␍␊"))
                .as((start, pieces, end) -> start + String.join("", pieces) + end);
    }

    @Provide
    Arbitrary<String> almostResponses() {
        return almostRequests()
                .map(script -> script.replace("GET /a?b HTTP/1.1", "HTTP/1.1 200 OK")
                        .replace("GET / HTTP/1.1", "HTTP/1.1 304")
                        .replace("POST /a HTTP/1.1", "HTTP/1.0 404 "));
    }

    @Provide
    Arbitrary<String> almostChunks() {
        return Arbitraries.of(
                        "0",
                        "1",
                        "5",
                        "a",
                        "F",
                        "␍␊",
                        "␍␊",
                        "␊",
                        "␍",
                        ";",
                        "=",
                        "\"",
                        "\\",
                        "x",
                        " ",
                        "␉",
                        "hello",
                        "0␍␊",
                        "0␍␊␍␊",
                        "5␍␊hello␍␊",
                        "1;a=\"b\"␍␊X␍␊",
                        "T: u␍␊",
                        "␀",
                        "7fffffffffffffff")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }

    @Property
    void arbitraryBytesAreJudgedTheSameHoweverTheyAreCut(@ForAll @Size(max = 60) byte[] bytes) {
        Heads.request(Http1Limits.DEFAULTS, bytes);
        Heads.response(Http1Limits.RESPONSE_DEFAULTS, bytes, Method.GET);
        Bodies.run(Http1Limits.DEFAULTS, BodyKind.CHUNKED, -1, bytes);
    }

    @Property
    void almostRequestsAreJudgedTheSameHoweverTheyAreCut(@ForAll("almostRequests") String script) {
        Heads.request(Http1Limits.DEFAULTS, script);
        Http1Limits tight = Http1Limits.DEFAULTS.withLines(24, 20).withHead(64, 4);
        Heads.request(tight, script);
    }

    @Property
    void almostResponsesAreJudgedTheSameHoweverTheyAreCut(@ForAll("almostResponses") String script) {
        Heads.response(Http1Limits.RESPONSE_DEFAULTS, script, Method.GET);
        Heads.response(Http1Limits.RESPONSE_DEFAULTS.withLines(24, 20).withHead(64, 4), script, Method.HEAD);
    }

    @Property
    void almostChunksAreJudgedTheSameHoweverTheyAreCut(@ForAll("almostChunks") String script) {
        Bodies.chunked(script);
    }

    @Property
    void bodiesOfALengthEndThereHoweverTheyAreCut(
            @ForAll @Size(max = 60) byte[] bytes, @ForAll @IntRange(max = 70) int length) {
        Bodies.Outcome outcome = Bodies.run(Http1Limits.DEFAULTS, BodyKind.LENGTH, length, bytes);
        boolean isWhole = bytes.length >= length;
        assertEquals(isWhole ? Decode.END : Decode.NEED_MORE, outcome.answer());
        assertArrayEquals(Arrays.copyOf(bytes, Math.min(length, bytes.length)), Wire.bytes(outcome.content()));
        assertEquals(isWhole ? bytes.length - length : 0, outcome.rest());
    }

    @Property
    void bodiesUntilTheEndAreAllOfIt(@ForAll @Size(max = 60) byte[] bytes) {
        Bodies.Outcome outcome = Bodies.run(Http1Limits.DEFAULTS, BodyKind.UNTIL_CLOSE, -1, bytes);
        assertArrayEquals(bytes, Wire.bytes(outcome.content()));
    }

    /** A grammar in regular expressions is the oracle: whatever it does not describe is refused, or not whole. */
    @Property(tries = 5_000)
    void acceptsNothingThatTheGrammarDoesNotDescribe(@ForAll("almostRequests") String script) {
        byte[] message = Wire.bytes(script);
        var head = new RequestHead();
        int answer = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(message), head);
        Matcher grammar = REQUEST.matcher(new String(message, StandardCharsets.ISO_8859_1));
        if (answer == Decode.COMPLETE) {
            assertTrue(grammar.lookingAt() || script.contains("_"), script);
        }
        if (answer == Decode.COMPLETE && grammar.lookingAt()) {
            assertEquals(grammar.end(), head.headLength());
            var lines = new ArrayList<String>();
            for (Matcher line = LINE.matcher(grammar.group(3)); line.find(); ) {
                lines.add(line.group(1) + ": " + line.group(2));
            }
            assertEquals(lines, Heads.lines(head.fields()));
        }
    }

    @Property
    void whatIsEncodedDecodesToTheSame(@ForAll("almostRequests") String script) {
        byte[] message = Wire.bytes(script);
        var head = new RequestHead();
        if (new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(message), head) != Decode.COMPLETE) {
            return;
        }
        BodyKind kind = head.bodyKind();
        ByteBuffer out = ByteBuffer.allocate(1000);
        assertTrue(RequestEncoder.encode(out, head, null, kind, head.contentLength(), Persistence.PERSISTENT));
        var again = new RequestHead();
        assertEquals(Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(out.flip(), again), script);
        assertEquals(0, out.remaining());
        assertEquals(head.method(), again.method());
        boolean saysNoContent = kind == BodyKind.NONE && head.method() == Method.POST;
        assertEquals(saysNoContent ? BodyKind.LENGTH : kind, again.bodyKind());
        assertEquals(saysNoContent ? 0 : head.contentLength(), again.contentLength());
        assertEquals(forwarded(head), forwarded(again), script);
    }

    private static List<String> forwarded(RequestHead head) {
        HopByHop.strip(head.fields());
        return Heads.lines(head.fields()).stream()
                .filter(line -> !line.matches("(?i)(host|content-length): .*"))
                .toList();
    }

    /** The bulk copy of adjacent lines against one line after the other. */
    @Property
    void copyingRunsOfLinesWritesWhatLineByLineWrites(
            @ForAll("almostRequests") String script, @ForAll @Size(max = 12) List<Boolean> removals) {
        byte[] message = Wire.bytes("GET / HTTP/1.1␍␊Host: a␍␊" + script.replace("␊", "") + "␍␊␍␊");
        var head = new RequestHead();
        if (new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(message), head) != Decode.COMPLETE) {
            return;
        }
        for (int i = 0; i < Math.min(removals.size(), head.fields().count()); i++) {
            if (removals.get(i)) {
                head.fields().remove(i);
            }
        }
        var plain = new StringBuilder();
        for (String line : Heads.lines(head.fields())) {
            plain.append(line).append("\r\n");
        }
        ByteBuffer out = ByteBuffer.allocate(1000);
        int end = HeadWriter.fields(out, 0, head.fields(), 0);
        assertEquals(plain.toString(), new String(out.array(), 0, end, StandardCharsets.ISO_8859_1));
    }

    @Property
    void chunksThatWeWriteDecodeToTheirData(@ForAll @Size(max = 5) List<@Size(min = 1, max = 70) byte[]> pieces) {
        ByteBuffer out = ByteBuffer.allocate(1000);
        var data = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            assertTrue(ChunkEncoder.prefix(out, piece.length));
            out.put(piece);
            assertTrue(ChunkEncoder.crlf(out));
            data.writeBytes(piece);
        }
        assertTrue(ChunkEncoder.last(out));
        byte[] message = Arrays.copyOf(out.array(), out.position());
        Bodies.Outcome outcome = Bodies.run(Http1Limits.DEFAULTS, BodyKind.CHUNKED, -1, message);
        assertEquals(Decode.END, outcome.answer());
        assertNotNull(outcome.content());
        assertArrayEquals(data.toByteArray(), Wire.bytes(outcome.content()));
    }
}
