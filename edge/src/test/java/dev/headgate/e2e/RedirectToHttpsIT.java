package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain listener that sends its clients to HTTPS. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RedirectToHttpsIT {
    @TempDir
    private Path folder;

    @Test
    void sendsEveryRequestToTheSameUri() {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{}").start();
                var client = proxy.connect()) {
            for (String method : new String[] {"GET", "DELETE", "OPTIONS"}) {
                client.send(method + " /a/../b%2Dc?d=e&f HTTP/1.1␍␊Host: Shop.example:8080␍␊␍␊");
                Response response = client.readResponse(method);
                assertEquals(308, response.status());
                assertEquals(
                        "https://shop.example/a/../b%2Dc?d=e&f",
                        response.fields().value("location"));
                assertFalse(response.announcesClose());
            }
            client.send("HEAD / HTTP/1.1␍␊Host: a␍␊␍␊");
            Response response = client.readResponse("HEAD");
            assertEquals("https://a/", response.fields().value("location"));
            assertEquals("0", response.fields().value("content-length"));
            client.expectNothingMore();
            proxy.awaitEndedBy(Cause.REDIRECT_TO_HTTPS, 4);
            origin.assertReceivedNothing();
        }
    }

    @ParameterizedTest
    @CsvSource({"301, 8443", "302, 443", "307, 1", "308, 65535"})
    void statusAndPortAreAsConfigured(int status, int port) {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{status: " + status + ", port: " + port + "}")
                        .start();
                var client = proxy.connect()) {
            Response response =
                    client.send("GET /x HTTP/1.1␍␊Host: [::1]:8080␍␊␍␊").expectStatus(status);
            String authority = port == 443 ? "[::1]" : "[::1]:" + port;
            assertEquals("https://" + authority + "/x", response.fields().value("location"));
            origin.assertReceivedNothing();
        }
    }

    @Test
    void exceptedPathsGoToTheRoutes() {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{except: [/.well-known/acme-challenge/**, /health]}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET /.well-known/acme-challenge/t HTTP/1.1␍␊Host: a␍␊␍␊")
                    .expectStatus(200);
            client.send("GET /health HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals(2, origin.requests().size());
            client.send("GET /health/ HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(308);
            client.send("GET /.well-known/acme-challenge/../x HTTP/1.1␍␊Host: a␍␊␍␊")
                    .expectStatus(308);
            assertEquals(2, origin.requests().size());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what a client could hope to be taken for another host
            GET / HTTP/1.1␍␊Host: a@b.example␍␊␍␊
            GET / HTTP/1.1␍␊Host: a/b␍␊␍␊
            GET / HTTP/1.1␍␊Host: a?b␍␊␍␊
            GET / HTTP/1.1␍␊Host: a#b␍␊␍␊
            GET / HTTP/1.1␍␊Host: a\\b␍␊␍␊
            GET / HTTP/1.1␍␊Host: a b␍␊␍␊
            GET / HTTP/1.1␍␊Host: a:80:80␍␊␍␊
            GET / HTTP/1.1␍␊Host: a:x␍␊␍␊
            GET / HTTP/1.1␍␊Host: [::1␍␊␍␊
            GET / HTTP/1.1␍␊Host: %0d%0a␍␊␍␊
            GET / HTTP/1.1␍␊Host: a␍␊Host: b␍␊␍␊
            GET http://b/ HTTP/1.1␍␊Host: a␍␊␍␊
            GET http://a@b/ HTTP/1.1␍␊Host: a␍␊␍␊
            GET / HTTP/1.1␍␊Host:␍␊␍␊
            GET / HTTP/1.1␍␊␍␊
            GET / HTTP/1.0␍␊␍␊
            GET / HTTP/1.0␍␊Host:␍␊␍␊
            GET /%2f HTTP/1.1␍␊Host: a␍␊␍␊
            """)
    void refusesWhatNamesNoHostOrBreaksARule(String request) {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{}").start();
                var client = proxy.connect()) {
            Response response = client.send(request).expectStatus(400);
            assertTrue(response.fields().all("location").isEmpty());
            proxy.awaitEndedBy(Cause.REQUEST_INVALID, 1);
            origin.assertReceivedNothing();
        }
    }

    @Test
    void answersHttp10AndWholeServer() {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{}").start()) {
            try (var client = proxy.connect()) {
                client.send("GET /x HTTP/1.0␍␊Host: a␍␊␍␊").expectStatus(308);
                client.expectClosed();
            }
            try (var client = proxy.connect()) {
                Response response =
                        client.send("OPTIONS * HTTP/1.1␍␊Host: a:8080␍␊␍␊").expectStatus(308);
                assertEquals("https://a", response.fields().value("location"));
                client.send("CONNECT a:443 HTTP/1.1␍␊Host: a:443␍␊␍␊").expectStatus(405);
            }
            origin.assertReceivedNothing();
        }
    }

    /** What lies in the body is never taken for a request. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 32␍␊␍␊", "Transfer-Encoding: chunked␍␊␍␊20␍␊"})
    void dropsContent(String framing) {
        String end = framing.startsWith("Content") ? "" : "␍␊0␍␊␍␊";
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{except: /plain}").start();
                var client = proxy.connect()) {
            client.send("POST /x HTTP/1.1␍␊Host: a␍␊" + framing + "GET /plain HTTP/1.1␍␊Host: b␍␊␍␊" + end);
            client.expectStatus(308);
            client.send("GET /plain HTTP/1.1␍␊Host: c␍␊␍␊").expectStatus(200);
            assertEquals(1, origin.requests().size());
            assertEquals("c", origin.lastRequest().fields().value("host"));
        }
    }

    @Test
    void closesBehindContentThatIsTooLong() {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{}").start();
                var client = proxy.connect()) {
            client.send("POST /x HTTP/1.1␍␊Host: a␍␊Content-Length: 1000000␍␊␍␊");
            assertTrue(client.expectStatus(308).announcesClose());
        }
    }

    @Test
    void doesNotAskForContentThatWaits() {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{}").start();
                var client = proxy.connect()) {
            client.send("POST /x HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊Expect: 100-continue␍␊␍␊");
            Response response = client.expectStatus(308);
            assertTrue(response.interim().isEmpty());
            assertTrue(response.announcesClose());
        }
    }

    /** TLS ends at a proxy before this one, whose requests all come in plain text. */
    @ParameterizedTest
    @CsvSource({
        "'[127.0.0.0/8]', https, 200",
        "'[127.0.0.0/8]', HTTPS, 200",
        "'[127.0.0.0/8]', http, 308",
        "'[127.0.0.0/8]', '', 308",
        "'[192.0.2.0/24]', https, 308",
        "'[]', https, 308",
    })
    void believesATrustedProxyThatTheClientUsedTls(String trusted, String proto, int status) {
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{}")
                        .top("trustedProxies: " + trusted)
                        .start();
                var client = proxy.connect()) {
            client.send("GET /x HTTP/1.1␍␊Host: a␍␊X-Forwarded-Proto: " + proto + "␍␊␍␊")
                    .expectStatus(status);
        }
    }

    @Test
    void isLogged() {
        Path file = folder.resolve("access.log");
        try (var origin = ScriptedOrigin.start();
                var proxy = redirecting(origin, "{}")
                        .accessLog("{format: json, to: " + file + "}")
                        .start();
                var client = proxy.connect()) {
            Response response = client.send("GET /x?y HTTP/1.1␍␊Host: shop.example␍␊User-Agent: t␍␊␍␊")
                    .expectStatus(308);
            Await.until("the record is written", () -> read(file).endsWith("\n"));
            var record = Json.object(read(file).strip());
            assertEquals("redirect_to_https", record.get("cause"));
            assertEquals(308, record.get("status"));
            assertEquals("shop.example", record.get("host"));
            assertEquals("/x?y", record.get("path"));
            assertEquals("127.0.0.1", record.get("client"));
            assertEquals(response.fields().value("x-request-id"), record.get("request_id"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProxySetup redirecting(ScriptedOrigin origin, String settings) {
        return ProxySetup.before(origin).listener("redirectToHttps: " + settings);
    }
}
