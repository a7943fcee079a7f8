package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that stay where they were: by the proxy's cookie, or by a field of their own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StickyIT {
    private static final String COOKIE = "sticky: {cookie: route, secret: long enough}";
    private static final String ROUND_ROBIN = "balance: round-robin";

    private final ScriptedOrigin a = ScriptedOrigin.start();
    private final ScriptedOrigin b = ScriptedOrigin.start();
    private final ScriptedOrigin c = ScriptedOrigin.start();

    @BeforeEach
    void nameOrigins() {
        a.otherwise(OriginScript.ok("a"));
        b.otherwise(OriginScript.ok("b"));
        c.otherwise(OriginScript.ok("c"));
    }

    @AfterEach
    void closeOrigins() {
        a.close();
        b.close();
        c.close();
    }

    private ProxySetup setup(String... keys) {
        ProxySetup setup = ProxySetup.before(a, b, c).upstream(ROUND_ROBIN);
        for (String key : keys) {
            setup.upstream(key);
        }
        return setup;
    }

    private static String get(String... fields) {
        StringBuilder text = new StringBuilder("GET / HTTP/1.1␍␊Host: a␍␊");
        for (String field : fields) {
            text.append(field).append("␍␊");
        }
        return text.append("␍␊").toString();
    }

    private static Response ask(RawClient client, String... fields) {
        return client.send(get(fields)).expectStatus(200);
    }

    /** The cookie that a response sets, as it comes back; empty when it sets none. */
    private static String pairOf(Response response) {
        String line = response.fields().value("Set-Cookie");
        return line == null ? "" : line.substring(0, line.indexOf(';'));
    }

    private ScriptedOrigin origin(Response response) {
        return switch (response.text()) {
            case "a" -> a;
            case "b" -> b;
            default -> c;
        };
    }

    @Test
    void clientComesBackToWhereItWas() {
        try (var proxy = setup(COOKIE).start();
                var client = proxy.connect()) {
            Response first = ask(client);
            String pair = pairOf(first);
            assertTrue(
                    String.valueOf(first.fields().value("Set-Cookie"))
                            .matches("route=[A-Za-z0-9_-]{22}; Path=/; HttpOnly; SameSite=Lax"),
                    first::toString);
            for (int i = 0; i < 6; i++) {
                Response again = ask(client, "Cookie: x=1; " + pair);
                assertEquals(first.text(), again.text());
                assertEquals("", pairOf(again), "it has its cookie");
                assertEquals(
                        List.of("x=1"), origin(first).lastRequest().fields().all("Cookie"));
            }
            Response other = ask(client);
            assertNotEquals(first.text(), other.text(), "whoever has no cookie goes by the policy");
            assertNotEquals(pair, pairOf(other));
        }
    }

    @Test
    void cookieOfAnOriginStaysBesideIt() {
        a.otherwise(OriginScript.fixed("HTTP/1.1 200 OK␍␊Set-Cookie: own=1␍␊Content-Length: 0␍␊␍␊"));
        try (var proxy = ProxySetup.before(a).upstream(COOKIE).start();
                var client = proxy.connect()) {
            List<String> set = ask(client).fields().all("Set-Cookie");
            assertEquals(2, set.size());
            assertEquals("own=1", set.getFirst());
        }
    }

    @Test
    void forgedIdIsAsGoodAsNone() {
        try (var proxy = setup(COOKIE).start();
                var client = proxy.connect()) {
            Response answer = ask(client, "Cookie: route=AAAAAAAAAAAAAAAAAAAAAA");
            assertNotEquals("", pairOf(answer));
            assertFalse(origin(answer).lastRequest().fields().has("Cookie"));
        }
    }

    @Test
    void otherProxyWithTheSecretUnderstands() {
        try (var one = setup(COOKIE).start();
                var other = setup(COOKIE).start();
                var client = one.connect();
                var elsewhere = other.connect()) {
            ask(client);
            Response first = ask(client);
            assertEquals(
                    first.text(), ask(elsewhere, "Cookie: " + pairOf(first)).text());
        }
    }

    @Test
    void restartForgetsNothingWithASecret() {
        String pair;
        String where;
        try (var proxy = setup(COOKIE).start();
                var client = proxy.connect()) {
            Response first = ask(client);
            pair = pairOf(first);
            where = first.text();
        }
        try (var proxy = setup(COOKIE).start();
                var client = proxy.connect()) {
            ask(client);
            assertEquals(where, ask(client, "Cookie: " + pair).text());
        }
    }

    @Test
    void endpointThatIsDownLosesItsClients() {
        String health = "health: {path: /healthz, interval: 100ms, fastInterval: 100ms, rise: 1, fall: 1}";
        for (ScriptedOrigin each : List.of(a, b, c)) {
            each.on("/healthz", OriginScript.ok("well"));
        }
        try (var proxy = setup(COOKIE, health).start();
                var client = proxy.connect()) {
            Response first = ask(client);
            ScriptedOrigin left = origin(first);
            left.on("/healthz", OriginScript.fixed("HTTP/1.1 503 Service Unavailable␍␊Content-Length: 0␍␊␍␊"));
            proxy.awaitState(left.address(), EndpointState.DOWN);
            Response second = ask(client, "Cookie: " + pairOf(first));
            assertNotEquals(first.text(), second.text());
            assertNotEquals("", pairOf(second), "it is told to come back to the other one");
            assertEquals(second.text(), ask(client, "Cookie: " + pairOf(second)).text());
        }
    }

    @Test
    void clientOfAnEndpointThatFailsIsServedByAnother() {
        try (var proxy = setup(COOKIE).start();
                var client = proxy.connect()) {
            Response first = ask(client);
            origin(first).refuse();
            Response second = ask(client, "Cookie: " + pairOf(first));
            assertNotEquals(first.text(), second.text());
            assertEquals(second.text(), ask(client, "Cookie: " + pairOf(second)).text());
        }
    }

    private String weighted(int weightOfA) {
        return """
                version: 1
                loops: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                upstreams:
                  app:
                    endpoints: [{address: "%s", weight: %d}, "%s"]
                    balance: round-robin
                    %s
                routes: [{to: app}]
                log: {access: off}
                """.formatted(a.address(), weightOfA, b.address(), COOKIE);
    }

    @Test
    void endpointOfWeightZeroKeepsItsClientsAndGetsNoOthers() {
        String pair = "";
        try (var proxy = ProxyHarness.start(weighted(1));
                var client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                Response each = ask(client);
                pair = each.text().equals("a") ? pairOf(each) : pair;
            }
        }
        try (var proxy = ProxyHarness.start(weighted(0));
                var client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                assertEquals("a", ask(client, "Cookie: " + pair).text());
                assertEquals("b", ask(client).text());
            }
        }
    }

    @Test
    void secureWhereTheClientCameByHttps() {
        try (var proxy = setup(COOKIE).top("trustedProxies: [127.0.0.0/8]").start();
                var client = proxy.connect()) {
            String byTls = String.valueOf(
                    ask(client, "X-Forwarded-Proto: https").fields().value("Set-Cookie"));
            assertTrue(byTls.contains("; Secure"), byTls);
            String plain = String.valueOf(ask(client).fields().value("Set-Cookie"));
            assertFalse(plain.contains("; Secure"), plain);
        }
    }

    @Test
    void byHttp2WithCookiesInSeveralLines() {
        try (var proxy = setup(COOKIE).listener("protocols: [h2, http/1.1]").start();
                var byHttp1 = proxy.connect();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            Response first = ask(byHttp1);
            int stream = 1;
            for (int i = 0; i < 4; i++) {
                byte[] head = FieldBlock.of(
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "/",
                        ":authority",
                        "a",
                        "cookie",
                        "x=1",
                        "cookie",
                        pairOf(first),
                        "cookie",
                        "y=2");
                client.send(Frames.request(stream, head));
                assertEquals(first.text(), client.expectStatus(stream, 200).text());
                stream += 2;
            }
            String seen = String.join("; ", origin(first).lastRequest().fields().all("Cookie"));
            assertEquals("x=1; y=2", seen);
        }
    }

    @Test
    void sameHeaderSameEndpoint() {
        try (var proxy = setup("sticky: {header: x-session}").start();
                var client = proxy.connect()) {
            int differing = 0;
            String last = "";
            for (int user = 0; user < 20; user++) {
                String where = ask(client, "X-Session: user-" + user).text();
                assertEquals(where, ask(client, "X-Session: user-" + user).text());
                differing += where.equals(last) ? 0 : 1;
                last = where;
            }
            assertTrue(differing > 3, "users are spread");
            assertNotEquals(ask(client).text(), ask(client).text(), "without the field by the policy");
        }
    }
}
