package dev.headgate.attack;

import static dev.headgate.attack.Http2Attack.accepted;
import static dev.headgate.attack.Http2Attack.answered;
import static dev.headgate.attack.Http2Attack.goAway;
import static dev.headgate.attack.Http2Attack.reset;
import static dev.headgate.attack.Http2Attack.resetInBody;
import static dev.headgate.testkit.h2.Codes.ENHANCE_YOUR_CALM;
import static dev.headgate.testkit.h2.Codes.PROTOCOL_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.OriginScript;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads and trailers that an HTTP/1.1 origin would read differently, or that are too much of something. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2HeadAttackIT {
    private static final byte[] POST = FieldBlock.post("/");

    @AutoClose
    private static final Http2Range RANGE = new Http2Range();

    /** A GET with these fields behind its control data. */
    private static byte[] with(String... namesAndValues) {
        return Frames.request(1, FieldBlock.get("/", namesAndValues));
    }

    /** A request of exactly these fields. */
    private static byte[] of(String... namesAndValues) {
        return Frames.request(1, FieldBlock.of(namesAndValues));
    }

    /** A request line in four fields. */
    private static byte[] line(String method, String scheme, String path) {
        return of(":method", method, ":scheme", scheme, ":path", path, ":authority", "a");
    }

    @ThreatRow(
            value = "H2-19",
            advisory = "Envoy CVE-2023-27491",
            outcome = "RST_STREAM(PROTOCOL_ERROR); nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h2_19_bytesInFields(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_19_bytesInFields() {
        Stream<Http2Attack> values = Stream.of(
                        "a␍␊Host: b", "a␍b", "a␊b", "␀", "a␀b", " a", "a ", "␉a", "a␉", "a␁b", "a␡b")
                .flatMap(value -> Stream.of(
                        reset("value \"" + value + '"', PROTOCOL_ERROR, with("x", value)),
                        reset("cookie \"" + value + '"', PROTOCOL_ERROR, with("cookie", value)),
                        reset(
                                "entering \"" + value + '"',
                                PROTOCOL_ERROR,
                                Frames.request(1, Wire.join(FieldBlock.get("/"), FieldBlock.entering("x", value))))));
        Stream<Http2Attack> names = Stream.of("X", "xX", "x:y", "x y", "x␍␊y", "x␀", "", " x", "x␡", "x(", "é", "x␉")
                .map(name -> reset("name \"" + name + '"', PROTOCOL_ERROR, with(name, "a")));
        return Stream.of(
                        values,
                        names,
                        Stream.of(
                                accepted(
                                        "tab and bytes above 127 within a value",
                                        "GET /",
                                        request -> assertEquals(
                                                "a␉é".replace('␉', '\t'),
                                                request.fields().value("x")),
                                        with("x", "a␉é")),
                                accepted(
                                        "underscore in a name, left out",
                                        "GET /",
                                        request -> assertEquals(
                                                List.of(), request.fields().all("x_y")),
                                        with("x_y", "a"))))
                .flatMap(attacks -> attacks);
    }

    @ThreatRow(value = "H2-20", outcome = "RST_STREAM(PROTOCOL_ERROR); nothing reaches the origin; CONNECT gets 405")
    @ParameterizedTest
    @MethodSource
    void h2_20_controlData(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_20_controlData() {
        return Stream.of(
                wrong("no method", of(":scheme", "http", ":path", "/", ":authority", "a")),
                wrong("no path", of(":method", "GET", ":scheme", "http", ":authority", "a")),
                wrong("no scheme", of(":method", "GET", ":path", "/", ":authority", "a")),
                wrong("nothing at all", of()),
                wrong("method twice", with(":method", "GET")),
                wrong("path twice", with(":path", "/admin")),
                wrong("scheme twice", with(":scheme", "http")),
                wrong("authority twice", with(":authority", "a")),
                wrong("unknown pseudo-header field", with(":unknown", "a")),
                wrong("a bare colon", with(":", "a")),
                wrong("upper case", with(":Path", "/admin")),
                wrong("status in a request", with(":status", "200")),
                wrong(
                        "behind a field",
                        of(":method", "GET", ":scheme", "http", "x", "a", ":path", "/", ":authority", "a")),
                wrong("empty method", line("", "http", "/")),
                wrong("method in lower case", line("get", "http", "/")),
                wrong("method with a blank", line("GET ", "http", "/")),
                wrong("method that is a request line", line("GET / HTTP/1.1␍␊Host: b␍␊␍␊", "http", "/")),
                wrong("method that is a shorter one", line("GET /admin HTTP/1.1", "http", "/")),
                wrong("method that is too long", line("A".repeat(33), "http", "/")),
                wrong("empty scheme", line("GET", "", "/")),
                wrong("other scheme", line("GET", "ftp", "/")),
                wrong("scheme with a line end", line("GET", "http␍␊", "/")),
                wrong("scheme and more", line("GET", "http://b/", "/")),
                wrong("empty path", line("GET", "http", "")),
                wrong("path without a slash", line("GET", "http", "admin")),
                wrong("path that is a URI", line("GET", "http", "http://b/admin")),
                wrong("asterisk without OPTIONS", line("GET", "http", "*")),
                wrong("path with a blank", line("GET", "http", "/ HTTP/1.1")),
                wrong("path with a line end", line("GET", "http", "/ HTTP/1.1␍␊Host: b␍␊␍␊GET /admin")),
                wrong("path with a bare LF", line("GET", "http", "/␊")),
                wrong("path with a tab", line("GET", "http", "/␉")),
                wrong("path with NUL", line("GET", "http", "/␀")),
                wrong("path with a fragment", line("GET", "http", "/#a")),
                wrong("path with a byte above 127", line("GET", "http", "/é")),
                wrong("CONNECT with a path", line("CONNECT", "http", "/")),
                wrong("CONNECT without authority", of(":method", "CONNECT")),
                answered("CONNECT", 405, of(":method", "CONNECT", ":authority", "a:443")),
                answered("path that is too long", 414, line("GET", "http", "/" + "a".repeat(8192))),
                accepted("OPTIONS *", "OPTIONS *", line("OPTIONS", "http", "*")),
                accepted("https on a plain connection", "GET /", line("GET", "https", "/")),
                accepted("dots are resolved", "GET /b", line("GET", "http", "/a/../b")));
    }

    private static Http2Attack wrong(String name, byte[] sent) {
        return reset(name, PROTOCOL_ERROR, sent);
    }

    @ThreatRow(value = "H2-21", outcome = "400; nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h2_21_authorities(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_21_authorities() {
        return Stream.of(
                answered("host that differs", 400, with("host", "b")),
                answered("host with another port", 400, with("host", "a:81")),
                wrong("two hosts", with("host", "a", "host", "a")),
                answered("neither", 400, of(":method", "GET", ":scheme", "http", ":path", "/")),
                answered("empty authority", 400, authority("")),
                answered("user", 400, authority("user@a")),
                answered("user that looks like a host", 400, authority("a:80@b")),
                answered("path behind it", 400, authority("a/b")),
                answered("blank", 400, authority("a b")),
                answered("port that is none", 400, authority("a:b")),
                answered("port that is too large", 400, authority("a:65536")),
                answered("two ports", 400, authority("a:80:80")),
                answered("list", 400, authority("a,b")),
                answered("half an IPv6 address", 400, authority("[::1")),
                accepted(
                        "both alike",
                        "GET /",
                        h -> assertEquals(List.of("a"), h.fields().all("host")),
                        with("host", "a")),
                accepted(
                        "host alone",
                        "GET /",
                        h -> assertEquals(List.of("b"), h.fields().all("host")),
                        of(":method", "GET", ":scheme", "http", ":path", "/", "host", "b")));
    }

    private static byte[] authority(String authority) {
        return of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", authority);
    }

    @ThreatRow(value = "H2-22", outcome = "RST_STREAM(PROTOCOL_ERROR); nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h2_22_fieldsOfAConnection(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_22_fieldsOfAConnection() {
        return Stream.of(
                wrong("connection", with("connection", "close")),
                wrong("connection that names a field", with("connection", "x-forwarded-for")),
                wrong("keep-alive", with("keep-alive", "timeout=5")),
                wrong("proxy-connection", with("proxy-connection", "keep-alive")),
                wrong("transfer-encoding", with("transfer-encoding", "chunked")),
                wrong("transfer-encoding identity", with("transfer-encoding", "identity")),
                wrong("upgrade", with("upgrade", "websocket")),
                wrong("te gzip", with("te", "gzip")),
                wrong("te trailers and more", with("te", "trailers, deflate")),
                accepted("te trailers", "GET /", with("te", "trailers")));
    }

    @ThreatRow(
            value = "H2-23",
            outcome = "RST_STREAM(PROTOCOL_ERROR); the origin never sees a whole request, and its connection is closed")
    @ParameterizedTest
    @MethodSource
    void h2_23_lengths(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_23_lengths() {
        byte[] five = Frames.begin(1, FieldBlock.post("/", "content-length", "5"));
        return Stream.of(
                resetInBody("5 announced, 4 sent", PROTOCOL_ERROR, five, Frames.data(1, Frames.END_STREAM, 4)),
                resetInBody("5 announced, 6 sent", PROTOCOL_ERROR, five, Frames.data(1, Frames.END_STREAM, 6)),
                resetInBody(
                        "5 announced, 3 and 3 sent", PROTOCOL_ERROR, five, Frames.data(1, 0, 3), Frames.data(1, 0, 3)),
                resetInBody(
                        "5 announced, 4 and trailers sent",
                        PROTOCOL_ERROR,
                        five,
                        Frames.data(1, 0, 4),
                        Frames.request(1, FieldBlock.of("a", "b"))),
                resetInBody(
                        "5 announced, 4 and padding sent",
                        PROTOCOL_ERROR,
                        five,
                        Frames.padded(1, Frames.END_STREAM, 4, 1)),
                wrong("5 announced, and the end", Frames.request(1, FieldBlock.post("/", "content-length", "5"))),
                wrong("twice", Frames.begin(1, FieldBlock.post("/", "content-length", "5", "content-length", "5"))),
                wrong("list", Frames.begin(1, FieldBlock.post("/", "content-length", "5, 5"))),
                wrong("sign", Frames.begin(1, FieldBlock.post("/", "content-length", "+5"))),
                wrong("no number", Frames.begin(1, FieldBlock.post("/", "content-length", "5x"))),
                wrong("empty", Frames.begin(1, FieldBlock.post("/", "content-length", ""))),
                wrong(
                        "too large for a number",
                        Frames.begin(1, FieldBlock.post("/", "content-length", "9223372036854775808"))),
                accepted(
                        "as announced",
                        "POST /",
                        request -> assertEquals(5, request.contentBytes()),
                        five,
                        Frames.padded(1, 0, 2, 7),
                        Frames.data(1, Frames.END_STREAM, 3)));
    }

    @ThreatRow(value = "H2-23", outcome = "a byte beyond the length reaches no origin")
    @Test
    void h2_23_byteBeyondTheLength() {
        RANGE.origin().forget();
        RANGE.origin().on("/stall", OriginScript.stall());
        try (var client = RANGE.connect()) {
            client.send(Frames.begin(1, FieldBlock.post("/stall", "content-length", "5")), Frames.data(1, 0, "abcde"));
            var request = RANGE.origin().awaitRequest(0); // By its length it is whole.
            client.send(Frames.data(1, 0, "f")).expectReset(1, PROTOCOL_ERROR);
            var connection = RANGE.origin().connections().get(request.connection());
            Await.until("the request is cancelled", connection::isEndedByPeer);
            assertEquals("abcde", request.text());
            RANGE.assertGoesOn(client);
        }
        RANGE.assertWell();
    }

    @ThreatRow(
            value = "H2-24",
            outcome =
                    "up to the limit of fields one line at the origin; 431 above; GOAWAY(ENHANCE_YOUR_CALM) from twice the limit on")
    @ParameterizedTest
    @MethodSource
    void h2_24_cookiesInPieces(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_24_cookiesInPieces() {
        return Stream.of(
                accepted(
                        "as many as there may be",
                        "GET /",
                        request -> assertEquals(
                                List.of(String.join("; ", Collections.nCopies(96, "a=1"))),
                                request.fields().all("cookie")),
                        cookies(96)),
                answered("one more", 431, cookies(97)),
                answered("twice the limit", 431, cookies(196)),
                goAway("one more than twice the limit", ENHANCE_YOUR_CALM, cookies(197)),
                goAway("5,000", ENHANCE_YOUR_CALM, indexedCookies(5000)));
    }

    private static byte[] cookies(int count) {
        String[] fields = IntStream.range(0, count)
                .boxed()
                .flatMap(_ -> Stream.of("cookie", "a=1"))
                .toArray(String[]::new);
        return with(fields);
    }

    private static byte[] indexedCookies(int count) {
        return Frames.request(
                1,
                Wire.join(
                        FieldBlock.get("/"),
                        FieldBlock.entering("cookie", "a=1"),
                        Frames.times(count - 1, FieldBlock.indexed(62))));
    }

    @ThreatRow(
            value = "H2-25",
            outcome = "RST_STREAM(PROTOCOL_ERROR); the origin never sees a whole request, and its connection is closed")
    @ParameterizedTest
    @MethodSource
    void h2_25_trailers(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_25_trailers() {
        byte[] begun = Wire.join(Frames.begin(1, POST), Frames.data(1, 0, "abc"));
        return Stream.of(
                resetInBody("that end nothing", PROTOCOL_ERROR, begun, Frames.begin(1, FieldBlock.of("a", "b"))),
                resetInBody("that are a head", PROTOCOL_ERROR, begun, Frames.begin(1, POST)),
                resetInBody("that are a head and the end", PROTOCOL_ERROR, begun, Frames.request(1, POST)),
                resetInBody("with a path", PROTOCOL_ERROR, begun, Frames.request(1, FieldBlock.of(":path", "/"))),
                resetInBody("with a status", PROTOCOL_ERROR, begun, Frames.request(1, FieldBlock.of(":status", "200"))),
                resetInBody("with upper case", PROTOCOL_ERROR, begun, Frames.request(1, FieldBlock.of("X", "a"))),
                resetInBody("with a line end", PROTOCOL_ERROR, begun, Frames.request(1, FieldBlock.of("x", "a␍␊b: c"))),
                resetInBody(
                        "with transfer-encoding",
                        PROTOCOL_ERROR,
                        begun,
                        Frames.request(1, FieldBlock.of("transfer-encoding", "chunked"))),
                resetInBody("too many", ENHANCE_YOUR_CALM, begun, Frames.request(1, many("a", "b", 101))),
                goAway("far too many", ENHANCE_YOUR_CALM, begun, Frames.request(1, many("a", "b", 201))),
                accepted(
                        "in order, without what would frame or route",
                        "POST /",
                        request -> {
                            assertEquals("abc", request.text());
                            assertEquals("b", request.trailers().value("x-sum"));
                            assertEquals(List.of("x-sum"), request.trailers().names());
                        },
                        begun,
                        Frames.request(
                                1,
                                FieldBlock.of(
                                        "x-sum", "b", "content-length", "3", "host", "b", "authorization", "c"))));
    }

    private static byte[] many(String name, String value, int count) {
        return Frames.times(count, FieldBlock.literal(name, value));
    }

    @ThreatRow(
            value = "H2-06",
            advisory = "HPACK CVE-2016-6581",
            outcome =
                    "431 while the list is below twice the limit, and the table stays in step; GOAWAY(ENHANCE_YOUR_CALM) above")
    @ParameterizedTest
    @MethodSource
    void h2_06_largeEntryAskedForAgainAndAgain(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_06_largeEntryAskedForAgainAndAgain() {
        return Stream.of(
                accepted(
                        "7 times",
                        "GET /",
                        request -> assertTrue(request.fields().all("x").stream().allMatch(LARGE::equals)),
                        bomb(7)),
                answered("8 times", 431, bomb(8)),
                answered("15 times", 431, bomb(15)),
                goAway("16 times", ENHANCE_YOUR_CALM, bomb(16)),
                goAway("4,000 times", ENHANCE_YOUR_CALM, bomb(4000)));
    }

    private static final String LARGE = "a".repeat(4063); // with name and 32 bytes the whole table

    private static byte[] bomb(int count) {
        return Frames.request(
                1,
                Wire.join(
                        FieldBlock.get("/"),
                        FieldBlock.entering("x", LARGE),
                        Frames.times(count - 1, FieldBlock.indexed(62))));
    }

    @ThreatRow("H2-06")
    @Test
    void h2_06_tableIsInStepBehindARefusedBomb() {
        try (var client = RANGE.connect()) {
            client.send(bomb(15)).expectStatus(1, 431);
            client.send(Frames.request(3, Wire.join(FieldBlock.get("/"), FieldBlock.indexed(62))));
            client.expectStatus(3, 200);
            assertEquals(LARGE, RANGE.origin().lastRequest().fields().value("x"));
            RANGE.assertGoesOn(client);
        }
        RANGE.assertWell();
    }

    @ThreatRow(
            value = "H2-28",
            outcome = "RST_STREAM(PROTOCOL_ERROR) for a protocol with another method, or without a name")
    @ParameterizedTest
    @MethodSource
    void h2_28_extendedConnectForWhatIsNotSpoken(Http2Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Http2Attack> h2_28_extendedConnectForWhatIsNotSpoken() {
        return Stream.of(wrong("with GET", protocol("GET", "websocket")), wrong("empty", protocol("CONNECT", "")));
    }

    private static byte[] protocol(String method, String protocol) {
        return Frames.begin(
                1,
                FieldBlock.of(
                        ":method",
                        method,
                        ":protocol",
                        protocol,
                        ":scheme",
                        "http",
                        ":path",
                        "/chat",
                        ":authority",
                        "a"));
    }
}
