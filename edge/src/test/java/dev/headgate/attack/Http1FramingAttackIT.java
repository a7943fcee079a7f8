package dev.headgate.attack;

import static dev.headgate.attack.Attack.accepted;
import static dev.headgate.attack.Attack.acceptedThenRefused;
import static dev.headgate.attack.Attack.chunked;
import static dev.headgate.attack.Attack.get;
import static dev.headgate.attack.Attack.post;
import static dev.headgate.attack.Attack.refused;
import static dev.headgate.attack.Attack.refusedInBody;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks on where a request ends: length, transfer coding, chunks, trailers and what follows them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http1FramingAttackIT {
    private static final String SECOND = "GET /second HTTP/1.1␍␊Host: a␍␊␍␊";

    @AutoClose
    private static final AttackRange RANGE = new AttackRange();

    @ThreatRow(value = "H1-01", advisory = "Pingora CVE-2026-2835", outcome = "400, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_01_lengthThenTransferEncoding(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_01_lengthThenTransferEncoding() {
        return Stream.of(
                refused("CL.TE", post("Content-Length: 6", "Transfer-Encoding: chunked") + "0␍␊␍␊G" + SECOND, 400),
                refused("CL 0 with TE", post("Content-Length: 0", "Transfer-Encoding: chunked") + "0␍␊␍␊", 400));
    }

    @ThreatRow(value = "H1-02", advisory = "Pingora CVE-2026-2835", outcome = "400, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_02_transferEncodingThenLength(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_02_transferEncodingThenLength() {
        String smuggled = "GPOST / HTTP/1.1␍␊Content-Type: text/plain␍␊Content-Length: 15␍␊␍␊x=1";
        String size = Integer.toHexString(smuggled.length());
        return Stream.of(refused(
                "TE.CL",
                post("Transfer-Encoding: chunked", "Content-Length: 4") + size + "␍␊" + smuggled + "␍␊0␍␊␍␊",
                400));
    }

    @ThreatRow(
            value = "H1-03",
            advisory = "Netty CVE-2026-89044",
            outcome = "400, or 501 for a well-formed coding that is not known; nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_03_transferEncodingForms(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_03_transferEncodingForms() {
        var unknown = Stream.of("xchunked", "chunked, identity", "chunked, chunked", "identity", "chunked;x=1", "gzip")
                .map(value -> refused(value, post("Transfer-Encoding: " + value) + "0␍␊␍␊", 400, 501));
        var malformed = Stream.of(
                        "", ",chunked", "chunked,", "\"chunked\"", "␋chunked", "␌chunked", "chunked␀", "chunked\u0080")
                .map(value -> refused("\"" + value + "\"", post("Transfer-Encoding: " + value) + "0␍␊␍␊", 400, 501));
        var whole = Stream.of(
                accepted("chunKed", post("Transfer-Encoding: chunKed") + "1␍␊x␍␊0␍␊␍␊", body("x"), "POST /"),
                refused(
                        "two lines",
                        post("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "0␍␊␍␊",
                        400,
                        501),
                refused(
                        "two equal lines",
                        post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0␍␊␍␊",
                        400,
                        501),
                refused("underscore", post("Transfer_Encoding: chunked") + "0␍␊␍␊", 400),
                refused("space before colon", post("Transfer-Encoding : chunked") + "0␍␊␍␊", 400));
        return Stream.of(unknown, malformed, whole).flatMap(attacks -> attacks);
    }

    private static Consumer<ReceivedRequest> body(String expected) {
        return request -> assertEquals(expected, request.text());
    }

    @ThreatRow(value = "H1-04", advisory = "Pingora CVE-2026-2835", outcome = "400, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_04_transferEncodingInHttp10(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_04_transferEncodingInHttp10() {
        String line = "POST / HTTP/1.0␍␊Host: a␍␊Transfer-Encoding: chunked␍␊";
        return Stream.of(
                refused("alone", line + "␍␊0␍␊␍␊", 400),
                refused("with keep-alive", line + "Connection: keep-alive␍␊␍␊0␍␊␍␊" + SECOND, 400),
                refused("with length", line + "Content-Length: 5␍␊␍␊0␍␊␍␊", 400));
    }

    @ThreatRow(
            value = "H1-05",
            advisory = "HAProxy CVE-2023-40225",
            outcome = "400, equal duplicates too; nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_05_lengthForms(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_05_lengthForms() {
        var values = Stream.of(
                        "5, 5",
                        "5,5",
                        "5,6",
                        "",
                        "+5",
                        "-5",
                        "0x5",
                        "5 5",
                        "05",
                        "5_0",
                        "5.0",
                        "5a",
                        "\u00b2",
                        "00000000000000000005",
                        "123456789012345678901",
                        "9223372036854775808",
                        "18446744073709551621")
                .map(value -> refused("\"" + value + "\"", post("Content-Length: " + value) + "hello", 400));
        var lines = Stream.of(
                refused("twice, equal", post("Content-Length: 5", "Content-Length: 5") + "hello", 400),
                refused("twice, unequal", post("Content-Length: 5", "Content-Length: 6") + "hello!", 400),
                refused("twice, other case", post("Content-Length: 5", "content-length: 5") + "hello", 400));
        return Stream.concat(values, lines);
    }

    @ThreatRow(value = "H1-09", outcome = "400, the origin sees no complete request and its connection is closed")
    @ParameterizedTest
    @MethodSource
    void h1_09_chunkSizeForms(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_09_chunkSizeForms() {
        var bad = Stream.of(
                        "0x5",
                        "+5",
                        "-5",
                        " 5",
                        "5 ",
                        "␉5",
                        "5_0",
                        "FFFFFFFFFFFFFFFF1",
                        "FFFFFFFFFFFFFFFF",
                        "8000000000000000",
                        "00000000000000005",
                        "0".repeat(1000) + "5",
                        "",
                        "g",
                        "5g")
                .map(size ->
                        refusedInBody("\"" + abbreviate(size) + "\"", chunked(size + "␍␊hello␍␊0␍␊␍␊" + SECOND), 400));
        var good = Stream.of("5", "05", "0000000000000005")
                .map(size -> accepted("\"" + size + "\"", chunked(size + "␍␊hello␍␊0␍␊␍␊"), body("hello"), "POST /"));
        return Stream.concat(bad, good);
    }

    private static String abbreviate(String text) {
        return text.length() <= 40 ? text : text.substring(0, 20) + "… " + text.length() + " characters";
    }

    @ThreatRow(
            value = "H1-10",
            advisory = {"Jetty CVE-2026-2332", "Netty CVE-2025-58056", "Netty CVE-2026-33870", "Go CVE-2023-39326"},
            outcome =
                    "400, the origin sees no complete request and its connection is closed; what is well-formed is dropped, never forwarded")
    @ParameterizedTest
    @MethodSource
    void h1_10_chunkExtensions(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_10_chunkExtensions() {
        String longExtension = ";a=" + "b".repeat(8 * 1024);
        String shortExtension = "1;a=" + "b".repeat(200) + "␍␊x␍␊";
        return Stream.of(
                refusedInBody(
                        "unclosed quote", chunked("1;ext=\"val␍␊X␍␊0␍␊␍␊GET /smuggled HTTP/1.1␍␊Host: a␍␊␍␊"), 400),
                refusedInBody("LF ends the line", chunked("5;␊hello␍␊0␍␊␍␊"), 400),
                refusedInBody("NUL", chunked("5;a=␀␍␊hello␍␊0␍␊␍␊"), 400),
                refusedInBody("CR inside", chunked("5;a=␍b␍␊hello␍␊0␍␊␍␊"), 400),
                refusedInBody("8 KiB each", chunked(("1" + longExtension + "␍␊x␍␊").repeat(4) + "0␍␊␍␊"), 400),
                refusedInBody("20 KiB together", chunked(shortExtension.repeat(100) + "0␍␊␍␊"), 400),
                refusedInBody("no size", chunked(";␍␊hello␍␊0␍␊␍␊"), 400),
                refusedInBody("no name", chunked("5;␍␊hello␍␊0␍␊␍␊"), 400),
                refusedInBody("name is no token", chunked("5;a(b␍␊hello␍␊0␍␊␍␊"), 400),
                refusedInBody("value is no token", chunked("5;a=b c␍␊hello␍␊0␍␊␍␊"), 400),
                accepted("token, dropped", chunked("5;a=b␍␊hello␍␊0;c␍␊␍␊"), body("hello"), "POST /"),
                accepted("quoted, dropped", chunked("5;a=\"b;c\"␍␊hello␍␊0␍␊␍␊"), body("hello"), "POST /"));
    }

    @ThreatRow(value = "H1-11", outcome = "400, the origin sees no complete request and its connection is closed")
    @ParameterizedTest
    @MethodSource
    void h1_11_chunkDataTerminator(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_11_chunkDataTerminator() {
        return Stream.of(
                refusedInBody("two other bytes", chunked("5␍␊helloXX0␍␊␍␊" + SECOND), 400),
                refusedInBody("none", chunked("5␍␊hello0␍␊␍␊" + SECOND), 400),
                refusedInBody("LF", chunked("5␍␊hello␊0␍␊␍␊" + SECOND), 400),
                refusedInBody("CR", chunked("5␍␊hello␍0␍␊␍␊" + SECOND), 400),
                refusedInBody("data too long", chunked("5␍␊hello!␍␊0␍␊␍␊" + SECOND), 400));
    }

    @ThreatRow(value = "H1-12", outcome = "left out of what the origin receives; past 16 KiB 431 and close")
    @ParameterizedTest
    @MethodSource
    void h1_12_trailers(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_12_trailers() {
        var forbidden = Stream.of(
                        "Content-Length: 5",
                        "Transfer-Encoding: chunked",
                        "Host: evil",
                        "Authorization: evil",
                        "Cookie: evil",
                        "X-Forwarded-For: evil",
                        "Connection: evil")
                .map(trailer -> accepted(
                        trailer,
                        chunked("1␍␊x␍␊0␍␊" + trailer + "␍␊␍␊"),
                        request -> {
                            String name = trailer.substring(0, trailer.indexOf(':'));
                            assertFalse(request.trailers().has(name), () -> "trailer " + request.trailers());
                            assertFalse(
                                    request.fields().toString().contains("evil"), () -> "field " + request.fields());
                            assertEquals(List.of(), request.fields().all("content-length"));
                        },
                        "POST /"));
        return Stream.concat(
                forbidden,
                Stream.of(
                        refusedInBody("1 MiB in one line", chunked("1␍␊x␍␊0␍␊X: " + "a".repeat(1 << 20) + "␍␊␍␊"), 431),
                        refusedInBody(
                                "1 MiB in many lines",
                                chunked("1␍␊x␍␊0␍␊" + "X: abcdefghij␍␊".repeat(70_000) + "␍␊"),
                                431)));
    }

    @ThreatRow(
            value = "H1-18",
            outcome =
                    "answers in order, the last one 400; nothing behind it is parsed, nothing of it reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_18_pipelineAfterError(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_18_pipelineAfterError() {
        return Stream.of(
                refused("bad, then good", "BAD␍␊␍␊" + SECOND, 400),
                refused("bad length, then good", post("Content-Length: x") + SECOND, 400),
                acceptedThenRefused("good, bad, good", get() + "BAD␍␊␍␊" + SECOND, List.of("GET /"), 400),
                acceptedThenRefused(
                        "16 good, bad, good",
                        SECOND.repeat(16) + post("Content-Length: x") + SECOND,
                        Collections.nCopies(16, "GET /second"),
                        400));
    }

    @ThreatRow(
            value = "H1-19",
            advisory = "Akamai CVE-2025-32094",
            outcome = "the body is content, and stays with its request; a folded coding 400")
    @ParameterizedTest
    @MethodSource
    void h1_19_bodyWhereNoneIsUsual(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_19_bodyWhereNoneIsUsual() {
        String smuggled = "GET /smuggled HTTP/1.1␍␊Host: a␍␊␍␊";
        var framed = Stream.of("GET", "HEAD", "DELETE", "OPTIONS")
                .map(method -> acceptedPair(
                        method,
                        method + " / HTTP/1.1␍␊Host: a␍␊Content-Length: " + smuggled.length() + "␍␊␍␊" + smuggled
                                + SECOND,
                        List.of(method + " /", "GET /second"),
                        smuggled));
        return Stream.concat(
                framed,
                Stream.of(
                        refused(
                                "OPTIONS, Expect, folded TE",
                                "OPTIONS / HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Transfer-Encoding:␍␊ chunked␍␊␍␊"
                                        + "0␍␊␍␊",
                                400),
                        accepted("length 0", post("Content-Length: 0") + SECOND, "POST /", "GET /second"),
                        accepted("GET with length 0", get("Content-Length: 0") + SECOND, "GET /", "GET /second")));
    }

    private static Attack acceptedPair(String name, String sent, List<String> lines, String firstBody) {
        String body = new String(Wire.bytes(firstBody), StandardCharsets.ISO_8859_1);
        return Attack.accepted(
                name,
                sent,
                request -> assertEquals(request.line().equals(lines.getFirst()) ? body : "", request.text()),
                lines.toArray(String[]::new));
    }
}
