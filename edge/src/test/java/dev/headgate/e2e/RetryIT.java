package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.observe.Metrics;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are followed by another attempt, and those that are not. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RetryIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";
    private static final String PUT =
            "PUT / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊" + "3␍␊one␍␊3␍␊two␍␊0␍␊X-Sum: 6␍␊␍␊";
    private static final String ON_503 = "retry: {on: [connect, 503]}";

    /** The first requests, to whichever origin, are answered by {@code failing}, all others by {@code serving}. */
    private static OriginScript first(int count, OriginScript failing, OriginScript serving) {
        AtomicInteger seen = new AtomicInteger();
        return exchange -> (seen.getAndIncrement() < count ? failing : serving).run(exchange);
    }

    private static OriginScript answering(int status, String... lines) {
        return exchange -> {
            exchange.readContent();
            exchange.respond(status, "sorry", lines);
        };
    }

    private static long retries(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app")).retries();
    }

    private static int requests(ScriptedOrigin... origins) {
        int count = 0;
        for (ScriptedOrigin origin : origins) {
            count += origin.requests().size();
        }
        return count;
    }

    /** Two origins, of which whoever is asked first answers as {@code failing} does; what became of the request, and how many attempts it took. */
    private static void check(String retry, String request, OriginScript failing, int status, int attempts) {
        OriginScript script = first(1, failing, OriginScript.echo());
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other).upstream(retry).start();
                var client = proxy.connect()) {
            client.send(request);
            Response response = client.readResponse(request.substring(0, request.indexOf(' ')));
            assertEquals(status, response.status());
            assertEquals(attempts, requests(one, other));
            assertEquals(attempts - 1, retries(proxy));
            if (status != 200) {
                assertEquals("sorry", response.text());
                assertEquals("1", response.fields().value("x-sent"));
            }
        }
    }

    @Test
    void aStatusIsNoReasonUnlessItIsListed() {
        check("retry: {attempts: 3}", GET, answering(503, "X-Sent: 1"), 503, 1);
        check(ON_503, GET, answering(502, "X-Sent: 1"), 502, 1);
        check(ON_503, GET, answering(503), 200, 2);
        check("retry: {on: [500-504]}", GET, answering(504), 200, 2);
        check("retry: {on: 429}", GET, answering(429), 200, 2);
    }

    @Test
    void aRequestThatIsNotIdempotentIsAnsweredAsItCame() {
        check(ON_503, POST, answering(503, "X-Sent: 1"), 503, 1);
        check("retry: {on: [503], unsafe: true}", POST, answering(503), 200, 2);
    }

    @Test
    void unsafeHoldsForBrokenConnectionsToo() {
        OriginScript script = first(1, OriginScript.closeWithoutAnswer(), OriginScript.echo());
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other)
                        .upstream("retry: {unsafe: true}")
                        .start();
                var client = proxy.connect()) {
            assertEquals("hello", client.send(POST).expectStatus(200).text());
        }
    }

    @Test
    void headIsTriedAgain() {
        check(
                ON_503,
                "HEAD / HTTP/1.1␍␊Host: a␍␊␍␊",
                exchange -> exchange.send("HTTP/1.1 503 Unavailable␍␊Content-Length: 100000␍␊␍␊"),
                200,
                2);
    }

    @Test
    void aRouteHasConditionsOfItsOwn() {
        OriginScript script = answering(503);
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other)
                        .upstream(ON_503)
                        .route("{match: {path: /plain}, to: app, retry: {on: []}}")
                        .route("{to: app}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET /plain HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(503);
            assertEquals(1, requests(one, other));
            client.send(GET).expectStatus(503);
            assertEquals(4, requests(one, other));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "reset", "refused-stream", "timeout"})
    void whatIsNotListedIsNoReason(String listed) {
        OriginScript script = first(1, OriginScript.closeWithoutAnswer(), OriginScript.ok("good"));
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other)
                        .upstream("retry: {on: " + listed + "}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(listed.equals("reset") ? 200 : 502);
        }
    }

    @Test
    void contentAndTrailersAreSentAgain() {
        OriginScript script = first(1, answering(503), OriginScript.echo());
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other).upstream(ON_503).start();
                var client = proxy.connect()) {
            assertEquals("onetwo", client.send(PUT).expectStatus(200).text());
            for (ScriptedOrigin origin : new ScriptedOrigin[] {one, other}) {
                assertEquals("onetwo", origin.lastRequest().text());
                assertEquals("6", origin.lastRequest().trailers().value("x-sum"));
            }
        }
    }

    /** The first attempt is answered in the middle of the request. */
    @Test
    void contentThatIsStillComingGoesToTheOtherEndpoint() {
        OriginScript early = exchange -> {
            exchange.readContent(3);
            exchange.send("HTTP/1.1 503 No␍␊Content-Length: 5␍␊␍␊sorry");
            exchange.awaitPeerEnd();
        };
        OriginScript script = first(1, early, OriginScript.echo());
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other).upstream(ON_503).start();
                var client = proxy.connect()) {
            client.send("PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: 6␍␊␍␊one");
            Await.until("there is a second attempt", () -> requests(one, other) == 2);
            assertEquals("onetwo", client.send("two").expectStatus(200).text());
        }
    }

    @Test
    void contentThatIsNotAtHandLeavesTheAnswerAsItCame() {
        String put = "PUT / HTTP/1.1␍␊Host: a␍␊Content-Length: 6␍␊␍␊onetwo";
        check("retry: {on: [503], replayBytes: 5B}", put, answering(503, "X-Sent: 1"), 503, 1);
        check("retry: {on: [503], replayBytes: 6B}", put, answering(503), 200, 2);
    }

    @Test
    void theLastAnswerIsPassedOnAsItCame() {
        OriginScript script = answering(503, "X-Sent: 1");
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other).upstream(ON_503).start();
                var client = proxy.connect()) {
            Response response = client.send(GET).expectStatus(503);
            assertEquals("sorry", response.text());
            assertEquals("1", response.fields().value("x-sent"));
            assertEquals(3, requests(one, other));
            assertEquals(3, serverErrors(proxy, one) + serverErrors(proxy, other));
        }
    }

    private static long serverErrors(ProxyHarness proxy, ScriptedOrigin origin) {
        return Objects.requireNonNull(
                        proxy.metrics().endpoints().get(new Metrics.EndpointName("app", origin.address())))
                .byStatusClass()[5];
    }

    @Test
    void hintsThatTheClientHasSeenCannotBeTakenBack() {
        check(
                ON_503,
                GET,
                exchange -> exchange.send("HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊"
                        + "HTTP/1.1 503 No␍␊X-Sent: 1␍␊Content-Length: 5␍␊␍␊sorry"),
                503,
                1);
    }

    // ---- the same endpoint, and waits

    @ParameterizedTest
    @CsvSource({"429, 200", "502, 200", "503, 200", "504, 200", "500, 500", "404, 404"})
    void anEndpointThatIsAloneIsAskedAgainWhereThatMayHelp(int answered, int status) {
        try (var origin = ScriptedOrigin.start().otherwise(first(1, answering(answered), OriginScript.ok("good")));
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {on: [400-599]}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(status);
            assertEquals(status == 200 ? 2 : 1, requests(origin));
            assertEquals(1, origin.connections().size());
        }
    }

    /** What is left of an answer is read if it is little. */
    @ParameterizedTest
    @CsvSource({
        "'', 65536, 1",
        "'', 65537, 2",
        "'dropped: {bytes: 7B}, ', 6, 1",
        "'dropped: {bytes: 7B}, ', 7, 1",
        "'dropped: {bytes: 7B}, ', 8, 2",
        "'dropped: {bytes: 0B}, ', 0, 1",
        "'dropped: {bytes: 0B}, ', 1, 2"
    })
    void theConnectionOfADroppedAnswerIsUsedAgainOrClosed(String dropped, int length, int connections) {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(first(
                                1,
                                exchange -> exchange.respond(503, new byte[length], "Retry-After: 1"),
                                OriginScript.ok("good")));
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {" + dropped + "on: 503, retryAfterMax: 1s}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            assertEquals(connections, origin.connections().size());
            assertEquals(
                    1,
                    Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                            .answersDropped());
            assertEquals(1, proxy.upstreamPermitsTaken());
        }
    }

    @Test
    void aDroppedAnswerThatDoesNotEndIsClosed() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(first(
                                1,
                                OriginScript.fixedThenStall("HTTP/1.1 503 No␍␊Content-Length: 5␍␊␍␊so"),
                                OriginScript.ok("good")));
                var proxy = ProxySetup.before(origin).upstream(ON_503).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            Await.until("the rest is not waited for", () -> proxy.upstreamPermitsTaken() == 1);
        }
    }

    @Test
    void retryAfterIsKeptTo() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(first(1, answering(503, "Retry-After: 1"), OriginScript.ok("good")));
                var proxy = ProxySetup.before(origin).upstream(ON_503).start();
                var client = proxy.connect()) {
            long beganNs = System.nanoTime();
            client.send(GET).expectStatus(200);
            assertTrue(System.nanoTime() - beganNs >= 1_000_000_000, "too early");
        }
    }

    @Test
    void anAnswerThatAsksForMoreIsPassedOn() {
        check(ON_503, GET, answering(503, "Retry-After: 2", "X-Sent: 1"), 503, 1);
        check(
                "retry: {on: [503], retryAfterMax: 1m}",
                GET,
                answering(503, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", "X-Sent: 1"),
                503,
                1);
        check(ON_503, GET, answering(503, "Retry-After: 1"), 200, 2);
    }

    @Test
    void anAnswerIsPassedOnWhereTheExchangeHasNoTimeToWait() {
        try (var origin = ScriptedOrigin.start().otherwise(answering(503, "Retry-After: 30"));
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {on: [503], retryAfterMax: 1m}")
                        .route("{to: app, timeouts: {request: 20s}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(503);
            assertEquals(1, requests(origin));
        }
    }

    @Test
    void aClientThatLeavesEndsTheWait() {
        try (var origin = ScriptedOrigin.start().otherwise(answering(503, "Retry-After: 30"));
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {on: [503], retryAfterMax: 1m}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the wait has begun", () -> retries(proxy) == 1);
            client.reset();
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
            assertEquals(1, requests(origin));
        }
    }

    @Test
    void whatWaitsIsServedWhileTheProxyDrains() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(first(1, answering(503, "Retry-After: 1"), OriginScript.ok("good")));
                var proxy = ProxySetup.before(origin).upstream(ON_503).start();
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the wait has begun", () -> retries(proxy) == 1);
            proxy.drain(Duration.ofSeconds(20));
            client.expectStatus(200);
        }
    }

    @ThreatRow(value = "U-09", outcome = "so do they when the failure is an answer that is listed")
    @Test
    void u_09_retriesOnAnswersAreBudgeted() {
        int count = 300;
        long beganNs = System.nanoTime();
        try (var one = ScriptedOrigin.start().otherwise(answering(503));
                var other = ScriptedOrigin.start().otherwise(answering(503));
                var proxy = ProxySetup.before(one, other)
                        .upstream("retry: {on: [503], backoff: {base: 0s}}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < count; i++) {
                assertEquals("sorry", client.send(GET).expectStatus(503).text());
            }
            int received = requests(one, other);
            long seconds = (System.nanoTime() - beganNs) / 1_000_000_000 + 1;
            assertTrue(received > count, () -> "received: " + received);
            assertTrue(received <= count * 1.2 + 30 + 3 * seconds, () -> "received: " + received);
        }
    }

    // ---- proxies in a row

    @ThreatRow(
            value = "U-09",
            outcome = "a retry of a trusted proxy is not retried; others cannot say that they are one")
    @ParameterizedTest
    @CsvSource({"true, 503, 1", "false, 200, 2"})
    void u_09_aRetryIsNotRetried(boolean isTrusted, int status, int attempts) {
        OriginScript script = first(1, answering(503), OriginScript.ok("good"));
        try (var one = ScriptedOrigin.start().otherwise(script);
                var other = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(one, other)
                        .top("trustedProxies: [" + (isTrusted ? "127.0.0.0/8" : "10.0.0.0/8") + "]")
                        .upstream(ON_503)
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊X-Retry-Attempt: 1␍␊␍␊").expectStatus(status);
            assertEquals(attempts, requests(one, other));
            for (ScriptedOrigin origin : new ScriptedOrigin[] {one, other}) {
                origin.requests().forEach(each -> assertFalse(each.fields().has("x-retry-attempt")));
            }
        }
    }

    @Test
    void anOriginIsToldWhichRetryItSees() {
        OriginScript script =
                exchange -> exchange.respond(exchange.request().fields().has("x-retry-attempt") ? 503 : 502, "sorry");
        try (var origin = ScriptedOrigin.start().otherwise(script);
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {on: [502-503], mark: true}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(503);
            assertEquals(3, requests(origin));
            assertNull(origin.requests().get(0).fields().value("x-retry-attempt"));
            assertEquals(
                    1, origin.requests().get(1).fields().all("x-retry-attempt").size());
            assertEquals("1", origin.requests().get(1).fields().value("x-retry-attempt"));
            assertEquals("2", origin.requests().get(2).fields().value("x-retry-attempt"));
            assertEquals(
                    1, origin.requests().get(2).fields().all("x-retry-attempt").size());
        }
    }

    // ---- HTTP/2

    private static Handler firstOf(Handler failing, Handler serving) {
        AtomicInteger seen = new AtomicInteger();
        return (peer, request) -> (seen.getAndIncrement() == 0 ? failing : serving).handle(peer, request);
    }

    private static ProxyHarness before(Http2Origin origin, String retry) {
        return ProxySetup.before(origin.address())
                .listener("protocols: [h2, http/1.1]")
                .upstream("protocol: h2")
                .upstream(retry)
                .start();
    }

    @Test
    void theRestOfADroppedAnswerIsStopped() {
        CountDownLatch stopped = new CountDownLatch(1);
        Handler failing = (peer, request) -> {
            peer.awaitContent(request.streamId());
            peer.head(request.streamId(), 0, 503);
            assertEquals(Codes.CANCEL, peer.awaitReset(request.streamId()));
            stopped.countDown();
        };
        Handler serving = (peer, request) ->
                peer.respond(request.streamId(), 200, new String(peer.awaitContent(request.streamId())));
        try (var origin = Http2Origin.start(Script.serving(firstOf(failing, serving)));
                var proxy = before(origin, ON_503);
                var client = proxy.connect()) {
            assertEquals("onetwo", client.send(PUT).expectStatus(200).text());
            Await.open("the first answer is stopped", stopped);
            assertEquals(1, origin.connections());
            assertEquals(1, retries(proxy));
        }
    }

    @Test
    void anAnswerThatEndsWithItsHeadIsDroppedToo() {
        Handler failing = (peer, request) -> peer.head(request.streamId(), Frames.END_STREAM, 503);
        Handler serving = (peer, request) -> peer.respond(request.streamId(), 200, "good");
        try (var origin = Http2Origin.start(Script.serving(firstOf(failing, serving)));
                var proxy = before(origin, "retry: {on: 503, backoff: {base: 0s}}");
                var client = Http2Peer.connect(proxy.port()).greet()) {
            assertEquals("good", client.get(1, "/").expectStatus(1, 200).text());
            assertEquals("good", client.get(3, "/").expectStatus(3, 200).text());
            assertEquals(1, origin.connections());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "grpc:unavailable, 14, , 0",
        "grpc:unavailable, 8, , 8",
        "grpc:resource-exhausted, 8, , 0",
        "503, 14, , 14",
        "reset, 14, , 14",
        "grpc:unavailable, 14, -1, 14",
        "grpc:unavailable, 14, 2000, 14",
        "grpc:unavailable, 14, 50, 0",
    })
    void aCallIsTriedAgainOnStatusesThatAreListed(String on, int answered, String pushback, int status) {
        Handler failing = (peer, request) -> {
            peer.awaitContent(request.streamId());
            String wait = Objects.requireNonNullElse(pushback, "0");
            peer.head(
                    request.streamId(),
                    Frames.END_STREAM,
                    200,
                    "content-type",
                    "application/grpc",
                    "grpc-status",
                    Integer.toString(answered),
                    pushback == null ? "x-none" : "grpc-retry-pushback-ms",
                    wait);
        };
        try (var origin = Http2Origin.start(Script.serving(firstOf(failing, call(0))));
                var proxy = before(origin, "retry: {on: \"" + on + "\"}");
                var client = Http2Peer.connect(proxy.port()).greet()) {
            assertEquals(Integer.toString(status), status(client));
        }
    }

    /** Its messages have gone on to the client. */
    @Test
    void aCallThatFailsBehindAMessageIsNotTriedAgain() {
        try (var origin = Http2Origin.start(Script.serving(firstOf(call(14), call(0))));
                var proxy = before(origin, "retry: {on: \"grpc:unavailable\"}");
                var client = Http2Peer.connect(proxy.port()).greet()) {
            assertEquals("14", status(client));
            assertEquals(0, retries(proxy));
        }
    }

    @Test
    void aCallToAnOriginWithHttp1IsTriedAgainToo() {
        OriginScript failing = exchange -> {
            exchange.readContent();
            exchange.send("HTTP/1.1 200 OK␍␊Content-Type: application/grpc␍␊Grpc-Status: 14␍␊Content-Length: 0␍␊␍␊");
        };
        OriginScript serving = exchange -> {
            byte[] message = exchange.readContent();
            exchange.send("HTTP/1.1 200 OK␍␊Content-Type: application/grpc␍␊Transfer-Encoding: chunked␍␊␍␊");
            exchange.send(Integer.toHexString(message.length) + "␍␊");
            exchange.send(message);
            exchange.send("␍␊0␍␊Grpc-Status: 0␍␊␍␊");
        };
        try (var origin = ScriptedOrigin.start().otherwise(first(1, failing, serving));
                var proxy = ProxySetup.before(origin)
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("retry: {on: \"grpc:unavailable\"}")
                        .start();
                var client = Http2Peer.connect(proxy.port()).greet()) {
            assertEquals("0", status(client));
            assertEquals(1, retries(proxy));
        }
    }

    private static Handler call(int status) {
        return (peer, request) -> {
            byte[] message = peer.awaitContent(request.streamId());
            peer.head(request.streamId(), 0, 200, "content-type", "application/grpc");
            peer.content(request.streamId(), message, 0);
            peer.trailers(request.streamId(), "grpc-status", Integer.toString(status));
        };
    }

    private static String status(Http2Peer client) {
        byte[] head = FieldBlock.post("/", "content-type", "application/grpc", "te", "trailers");
        client.send(Frames.begin(1, head)).sendContent(1, "\0\0\0\0\5hello".getBytes());
        var response = client.expectStatus(1, 200);
        String inHead = response.fields().value("grpc-status");
        return inHead != null
                ? inHead
                : Objects.requireNonNull(response.trailers().value("grpc-status"));
    }
}
