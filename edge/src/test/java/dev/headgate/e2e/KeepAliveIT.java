package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that carry more than one request, on both sides. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class KeepAliveIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    private static final OriginScript ECHO_TARGET =
            exchange -> exchange.respond(200, exchange.request().target());

    @Test
    void requestsOfOneClientShareOneUpstreamConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < 100; i++) {
                client.send(GET).expectStatus(200);
            }
            assertEquals(100, origin.requests().size());
            assertEquals(1, origin.connections().size());
        }
    }

    @Test
    void clientsInTurnShareOneUpstreamConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start()) {
            for (int i = 0; i < 10; i++) {
                try (var client = proxy.connect()) {
                    client.send(GET).expectStatus(200);
                }
            }
            assertEquals(1, origin.connections().size());
        }
    }

    @Test
    void connectionUsedLastIsUsedFirst() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/held", exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "held");
                });
                var proxy = ProxySetup.before(origin).start();
                var first = proxy.connect();
                var second = proxy.connect()) {
            first.send("GET /held HTTP/1.1␍␊Host: a␍␊␍␊");
            origin.awaitRequest(0);
            second.send(GET).expectStatus(200);
            go.countDown();
            first.expectStatus(200);
            second.send(GET).expectStatus(200);
            assertEquals(0, origin.lastRequest().connection());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (var origin = ScriptedOrigin.start().otherwise(ECHO_TARGET);
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send(pipeline(100));
            for (int i = 0; i < 100; i++) {
                assertEquals("/" + i, client.expectStatus(200).text());
            }
            client.expectNothingMore();
        }
    }

    @Test
    void pipelinedRequestsWithBodiesAreAnsweredInOrder() {
        String posts = IntStream.range(0, 20)
                .mapToObj(i -> "POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊2␍␊%02d␍␊0␍␊␍␊".formatted(i))
                .collect(Collectors.joining());
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(posts)) {
            for (int i = 0; i < 20; i++) {
                assertEquals("%02d".formatted(i), client.expectStatus(200).text());
            }
        }
    }

    @Test
    void slowFirstAnswerHoldsBackTheSecond() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(ECHO_TARGET).on("/slow", exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "slow");
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET /slow HTTP/1.1␍␊Host: a␍␊␍␊GET /fast HTTP/1.1␍␊Host: a␍␊␍␊");
            origin.awaitRequest(0);
            go.countDown();
            assertEquals("slow", client.expectStatus(200).text());
            assertEquals("/fast", client.expectStatus(200).text());
        }
    }

    @Test
    void requestSplitAtEveryByteIsStillOneRequest() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            String post = "POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊␍␊";
            client.sendByteByByte(Wire.bytes(post));
            assertEquals("hello", client.expectStatus(200).text());
        }
    }

    @Test
    void clientThatAsksForCloseGetsIt() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊Connection: close␍␊␍␊");
            assertTrue(client.expectStatus(200).announcesClose());
            client.expectClosed();
        }
    }

    @Test
    void clientsCloseDoesNotReachTheOrigin() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start()) {
            for (int i = 0; i < 2; i++) {
                try (var client = proxy.connect()) {
                    client.send("GET / HTTP/1.1␍␊Host: a␍␊Connection: close␍␊␍␊")
                            .expectStatus(200);
                }
            }
            assertEquals(1, origin.connections().size());
        }
    }

    @Test
    void originsCloseDoesNotReachTheClient() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixedThenClose(
                                "HTTP/1.1 200 OK␍␊Connection: close␍␊Content-Length: 2␍␊␍␊hi"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            assertFalse(client.send(GET).expectStatus(200).announcesClose());
            assertEquals("hi", client.send(GET).expectStatus(200).text());
            assertEquals(2, origin.connections().size());
        }
    }

    @Test
    void upstreamConnectionWithConnectionCloseIsNotUsedAgain() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixed("HTTP/1.1 200 OK␍␊Connection: close␍␊Content-Length: 2␍␊␍␊hi"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            assertEquals(1, origin.lastRequest().connection());
        }
    }

    @Test
    void requestsPerConnectionAreBounded() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {requestsPerConnection: 3}")
                        .start();
                var client = proxy.connect()) {
            assertFalse(client.send(GET).expectStatus(200).announcesClose());
            assertFalse(client.send(GET).expectStatus(200).announcesClose());
            assertTrue(client.send(GET).expectStatus(200).announcesClose());
            client.expectClosed();
        }
    }

    @Test
    void idleUpstreamConnectionThatTheOriginClosesIsForgotten() {
        try (var origin = ScriptedOrigin.start()
                        .on("/last", OriginScript.ok("bye").then(OriginExchange::close));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET /last HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            Await.until(
                    "the origin has closed",
                    () -> origin.connections().getFirst().isEnded());
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 2␍␊␍␊hi").expectStatus(200);
            assertEquals(1, origin.lastRequest().connection());
        }
    }

    private static String pipeline(int depth) {
        return IntStream.range(0, depth)
                .mapToObj(i -> "GET /" + i + " HTTP/1.1␍␊Host: a␍␊␍␊")
                .collect(Collectors.joining());
    }
}
