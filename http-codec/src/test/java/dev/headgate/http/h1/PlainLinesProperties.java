package dev.headgate.http.h1;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Heads that the straight paths take, spoiled a little: whole, they are judged as when a cut leaves them to the states.
 */
class PlainLinesProperties {
    private static final Http1Limits TIGHT =
            Http1Limits.DEFAULTS.withLines(32, 32).withHead(120, 5);
    private static final Http1Limits FEW = Http1Limits.DEFAULTS.withHead(1000, 3);
    /** Bytes that end something, and such as differ from one of those in a bit. */
    private static final byte[] SPOILERS =
            "\r\n :\t?#/.,_-%AZaz09*\0\u007f\u0080\u00ff\u001f!~\u00ba\u00a0\u008d\u008a\u001a@`[{GETH1"
                    .getBytes(StandardCharsets.ISO_8859_1);

    /** A change at a place: the byte is replaced, left out, or put before. */
    record Spoil(int place, byte b, int kind) {}

    @Provide
    Arbitrary<Spoil> spoils() {
        Arbitrary<Byte> bytes =
                Arbitraries.integers().between(0, SPOILERS.length - 1).map(i -> SPOILERS[i]);
        return Combinators.combine(Arbitraries.integers().between(0, 10_000), bytes, Arbitraries.of(0, 0, 1, 2))
                .as(Spoil::new);
    }

    @Provide
    Arbitrary<String> starts() {
        return Arbitraries.of(
                "GET / HTTP/1.1",
                "OPTIONS /a/b HTTP/1.1",
                "PATCH /abcdefgh?a=b HTTP/1.1",
                "POST /?q HTTP/1.1",
                "DELETE /12345678 HTTP/1.1",
                "CONNECT a:1 HTTP/1.1",
                "CONNECT / HTTP/1.1",
                "PROPFIND / HTTP/1.1",
                "GET http://a/b HTTP/1.1",
                "GET /123456789012345 HTTP/1.1",
                "GET /1234567890123456 HTTP/1.1",
                "GET /12345678901234567 HTTP/1.1",
                "\r\nHEAD / HTTP/1.1",
                "GET / HTTP/1.0");
    }

    @Provide
    Arbitrary<String> statuses() {
        return Arbitraries.of("000", "099", "100", "101", "200", "204", "304", "599", "600", "999", "20", "2000");
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of(
                "Host: a",
                "Host: www.example.com:80",
                "Accept: */*",
                "X: yz",
                "Content-Length: 5",
                "TE: trailers",
                "Sec-Fetch-Mode: navigate",
                "Connection: keep-alive",
                "Connection: close",
                "Expect: 100-continue",
                "Transfer-Encoding: chunked",
                "Upgrade-Insecure-Requests: 1",
                "x-abcdef: 12345678",
                "X-Odd:1",
                "X-Odd:  1",
                "X-Odd: 1 ",
                "X-Odd: 1\t",
                "X-Odd: ",
                "X-Odd : 1",
                "X_Odd: 1",
                " X-Odd: 1",
                "X-Forwarded-For: 10.0.0.1",
                "User-Agent: a b\tc",
                "Via: \u00e9",
                "Abcdefghijklmnopqrst: 12345",
                "Abcdefghijklmnopqrst: 123456789",
                "Abcdefghijklmnopqrst: 1234567890");
    }

    @Property
    void aSpoiledRequestIsJudgedTheSameHoweverItIsCut(
            @ForAll("starts") String start,
            @ForAll @Size(max = 5) List<@From("lines") String> lines,
            @ForAll @Size(max = 2) List<@From("spoils") Spoil> spoils) {
        byte[] message = spoiled(start + "\r\n" + head(lines), spoils);
        Heads.request(Http1Limits.DEFAULTS, message);
        Heads.request(TIGHT, message);
        Heads.request(FEW, message);
        Heads.request(Http1Limits.DEFAULTS.withObsText(Http1Limits.ObsText.REJECT), message);
    }

    @Property
    void aSpoiledResponseIsJudgedTheSameHoweverItIsCut(
            @ForAll("statuses") String status,
            @ForAll @IntRange(max = 20) int reasonLength,
            @ForAll @Size(max = 5) List<@From("lines") String> lines,
            @ForAll @Size(max = 2) List<@From("spoils") Spoil> spoils) {
        String start = "HTTP/1.1 " + status + " " + "r".repeat(reasonLength);
        byte[] message = spoiled(start + "\r\n" + head(lines), spoils);
        Heads.response(Http1Limits.RESPONSE_DEFAULTS, message, Method.GET);
        Heads.response(TIGHT, message, Method.GET);
    }

    private static String head(List<String> lines) {
        return lines.isEmpty() ? "\r\n" : String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static byte[] spoiled(String head, List<Spoil> spoils) {
        var text = new StringBuilder(head);
        for (Spoil spoil : spoils) {
            int place = spoil.place() % text.length();
            char c = (char) (spoil.b() & 0xFF);
            switch (spoil.kind()) {
                case 0 -> text.setCharAt(place, c);
                case 1 -> text.deleteCharAt(place);
                default -> text.insert(place, c);
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
