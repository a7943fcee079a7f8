package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.Http1Limits.ObsText;
import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.Violation;
import dev.headgate.testkit.ThreatRow;
import org.junit.jupiter.api.Test;

/** What request heads mean, and which are refused; every vector runs in every {@link Feed}. */
class RequestHeadDecoderTest {
    private static final String HOST = "Host: a␍␊";

    private static void refuses(Violation violation, String... scripts) {
        for (String script : scripts) {
            Heads.Outcome outcome = Heads.request(Http1Limits.DEFAULTS, script);
            assertEquals(violation, outcome.violation(), script);
            assertEquals(Decode.REFUSED, outcome.answer(), script);
        }
    }

    /** Refuses a POST with these field lines. */
    private static void refusesFields(Violation violation, String... lines) {
        for (String line : lines) {
            refuses(violation, "POST / HTTP/1.1␍␊" + HOST + line + "␍␊␍␊");
        }
    }

    /** Accepts, and has understood all of {@code facts}. */
    private static void accepts(String script, String... facts) {
        accepts(Http1Limits.DEFAULTS, script, facts);
    }

    private static void accepts(Http1Limits limits, String script, String... facts) {
        Heads.Outcome outcome = Heads.request(limits, script);
        assertEquals(Decode.COMPLETE, outcome.answer(), () -> script + " -> " + outcome.violation());
        for (String fact : facts) {
            assertTrue(outcome.model().contains(fact), () -> fact + " not in " + outcome.model());
        }
    }

    @Test
    void understandsAPlainRequest() {
        accepts(
                "GET /a/b?c=d HTTP/1.1␍␊Host: example.com:8080␍␊User-Agent: x␍␊Accept:  */* ␉␍␊Empty:␍␊␍␊BODY",
                "method=1/GET version=1 form=ORIGIN target=/a/b?c=d path=/a/b query=c=d",
                "authority=example.com:8080 host=example.com port=8080 body=NONE/-1 persistent=true continue=false",
                "fields=[Host: example.com:8080, User-Agent: x, Accept: */*, Empty: ]");
    }

    @Test
    void waitsForTheRestOfAHead() {
        String script = "POST /x HTTP/1.1␍␊Host: a␍␊Content-Length: 3␍␊␍␊";
        for (int end = 0; end < script.length(); end++) {
            assertEquals(
                    Decode.NEED_MORE,
                    Heads.request(Http1Limits.DEFAULTS, script.substring(0, end))
                            .answer());
        }
        accepts(script, "body=LENGTH/3");
    }

    @Test
    void tellsAnEmptyQueryFromNone() {
        accepts("GET /? HTTP/1.1␍␊Host: a␍␊␍␊", "path=/ query= authority");
        accepts("GET /??a=/?b HTTP/1.1␍␊Host: a␍␊␍␊", "path=/ query=?a=/?b");
        accepts("GET / HTTP/1.1␍␊Host: a␍␊␍␊", "query=none");
    }

    @Test
    void knowsMethodsByNumberAndOthersByName() {
        accepts("PATCH / HTTP/1.1␍␊Host: a␍␊␍␊", "method=9/PATCH");
        accepts("M-SEARCH / HTTP/1.1␍␊Host: a␍␊␍␊", "method=0/M-SEARCH");
    }

    @Test
    void persistsByDefaultAndClosesWhenAsked() {
        accepts("GET / HTTP/1.1␍␊Host: a␍␊Connection: keep-alive␍␊␍␊", "persistent=true");
        accepts("GET / HTTP/1.1␍␊Host: a␍␊Connection: foo , Close␍␊␍␊", "persistent=false");
        accepts("GET / HTTP/1.1␍␊Host: a␍␊Connection: x␍␊Connection: close␍␊␍␊", "persistent=false");
        accepts("GET / HTTP/1.1␍␊Host: a␍␊Connection: closed␍␊␍␊", "persistent=true");
    }

    @Test
    void framesByLengthOrChunks() {
        accepts("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊", "body=LENGTH/0");
        accepts("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 9223372036854775807␍␊␍␊", "body=LENGTH/9223372036854775807");
        accepts("POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊", "body=CHUNKED/-1");
    }

