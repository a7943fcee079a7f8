package dev.headgate.e2e;

import static dev.headgate.e2e.TwoOrigins.GET;
import static dev.headgate.e2e.TwoOrigins.SOON;
import static dev.headgate.e2e.TwoOrigins.app;
import static dev.headgate.e2e.TwoOrigins.expectHedges;
import static dev.headgate.e2e.TwoOrigins.waiting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
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
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";
    private static final String PUT =
            "PUT / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊3␍␊one␍␊3␍␊two␍␊0␍␊X-Sum: 6␍␊␍␊";

    private final TwoOrigins two = new TwoOrigins();

    @AfterEach
    void closeOrigins() {
        two.close();
    }

    @Test
    void isOffUnlessItIsWished() {
        try (var proxy = two.before(two.late(200, "first"), OriginScript.ok("second"))
                        .start();
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the first is asked", () -> two.asked.get() == 1);
            two.bothAsked.countDown();
            assertEquals("first", client.expectStatus(200).text());
            expectHedges(proxy, 0, 0);
        }
    }

    @Test
    void isNotNeededWhereTheAnswerComesInTime() {
        try (var proxy = two.before(OriginScript.ok("first"), OriginScript.ok("second"))
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
        try (var proxy = two.before(waiting(two.firstEnds), OriginScript.ok("second"))
                        .upstream(SOON)
                        .start();
                var client = proxy.connect()) {
            client.send(request);
            assertEquals(
                    method.equals("HEAD") ? "" : "second",
                    client.readResponse(method).text());
            Await.open("the first is given up", two.firstEnds);
            expectHedges(proxy, 1, 1);
            two.expectAllOver(proxy);
            for (ScriptedOrigin origin : two.origins()) {
                if (method.equals("PUT") && origin.lastRequest().isComplete()) {
                    assertEquals("onetwo", origin.lastRequest().text());
                    assertEquals("6", origin.lastRequest().trailers().value("x-sum"));
                }
            }
        }
    }

    @Test
    void theFirstWinsWhereItsHeadIsFirst() {
        try (var proxy = two.before(two.late(200, "first"), waiting(two.secondEnds))
                        .upstream(SOON)
                        .start();
                var client = proxy.connect()) {
            assertEquals("first", client.send(GET).expectStatus(200).text());
            Await.open("the second is given up", two.secondEnds);
            expectHedges(proxy, 1, 0);
            two.expectAllOver(proxy);
        }
    }

    // ---- what is not hedged -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"'', 0", "', unsafe: true', 0", "', replayBytes: 5B', 1"})
    void whatMayNotTakeEffectTwiceIsNot(String more, int isPut) {
        try (var proxy = two.before(two.late(200, "first"), OriginScript.ok("second"))
                        .upstream("retry: {mark: true, hedge: 1ms" + more + "}")
                        .start(two.io);
                var client = proxy.connect()) {
            client.send(isPut == 1 ? PUT : POST);
            Await.until("the first is asked", () -> two.asked.get() == 1);
            two.passTime(proxy);
            two.bothAsked.countDown();
            assertEquals("first", client.expectStatus(200).text());
            expectHedges(proxy, 0, 0);
        }
    }

    @Test
    void aRetryOfATrustedProxyIsNot() {
        try (var proxy = two.before(two.late(200, "first"), OriginScript.ok("second"))
                        .top("trustedProxies: [127.0.0.0/8]")
                        .upstream("retry: {hedge: 1ms}")
                        .start(two.io);
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊X-Retry-Attempt: 1␍␊␍␊");
            Await.until("the first is asked", () -> two.asked.get() == 1);
            two.passTime(proxy);
            two.bothAsked.countDown();
            assertEquals("first", client.expectStatus(200).text());
            expectHedges(proxy, 0, 0);
        }
    }

    @Test
    void aRouteSaysSoForItself() {
        try (var proxy = two.before(waiting(two.firstEnds), OriginScript.ok("second"))
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
        try (var proxy = two.before(stalling, stalling)
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
            assertTrue(two.asked.get() <= 80 + sent, () -> two.asked + " asked");
            clients.forEach(RawClient::reset);
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 80);
            two.expectAllOver(proxy);
        }
    }

    @Test
    void whoLosesHasNotFailed() {
        OriginScript slow = exchange -> {
            exchange.awaitPeerEnd();
        };
        try (var proxy = two.before(slow, OriginScript.ok("fast"))
                        .upstream("retry: {mark: true, hedge: 10ms}, ejection: {failures: 1, share: 100%}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(GET).expectStatus(200);
            }
            assertEquals(5, app(proxy).hedges().sent());
            for (ScriptedOrigin origin : two.origins()) {
                assertEquals(EndpointState.UP, proxy.endpoint(origin.address()).state());
            }
            assertTrue(proxy.errorLog().stream().noneMatch(line -> line.contains("event=upstream_failed")));
        }
    }

    @Test
    void aClientThatLeavesEndsBoth() {
        try (var proxy = two.before(waiting(two.firstEnds), waiting(two.secondEnds))
                .upstream(SOON)
                .start()) {
            try (var client = proxy.connect()) {
                client.send(GET);
                Await.open("both are asked", two.bothAsked);
                client.reset();
            }
            Await.open("the first is given up", two.firstEnds);
            Await.open("the second is given up", two.secondEnds);
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
            two.expectAllOver(proxy);
        }
    }

    @Test
    void theEndOfAllTimeEndsBoth() {
        try (var proxy = two.before(waiting(two.firstEnds), waiting(two.secondEnds))
                        .upstream(SOON)
                        .route("{to: app, timeouts: {request: 400ms}}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(504);
            Await.open("the first is given up", two.firstEnds);
            Await.open("the second is given up", two.secondEnds);
            two.expectAllOver(proxy);
        }
    }

    // ---- what origins and clients see -------------------------------------------------------------------------------

    @Test
    void theSecondAloneIsMarkedAsARetry() {
        Set<String> marks = ConcurrentHashMap.newKeySet();
        OriginScript reading = exchange -> {
            marks.add(Objects.requireNonNullElse(exchange.request().fields().value("x-retry-attempt"), "none"));
            two.bothAsked.countDown();
            exchange.await(two.bothAsked);
            exchange.respond(200, "either");
        };
        try (var proxy = two.beforeBoth(reading)
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
        OriginScript script = exchange -> {
            if (exchange.request().fields().has("x-user")) {
                two.asked.getAndIncrement();
                exchange.await(isDue);
            }
            exchange.respond(200, "known");
        };
        try (var proxy = two.beforeBoth(script)
                        .upstream("retry: {mark: true, hedge: 1s}, " + sticky)
                        .start(two.io);
                var client = proxy.connect()) {
            String set = client.send(GET).expectStatus(200).fields().value("Set-Cookie");
            String cookie = set == null ? "" : "Cookie: " + set.substring(0, set.indexOf(';')) + "␍␊";
            assertEquals(by.equals("cookie"), set != null);
            client.send("GET / HTTP/1.1␍␊Host: a␍␊X-User: 1␍␊" + cookie + "␍␊");
            Await.until("the first is asked", () -> two.asked.get() == 1);
            two.passTime(proxy);
            isDue.countDown();
            client.expectStatus(200);
            expectHedges(proxy, 0, 0);
        }
    }

    /** Hints of one would stand before the answer of the other. */
    @Test
    void hintsOfTwoAreNotPassedOn() {
        OriginScript first = exchange -> {
            exchange.await(two.bothAsked);
            exchange.send("HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊");
            exchange.respond(200, "first");
        };
        try (var proxy = two.before(first, waiting(two.secondEnds))
                        .upstream(SOON)
                        .start();
                var client = proxy.connect()) {
            assertTrue(client.send(GET).expectStatus(200).interimStatuses().isEmpty());
        }
    }

    /** Eight are allowed, to each. */
    @ParameterizedTest
    @CsvSource({"8, first", "9, second"})
    void hintsOfEachAreCountedByThemselves(int hints, String expected) {
        String eight = "HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊".repeat(8);
        CountDownLatch isHinted = new CountDownLatch(1);
        OriginScript first = exchange -> {
            exchange.await(isHinted);
            exchange.send("HTTP/1.1 103 Early Hints␍␊Link: </a>␍␊␍␊".repeat(hints));
            if (hints == 8) {
                exchange.respond(200, "first");
            } else {
                exchange.awaitPeerEnd();
                two.firstEnds.countDown();
            }
        };
        OriginScript second = exchange -> {
            exchange.send(eight);
            isHinted.countDown();
            exchange.await(two.firstEnds);
            exchange.respond(200, "second");
        };
        try (var proxy = two.before(first, second).upstream(SOON).start();
                var client = proxy.connect()) {
            assertEquals(expected, client.send(GET).expectStatus(200).text());
            two.firstEnds.countDown();
        }
    }

    // ---- HTTP/2 -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLoserIsResetAndItsConnectionStays(boolean isClientByHttp1) {
        AtomicInteger resets = new AtomicInteger();
        Handler handler = (peer, request) -> {
            if (!request.fields().has("x-retry-attempt")) {
                assertEquals(Codes.CANCEL, peer.awaitReset(request.streamId()));
                resets.incrementAndGet();
            } else {
                peer.respond(request.streamId(), 200, "second");
            }
        };
        try (var one = Http2Origin.start(Script.serving(handler));
                var other = Http2Origin.start(Script.serving(handler));
                var proxy = ProxySetup.before(one.address(), other.address())
                        .listener("protocols: [h2, http/1.1]")
                        .upstream("protocol: h2")
                        .upstream(SOON)
                        .start()) {
            if (isClientByHttp1) {
                try (var client = proxy.connect()) {
                    assertEquals("second", client.send(GET).expectStatus(200).text());
                    Await.until("the first is given up", () -> resets.get() == 1);
                    assertEquals("second", client.send(GET).expectStatus(200).text());
                }
            } else {
                try (var client = Http2Peer.connect(proxy.port()).greet()) {
                    assertEquals(
                            "second", client.get(1, "/").expectStatus(1, 200).text());
                    Await.until("the first is given up", () -> resets.get() == 1);
                    assertEquals(
                            "second", client.get(3, "/").expectStatus(3, 200).text());
                }
            }
            Await.until("so is that of the other request", () -> resets.get() == 2);
            assertEquals(1, one.connections());
            assertEquals(1, other.connections());
            expectHedges(proxy, 2, 2);
        }
    }
}
