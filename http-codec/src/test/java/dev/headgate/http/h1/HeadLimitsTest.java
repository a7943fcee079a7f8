package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Violation;
import dev.headgate.testkit.ThreatRow;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every limit of a head at one less, itself, and one more. */
class HeadLimitsTest {
    private static final Http1Limits REQUEST = Http1Limits.DEFAULTS;
    private static final Http1Limits RESPONSE = Http1Limits.RESPONSE_DEFAULTS;

    private static void holds(int limit, Violation above, IntFunction<@Nullable Violation> decode) {
        assertNull(decode.apply(limit - 1), "n-1");
        assertNull(decode.apply(limit), "n");
        assertEquals(above, decode.apply(limit + 1), "n+1");
    }

    private static @Nullable Violation request(String script) {
        return request(REQUEST, script);
    }

    private static @Nullable Violation request(Http1Limits limits, String script) {
        Heads.Outcome outcome = Heads.request(limits, script);
        assertEquals(outcome.violation() == null ? Decode.COMPLETE : Decode.REFUSED, outcome.answer());
        return outcome.violation();
    }

    private static @Nullable Violation response(String script) {
        return Heads.response(RESPONSE, script, Method.GET).violation();
    }

    @Test
    @ThreatRow("H1-34")
    void h1_34_limitsTheRequestLine() {
        int around = "GET / HTTP/1.1".length();
        holds(
                REQUEST.requestLineBytes(),
                Violation.START_LINE_TOO_LONG,
                n -> request("GET /" + "a".repeat(n - around) + " HTTP/1.1␍␊Host: a␍␊␍␊"));
        holds(
                REQUEST.requestLineBytes(),
                Violation.START_LINE_TOO_LONG,
                n -> request("GET /?" + "a".repeat(n - around - 1) + " HTTP/1.0␍␊Host: a␍␊␍␊"));
        assertEquals(414, Violation.START_LINE_TOO_LONG.status());
        assertEquals(Violation.START_LINE_TOO_LONG, request("GET /" + "a".repeat(8192) + " HTTP/1.1␍␊Host: a␍␊␍␊"));
    }

    @Test
    @ThreatRow({"H1-34", "H1-30"})
    void h1_34_limitsAFieldLine() {
        holds(
                REQUEST.fieldLineBytes(),
                Violation.FIELD_LINE_TOO_LONG,
                n -> request("GET / HTTP/1.1␍␊Host: a␍␊X: " + "a".repeat(n - 3) + "␍␊␍␊"));
        holds(
                REQUEST.fieldLineBytes(),
                Violation.FIELD_LINE_TOO_LONG,
                n -> request("GET / HTTP/1.1␍␊Host: a␍␊X:" + " ".repeat(n - 2) + "␍␊␍␊"));
        holds(
                RESPONSE.fieldLineBytes(),
                Violation.FIELD_LINE_TOO_LONG,
                n -> response("HTTP/1.1 200 OK␍␊X: " + "a".repeat(n - 3) + "␍␊␍␊"));
        assertEquals(431, Violation.FIELD_LINE_TOO_LONG.status());
    }

    @Test
    @ThreatRow({"H1-34", "H1-30"})
    void h1_34_limitsTheHead() {
        String line = "X: " + "a".repeat(9_995) + "␍␊"; // 10,000 bytes
        String request = "GET / HTTP/1.1␍␊Host: a␍␊" + line.repeat(3) + "Y: ";
        holds(
                REQUEST.headBytes(),
                Violation.HEAD_TOO_LARGE,
                n -> request(request + "b".repeat(n - request.length() - 4) + "␍␊␍␊"));
        String response = "HTTP/1.1 200 OK␍␊" + line.repeat(6) + "Y: ";
        holds(
                RESPONSE.headBytes(),
                Violation.HEAD_TOO_LARGE,
                n -> response(response + "b".repeat(n - response.length() - 4) + "␍␊␍␊"));
        assertEquals(Violation.HEAD_TOO_LARGE, response("HTTP/1.1 200 OK␍␊" + line.repeat(100)));
        assertEquals(431, Violation.HEAD_TOO_LARGE.status());
    }