    @Test
    void acceptsEveryFormOfHost() {
        accepts("GET / HTTP/1.1␍␊Host: [2001:db8::1]:443␍␊␍␊", "host=[2001:db8::1] port=443");
        accepts("GET / HTTP/1.1␍␊Host: 127.0.0.1␍␊␍␊", "host=127.0.0.1 port=-1");
        accepts("GET / HTTP/1.1␍␊Host: a.b-c.␍␊␍␊", "host=a.b-c. port=-1");
        accepts("GET / HTTP/1.1␍␊Host: a:␍␊␍␊", "authority=a host=a port=-1");
        accepts("GET / HTTP/1.1␍␊Host: a:65535␍␊␍␊", "port=65535");
    }

    @Test
    @ThreatRow({"H1-01", "H1-02"})
    void h1_01_h1_02_refusesLengthBesideChunked() {
        refuses(
                Violation.LENGTH_AND_CODING,
                "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 6␍␊Transfer-Encoding: chunked␍␊␍␊0␍␊␍␊G",
                "POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊Content-Length: 4␍␊␍␊5c␍␊GPOST /",
                "POST / HTTP/1.0␍␊Transfer-Encoding: chunked␍␊Content-Length: 4␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-03")
    void h1_03_refusesObfuscatedTransferEncoding() {
        refusesFields(
                Violation.TRANSFER_CODING_UNKNOWN,
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip");
        refusesFields(
                Violation.TRANSFER_CODING_INVALID,
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding:",
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: chunked;x=1",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked identity",
                "Transfer-Encoding: chun\u00e9ked");
        refusesFields(
                Violation.FIELD_VALUE_INVALID,
                "Transfer-Encoding: ␋chunked",
                "Transfer-Encoding: ␌chunked",
                "Transfer-Encoding: chunked␀");
        refusesFields(
                Violation.TRANSFER_CODING_DUPLICATE,
                "Transfer-Encoding: chunked␍␊Transfer-Encoding: identity",
                "Transfer-Encoding: chunked␍␊transfer-encoding: chunked");
        refusesFields(Violation.FIELD_NAME_ALIAS, "Transfer_Encoding: chunked");
        refusesFields(Violation.FIELD_NAME_BLANK, "Transfer-Encoding : chunked");
        accepts("POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunKed␍␊␍␊", "body=CHUNKED");
        accepts("POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding:␉chunked␉ ␍␊␍␊", "body=CHUNKED");
    }

    @Test
    @ThreatRow("H1-04")
    void h1_04_refusesTransferEncodingInHttp10() {
        refuses(
                Violation.TRANSFER_CODING_HTTP10,
                "POST / HTTP/1.0␍␊Transfer-Encoding: chunked␍␊␍␊",
                "POST / HTTP/1.0␍␊Host: a␍␊Transfer-Encoding: chunked␍␊Connection: keep-alive␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-05")
    void h1_05_refusesAnyLengthThatIsNotOneNumber() {
        for (String value : new String[] {
            "5, 5",
            "5,6",
            "",
            "+5",
            "-5",
            "0x5",
            "5 5",
            "05",
            "00",
            "5_0",
            "5.0",
            "12345678901234567890",
            "9223372036854775808",
            "9999999999999999999",
            "99999999999999999999999999",
            "\u0665",
            "five"
        }) {
            refusesFields(Violation.CONTENT_LENGTH_INVALID, "Content-Length: " + narrow(value));
        }
        refusesFields(
                Violation.CONTENT_LENGTH_DUPLICATE,
                "Content-Length: 5␍␊Content-Length: 5",
                "Content-Length: 5␍␊CONTENT-LENGTH: 6");
        refusesFields(Violation.FIELD_VALUE_INVALID, "Content-Length: 5␀", "Content-Length: ␋5");
    }

    private static String narrow(String value) {
        return value.replace("\u0665", "\u00d9\u00a5");
    }

    @Test
    @ThreatRow("H1-06")
    void h1_06_refusesBareLineEnds() {
        refuses(
                Violation.BARE_LF,
                "GET / HTTP/1.1␊Host: a␊␊",
                "GET / HTTP/1.1␍␊Host: a␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊␊",
                "␊GET / HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET / HTTP/1.1␍␊Host␊: a␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊X: ␊␍␊");
        refuses(
                Violation.BARE_CR,
                "GET / HTTP/1.1␍Host: a␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍X: b␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊X: b␍c␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊X: b␍␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊␍X",
                "␍GET / HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.VERSION_MISSING, "GET /␊Host: a␍␊␍␊", "GET /a␍b HTTP/1.1␍␊Host: a␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-07")
    void h1_07_refusesFoldedLines() {
        refuses(
                Violation.FIELD_FOLDED,
                "GET / HTTP/1.1␍␊Host: a␍␊X: a␍␊ b␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊X: a␍␊␉b␍␊␍␊",
                "GET / HTTP/1.1␍␊ X: a␍␊Host: a␍␊␍␊",
                "POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding:␍␊ chunked␍␊␍␊".replace("Encoding:", "Codin:"),
                "GET / HTTP/1.1␍␊Host: a␍␊ b␍␊␍␊",
                "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊ 5␍␊␍␊");
        refuses(Violation.TRANSFER_CODING_INVALID, "POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding:␍␊ chunked␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-08")
    void h1_08_refusesBadFieldNames() {
        refuses(Violation.FIELD_NAME_BLANK, "GET / HTTP/1.1␍␊Host : a␍␊␍␊", "GET / HTTP/1.1␍␊Host␉: a␍␊␍␊");
        refuses(Violation.FIELD_FOLDED, "GET / HTTP/1.1␍␊ Host: a␍␊␍␊");
        refusesFields(Violation.FIELD_NAME_BLANK, "Na me: x");
        refusesFields(
                Violation.FIELD_NAME_INVALID,
                ": x",
                "N␀: x",
                "N(: x",
                "N\u0080: x",
                "no-colon",
                "N@: x",
                "N[: x",
                "N{: x",
                "N\": x",
                "N,: x",
                "N;: x",
                "N/: x",
                "N␡: x");
    }

    @Test
    @ThreatRow("H1-13")
    void h1_13_refusesControlBytesEverywhere() {
        refusesFields(Violation.FIELD_VALUE_INVALID, "X: a␀b", "X: ␁", "X: a␡", "X: aaaaaaaaaaaaaaaa␛[0m", "X: a␈");
        refuses(
                Violation.TARGET_INVALID,
                "GET /␀ HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /aaaaaaaaaaaaa␁ HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /␡ HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /␉ HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /?a␡ HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /\u0080 HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /?\u00e9 HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.METHOD_INVALID, "G␀T / HTTP/1.1␍␊Host: a␍␊␍␊", "G\u00e9T / HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.METHOD_INVALID, "POST␀ / HTTP/1.1␍␊Host: a␍␊␍␊", "GET␀␀␀␀ /x HTTP/1.1␍␊Host: a␍␊␍␊");
        accepts("GET / HTTP/1.1␍␊Host: a␍␊X: caf\u00e9 \u0080\u00ff␉b␍␊␍␊", "X: caf\u00e9 \u0080\u00ff\tb");
        assertEquals(
                Violation.FIELD_VALUE_INVALID,
                Heads.request(
                                Http1Limits.DEFAULTS.withObsText(ObsText.REJECT),
                                "GET / HTTP/1.1␍␊Host: a␍␊X: caf\u00e9␍␊␍␊")
                        .violation());
    }

    @Test
    @ThreatRow("H1-14")
    void h1_14_refusesOddMethodsAndVersions() {
        refuses(
                Violation.METHOD_INVALID,
                "get / HTTP/1.1␍␊Host: a␍␊␍␊",
                "G␉ET / HTTP/1.1␍␊Host: a␍␊␍␊",
                " GET / HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET␍␊␍␊",
                "G(T / HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.METHOD_TOO_LONG, "A".repeat(65_536) + " / HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.TARGET_INVALID, "GET  / HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(
                Violation.VERSION_INVALID,
                "GET / HTTP/1.2␍␊Host: a␍␊␍␊",
                "GET / HTTP/1.1x␍␊Host: a␍␊␍␊",
                "GET / http/1.1␍␊Host: a␍␊␍␊",
                "GET / HTTP/1.1 ␍␊Host: a␍␊␍␊",
                "GET / HTTP/11␍␊Host: a␍␊␍␊",
                "GET / HTTP/x.1␍␊Host: a␍␊␍␊",
                "GET /  HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET / HTTP/1.␍␊Host: a␍␊␍␊",
                "GET / HTTPS/1.1␍␊Host: a␍␊␍␊");
        refuses(
                Violation.VERSION_UNSUPPORTED,
                "GET / HTTP/2.0␍␊Host: a␍␊␍␊",
                "GET / HTTP/0.9␍␊Host: a␍␊␍␊",
                "GET / HTTP/3␍␊Host: a␍␊␍␊");
        refuses(Violation.VERSION_MISSING, "GET /␍␊", "GET / ␍␊", "GET /?a␍␊");
        refuses(Violation.LEADING_EMPTY_LINES, "␍␊".repeat(100) + "GET / HTTP/1.1␍␊Host: a␍␊␍␊");
        accepts("␍␊GET / HTTP/1.1␍␊Host: a␍␊␍␊", "path=/");
        accepts("GET / HTTP/1.0␍␊␍␊", "version=0", "host= port=-1", "persistent=false");
    }

    @Test
    @ThreatRow("H1-15")
    void h1_15_refusesOddTargets() {
        refuses(
                Violation.TARGET_INVALID,
                "GET foo HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET * HTTP/1.1␍␊Host: a␍␊␍␊",
                "OPTIONS *x HTTP/1.1␍␊Host: a␍␊␍␊",
                "OPTIONS *?x HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET ?x HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET \\a HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.VERSION_INVALID, "GET /a b HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.METHOD_CONNECT, "CONNECT /x HTTP/1.1␍␊Host: a␍␊␍␊", "CONNECT a:443 HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(
                Violation.TARGET_FRAGMENT,
                "GET /a#frag HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /a?b#frag HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /aaaaaaaaaaaaaaaaaaaa?bbbbbbbbbbbbbbbbb# HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.TARGET_HOST_MISMATCH, "GET http://b/ HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.TARGET_HOST_MISMATCH, "GET http://a:81/ HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.TARGET_HOST_MISMATCH, "GET https://a/ HTTP/1.1␍␊Host: a:80␍␊␍␊");
        refuses(
                Violation.TARGET_SCHEME,
                "GET ftp://a/ HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET a:80 HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET http:/a HTTP/1.1␍␊Host: a␍␊␍␊");
        refuses(Violation.TARGET_USERINFO, "GET http://u@b/ HTTP/1.1␍␊Host: b␍␊␍␊");
        refuses(
                Violation.TARGET_AUTHORITY,
                "GET http://a:99999/ HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET http:///x HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET http://a,b/ HTTP/1.1␍␊Host: a␍␊␍␊");
        accepts("OPTIONS * HTTP/1.1␍␊Host: a␍␊␍␊", "form=ASTERISK", "path=* query=none");
        accepts("GET http://A:80/x?y HTTP/1.1␍␊Host: a␍␊␍␊", "form=ABSOLUTE", "path=/x query=y", "host=A port=80");
        accepts("GET HTTPS://a HTTP/1.1␍␊Host: a:443␍␊␍␊", "path= query=none");
        accepts("GET http://a?q HTTP/1.1␍␊Host: a␍␊␍␊", "path= query=q");
        accepts("GET http://a/ HTTP/1.0␍␊␍␊", "host=a");
    }

    @Test
    @ThreatRow("H1-16")
    void h1_16_refusesBadHosts() {
        refuses(Violation.HOST_DUPLICATE, "GET / HTTP/1.1␍␊Host: a␍␊Host: a␍␊␍␊");
        refuses(Violation.HOST_MISSING, "GET / HTTP/1.1␍␊␍␊", "GET http://a/ HTTP/1.1␍␊␍␊");
        for (String host : new String[] {
            "a,b",
            "",
            "a b",
            "a:2$",
            "[::1",
            "a/",
            "a@b",
            "a..b",
            ".a",
            "b\u00fccher",
            "a:65536",
            "a:0",
            "a:080",
            "a:-1",
            "::1",
            "a:1:2",
            "[]",
            "[:]",
            "[::1]x",
            "[1::2::3]",
            "[12345::]",
            "[::g]",
            "[1:2:3:4:5:6:7]",
            "[1:2:3:4:5:6:7:8:9]",
            "[v1.a]",
            "[::1%25eth0]",
            "1.2.3",
            "1.2.3.256",
            "01.2.3.4",
            "1.2.3.4.5",
            "a%20b",
            "a!b",
            "a:000080",
            "[::1.2.3]",
            "[1.2.3.4::]",
            "[:1::]",
            "[1:]",
            "[1::2:]",
            "x".repeat(64)
        }) {
            refuses(Violation.HOST_INVALID, "GET / HTTP/1.1␍␊Host: " + host + "␍␊␍␊");
        }
        refuses(Violation.HOST_INVALID, "GET / HTTP/1.0␍␊Host: a b␍␊␍␊");
    }

    @Test
    @ThreatRow("H1-17")
    void h1_17_keepsNoConnectionToHttp10Clients() {
        accepts("GET / HTTP/1.0␍␊Connection: keep-alive␍␊␍␊", "persistent=false");
    }

    @Test
    @ThreatRow("H1-18")
    void h1_18_staysRefused() {
        var head = new dev.headgate.http.RequestHead();
        var decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
        byte[] message = dev.headgate.testkit.Wire.bytes("BAD␍␊␍␊GET /x HTTP/1.1␍␊Host: a␍␊␍␊");
        var source = java.nio.ByteBuffer.wrap(message);
        assertEquals(Decode.REFUSED, decoder.decode(source, head));
        source.position(7);
        assertEquals(Decode.REFUSED, decoder.decode(source, head));
        assertEquals(Violation.METHOD_INVALID, head.violation());
    }

    @Test
    @ThreatRow("H1-19")
    void h1_19_framesContentWhateverTheMethod() {
        accepts("GET / HTTP/1.1␍␊Host: a␍␊Content-Length: 44␍␊␍␊", "body=LENGTH/44");
        accepts("HEAD / HTTP/1.1␍␊Host: a␍␊Content-Length: 4␍␊␍␊", "body=LENGTH/4");
        accepts("DELETE / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊", "body=CHUNKED");
    }

    @Test
    @ThreatRow("H1-21")
    void h1_21_knowsOneExpectation() {
        accepts("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 1␍␊Expect: 100-Continue␍␊␍␊", "continue=true");
        accepts("POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊Expect: 100-continue␍␊␍␊", "continue=true");
        accepts("GET / HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊␍␊", "continue=false");
        accepts("POST / HTTP/1.0␍␊Content-Length: 1␍␊Expect: 100-continue␍␊␍␊", "continue=false");
        refusesFields(Violation.EXPECT_UNKNOWN, "Expect: 100-continue, x", "Expect: foo", "Expect:");
        assertEquals(417, Violation.EXPECT_UNKNOWN.status());
    }

    @Test
    @ThreatRow("H1-24")
    void h1_24_dropsOrRefusesUnderscores() {
        String script = "GET / HTTP/1.1␍␊Host: a␍␊X_Y: 1␍␊Z: 2␍␊_: 3␍␊␍␊";
        accepts(script, "fields=[Host: a, Z: 2]");
        accepts(
                Http1Limits.DEFAULTS.withUnderscoreNames(UnderscoreNames.ALLOW),
                script,
                "fields=[Host: a, X_Y: 1, Z: 2, _: 3]");
        assertEquals(
                Violation.FIELD_NAME_UNDERSCORE,
                Heads.request(Http1Limits.DEFAULTS.withUnderscoreNames(UnderscoreNames.REJECT), script)
                        .violation());
        for (UnderscoreNames policy : UnderscoreNames.values()) {
            for (String name :
                    new String[] {"X_Forwarded_For", "content_length", "transfer_encoding", "X-Forwarded_Proto"}) {
                Violation violation = Heads.request(
                                Http1Limits.DEFAULTS.withUnderscoreNames(policy),
                                "GET / HTTP/1.1␍␊Host: a␍␊" + name + ": 1␍␊␍␊")
                        .violation();
                assertEquals(Violation.FIELD_NAME_ALIAS, violation, name);
            }
        }
    }

    @Test
    @ThreatRow("H1-36")
    void h1_36_refusesTheHttp2Preface() {
        refuses(Violation.PREFACE_HTTP2, "PRI * HTTP/2.0␍␊␍␊SM␍␊␍␊");
        assertEquals(505, Violation.PREFACE_HTTP2.status());
    }

    @Test
    @ThreatRow("H1-37")
    void h1_37_refusesATlsHelloAtItsFirstByte() {
        refuses(Violation.METHOD_INVALID, "␖␃␁␂␀␁␀␁\u00fc␃␃");
    }
}
