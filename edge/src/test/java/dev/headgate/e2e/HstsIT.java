package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateOptions;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.ResponseHead;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strict-Transport-Security (RFC 6797): once in every response of a listener that is told to, and never elsewhere. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HstsIT {
    private static final String NAME = TestCertificates.NAME;
    private static final String YEAR = "max-age=31536000";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'{}', max-age=31536000",
        "'{maxAge: 0s}', max-age=0",
        "'{maxAge: 1h}', max-age=3600",
        "'{maxAge: 30d, includeSubDomains: true}', max-age=2592000; includeSubDomains",
        "'{maxAge: 730d, includeSubDomains: true, preload: true}', max-age=63072000; includeSubDomains; preload",
    })
    void saysWhatIsConfigured(String hsts, String value) {
        try (var origin = ScriptedOrigin.start();
                var proxy = secure(origin, ", hsts: " + hsts).start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            assertEquals(List.of(value), hstsOf(client, "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊"));
        }
    }

    @Test
    void isInEachKindOfResponse() {
        try (var origin = ScriptedOrigin.start();
                var proxy = secure(origin, ", hsts: {}")
                        .route("{match: {path: /respond}, respond: {body: x}}")
                        .route("{match: {path: /redirect}, redirect: {path: /}}")
                        .route("{match: {path: /origin}, to: app}")
                        .start()) {
            for (String request : List.of(
                    "GET /origin HTTP/1.1␍␊Host: " + NAME,
                    "GET /respond HTTP/1.1␍␊Host: " + NAME,
                    "GET /redirect HTTP/1.1␍␊Host: " + NAME,
                    "GET /none HTTP/1.1␍␊Host: " + NAME,
                    "GET /respond HTTP/1.1␍␊Host: other.test",
                    "GET / HTTP/1.1␍␊Host: a␍␊Host: b",
                    "TRACE / HTTP/1.1␍␊Host: " + NAME,
                    "OPTIONS / HTTP/1.1␍␊Max-Forwards: 0␍␊Host: " + NAME,
                    "GET /x HTTP/2.5␍␊Host: " + NAME)) {
                try (var client = SecureClient.connect(proxy.port(), NAME)) {
                    assertEquals(List.of(YEAR), hstsOf(client, request + "␍␊␍␊"), request);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Strict-Transport-Security: max-age=1␍␊'",
        "'strict-transport-security: max-age=1␍␊STRICT-TRANSPORT-SECURITY: max-age=2␍␊'",
    })
    void replacesWhatTheOriginSays(String fields) {
        String answer = "HTTP/1.1 200 OK␍␊" + fields + "Content-Length: 0␍␊␍␊";
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.fixed(answer));
                var proxy = secure(origin, ", hsts: {}").start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            assertEquals(List.of(YEAR), hstsOf(client, "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊"));
        }
    }

    @Test
    void replacesWhatARouteSays() {
        try (var origin = ScriptedOrigin.start();
                var proxy = secure(origin, ", hsts: {}")
                        .route("{respond: {body: x, headers: {strict-transport-security: max-age=1}},"
                                + " headers: {response: {add: {strict-transport-security: max-age=2}}}}")
                        .start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            assertEquals(List.of(YEAR), hstsOf(client, "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊"));
        }
    }

    @Test
    void replacesWhatAFilterSays() {
        Filter talkative = new Filter() {
            @Override
            public void onResponseHead(FilterContext context, ResponseHead head) {
                head.fields().add(ascii("Strict-Transport-Security"), ascii("max-age=1"));
            }
        };
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxyHarness.start(
                        secure(origin, ", hsts: {}")
                                .route("{name: all, to: app}")
                                .yaml(),
                        HeadgateOptions.defaults().withFilter("all", talkative));
                var client = SecureClient.connect(proxy.port(), NAME)) {
            assertEquals(List.of(YEAR), hstsOf(client, "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊"));
        }
    }

    @Test
    void offByDefaultAndWhatTheOriginSaysPasses() {
        String answer = "HTTP/1.1 200 OK␍␊Strict-Transport-Security: max-age=1␍␊Content-Length: 0␍␊␍␊";
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.fixed(answer));
                var proxy = secure(origin, "").start();
                var client = SecureClient.connect(proxy.port(), NAME)) {
            assertEquals(List.of("max-age=1"), hstsOf(client, "GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊"));
            assertEquals(List.of(), hstsOf(client, "GET / HTTP/1.1␍␊Host: other.test␍␊␍␊"));
        }
    }

    /** RFC 6797 §7.2. */
    @Test
    void isNotInPlainText() {
        try (var origin = ScriptedOrigin.start();
                var proxy = secure(origin, ", hsts: {}").start();
                var client = RawClient.connect(proxy.port())) {
            var response = client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(400);
            assertEquals(List.of(), response.fields().all("strict-transport-security"));
        }
    }

    private static List<String> hstsOf(SecureClient client, String request) {
        String answer = client.send(request).receive();
        assertTrue(answer.startsWith("HTTP/1.1 "), answer);
        String prefix = "strict-transport-security: ";
        return answer.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private ProxySetup secure(ScriptedOrigin origin, String keys) {
        TestCertificates files = TestCertificates.in(folder);
        return ProxySetup.before(origin)
                .listener("tls: {certificates: [{chain: %s, key: %s}]%s}".formatted(files.chain(), files.key(), keys));
    }
}