    @Test
    @ThreatRow({"H1-34", "H1-30"})
    void h1_34_limitsTheNumberOfFields() {
        holds(
                REQUEST.fieldCount(),
                Violation.FIELD_COUNT,
                n -> request("GET / HTTP/1.1␍␊Host: a␍␊" + "X: a␍␊".repeat(n - 1) + "␍␊"));
        holds(
                REQUEST.fieldCount(),
                Violation.FIELD_COUNT,
                n -> request("GET / HTTP/1.1␍␊Host: a␍␊" + "X_Y: a␍␊".repeat(n - 1) + "␍␊"));
        holds(
                RESPONSE.fieldCount(),
                Violation.FIELD_COUNT,
                n -> response("HTTP/1.1 200 OK␍␊" + "X: a␍␊".repeat(n) + "␍␊"));
        assertEquals(431, Violation.FIELD_COUNT.status());
    }

    @Test
    @ThreatRow("H1-35")
    void h1_35_limitsAFieldName() {
        holds(
                REQUEST.nameBytes(),
                Violation.FIELD_NAME_TOO_LONG,
                n -> request("GET / HTTP/1.1␍␊Host: a␍␊" + "N".repeat(n) + ": a␍␊␍␊"));
        for (int length : new int[] {257, 511, 512, 513, 65_535, 65_536, 65_541}) {
            assertEquals(
                    Violation.FIELD_NAME_TOO_LONG,
                    request("POST / HTTP/1.1␍␊Host: a␍␊" + "N".repeat(length) + ": a␍␊␍␊"));
        }
        assertEquals(431, Violation.FIELD_NAME_TOO_LONG.status());
    }

    @Test
    void holdsTheLongestNameThatCanBeConfigured() {
        var wide = new Http1Limits(
                8192,
                80_000,
                200_000,
                100,
                Http1Limits.NAME_BYTES_MAX,
                32,
                2,
                100,
                100,
                100,
                256,
                16,
                Http1Limits.UnderscoreNames.DROP,
                Http1Limits.ObsText.ALLOW);
        Heads.Outcome outcome = Heads.request(wide, "GET / HTTP/1.1␍␊Host: a␍␊" + "N".repeat(65_535) + ": value␍␊␍␊");
        assertEquals(Decode.COMPLETE, outcome.answer());
        assertEquals("N: value]", outcome.model().substring(outcome.model().length() - 9));
    }

    @Test
    void limitsTheMethod() {
        holds(
                REQUEST.methodBytes(),
                Violation.METHOD_TOO_LONG,
                n -> request("M".repeat(n) + " / HTTP/1.1␍␊Host: a␍␊␍␊"));
    }

    @Test
    void limitsEmptyLinesBeforeARequest() {
        holds(
                REQUEST.leadingCrlfCount(),
                Violation.LEADING_EMPTY_LINES,
                n -> request("␍␊".repeat(n) + "GET / HTTP/1.1␍␊Host: a␍␊␍␊"));
    }

    @Test
    void limitsTheStatusLine() {
        holds(
                RESPONSE.requestLineBytes(),
                Violation.START_LINE_TOO_LONG,
                n -> response("HTTP/1.1 200 " + "r".repeat(n - 13) + "␍␊␍␊"));
    }

    @Test
    void refusesLimitsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> REQUEST.withHead(0, 1));
        assertThrows(IllegalArgumentException.class, () -> REQUEST.withHead(Http1Limits.BYTES_MAX + 1, 1));
        assertThrows(IllegalArgumentException.class, () -> REQUEST.withHead(1024, 0));
        assertThrows(IllegalArgumentException.class, () -> REQUEST.withLines(15, 100));
    }

    @Test
    void limitsConnectionOptionsOfAllLines() {
        holds(
                32,
                Violation.CONNECTION_OPTION_COUNT,
                n -> request("GET / HTTP/1.1␍␊Host: a␍␊Connection: keep-alive␍␊Connection: ,,x" + ", x".repeat(n - 2)
                        + "␍␊␍␊"));
        holds(
                32,
                Violation.CONNECTION_OPTION_COUNT,
                n -> response("HTTP/1.1 200 OK␍␊Connection: x" + ",x".repeat(n - 1) + "␍␊␍␊"));
    }
}
