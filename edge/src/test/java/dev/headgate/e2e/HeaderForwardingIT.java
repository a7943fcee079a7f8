package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.peer.Fields;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ReceivedRequest;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of fields on their way through. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HeaderForwardingIT {
    private static final String TRUSTED = "trustedProxies: [127.0.0.0/8]";

    @Test
    void hostIsKept() {
        assertEquals("shop.example:8080", forwarded("Host: shop.example:8080").value("host"));
    }

    @Test
    void hostIsTheEndpointsWhenConfigured() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).upstream("host: endpoint").start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals(origin.address(), origin.lastRequest().fields().value("host"));
        }
    }

    @Test
    void hostIsFixedWhenConfigured() {
        var fields = request(setup -> setup.upstream("host: inner.example"), "Host: a")
                .fields();
        assertEquals("inner.example", fields.value("host"));
    }

    @Test
    void originalHostIsToldInXForwardedHost() {
        var fields = request(setup -> setup.upstream("host: inner.example"), "Host: shop.example")
                .fields();
        assertEquals("shop.example", fields.value("x-forwarded-host"));
    }

    @Test
    void peerIsToldInForwardingFields() {
        var fields = forwarded("Host: shop.example");
        assertEquals("127.0.0.1", fields.value("x-forwarded-for"));
        assertEquals("http", fields.value("x-forwarded-proto"));
        assertEquals("shop.example", fields.value("x-forwarded-host"));
        assertTrue(fields.has("x-forwarded-port"));
        assertTrue(String.valueOf(fields.value("forwarded")).contains("for=127.0.0.1"), fields::toString);
    }

    @Test
    void trustedProxysChainIsContinued() {
        var fields = request(setup -> setup.top(TRUSTED), "Host: a", "X-Forwarded-For: 9.9.9.9, 127.0.0.5")
                .fields();
        assertEquals("9.9.9.9, 127.0.0.5, 127.0.0.1", fields.value("x-forwarded-for"));
    }

    @Test
    void trustedProxysForwardedIsContinued() {
        var fields = request(setup -> setup.top(TRUSTED), "Host: a", "Forwarded: for=9.9.9.9;proto=https")
                .fields();
        String value = String.valueOf(fields.value("forwarded"));
        assertTrue(value.startsWith("for=9.9.9.9;proto=https, "), value);
        assertTrue(value.contains("for=127.0.0.1"), value);
    }

    @Test
    void trustedProxysSchemeIsKept() {
        var fields = request(setup -> setup.top(TRUSTED), "Host: a", "X-Forwarded-Proto: https")
                .fields();
        assertEquals("https", fields.value("x-forwarded-proto"));
    }

    @Test
    void viaNamesUsInBothDirections() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            var response = client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals(List.of("1.1 headgate"), response.fields().all("via"));
            assertEquals(List.of("1.1 headgate"), origin.lastRequest().fields().all("via"));
        }
    }

    @Test
    void viaOfOthersIsKeptInOrder() {
        String via = String.join(", ", forwarded("Host: a", "Via: 1.0 fred").all("via"));
        assertEquals("1.0 fred, 1.1 headgate", via);
    }

    @Test
    void everyRequestGetsAnIdThatBothSidesSee() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            var first = client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            String id = first.fields().value("x-request-id");
            assertNotNull(id);
            assertEquals(id, origin.lastRequest().fields().value("x-request-id"));
            var second = client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertNotEquals(id, second.fields().value("x-request-id"));
        }
    }

    @Test
    void requestIdOfATrustedPeerIsKept() {
        var fields = request(setup -> setup.top(TRUSTED), "Host: a", "X-Request-ID: abc-123")
                .fields();
        assertEquals("abc-123", fields.value("x-request-id"));
    }

    @Test
    void requestIdOfAnyoneElseIsReplaced() {
        assertNotEquals("abc-123", forwarded("Host: a", "X-Request-ID: abc-123").value("x-request-id"));
    }

    @Test
    void ordinaryFieldsKeepSpellingOrderAndRepetition() {
        var fields = forwarded("Host: a", "X-One: 1", "Accept: */*", "X-One: 2", "X-Empty:");
        assertEquals(List.of("1", "2"), fields.all("x-one"));
        assertEquals("", fields.value("x-empty"));
        var names = fields.names();
        assertTrue(names.indexOf("x-one") < names.indexOf("accept"), names::toString);
    }

    @Test
    void originsSoftwareIsHidden() {
        var fields = response(setup -> setup, "Server: nginx/1.2", "X-Powered-By: PHP/5", "X-AspNet-Version: 4")
                .fields();
        for (String name : List.of("server", "x-powered-by", "x-aspnet-version")) {
            assertFalse(fields.has(name), () -> name + " in " + fields);
        }
    }

    @Test
    void originsSoftwareIsShownWhenConfigured() {
        var fields = response(
                        setup -> setup.top("identity: {server: pass, poweredBy: pass}"), "Server: a", "X-Powered-By: b")
                .fields();
        assertEquals("a", fields.value("server"));
        assertEquals("b", fields.value("x-powered-by"));
    }

    @Test
    void serverFieldNamesUsWhenConfigured() {
        var fields = response(setup -> setup.top("identity: {server: headgate}"), "Server: nginx")
                .fields();
        assertEquals("headgate", fields.value("server"));
    }

    @Test
    void requestEditsAreApplied() {
        var fields = request(
                        setup -> setup.route(
                                "{to: app, headers: {request: {remove: [x-gone], set: {x-set: new}, add: {x-add: more}}}}"),
                        "Host: a",
                        "X-Gone: 1",
                        "X-Set: old",
                        "X-Set: older",
                        "X-Add: first")
                .fields();
        assertFalse(fields.has("x-gone"));
        assertEquals(List.of("new"), fields.all("x-set"));
        assertEquals(List.of("first", "more"), fields.all("x-add"));
    }

    @Test
    void responseEditsAreApplied() {
        var fields = response(
                        setup -> setup.route(
                                "{to: app, headers: {response: {remove: [x-gone], set: {x-set: new}, add: {x-add: more}}}}"),
                        "X-Gone: 1",
                        "X-Set: old",
                        "X-Add: first")
                .fields();
        assertFalse(fields.has("x-gone"));
        assertEquals(List.of("new"), fields.all("x-set"));
        assertEquals(List.of("first", "more"), fields.all("x-add"));
    }

    @Test
    void acceptEncodingAndRangePassUnchanged() {
        var fields = forwarded("Host: a", "Accept-Encoding: gzip, br;q=0.5", "Range: bytes=0-9", "If-Range: \"a\"");
        assertEquals("gzip, br;q=0.5", fields.value("accept-encoding"));
        assertEquals("bytes=0-9", fields.value("range"));
        assertEquals("\"a\"", fields.value("if-range"));
    }

    private static Fields forwarded(String... fieldLines) {
        return request(setup -> setup, fieldLines).fields();
    }

    /** The request that the origin receives when a client sends these field lines. */
    private static ReceivedRequest request(UnaryOperator<ProxySetup> settings, String... fieldLines) {
        try (var origin = ScriptedOrigin.start();
                var proxy = settings.apply(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊" + String.join("␍␊", fieldLines) + "␍␊␍␊")
                    .expectStatus(200);
            return origin.lastRequest();
        }
    }

    /** The response that a client receives when the origin sends these field lines. */
    private static Response response(UnaryOperator<ProxySetup> settings, String... fieldLines) {
        OriginScript script = exchange -> exchange.respond(200, "hi", fieldLines);
        try (var origin = ScriptedOrigin.start().otherwise(script);
                var proxy = settings.apply(ProxySetup.before(origin)).start();
                var client = proxy.connect()) {
            return client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
        }
    }
}
