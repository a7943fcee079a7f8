package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Violation;
import dev.headgate.testkit.ThreatRow;
import org.junit.jupiter.api.Test;

/** What response heads mean, and which are refused; every vector runs in every {@link Feed}. */
class ResponseHeadDecoderTest {
    private static void refuses(Violation violation, String... scripts) {
        for (String script : scripts) {
            Heads.Outcome outcome = Heads.response(Http1Limits.RESPONSE_DEFAULTS, script, Method.GET);
            assertEquals(violation, outcome.violation(), script);
            assertEquals(Decode.REFUSED, outcome.answer(), script);
        }
    }

    private static void accepts(int method, String script, String... facts) {
        Heads.Outcome outcome = Heads.response(Http1Limits.RESPONSE_DEFAULTS, script, method);
        assertEquals(Decode.COMPLETE, outcome.answer(), () -> script + " -> " + outcome.violation());
        for (String fact : facts) {
            assertTrue(outcome.model().contains(fact), () -> fact + " not in " + outcome.model());
        }
    }

    @Test
    void understandsAPlainResponse() {
        accepts(
                Method.GET,
                "HTTP/1.1 200 OK␍␊Content-Length: 5␍␊X_Y: 1␍␊Server: x␍␊␍␊hello",
                "status=200 version=1 body=LENGTH/5 persistent=true",
                "fields=[Content-Length: 5, X_Y: 1, Server: x]");
    }

    @Test
    void bearsAnyReasonOrNone() {
        accepts(Method.GET, "HTTP/1.1 200 ␍␊␍␊", "status=200");
        accepts(Method.GET, "HTTP/1.1 200␍␊␍␊", "status=200");
        accepts(Method.GET, "HTTP/1.1 404 Not\u00e4 ␉ Found at all␍␊␍␊", "status=404");
        refuses(Violation.REASON_INVALID, "HTTP/1.1 200 O␀K␍␊␍␊");
    }

    @Test
    void framesByMethodAndStatus() {
        String chunked = "Transfer-Encoding: chunked␍␊␍␊";
        String length = "Content-Length: 7␍␊␍␊";
        accepts(Method.GET, "HTTP/1.1 200 OK␍␊" + chunked, "body=CHUNKED/-1 persistent=true");
        accepts(Method.GET, "HTTP/1.1 200 OK␍␊␍␊", "body=UNTIL_CLOSE/-1 persistent=false");
        accepts(Method.HEAD, "HTTP/1.1 200 OK␍␊" + length, "body=NONE/7 persistent=true");
        accepts(Method.HEAD, "HTTP/1.1 200 OK␍␊" + chunked, "body=NONE/-1");
        accepts(Method.HEAD, "HTTP/1.1 200 OK␍␊␍␊", "body=NONE/-1 persistent=true");
        accepts(Method.GET, "HTTP/1.1 304 Not Modified␍␊" + length, "body=NONE/7");
        accepts(Method.GET, "HTTP/1.1 304 Not Modified␍␊" + chunked, "body=NONE/-1");
        accepts(Method.GET, "HTTP/1.1 204 No Content␍␊␍␊", "body=NONE/-1 persistent=true");
        accepts(Method.GET, "HTTP/1.1 204 No Content␍␊Content-Length: 0␍␊␍␊", "body=NONE/-1");
        accepts(Method.GET, "HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊", "status=103", "body=NONE/-1 persistent=true");
        accepts(Method.GET, "HTTP/1.1 101 Switching␍␊Upgrade: x␍␊␍␊", "status=101", "body=NONE/-1 persistent=false");
    }

