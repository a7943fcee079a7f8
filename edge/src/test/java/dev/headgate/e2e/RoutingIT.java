package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route takes a request, and what routes do other than forward. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RoutingIT {
    private static ScriptedOrigin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void open() {
        origin = ScriptedOrigin.start();
        proxy = ProxySetup.before(origin)
                .route(answering("host: shop.example, path: /exact", "exact"))
                .route(answering("host: shop.example, path: /pre/**", "prefix"))
                .route(answering("host: shop.example, path: /a/*/c", "glob"))
                .route(answering("host: shop.example, path: /first/**", "first"))
                .route(answering("host: shop.example, path: /first/second", "never"))
                .route(answering("host: shop.example", "shop"))
                .route(answering("host: \"*.shop.example\"", "wildcard"))
                .route(answering("host: [one.example, two.example], path: [/x, /y]", "lists"))
                .route("{match: {host: old.example, path: /plain}, redirect: {to: \"https://new.example/\"}}")
                .route("{match: {host: old.example, path: /secure/**}, redirect: {scheme: https, status: 308}}")
                .route("{match: {host: old.example, path: /strip/**}, redirect: {stripPrefix: /strip, addPrefix: /v2}}")
                .route("{match: {host: old.example, path: /bare/**}, redirect: {path: /, keepQuery: false}}")
                .route("{match: {host: say.example, path: /json}, respond: {status: 201, body: \"{}\","
                        + " contentType: application/json, headers: {x-one: \"1\"}}}")
                .route("{match: {host: say.example, path: /empty}, respond: {status: 204}}")
                .route("{match: {host: app.example}, to: app}")
                .start();
    }

    private static String answering(String match, String body) {
        return "{match: {" + match + "}, respond: {status: 200, body: " + body + "}}";
    }

    @AfterAll
    static void close() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example, /exact, exact",
        "shop.example, /exact?a=b, exact",
        "shop.example, /exact/, shop",
        "shop.example, /exac, shop",
        "shop.example, /pre, prefix",
        "shop.example, /pre/, prefix",
        "shop.example, /pre/a/b, prefix",
        "shop.example, /prefer, shop",
        "shop.example, /a/b/c, glob",
        "shop.example, /a//c, shop",
        "shop.example, /a/b/b/c, shop",
        "shop.example, /first/second, first",
        "shop.example, /, shop",
        "shop.example:8080, /, shop",
        "SHOP.example, /, shop",
        "www.shop.example, /exact, wildcard",
        "a.b.shop.example, /, wildcard",
        "one.example, /x, lists",
        "two.example, /y, lists",
        "app.example, /any, scripted origin",
    })
    void firstRouteThatMatchesTakesTheRequest(String host, String target, String body) {
        assertEquals(body, get(host, target).text());
    }

    @ParameterizedTest
    @CsvSource({"other.example, /", "one.example, /z", "xshop.example, /", "example, /"})
    void requestThatNoRouteTakesIsNotFound(String host, String target) {
        var response = get(host, target);
        assertEquals(404, response.status());
        assertEquals("headgate; error=destination_not_found", response.fields().value("proxy-status"));
        assertFalse(response.announcesClose());
    }

    @ParameterizedTest
    @CsvSource({
        "/plain, 307, https://new.example/",
        "/secure/a?b=c, 308, https://old.example/secure/a?b=c",
        "/strip/a/b?c, 307, http://old.example/v2/a/b?c",
        "/strip, 307, http://old.example/v2",
        "/bare/a?b=c, 307, http://old.example/",
    })
    void redirectNamesTheNewPlace(String target, int status, String location) {
        var response = get("old.example", target);
        assertEquals(location, response.fields().value("location"));
        assertEquals(status, response.status());
    }

    @Test
    void respondSendsBodyTypeAndFields() {
        var response = get("say.example", "/json");
        assertEquals(201, response.status());
        assertEquals("{}", response.text());
        assertEquals("application/json", response.fields().value("content-type"));
        assertEquals("1", response.fields().value("x-one"));
    }

    @Test
    void respondWithoutContentSendsNone() {
        var response = get("say.example", "/empty");
        assertEquals(204, response.status());
        assertNull(response.fields().value("content-length"));
    }

    @Test
    void respondToHeadSendsTheLengthOnly() {
        try (var client = proxy.connect()) {
            client.send("HEAD /json HTTP/1.1␍␊Host: say.example␍␊␍␊");
            var response = client.readResponse("HEAD");
            assertEquals("2", response.fields().value("content-length"));
            client.expectNothingMore();
        }
    }

    private static Response get(String host, String target) {
        try (var client = proxy.connect()) {
            return client.send("GET " + target + " HTTP/1.1␍␊Host: " + host + "␍␊␍␊")
                    .readResponse();
        }
    }
}
