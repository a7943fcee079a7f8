package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.Response;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks by the origin: responses that are malformed, endless, cut off or more than one. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http1ResponseAttackIT {
    private static final String GET = "GET /attack HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int DRIPPED_BYTES_MAX = 1024;
    private static final String OK = "HTTP/1.1 200 OK␍␊";

    @AutoClose
    private static final AttackRange RANGE = new AttackRange();

    @BeforeEach
    void forget() {
        RANGE.origin().forget();
    }

    @ThreatRow(value = "H1-07", outcome = "from an origin 502, and its connection is closed")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_07_foldedLines(String name, String sent) {
        assertBadGateway(sent);
    }

    static Stream<Arguments> h1_07_foldedLines() {
        String end = "Content-Length: 2␍␊␍␊hi";
        return Stream.of(
                Arguments.of("space", OK + "X: a␍␊ b␍␊" + end),
                Arguments.of("tab", OK + "X: a␍␊␉b␍␊" + end),
                Arguments.of("first line", OK + " X: a␍␊" + end),
                Arguments.of("Content-Length", OK + "Content-Length:␍␊ 2␍␊␍␊hi"));
    }

    @ThreatRow(value = "H1-29", outcome = "502, and the upstream connection is closed")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_29_responseSplitting(String name, String sent) {
        assertBadGateway(sent);
    }

    static Stream<Arguments> h1_29_responseSplitting() {
        String end = "Content-Length: 2␍␊␍␊hi";
        return Stream.of(
                Arguments.of("CR in value", OK + "X: a␍Set-Cookie: b␍␊" + end),
                Arguments.of("LF in value", OK + "X: a␊Set-Cookie: b␍␊" + end),
                Arguments.of("NUL in value", OK + "X: a␀b␍␊" + end),
                Arguments.of("control byte in value", OK + "X: a␁b␍␊" + end),
                Arguments.of("DEL in value", OK + "X: a␡b␍␊" + end),
                Arguments.of("LF lines", "HTTP/1.1 200 OK␊Content-Length: 2␊␊hi"),
                Arguments.of("LF empty line", OK + "Content-Length: 2␍␊␊hi"),
                Arguments.of("CR in reason", "HTTP/1.1 200 O␍K␍␊" + end),
                Arguments.of("NUL in reason", "HTTP/1.1 200 O␀K␍␊" + end),
                Arguments.of("space in name", OK + "X Y: a␍␊" + end),
                Arguments.of("space before colon", OK + "X : a␍␊" + end),
                Arguments.of("no colon", OK + "X␍␊" + end),
                Arguments.of("empty name", OK + ": a␍␊" + end));
    }

    @ThreatRow(value = "H1-29", outcome = "an encoded line end stays encoded")
    @Test
    void h1_29_encodedLineEndInLocationStaysEncoded() {
        script(OriginScript.fixed("HTTP/1.1 302 Found␍␊Location: /x%0d%0aSet-Cookie:%20a␍␊Content-Length: 0␍␊␍␊"));
        try (var client = RANGE.connect().send(GET)) {
            var response = client.expectStatus(302);
            assertEquals("/x%0d%0aSet-Cookie:%20a", response.fields().value("location"));
            assertFalse(response.fields().has("set-cookie"));
        }
    }

    @ThreatRow(value = "H1-30", outcome = "502, and the upstream connection is closed")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_30_malformedHeads(String name, String sent) {
        assertBadGateway(sent);
    }

    static Stream<Arguments> h1_30_malformedHeads() {
        String end = "␍␊Content-Length: 0␍␊␍␊";
        return Stream.of(
                Arguments.of("1 MiB of fields", OK + ("X: " + "a".repeat(8000) + "␍␊").repeat(131) + "␍␊"),
                Arguments.of("10,000 fields", OK + "X: a␍␊".repeat(10_000) + "␍␊"),
                Arguments.of("201 fields", OK + "X: a␍␊".repeat(200) + "Content-Length: 0␍␊␍␊"),
                Arguments.of("endless field line", OK + "X: " + "a".repeat(1 << 20)),
                Arguments.of("endless status line", "HTTP/1.1 200 " + "a".repeat(1 << 20)),
                Arguments.of("status 2000", "HTTP/1.1 2000 OK" + end),
                Arguments.of("status 99", "HTTP/1.1 99 OK" + end),
                Arguments.of("status 099", "HTTP/1.1 099 OK" + end),
                Arguments.of("status 20x", "HTTP/1.1 20x OK" + end),
                Arguments.of("no status", "HTTP/1.1␍␊␍␊"),
                Arguments.of("HTTP/9.9", "HTTP/9.9 200 OK" + end),
                Arguments.of("HTTP/2.0", "HTTP/2.0 200 OK" + end),
                Arguments.of("other protocol", "SSH-2.0-OpenSSH_9.9␍␊"),
                Arguments.of("content without head", "hello␍␊"),
                Arguments.of("length +5", OK + "Content-Length: +5␍␊␍␊hello"),
                Arguments.of("length twice, unequal", OK + "Content-Length: 5␍␊Content-Length: 6␍␊␍␊hello!"),
                Arguments.of("length list", OK + "Content-Length: 5, 6␍␊␍␊hello!"),
                Arguments.of("unknown coding", OK + "Transfer-Encoding: gzip␍␊␍␊hello"),
                Arguments.of("chunked twice", OK + "Transfer-Encoding: chunked, chunked␍␊␍␊0␍␊␍␊"));
    }

    @ThreatRow("H1-30")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_30_headThatEndsTooSoon(String name, String sent) {
        script(OriginScript.fixedThenClose(sent));
        assertBadGateway();
    }

    static Stream<Arguments> h1_30_headThatEndsTooSoon() {
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("in the status line", "HTTP/1.1 20"),
                Arguments.of("after the status line", OK),
                Arguments.of("in a field line", OK + "Content-Le"),
                Arguments.of("before the empty line", OK + "Content-Length: 0␍␊"));
    }

    @ThreatRow(value = "H1-31", outcome = "eight are forwarded at most, then 502")
    @Test
    void h1_31_tenThousandInterimResponsesBecome502() {
        script(OriginScript.interimFlood(10_000));
        try (var client = RANGE.connect().send(GET)) {
            var response = client.readResponse();
            assertEquals(502, response.status());
            assertTrue(
                    response.interim().size() <= 8,
                    () -> "forwarded " + response.interim().size());
        }
        assertRangeIsWell();
    }

    @ThreatRow("H1-31")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_31_interimCount(int count, int status) {
        script(OriginScript.interimFlood(count));
        try (var client = RANGE.connect().send(GET)) {
            var response = client.readResponse();
            assertEquals(status, response.status());
            assertEquals(Math.min(count, 8), response.interim().size());
        }
        assertRangeIsWell();
    }

    static Stream<Arguments> h1_31_interimCount() {
        return Stream.of(Arguments.of(7, 200), Arguments.of(8, 200), Arguments.of(9, 502));
    }

    @ThreatRow(value = "H1-31", outcome = "a 101 unasked, and framing in a 1xx: 502")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_31_interimResponsesThatAreNone(String name, String sent) {
        assertBadGateway(sent);
    }

    static Stream<Arguments> h1_31_interimResponsesThatAreNone() {
        String last = OK + "Content-Length: 2␍␊␍␊hi";
        return Stream.of(
                Arguments.of("101 unasked", "HTTP/1.1 101 Switching Protocols␍␊Upgrade: x␍␊Connection: upgrade␍␊␍␊"),
                Arguments.of("103 with length", "HTTP/1.1 103 Early Hints␍␊Content-Length: 5␍␊␍␊hello" + last),
                Arguments.of("103 chunked", "HTTP/1.1 103 Early Hints␍␊Transfer-Encoding: chunked␍␊␍␊0␍␊␍␊" + last));
    }

    @ThreatRow("H1-31")
    @Test
    void h1_31_continueWithoutExpectationDoesNotBecomeTheResponse() {
        script(OriginScript.fixed("HTTP/1.1 100 Continue␍␊␍␊" + OK + "Content-Length: 2␍␊␍␊hi"));
        try (var client = RANGE.connect().send(GET)) {
            assertEquals("hi", client.expectStatus(200).text());
            client.expectNothingMore();
        }
        assertRangeIsWell();
    }

    @ThreatRow(
            value = "H1-32",
            outcome = "the client sees a broken connection, never a complete response; counted as truncated")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_32_contentThatEndsTooSoonIsSeenToBeCutOff(String name, String sent) {
        script(OriginScript.fixedThenClose(sent));
        assertCutOff();
    }

    @ThreatRow("H1-32")
    @ParameterizedTest(name = "{0}")
    @MethodSource("h1_32_contentThatEndsTooSoonIsSeenToBeCutOff")
    void h1_32_contentThatIsResetIsSeenToBeCutOff(String name, String sent) {
        script(OriginScript.fixedThenReset(sent));
        try (var client = RANGE.connect().send(GET)) {
            // The reset may overtake the head, which then was never received: that is a 502.
            var response = client.readResponseToAnyEnding();
            assertTrue(response.status() == 502 || response.ending() != Response.Ending.COMPLETE, response::toString);
        }
        assertRangeIsWell();
    }

    static Stream<Arguments> h1_32_contentThatEndsTooSoonIsSeenToBeCutOff() {
        String chunked = OK + "Transfer-Encoding: chunked␍␊␍␊";
        return Stream.of(
                Arguments.of("length, half", OK + "Content-Length: 1000␍␊␍␊" + "a".repeat(500)),
                Arguments.of("length, one short", OK + "Content-Length: 5␍␊␍␊hell"),
                Arguments.of("length, none", OK + "Content-Length: 5␍␊␍␊"),
                Arguments.of("chunked, none", chunked),
                Arguments.of("chunked, in size line", chunked + "5␍␊hello␍␊5"),
                Arguments.of("chunked, after CR of size line", chunked + "5␍␊hello␍␊5␍"),
                Arguments.of("chunked, in data", chunked + "5␍␊hel"),
                Arguments.of("chunked, after data", chunked + "5␍␊hello"),
                Arguments.of("chunked, no last chunk", chunked + "5␍␊hello␍␊"),
                Arguments.of("chunked, after last chunk", chunked + "5␍␊hello␍␊0␍␊"),
                Arguments.of("chunked, in trailers", chunked + "5␍␊hello␍␊0␍␊X: a␍␊"));
    }

    @ThreatRow("H1-32")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_32_brokenChunkingIsSeenToBeCutOff(String name, String chunks) {
        script(OriginScript.fixed(OK + "Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊" + chunks));
        assertCutOff();
    }

    static Stream<Arguments> h1_32_brokenChunkingIsSeenToBeCutOff() {
        return Stream.of(
                Arguments.of("size is no number", "g␍␊hello␍␊0␍␊␍␊"),
                Arguments.of("size overflows", "FFFFFFFFFFFFFFFF1␍␊hello␍␊0␍␊␍␊"),
                Arguments.of("no line end after data", "5␍␊helloXX0␍␊␍␊"),
                Arguments.of("LF after size", "5␊hello␍␊0␍␊␍␊"),
                Arguments.of("folded trailer", "0␍␊X: a␍␊ b␍␊␍␊"),
                Arguments.of("1 MiB of trailers", "0␍␊" + "X: abcdefghij␍␊".repeat(70_000) + "␍␊"));
    }

    private static void assertCutOff() {
        try (var client = RANGE.connect().send(GET)) {
            // A fault that shows before the head has been forwarded may as well become a 502.
            var response = client.readResponseToAnyEnding();
            assertTrue(response.status() == 502 || response.ending() != Response.Ending.COMPLETE, response::toString);
        }
        assertRangeIsWell();
    }

    @ThreatRow(value = "H1-33", outcome = "surplus ends the upstream connection, and is nobody's response")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_33_surplusNeverBecomesAResponse(String name, String method, String sent, String content) {
        script(OriginScript.fixed(sent));
        try (var client = RANGE.connect()) {
            client.send(method + " /attack HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals(content, client.readResponse(method).text());
            client.send("GET /next HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals("scripted origin", client.expectStatus(200).text());
            client.expectNothingMore();
        }
        var requests = RANGE.origin().requests();
        assertEquals(2, requests.size(), requests::toString);
        assertNotEquals(requests.get(0).connection(), requests.get(1).connection(), "connection was used again");
        assertRangeIsWell();
    }

    static Stream<Arguments> h1_33_surplusNeverBecomesAResponse() {
        String evil = OK + "Content-Length: 4␍␊␍␊evil";
        String chunked = "Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊␍␊";
        return Stream.of(
                Arguments.of("after length", "GET", OK + "Content-Length: 5␍␊␍␊hello" + evil, "hello"),
                Arguments.of("after length 0", "GET", OK + "Content-Length: 0␍␊␍␊" + evil, ""),
                Arguments.of("after last chunk", "GET", OK + chunked + evil, "hello"),
                Arguments.of("one byte", "GET", OK + "Content-Length: 5␍␊␍␊hello!", "hello"),
                Arguments.of("CRLF", "GET", OK + "Content-Length: 5␍␊␍␊hello␍␊", "hello"),
                Arguments.of("204", "GET", "HTTP/1.1 204 No Content␍␊␍␊" + evil, ""),
                Arguments.of("304", "GET", "HTTP/1.1 304 Not Modified␍␊Content-Length: 5␍␊␍␊hello", ""),
                Arguments.of("HEAD, length", "HEAD", OK + "Content-Length: 5␍␊␍␊hello", ""),
                Arguments.of("HEAD, chunked", "HEAD", OK + chunked, ""));
    }

    @ThreatRow(value = "H1-33", outcome = "length and chunked together: 502")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void h1_33_ambiguousFraming(String name, String sent) {
        assertBadGateway(sent);
    }

    static Stream<Arguments> h1_33_ambiguousFraming() {
        return Stream.of(
                Arguments.of(
                        "length and chunked", OK + "Content-Length: 5␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊␍␊"),
                Arguments.of(
                        "chunked and length", OK + "Transfer-Encoding: chunked␍␊Content-Length: 5␍␊␍␊5␍␊hello␍␊0␍␊␍␊"),
                Arguments.of("chunked in HTTP/1.0", "HTTP/1.0 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊␍␊"));
    }

    /** The origin answers with these bytes, and the client gets a 502 that tells nothing of them. */
    private static void assertBadGateway(String sent) {
        script(OriginScript.fixed(sent).then(OriginExchange::awaitPeerEnd));
        assertBadGateway();
        if (sent.length() <= DRIPPED_BYTES_MAX) {
            script(OriginScript.dripped(sent).then(OriginExchange::awaitPeerEnd));
            assertBadGateway();
        }
    }

    private static void assertBadGateway() {
        try (var client = RANGE.connect().send(GET)) {
            var response = client.readResponse();
            assertEquals(502, response.status());
            assertFalse(response.fields().has("x"), response::toString);
            String address = RANGE.origin().address();
            assertFalse(response.toString().contains(address), response::toString);
        }
        var request = RANGE.origin().lastRequest();
        var connection = RANGE.origin().connections().get(request.connection());
        Await.until("the connection to the origin ends", connection::isEnded);
        assertRangeIsWell();
    }

    private static void script(OriginScript script) {
        RANGE.origin().on("/attack", script);
    }

    private static void assertRangeIsWell() {
        try (var client = RANGE.connect()) {
            client.send("GET /after HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
        }
        RANGE.origin().assertNoFault();
        RANGE.proxy().awaitBuffersReturned();
    }
}
