package dev.headgate.attack;

import static dev.headgate.attack.Attack.accepted;
import static dev.headgate.attack.Attack.chunked;
import static dev.headgate.attack.Attack.get;
import static dev.headgate.attack.Attack.post;
import static dev.headgate.attack.Attack.refused;
import static dev.headgate.attack.Attack.refusedInBody;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.ThreatRow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks with the bytes of the head: line ends, white space, control bytes, request line, target, Host. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http1SyntaxAttackIT {
    @AutoClose
    private static final AttackRange RANGE = new AttackRange();

    @ThreatRow(value = "H1-06", outcome = "400; nothing of a head, and no complete request, reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_06_bareLineEnds(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_06_bareLineEnds() {
        return Stream.of(
                refused("LF after request line", "GET / HTTP/1.1␊Host: a␍␊␍␊", 400),
                refused("LF after field line", "GET / HTTP/1.1␍␊Host: a␊X: b␍␊␍␊", 400),
                refused("LF as empty line", "GET / HTTP/1.1␍␊Host: a␍␊␊", 400),
                refused("LF everywhere", "GET / HTTP/1.1␊Host: a␊␊", 400),
                refused("CR inside value", get("X: a␍b"), 400),
                refused("CR before CRLF", get("X: a␍"), 400),
                refused("CR after request line", "GET / HTTP/1.1␍Host: a␍␊␍␊", 400),
                refused("CR CR as empty line", "GET / HTTP/1.1␍␊Host: a␍␊␍␍␊", 400),
                refusedInBody("LF after chunk size", chunked("1␊x␍␊0␍␊␍␊"), 400),
                refusedInBody("CR after chunk size", chunked("1␍x␍␊0␍␊␍␊"), 400),
                refusedInBody("LF after chunk data", chunked("1␍␊x␊0␍␊␍␊"), 400),
                refusedInBody("LF after last chunk", chunked("1␍␊x␍␊0␊␍␊"), 400),
                refusedInBody("LF after trailer", chunked("1␍␊x␍␊0␍␊X: a␊␍␊"), 400),
                refusedInBody("LF as end of trailers", chunked("1␍␊x␍␊0␍␊␊"), 400));
    }

    @ThreatRow(
            value = "H1-07",
            outcome = "from a client 400; nothing of a head, and no complete request, reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_07_foldedLines(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_07_foldedLines() {
        return Stream.of(
                refused("space", get("X: a␍␊ b"), 400),
                refused("tab", get("X: a␍␊␉b"), 400),
                refused("only white space", get("X: a␍␊ "), 400),
                refused("first line", "GET / HTTP/1.1␍␊ X: b␍␊Host: a␍␊␍␊", 400),
                refused("Transfer-Encoding", post("Transfer-Encoding:␍␊ chunked") + "0␍␊␍␊", 400),
                refused("Host", "GET / HTTP/1.1␍␊Host:␍␊ a␍␊␍␊", 400),
                refused("Content-Length", post("Content-Length:␍␊ 5") + "hello", 400),
                refusedInBody("trailer", chunked("1␍␊x␍␊0␍␊X: a␍␊ b␍␊␍␊"), 400));
    }

    @ThreatRow(value = "H1-08", advisory = "HAProxy CVE-2023-25725", outcome = "400, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_08_fieldNames(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_08_fieldNames() {
        var names = Stream.of(
                        "Na me: x",
                        ": x",
                        "Name␀: x",
                        "Na␀me: x",
                        "Name(: x",
                        "Name\u0080: x",
                        "Name\u00e9: x",
                        "Name␉: x",
                        "Name : x",
                        "Name",
                        "Na/me: x",
                        "\"Name\": x",
                        "Na@me: x",
                        "{name}: x")
                .map(line -> refused(line, get(line), 400));
        return Stream.concat(
                names,
                Stream.of(
                        refused("Host with space", "GET / HTTP/1.1␍␊Host : a␍␊␍␊", 400),
                        refused("Host behind a space", "GET / HTTP/1.1␍␊ Host: a␍␊␍␊", 400),
                        accepted("no space after colon", get("Name:x"), "GET /"),
                        accepted("tab around value", get("Name:␉x␉"), "GET /"),
                        accepted("empty value", get("Name:"), "GET /")));
    }

    @ThreatRow(
            value = "H1-13",
            advisory = "Envoy CVE-2019-9900",
            outcome = "400, nothing reaches the origin; bytes above 0x7F pass in values alone")
    @ParameterizedTest
    @MethodSource
    void h1_13_controlBytes(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_13_controlBytes() {
        var everywhere = Stream.of("␀", "␁", "␡", "␈", "␛")
                .flatMap(control -> Stream.of(
                        refused(control + " in value", get("X: a" + control + "b"), 400),
                        refused(control + " as value", get("X: " + control), 400),
                        refused(control + " in name", get("X" + control + "Y: a"), 400),
                        refused(control + " in target", "GET /a" + control + "b HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                        refused(control + " in method", "GE" + control + "T / HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                        refused(control + " in version", "GET / HTTP/1.1" + control + "␍␊Host: a␍␊␍␊", 400, 505),
                        refusedInBody(control + " in trailer", chunked("1␍␊x␍␊0␍␊X: a" + control + "b␍␊␍␊"), 400)));
        return Stream.concat(
                everywhere,
                Stream.of(
                        accepted(
                                "obs-text in value",
                                get("X: a\u0080\u00ff"),
                                request -> assertEquals(
                                        "a\u0080\u00ff", request.fields().value("x")),
                                "GET /"),
                        refused("obs-text in name", get("X\u00ff: a"), 400),
                        refused("obs-text in target", "GET /\u00ff HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                        refused("obs-text in method", "GE\u00ff / HTTP/1.1␍␊Host: a␍␊␍␊", 400)));
    }

    @ThreatRow(
            value = "H1-14",
            outcome = "400, 505 for another major version, 414 for one too long; at most two empty lines before")
    @ParameterizedTest
    @MethodSource
    void h1_14_requestLine(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_14_requestLine() {
        String rest = "␍␊Host: a␍␊␍␊";
        return Stream.of(
                refused("lower-case method", "get / HTTP/1.1" + rest, 400, 501),
                refused("tab in method", "G␉ET / HTTP/1.1" + rest, 400),
                refused("tab for space", "GET␉/␉HTTP/1.1" + rest, 400),
                refused("64 KiB method", "G".repeat(64 * 1024) + " / HTTP/1.1" + rest, 400, 414, 501),
                refused("33-byte method", "M".repeat(33) + " / HTTP/1.1" + rest, 400, 501),
                accepted("32-byte method", "M".repeat(32) + " / HTTP/1.1" + rest, "M".repeat(32) + " /"),
                refused("no method", " / HTTP/1.1" + rest, 400),
                refused("two spaces", "GET  / HTTP/1.1" + rest, 400),
                refused("two spaces before version", "GET /  HTTP/1.1" + rest, 400),
                refused("space after version", "GET / HTTP/1.1 " + rest, 400, 505),
                refused("HTTP/1.2", "GET / HTTP/1.2" + rest, 400, 505),
                refused("HTTP/2.0", "GET / HTTP/2.0" + rest, 505),
                refused("HTTP/0.9", "GET / HTTP/0.9" + rest, 400, 505),
                refused("HTTP/1.1x", "GET / HTTP/1.1x" + rest, 400),
                refused("HTTP/1.10", "GET / HTTP/1.10" + rest, 400),
                refused("HTTP/1", "GET / HTTP/1" + rest, 400),
                refused("http/1.1", "GET / http/1.1" + rest, 400),
                refused("version 0.9 form", "GET /␍␊␍␊", 400),
                refused("no target", "GET HTTP/1.1" + rest, 400),
                accepted("one empty line before", "␍␊" + get(), "GET /"),
                accepted("two empty lines before", "␍␊␍␊" + get(), "GET /"),
                refused("three empty lines before", "␍␊␍␊␍␊" + get(), 400),
                refused("100 empty lines before", "␍␊".repeat(100) + get(), 400),
                refused("LF before", "␊" + get(), 400));
    }

    @ThreatRow(value = "H1-15", outcome = "400, 405 for CONNECT; absolute form only with the same authority as Host")
    @ParameterizedTest
    @MethodSource
    void h1_15_targetForms(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_15_targetForms() {
        return Stream.of(
                refused("no slash", "GET foo HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                refused("GET *", "GET * HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                accepted("OPTIONS *", "OPTIONS * HTTP/1.1␍␊Host: a␍␊␍␊", "OPTIONS *"),
                refused("CONNECT path", "CONNECT /x HTTP/1.1␍␊Host: a␍␊␍␊", 400, 405),
                refused("CONNECT authority", "CONNECT a:443 HTTP/1.1␍␊Host: a:443␍␊␍␊", 405),
                refused("authority for GET", "GET a:80 HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                refused("space in path", "GET /a b HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                refused("fragment", "GET /a#frag HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                refused("other authority", "GET http://b/ HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                refused("ftp", "GET ftp://a/ HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                refused("userinfo", "GET http://u@a/ HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                refused("userinfo in both", "GET http://u@a/ HTTP/1.1␍␊Host: u@a␍␊␍␊", 400),
                refused("port past 65535", "GET http://a:99999/ HTTP/1.1␍␊Host: a:99999␍␊␍␊", 400),
                refused("port in another spelling", "GET http://a:080/ HTTP/1.1␍␊Host: a:080␍␊␍␊", 400),
                refused("no host", "GET http:/// HTTP/1.1␍␊Host: a␍␊␍␊", 400),
                accepted("absolute form", "GET http://a/x?y HTTP/1.1␍␊Host: a␍␊␍␊", "GET /x?y"),
                accepted("absolute form without path", "GET http://a HTTP/1.1␍␊Host: a␍␊␍␊", "GET /"));
    }

    @ThreatRow(value = "H1-16", advisory = "Undertow CVE-2025-12543", outcome = "400, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_16_host(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_16_host() {
        var values = Stream.of(
                        "a,b",
                        "a, a",
                        "",
                        "a b",
                        "a:2$",
                        "a:65536",
                        "a:80:80",
                        "[::1",
                        "::1",
                        "[::g]",
                        "[]",
                        "a/",
                        "a@b",
                        "a..b",
                        ".a",
                        "a?b",
                        "a#b",
                        "a\\b",
                        "a%00",
                        "<a>",
                        "b\u00fccher",
                        "b\u00c3\u00bccher")
                .map(host -> refused("\"" + host + "\"", "GET / HTTP/1.1␍␊Host: " + host + "␍␊␍␊", 400));
        var good = Stream.of("a", "a.b", "a:8080", "127.0.0.1", "[::1]:80", "xn--bcher-kva.example", "a-b.example")
                .map(host -> accepted(host, "GET / HTTP/1.1␍␊Host: " + host + "␍␊␍␊", "GET /"));
        var lines = Stream.of(
                refused("two", "GET / HTTP/1.1␍␊Host: a␍␊Host: b␍␊␍␊", 400),
                refused("two equal", "GET / HTTP/1.1␍␊Host: a␍␊Host: a␍␊␍␊", 400),
                refused("two in HTTP/1.0", "GET / HTTP/1.0␍␊Host: a␍␊Host: b␍␊␍␊", 400),
                refused("missing", "GET / HTTP/1.1␍␊␍␊", 400),
                refused("missing, absolute form", "GET http://a/ HTTP/1.1␍␊␍␊", 400));
        return Stream.of(values, good, lines).flatMap(attacks -> attacks);
    }

    @ThreatRow(value = "H1-36", outcome = "505, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_36_http2Preface(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_36_http2Preface() {
        return Stream.of(refused("preface", "PRI * HTTP/2.0␍␊␍␊SM␍␊␍␊", 505));
    }

    @ThreatRow(value = "H1-37", outcome = "TLS where none is spoken: 400, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_37_tlsHello(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_37_tlsHello() {
        String hello = "␁␀␀\u0080␃␃" + "r".repeat(32) + "␀␀␄␓␁␓␂␁␀" + "␀␀␀".repeat(20);
        return Stream.of(
                refused("record of TLS 1.3", "␖␃␁␀\u0084" + hello, 400),
                refused("record of SSL 3", "␖␃␀␀\u0084" + hello, 400),
                refused("hello of SSL 2", "\u0080.␁␃␁␀␕␀␀␀␐" + "c".repeat(37), 400));
    }
}
