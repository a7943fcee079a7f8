package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.config.PathPattern;
import dev.headgate.config.RedirectToHttps;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpsRedirectTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # port | request line              | Host           | Location
            443    | GET /y                    | a              | https://a/y
            443    | GET /y?q=1                | a:80           | https://a/y?q=1
            443    | GET /y?                   | a:8080         | https://a/y?
            8443   | GET /y                    | a              | https://a:8443/y
            8443   | GET /y                    | a:8080         | https://a:8443/y
            1      | GET /                     | 192.0.2.1:80   | https://192.0.2.1:1/
            443    | GET /y                    | [2001:DB8::1]  | https://[2001:db8::1]/y
            8443   | GET /y                    | [::1]:8080     | https://[::1]:8443/y
            443    | GET /y                    | A.Example.     | https://a.example/y
            443    | GET /x/../y               | a              | https://a/x/../y
            443    | GET //b.example/y         | a              | https://a//b.example/y
            443    | GET /%7Ey%c2%85X;v=1      | a              | https://a/%7Ey%c2%85X;v=1
            443    | GET /y?%0d%0aX:%20y&/?//b | a              | https://a/y?%0d%0aX:%20y&/?//b
            443    | GET /@b.example/y         | a              | https://a/@b.example/y
            443    | GET http://a/x/./y?q      | a              | https://a/x/./y?q
            8443   | GET HTTP://A:80/y         | a              | https://a:8443/y
            443    | GET http://a              | a              | https://a/
            443    | GET http://a?q            | a              | https://a/?q
            443    | GET http://a?q=/b         | a              | https://a/?q=/b
            443    | GET http://[::1]:81/y     | [::1]:81       | https://[::1]/y
            443    | GET https://a/y           | a              | https://a/y
            443    | OPTIONS *                 | a              | https://a
            8443   | OPTIONS *                 | a              | https://a:8443
            443    | OPTIONS http://a          | a              | https://a
            443    | OPTIONS /                 | a              | https://a/
            """)
    void keepsAllButSchemeAndPort(int port, String line, String host, String location) {
        RequestHead head = canonical(line, host);
        HttpsRedirect redirect = redirect(port);
        ByteBuffer out = ByteBuffer.allocate(redirect.bytesMax(head));
        redirect.write(head, out);
        assertEquals(location, new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({
        "/.well-known/acme-challenge/token, true",
        "/.well-known/acme-challenge, true",
        "/.well-known/x/../acme-challenge/token, true",
        "/.well-known/acme-challenge/../../admin, false",
        "/.well-known/acme-challenges, false",
        "/health, true",
        "/health/, false",
        "/a/b/c, true",
        "/a/b/d, false",
        "/, false",
    })
    void exceptionsAreOfTheCanonicalPath(String path, boolean excepted) {
        HttpsRedirect redirect = redirect(443, "/.well-known/acme-challenge/**", "/health", "/a/*/c");
        assertEquals(excepted, redirect.isExcepted(canonical("GET " + path, "a")));
        assertEquals(false, redirect(443).isExcepted(canonical("GET " + path, "a")));
    }

    private static HttpsRedirect redirect(int port, String... except) {
        List<PathPattern> patterns =
                List.of(except).stream().map(PathPattern::new).toList();
        return new HttpsRedirect(new RedirectToHttps(port, 308, patterns), new SeededChance(1));
    }

    private static RequestHead canonical(String line, String host) {
        byte[] wire = (line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        RequestHead head = new RequestHead();
        assertEquals(Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(wire), head));
        head.retain(ByteBuffer.allocate(4 * wire.length));
        assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
        return head;
    }
}
