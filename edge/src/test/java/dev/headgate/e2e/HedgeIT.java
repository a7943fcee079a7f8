package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.breaker.CircuitBreaker.State;
import dev.headgate.balancer.health.EndpointState;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.LimitUsage;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Second attempts beside a first one that takes long: the first good head wins. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HedgeIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";
    private static final String PUT =
            "PUT / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊3␍␊one␍␊3␍␊two␍␊0␍␊X-Sum: 6␍␊␍␊";
    private static final String SOON = "retry: {mark: true, hedge: 20ms}";

    private final SteeredIo io = new SteeredIo();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch bothAsked = new CountDownLatch(2);
    private final CountDownLatch firstEnds = new CountDownLatch(1);
    private final CountDownLatch secondEnds = new CountDownLatch(1);
    private final List<ScriptedOrigin> origins = new ArrayList<>();

    @AfterEach
    void closeOrigins() {
        origins.forEach(ScriptedOrigin::close);
    }

    /** Two origins, which do one thing when asked for the first time, and another when asked by what is marked as a retry. */
    private ProxySetup before(OriginScript first, OriginScript second) {
        OriginScript script = exchange -> {
            asked.getAndIncrement();
            bothAsked.countDown();
            (exchange.request().fields().has("x-retry-attempt") ? second : first).run(exchange);
        };
        for (int i = 0; i < 2; i++) {
            origins.add(ScriptedOrigin.start().otherwise(script));
        }
        return ProxySetup.before(origins.get(0), origins.get(1));
    }

    /** Says nothing until it is given up. */
    private static OriginScript waiting(CountDownLatch ended) {
        return exchange -> {
            exchange.awaitPeerEnd();
            ended.countDown();
        };
    }

    /** Answers when both are asked. */
    private OriginScript late(int status, String text) {
        return exchange -> {
            exchange.readContent();
            exchange.await(bothAsked);
            exchange.respond(status, text);
        };
    }

    /** More than any of these would be due after. */
    private void passTime(ProxyHarness proxy) {
        long cycles = proxy.cycles();
        io.pass(Duration.ofSeconds(2));
        Await.until("the loop has seen that", () -> proxy.outstandingBytes() >= 0 && proxy.cycles() > cycles + 3);
    }

    private static MetricsSnapshot.Upstream app(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"));
    }

    private static void expectHedges(ProxyHarness proxy, int sent, int won) {
        assertEquals(new MetricsSnapshot.Hedges(sent, won, 0), app(proxy).hedges());
        assertEquals(0, app(proxy).retries());
    }

    private void expectAllOver(ProxyHarness proxy) {
        proxy.awaitBuffersReturned();
        for (ScriptedOrigin origin : origins) {
            var seen = proxy.metrics().endpoints().get(new Metrics.EndpointName("app", origin.address()));
            assertEquals(0, Objects.requireNonNull(seen).attemptsInFlight());
        }
    }

    private long serverErrors(ProxyHarness proxy) {
        return proxy.metrics().endpoints().values().stream()
                .mapToLong(each -> each.byStatusClass()[5])
                .sum();
    }

    @Test
    void isOffUnlessItIsWished() {
        try (var proxy = before(late(200, "first"), OriginScript.ok("second")).start();
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the first is asked", () -> asked.get() == 1);
            bothAsked.countDown();
            assertEquals("first", client.expectStatus(200).text());
            expectHedges(proxy, 0, 0);
        }
    }

    @Test
    void isNotNeededWhereTheAnswerComesInTime() {
        try (var proxy = before(OriginScript.ok("first"), OriginScript.ok("second"))
                        .upstream("retry: {mark: true, hedge: 1m}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            expectHedges(proxy, 0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, PUT, "HEAD / HTTP/1.1␍␊Host: a␍␊␍␊"})
    void theSecondWinsWhereTheFirstSaysNothing(String request) {
        String method = request.substring(0, request.indexOf(' '));
        try (var proxy = before(waiting(firstEnds), OriginScript.ok("second"))
                        .upstream(SOON)
                        .start();
                var client = proxy.connect()) {
            client.send(request);
            assertEquals(
                    method.equals("HEAD") ? "" : "second",
                    client.readResponse(method).text());
            Await.open("the first is given up", firstEnds);
            expectHedges(proxy, 1, 1);
            expectAllOver(proxy);
            for (ScriptedOrigin origin : origins) {
                if (method.equals("PUT") && origin.lastRequest().isComplete()) {
                    assertEquals("onetwo", origin.lastRequest().text());
                    assertEquals("6", origin.lastRequest().trailers().value("x-sum"));
                }
            }
        }
    }

    @Test
    void theFirstWinsWhereItsHeadIsFirst() {
        try (var proxy = before(late(200, "first"), waiting(secondEnds))
                        .upstream(SOON)
                        .start();
                var client = proxy.connect()) {
            assertEquals("first", client.send(GET).expectStatus(200).text());
            Await.open("the second is given up", secondEnds);
            expectHedges(proxy, 1, 0);
            expectAllOver(proxy);
        }
    }

    // ---- one of the two fails --------------------------------------------------------------------------------------

    @Test
    void ifTheFirstFailsTheSecondIsWaitedFor() {
        CountDownLatch firstIsGone = new CountDownLatch(1);
        OriginScript first = exchange -> {
            exchange.await(bothAsked);
            exchange.close();
            firstIsGone.countDown();
        };
        OriginScript second = exchange -> {
            exchange.await(firstIsGone);
            exchange.respond(200, "second");
        };
        try (var proxy = before(first, second).upstream(SOON).start();
                var client = proxy.connect()) {
            assertEquals("second", client.send(GET).expectStatus(200).text());
            assertEquals(2, asked.get());
            assertEquals(0, app(proxy).retries());
            expectAllOver(proxy);
        }
    }

    @Test
    void ifTheSecondFailsTheFirstIsWaitedFor() {
        CountDownLatch secondIsGone = new CountDownLatch(1);
        OriginScript first = exchange -> {
            exchange.await(secondIsGone);
            exchange.respond(200, "first");
        };
        OriginScript second = exchange -> {
            exchange.close();
            secondIsGone.countDown();
        };
        try (var proxy = before(first, second).upstream(SOON).start();
                var client = proxy.connect()) {
            assertEquals("first", client.send(GET).expectStatus(200).text());
            assertEquals(2, asked.get());
            assertEquals(0, app(proxy).retries());
            expectAllOver(proxy);
        }
    }

    /** Both have been tried, and there is no third. */
    @Test
    void ifBothFailTheClientLearnsOfIt() {
        OriginScript failing = exchange -> {
            exchange.await(bothAsked);
            exchange.close();
        };
        try (var proxy = before(failing, failing).upstream(SOON).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            expectAllOver(proxy);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 503", "false, 503", "true, 200", "false, 200"})
    void anAnswerThatWouldBeTriedAgainGivesWayToTheOther(boolean isSecondBad, int other) {
        CountDownLatch badIsGone = new CountDownLatch(1);
        OriginScript bad = exchange -> {
            exchange.await(bothAsked);
            exchange.respond(503, "bad");
        };
        OriginScript good = exchange -> {
            exchange.await(badIsGone);
            exchange.respond(other, "good");
        };
        try (var proxy = before(isSecondBad ? good : bad, isSecondBad ? bad : good)
                        .upstream("retry: {mark: true, hedge: 20ms, on: 503, attempts: 2}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the bad one is counted, and dropped", () -> serverErrors(proxy) == 1);
            badIsGone.countDown();
            client.expectStatus(other);
            assertEquals(2, asked.get());
            expectAllOver(proxy);
            assertEquals(other == 503 ? 2 : 1, serverErrors(proxy));
        }
    }

    @Test
    void anAnswerThatIsGoodEnoughWinsWhateverItSays() {
        try (var proxy = before(late(404, "none"), waiting(secondEnds))
                        .upstream("retry: {mark: true, hedge: 20ms, on: 503}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(404);
            Await.open("the second is given up", secondEnds);
        }
    }

    @Test
    void aTryThatIsOverLeavesTheOther() {
        OriginScript second = exchange -> {
            exchange.await(firstEnds);
            exchange.respond(200, "second");
        };
        try (var proxy = before(waiting(firstEnds), second)
                        .upstream("retry: {mark: true, hedge: 100ms, perTry: 300ms}")
                        .start();
                var client = proxy.connect()) {
            assertEquals("second", client.send(GET).expectStatus(200).text());
            assertEquals(1, app(proxy).hedges().sent());
            expectAllOver(proxy);
        }
    }

    @Test
    void anEndpointThatDoesNotAcceptIsHedgedToo() {
        try (var hole = Blackhole.open();
                var good = ScriptedOrigin.start();
                var proxy = ProxySetup.before(hole.address(), good.address())
                        .upstream("retry: {mark: true, hedge: 20ms}, balance: round-robin")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            assertEquals(1, app(proxy).hedges().won());
            assertEquals(0, app(proxy).retries());
        }
    }

    // ---- what is not hedged ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"'', 0", "', unsafe: true', 0", "', replayBytes: 5B', 1"})
    void whatMayNotTakeEffectTwiceIsNot(String more, int isPut) {
        try (var proxy = before(late(200, "first"), OriginScript.ok("second"))
                        .upstream("retry: {mark: true, hedge: 1ms" + more + "}")
                        .start(io);
                var client = proxy.connect()) {
            client.send(isPut == 1 ? PUT : POST);
            Await.until("the first is asked", () -> asked.get() == 1);
            passTime(proxy);
            bothAsked.countDown();
            assertEquals("first", client.expectStatus(200).text());
            expectHedges(proxy, 0, 0);
        }
    }

    @Test
    void aRetryOfATrustedProxyIsNot() {
        try (var proxy = before(late(200, "first"), OriginScript.ok("second"))
                        .top("trustedProxies: [127.0.0.0/8]")
                        .upstream("retry: {hedge: 1ms}")
                        .start(io);
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊X-Retry-Attempt: 1␍␊␍␊");
            Await.until("the first is asked", () -> asked.get() == 1);
            passTime(proxy);
            bothAsked.countDown();
            assertEquals("first", client.expectStatus(200).text());
            expectHedges(proxy, 0, 0);
        }
    }

    @Test
    void aRouteSaysSoForItself() {
        try (var proxy = before(waiting(firstEnds), OriginScript.ok("second"))
                        .upstream("retry: {mark: true}")
                        .route("{to: app, retry: {hedge: 20ms}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            expectHedges(proxy, 1, 1);
        }
    }

    @ThreatRow(value = "U-09", outcome = "so do second attempts, where all endpoints are slow")
    @Test
    void u_09_theBudgetOfRetriesHoldsForSecondAttempts() {
        OriginScript stalling = OriginScript.stall();
        List<RawClient> clients = new ArrayList<>();
        try (var proxy = before(stalling, stalling)
                .upstream("retry: {mark: true, hedge: 1ms, budget: 0%}, timeouts: {firstByte: 60s}")
                .start()) {
            for (int i = 0; i < 80; i++) {
                clients.add(proxy.connect().send(GET));
            }
            Await.until(
                    "all have wished for one",
                    () -> app(proxy).hedges().sent() + app(proxy).hedges().refused() == 80);
            long sent = app(proxy).hedges().sent();
            assertTrue(sent >= 30 && sent < 60, () -> sent + " sent");
            assertTrue(asked.get() <= 80 + sent, () -> asked + " asked");
            clients.forEach(RawClient::reset);
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 80);
            expectAllOver(proxy);
        }
    }

    @Test
    void whoLosesHasNotFailed() {
        OriginScript slow = exchange -> {
            exchange.awaitPeerEnd();
        };
        try (var proxy = before(slow, OriginScript.ok("fast"))
                        .upstream("retry: {mark: true, hedge: 10ms}, ejection: {failures: 1, share: 100%}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(GET).expectStatus(200);
            }
            assertEquals(5, app(proxy).hedges().sent());
            for (ScriptedOrigin origin : origins) {
                assertEquals(EndpointState.UP, proxy.endpoint(origin.address()).state());
            }
            assertTrue(proxy.errorLog().stream().noneMatch(line -> line.contains("event=upstream_failed")));
        }
    }

    @Test
    void aClientThatLeavesEndsBoth() {
        try (var proxy =
                before(waiting(firstEnds), waiting(secondEnds)).upstream(SOON).start()) {
            try (var client = proxy.connect()) {
                client.send(GET);
                Await.open("both are asked", bothAsked);
                client.reset();
            }
            Await.open("the first is given up", firstEnds);
            Await.open("the second is given up", secondEnds);
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
            expectAllOver(proxy);
        }
    }

    @Test
    void theEndOfAllTimeEndsBoth() {
        try (var proxy = before(waiting(firstEnds), waiting(secondEnds))
                        .upstream(SOON)
                        .route("{to: app, timeouts: {request: 400ms}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
            Await.open("the first is given up", firstEnds);
            Await.open("the second is given up", secondEnds);
            expectAllOver(proxy);
        }
    }

    // ---- what it may take ------------------------------------------------------------------------------------------

    @Test
    void eachOfTheTwoHasPermitsOfItsOwnAndGivesThemBack() {
        try (var proxy = before(waiting(firstEnds), waiting(secondEnds))
                .upstream(SOON + ", breaker: {requests: 2, retries: 1, pending: 1}")
                .start()) {
            try (var client = proxy.connect();
                    var other = proxy.connect()) {
                client.send(GET);
                Await.open("both are asked", bothAsked);
                assertEquals(new LimitUsage(2, 0, 2, 1), proxy.load());
                other.send(GET);
                proxy.awaitPending(1);
                client.reset();
                proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
                Await.until("the other one is served", () -> proxy.load().pending() == 0);
                other.reset();
                proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 2);
            }
            expectAllOver(proxy);
            Await.until("nothing is taken", () -> proxy.load().equals(new LimitUsage(0, 0, 0, 0)));
        }
    }

    @Test
    void whereThereIsNoRoomThereIsNoSecond() {
        try (var proxy = before(late(200, "first"), OriginScript.ok("second"))
                        .upstream("retry: {mark: true, hedge: 1ms}, breaker: {requests: 1}")
                        .start(io);
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the first is asked", () -> asked.get() == 1);
            passTime(proxy);
            bothAsked.countDown();
            assertEquals("first", client.expectStatus(200).text());
            expectHedges(proxy, 0, 0);
            assertEquals(new LimitUsage(1, 0, 0, 0), proxy.load());
        }
    }

    /** One retry at a time is a second attempt's too, which gives that back when it is over. */
    @Test
    void thePermitsOfRetriesHoldForSecondAttempts() {
        CountDownLatch isRefused = new CountDownLatch(1);
        OriginScript first = exchange -> {
            exchange.await(isRefused);
            exchange.respond(200, "first");
        };
        OriginScript script = exchange -> {
            asked.getAndIncrement();
            first.run(exchange);
        };
        for (int i = 0; i < 2; i++) {
            origins.add(ScriptedOrigin.start().otherwise(script));
        }
        try (var proxy = ProxySetup.before(origins.get(0), origins.get(1))
                        .upstream("retry: {mark: true, hedge: 10ms}, breaker: {retries: 1}")
                        .start();
                var client = proxy.connect();
                var other = proxy.connect()) {
            client.send(GET);
            Await.until("both are asked", () -> asked.get() == 2);
            other.send(GET);
            Await.until("another one is refused", () -> app(proxy).hedges().refused() == 1);
            assertEquals(1, app(proxy).hedges().sent());
            isRefused.countDown();
            client.expectStatus(200);
            other.expectStatus(200);
            Await.until("it is given back", () -> proxy.load().retries() == 0);
            expectAllOver(proxy);
        }
    }

    @Test
    void aBreakerThatIsOpenForMostLetsNoSecondThrough() {
        OriginScript answering = exchange -> {
            asked.getAndIncrement();
            exchange.readContent();
            exchange.await(bothAsked);
            exchange.respond(200, "slow");
        };
        CountDownLatch failed = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            origins.add(ScriptedOrigin.start().otherwise(exchange -> {
                if (failed.getCount() > 0) {
                    exchange.respond(500, "no");
                } else {
                    answering.run(exchange);
                }
            }));
        }
        String trip = "trip: {requests: 4, open: 1s, jitter: 0%, return: 0s, probes: 1, probeTimeout: 1m}";
        try (var proxy = ProxySetup.before(origins.get(0), origins.get(1))
                        .upstream("retry: {mark: true, hedge: 1s}, ejection: {failures: 0}, breaker: {" + trip + "}")
                        .start(io);
                var client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                client.send(GET).expectStatus(500);
            }
            Await.until("it is open", () -> proxy.upstream().breaker().orElseThrow() == State.OPEN);
            failed.countDown();
            io.pass(Duration.ofMillis(1_100));
            Await.until("it is half open", () -> proxy.upstream().breaker().orElseThrow() == State.HALF_OPEN);
            client.send(GET);
            Await.until("the probe is there", () -> asked.get() == 1);
            passTime(proxy);
            bothAsked.countDown();
            bothAsked.countDown();
            client.expectStatus(200);
            expectHedges(proxy, 0, 0);
            assertEquals(1, asked.get());
            assertEquals(0, proxy.exchangesEndedBy(Cause.CIRCUIT_OPEN));
        }
    }

    @Test
    void whoLosesIsNoFailureToTheBreaker() {
        try (var proxy = before(waiting(firstEnds), OriginScript.ok("second"))
                        .upstream(SOON + ", breaker: {trip: {requests: 4, errors: 10%}}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 8; i++) {
                client.send(GET).expectStatus(200);
            }
            expectHedges(proxy, 8, 8);
            assertEquals(State.CLOSED, proxy.upstream().breaker().orElseThrow());
            assertEquals(0, proxy.exchangesEndedBy(Cause.CIRCUIT_OPEN));
            expectAllOver(proxy);
        }
    }

    // ---- what origins and clients see ------------------------------------------------------------------------------

    @Test
    void theSecondAloneIsMarkedAsARetry() {
        Set<String> marks = ConcurrentHashMap.newKeySet();
        OriginScript reading = exchange -> {
            marks.add(Objects.requireNonNullElse(exchange.request().fields().value("x-retry-attempt"), "none"));
            bothAsked.countDown();
            exchange.await(bothAsked);
            exchange.respond(200, "either");
        };
        for (int i = 0; i < 2; i++) {
            origins.add(ScriptedOrigin.start().otherwise(reading));
        }
        try (var proxy = ProxySetup.before(origins.get(0), origins.get(1))
                        .upstream("retry: {hedge: 20ms, mark: true}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            assertEquals(Set.of("none", "1"), marks);
        }
    }

    /** Another endpoint may not know the client, and tell it soon that it is nobody. */
    @ParameterizedTest
    @ValueSource(strings = {"cookie", "header"})
    void whoIsKnownAtOneEndpointIsNotSentToAnother(String by) {
        String sticky =
                by.equals("cookie") ? "sticky: {cookie: route, secret: long enough}" : "sticky: {header: X-User}";
        CountDownLatch isDue = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            origins.add(ScriptedOrigin.start().otherwise(exchange -> {
                if (exchange.request().fields().has("x-user")) {
                    asked.getAndIncrement();
                    exchange.await(isDue);
                }
                exchange.respond(200, "known");
            }));
        }
        try (var proxy = ProxySetup.before(origins.get(0), origins.get(1))
                        .upstream("retry: {mark: true, hedge: 1s}, " + sticky)
                        .start(io);
                var client = proxy.connect()) {
            String set = client.send(GET).expectStatus(200).fields().value("Set-Cookie");
            String cookie = set == null ? "" : "Cookie: " + set.substring(0, set.indexOf(';')) + "␍␊";
            assertEquals(by.equals("cookie"), set != null);
            client.send("GET / HTTP/1.1␍␊Host: a␍␊X-User: 1␍␊" + cookie + "␍␊");
            Await.until("the first is asked", () -> asked.get() == 1);
            passTime(proxy);
            isDue.countDown();
            client.expectStatus(200);
            expectHedges(proxy, 0, 0);
        }
    }

    /** Hints of one would stand before the answer of the other. */
    @Test
    void hintsOfTwoAreNotPassedOn() {
        OriginScript first = exchange -> {
            exchange.await(bothAsked);
            exchange.send("HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊");
            exchange.respond(200, "first");
        };
        try (var proxy = before(first, waiting(secondEnds)).upstream(SOON).start();
                var client = proxy.connect()) {
            assertTrue(client.send(GET).expectStatus(200).interimStatuses().isEmpty());
        }
    }

    // ---- HTTP/2 ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLoserIsResetAndItsConnectionStays(boolean isClientByHttp1) {
        Handler handler = (peer, request) -> {
            if (!request.fields().has("x-retry-attempt")) {
                assertEquals(Codes.CANCEL, peer.awaitReset(request.streamId()));
                firstEnds.countDown();
            } else {
                peer.respond(request.streamId(), 200, "second");
            }
        };
        try (var one = Http2Origin.start(Script.serving(handler));
                var two = Http2Origin.start(Script.serving(handler));
                var proxy = ProxySetup.before(one.address(), two.address())
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("protocol: h2")
                        .upstream(SOON)
                        .start()) {
            if (isClientByHttp1) {
                try (var client = proxy.connect()) {
                    assertEquals("second", client.send(GET).expectStatus(200).text());
                    Await.open("the first is given up", firstEnds);
                    assertEquals("second", client.send(GET).expectStatus(200).text());
                }
            } else {
                try (var client = Http2Peer.connect(proxy.port()).greet()) {
                    assertEquals(
                            "second", client.get(1, "/").expectStatus(1, 200).text());
                    Await.open("the first is given up", firstEnds);
                    assertEquals(
                            "second", client.get(3, "/").expectStatus(3, 200).text());
                }
            }
            assertEquals(1, one.connections());
            assertEquals(1, two.connections());
            expectHedges(proxy, 2, 2);
        }
    }
}