    @Test
    @ThreatRow("H1-17")
    void h1_17_framesHttp10ByLengthOrClose() {
        accepts(Method.GET, "HTTP/1.0 200 OK␍␊␍␊", "version=0 body=UNTIL_CLOSE/-1 persistent=false");
        accepts(Method.GET, "HTTP/1.0 200 OK␍␊Content-Length: 1␍␊␍␊", "body=LENGTH/1 persistent=false");
        accepts(
                Method.GET,
                "HTTP/1.0 200 OK␍␊Content-Length: 1␍␊Connection: Keep-Alive␍␊␍␊",
                "body=LENGTH/1 persistent=true");
        refuses(Violation.TRANSFER_CODING_HTTP10, "HTTP/1.0 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-29")
    void h1_29_refusesWhatCouldSplitAResponse() {
        refuses(Violation.FIELD_VALUE_INVALID, "HTTP/1.1 200 OK␍␊X: a␀b␍␊␍␊");
        refuses(Violation.BARE_LF, "HTTP/1.1 200 OK␍␊X: a␊Set-Cookie: b␍␊␍␊", "HTTP/1.1 200 OK␊X: a␊␊");
        refuses(Violation.BARE_CR, "HTTP/1.1 200 OK␍␊X: a␍b␍␊␍␊", "HTTP/1.1 200 OK␍X: a␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-07")
    void h1_07_refusesFoldedLines() {
        refuses(Violation.FIELD_FOLDED, "HTTP/1.1 200 OK␍␊X: a␍␊ b␍␊␍␊", "HTTP/1.1 200 OK␍␊ X: a␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-30")
    void h1_30_refusesMalformedStatusLines() {
        refuses(
                Violation.STATUS_INVALID,
                "HTTP/1.1 2000 OK␍␊␍␊",
                "HTTP/1.1 20 OK␍␊␍␊",
                "HTTP/1.1 099 X␍␊␍␊",
                "HTTP/1.1 600 X␍␊␍␊",
                "HTTP/1.1 2x0 X␍␊␍␊",
                "HTTP/1.1  200 OK␍␊␍␊",
                "HTTP/1.1 200␉OK␍␊␍␊",
                "HTTP/1.1 -20 OK␍␊␍␊");
        refuses(Violation.VERSION_UNSUPPORTED, "HTTP/9.9 200 OK␍␊␍␊", "HTTP/2 200 OK␍␊␍␊");
        refuses(
                Violation.VERSION_INVALID,
                "HTTP/1.2 200 OK␍␊␍␊",
                "HTTP/1.1200 OK␍␊␍␊",
                "http/1.1 200 OK␍␊␍␊",
                "ICY 200 OK␍␊␍␊",
                "<html>");
        refuses(Violation.VERSION_MISSING, "␍␊HTTP/1.1 200 OK␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-31")
    void h1_31_refusesFramingOnInterimResponses() {
        refuses(
                Violation.CONTENT_LENGTH_FORBIDDEN,
                "HTTP/1.1 103 Early Hints␍␊Content-Length: 5␍␊␍␊",
                "HTTP/1.1 100 Continue␍␊Content-Length: 0␍␊␍␊");
        refuses(
                Violation.TRANSFER_CODING_FORBIDDEN,
                "HTTP/1.1 100 Continue␍␊Transfer-Encoding: chunked␍␊␍␊",
                "HTTP/1.1 204 No Content␍␊Transfer-Encoding: chunked␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-33")
    void h1_33_refusesDoubtfulFraming() {
        refuses(
                Violation.LENGTH_AND_CODING,
                "HTTP/1.1 200 OK␍␊Content-Length: 5␍␊Transfer-Encoding: chunked␍␊␍␊",
                "HTTP/1.1 304 Not Modified␍␊Transfer-Encoding: chunked␍␊Content-Length: 5␍␊␍␊");
        refuses(Violation.CONTENT_LENGTH_DUPLICATE, "HTTP/1.1 200 OK␍␊Content-Length: 5␍␊Content-Length: 5␍␊␍␊");
        refuses(Violation.CONTENT_LENGTH_INVALID, "HTTP/1.1 200 OK␍␊Content-Length: 5, 5␍␊␍␊");
        refuses(Violation.TRANSFER_CODING_UNKNOWN, "HTTP/1.1 200 OK␍␊Transfer-Encoding: gzip␍␊␍␊");
        refuses(Violation.TRANSFER_CODING_INVALID, "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked, gzip␍␊␍␊");
    }
}
