package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectTest {
    private static final byte[] HTTP = {'h', 't', 't', 'p'};

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # settings                       | request                   | Location
            to=https://b/x                   | GET http://a/y?q          | https://b/x
            scheme=https                     | GET http://a/y?q=1        | https://a/y?q=1
            scheme=https                     | GET http://a:8080/y       | https://a/y
            scheme=https                     | GET http://[::1]:8080/y   | https://[::1]/y
            host=b:81                        | GET http://a:8080/y?q     | http://b:81/y?q
            path=/new                        | GET http://a:8080/y?q     | http://a:8080/new?q
            path=/new keepQuery=false        | GET http://a/y?q          | http://a/new
            keepQuery=false                  | GET http://a/y?           | http://a/y
            host=b                           | GET http://a/y?           | http://b/y?
            stripPrefix=/api                 | GET http://a/api/v1       | http://a/v1
            stripPrefix=/api                 | GET http://a/api          | http://a/
            stripPrefix=/api                 | GET http://a/api/         | http://a/
            stripPrefix=/api                 | GET http://a/apis         | http://a/apis
            stripPrefix=/api                 | GET http://a/x/api        | http://a/x/api
            addPrefix=/v2                    | GET http://a/x            | http://a/v2/x
            addPrefix=/v2                    | GET http://a/             | http://a/v2/
            stripPrefix=/v1 addPrefix=/v2    | GET http://a/v1/x         | http://a/v2/x
            stripPrefix=/v1 addPrefix=/v2    | GET http://a/v1           | http://a/v2
            scheme=https                     | GET http://A.Example./y   | https://a.example/y
            scheme=https                     | GET http://a/x/../y       | https://a/y
            scheme=https                     | GET http://a/%7Ey%c2%85X  | https://a/~y%C2%85X
            scheme=https                     | GET http://a/y?%0d%0aX    | https://a/y?%0d%0aX
            scheme=https                     | OPTIONS http://a          | https://a/
            host=b                           | OPTIONS http://a          | http://b/
            """)
    void writesTarget(String settings, String request, String location) {
        RequestHead head = canonical(request);
        Redirect redirect = redirect(settings);
        ByteBuffer out = ByteBuffer.allocate(redirect.bytesMax(head));
        redirect.write(head, HTTP, out);
        assertEquals(location, new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII));
    }

    private static Redirect redirect(String settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings.split(" +")) {
            String[] parts = setting.split("=", 2);
            values.put(parts[0], parts[1]);
        }
        boolean keepQuery = !"false".equals(values.remove("keepQuery"));
        Redirect made = new Redirect(new RouteAction.Redirect(
                308,
                taken(values, "to"),
                taken(values, "scheme"),
                taken(values, "host"),
                taken(values, "path"),
                taken(values, "stripPrefix"),
                taken(values, "addPrefix"),
                keepQuery));
        assertTrue(values.isEmpty(), () -> "unknown settings: " + values);
        assertEquals(308, made.status());
        return made;
    }

    private static Optional<String> taken(Map<String, String> values, String name) {
        return Optional.ofNullable(values.remove(name));
    }

    /** The request in absolute form, as every phase behind the first sees it. */
    private static RequestHead canonical(String request) {
        String authority = request.replaceFirst("^\\S+ http://", "").replaceFirst("[/?].*$", "");
        byte[] text = (request + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        RequestHead head = new RequestHead();
        assertEquals(Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(text), head));
        head.retain(ByteBuffer.allocate(4096));
        assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
        return head;
    }
}
