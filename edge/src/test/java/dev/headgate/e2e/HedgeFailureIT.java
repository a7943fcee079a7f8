package dev.headgate.e2e;

import static dev.headgate.e2e.TwoOrigins.GET;
import static dev.headgate.e2e.TwoOrigins.SOON;
import static dev.headgate.e2e.TwoOrigins.app;
import static dev.headgate.e2e.TwoOrigins.expectHedges;
import static dev.headgate.e2e.TwoOrigins.waiting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Handler;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Second attempts where one of the two comes to nothing, or is answered by what will not do. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HedgeFailureIT {
    private static final String PRIME = "GET /prime HTTP/1.1␍␊Host: a␍␊␍␊";

    private final TwoOrigins two = new TwoOrigins();

    @AfterEach
    void closeOrigins() {
        two.close();
    }

    private static long serverErrors(ProxyHarness proxy) {
        return proxy.metrics().endpoints().values().stream()
                .mapToLong(each -> each.byStatusClass()[5])
                .sum();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ifOneFailsTheOtherIsWaitedFor(boolean isSecondGone) {
        CountDownLatch isGone = new CountDownLatch(1);
        OriginScript failing = exchange -> {
            exchange.await(two.bothAsked);
            exchange.close();
            isGone.countDown();
        };
        OriginScript good = exchange -> {
            exchange.await(isGone);
            exchange.respond(200, "good");
        };
        try (var proxy = two.before(isSecondGone ? good : failing, isSecondGone ? failing : good)
                        .upstream(SOON)
                        .start();
                var client = proxy.connect()) {
            assertEquals("good", client.send(GET).expectStatus(200).text());
            assertEquals(2, two.asked.get());
            assertEquals(0, app(proxy).retries());
            two.expectAllOver(proxy);
        }
    }

    /** Both have been tried, and there is no third. */
    @Test
    void ifBothFailTheClientLearnsOfIt() {
        OriginScript failing = exchange -> {
            exchange.await(two.bothAsked);
            exchange.close();
        };
        try (var proxy = two.before(failing, failing).upstream(SOON).start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            two.expectAllOver(proxy);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 503", "false, 503", "true, 200", "false, 200"})
    void anAnswerThatWouldBeTriedAgainGivesWayToTheOther(boolean isSecondBad, int other) {
        CountDownLatch badIsGone = new CountDownLatch(1);
        OriginScript bad = exchange -> {
            exchange.await(two.bothAsked);
            exchange.respond(503, "bad");
        };
        OriginScript good = exchange -> {
            exchange.await(badIsGone);
            exchange.respond(other, "good");
        };
        try (var proxy = two.before(isSecondBad ? good : bad, isSecondBad ? bad : good)
                        .upstream("retry: {mark: true, hedge: 20ms, on: 503, attempts: 2}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the bad one is counted, and dropped", () -> serverErrors(proxy) == 1);
            badIsGone.countDown();
            client.expectStatus(other);
            assertEquals(2, two.asked.get());
            two.expectAllOver(proxy);
            assertEquals(other == 503 ? 2 : 1, serverErrors(proxy));
        }
    }

    @Test
    void anAnswerThatIsGoodEnoughWinsWhateverItSays() {
        try (var proxy = two.before(two.late(404, "none"), waiting(two.secondEnds))
                        .upstream("retry: {mark: true, hedge: 20ms, on: 503}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(404);
            Await.open("the second is given up", two.secondEnds);
        }
    }

    @Test
    void aTryThatIsOverLeavesTheOther() {
        OriginScript second = exchange -> {
            exchange.await(two.firstEnds);
            exchange.respond(200, "second");
        };
        try (var proxy = two.before(waiting(two.firstEnds), second)
                        .upstream("retry: {mark: true, hedge: 100ms, perTry: 300ms}")
                        .start();
                var client = proxy.connect()) {
            assertEquals("second", client.send(GET).expectStatus(200).text());
            assertEquals(1, app(proxy).hedges().sent());
            two.expectAllOver(proxy);
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

    // ---- answers that will not do ----------------------------------------------------------------------------------

    /** What asks for longer than is waited for is no answer that another attempt would follow. */
    @ParameterizedTest
    @ValueSource(strings = {"off", "20ms"})
    void anAnswerThatAsksForALongWaitIsPassedOn(String hedge) {
        OriginScript first = exchange -> {
            exchange.readContent();
            exchange.await(two.bothAsked);
            exchange.send("HTTP/1.1 503 No␍␊Retry-After: 120␍␊Content-Length: 3␍␊␍␊bad");
        };
        try (var proxy = two.before(first, waiting(two.secondEnds))
                        .upstream("retry: {mark: true, hedge: " + hedge + ", on: 503}, timeouts: {firstByte: 3s}")
                        .start();
                var client = proxy.connect()) {
            onlyOneIsAsked(hedge);
            assertEquals("bad", client.send(GET).expectStatus(503).text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "20ms"})
    void theFallbackIsTakenForAnAnswerThatItAloneLists(String hedge) {
        try (var proxy = two.before(two.late(503, "bad"), waiting(two.secondEnds))
                        .upstream("retry: {mark: true, attempts: 2, hedge: " + hedge + "}, timeouts: {firstByte: 3s}")
                        .route("{to: app, fallback: {on: 503, respond: {status: 200, body: stale}}}")
                        .start();
                var client = proxy.connect()) {
            onlyOneIsAsked(hedge);
            assertEquals("stale", client.send(GET).expectStatus(200).text());
        }
    }

    private void onlyOneIsAsked(String hedge) {
        if (hedge.equals("off")) {
            two.bothAsked.countDown();
        }
    }

    // ---- connections that have ended meanwhile ---------------------------------------------------------------------

    /** Answers once by each connection, and ends it upon a second request when that {@code isDue}. */
    private OriginScript endingWhen(CountDownLatch isDue) {
        return exchange -> {
            if (exchange.indexOnConnection() == 0) {
                exchange.respond(200, "fresh");
            } else {
                exchange.readContent();
                two.asked.incrementAndGet();
                exchange.await(isDue);
                exchange.close();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "1s"})
    void aStaleConnectionIsReplacedWhereNobodyElseIsToBeAsked(String hedge) {
        CountDownLatch isDue = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(endingWhen(isDue));
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {hedge: " + hedge + "}, pool: {connections: 1}")
                        .start(two.io);
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET);
            Await.until("it is asked again", () -> two.asked.get() == 1);
            two.passTime(proxy);
            isDue.countDown();
            assertEquals("fresh", client.expectStatus(200).text());
        }
    }

    /** Both have room for one connection. */
    @ParameterizedTest
    @ValueSource(strings = {"off", "1s"})
    void aStaleConnectionIsReplacedWhereTheOtherEndpointHasNoRoom(String hedge) {
        CountDownLatch isDue = new CountDownLatch(1);
        CountDownLatch isOver = new CountDownLatch(1);
        OriginScript ending = endingWhen(isDue);
        OriginScript script = exchange -> {
            if (exchange.request().method().equals("POST")) {
                two.asked.incrementAndGet();
                exchange.await(isOver);
                exchange.respond(200, "busy");
            } else {
                ending.run(exchange);
            }
        };
        try (var proxy = two.beforeBoth(script)
                        .upstream("balance: round-robin, retry: {hedge: " + hedge + "}, pool: {connections: 1}")
                        .start(two.io);
                var client = proxy.connect();
                var busy = proxy.connect()) {
            client.send(GET).expectStatus(200);
            client.send(GET).expectStatus(200);
            busy.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊");
            Await.until("one is busy", () -> two.asked.get() == 1);
            client.send(GET);
            Await.until("the other is asked again", () -> two.asked.get() == 2);
            two.passTime(proxy);
            isDue.countDown();
            assertEquals("fresh", client.expectStatus(200).text());
            isOver.countDown();
            busy.expectStatus(200);
        }
    }

    @Test
    void aStaleConnectionOfTheSecondIsReplaced() {
        OriginScript script = exchange -> {
            if (isPriming(exchange)) {
                exchange.respond(200, "primed");
            } else if (!exchange.request().fields().has("x-retry-attempt")) {
                exchange.awaitPeerEnd();
                two.firstEnds.countDown();
            } else if (exchange.indexOnConnection() > 0) {
                exchange.readContent();
                exchange.reset();
            } else {
                exchange.respond(200, "fresh");
            }
        };
        try (var proxy = two.beforeBoth(script)
                        .upstream("balance: round-robin, " + SOON + ", timeouts: {firstByte: 3s}")
                        .start();
                var client = proxy.connect()) {
            client.send(PRIME).expectStatus(200);
            client.send(PRIME).expectStatus(200);
            assertEquals("fresh", client.send(GET).expectStatus(200).text());
            Await.open("the first is given up", two.firstEnds);
            expectHedges(proxy, 1, 1);
            expectNobodyBlamed(proxy);
            two.expectAllOver(proxy);
        }
    }

    /** Its connection is replaced once: an endpoint that ends each upon a request has failed. */
    @Test
    void aSecondAttemptWhoseFreshConnectionEndsTooHasFailed() {
        OriginScript script = exchange -> {
            if (isPriming(exchange)) {
                exchange.respond(200, "primed");
            } else if (!exchange.request().fields().has("x-retry-attempt")) {
                exchange.readContent();
                exchange.await(two.secondEnds);
                exchange.respond(200, "first");
            } else {
                exchange.readContent();
                exchange.reset();
                if (two.asked.incrementAndGet() == 2) {
                    two.secondEnds.countDown();
                }
            }
        };
        try (var proxy = two.beforeBoth(script)
                        .upstream("balance: round-robin, " + SOON + ", timeouts: {firstByte: 3s}")
                        .start();
                var client = proxy.connect()) {
            client.send(PRIME).expectStatus(200);
            client.send(PRIME).expectStatus(200);
            assertEquals("first", client.send(GET).expectStatus(200).text());
            assertEquals(2, two.asked.get());
            two.expectAllOver(proxy);
        }
    }

    @Test
    void anEndpointWhoseConnectionWasStaleIsAskedAgainIfTheOtherFailsToo() {
        CountDownLatch isFirstOver = new CountDownLatch(1);
        OriginScript script = exchange -> {
            String mark = exchange.request().fields().value("x-retry-attempt");
            if (isPriming(exchange)) {
                exchange.respond(200, "primed");
                if (two.asked.incrementAndGet() == 2) {
                    exchange.close(); // It will be asked by a fresh connection.
                }
            } else if (mark == null) {
                exchange.readContent();
                exchange.await(two.bothAsked);
                exchange.reset();
            } else if (mark.equals("1")) {
                two.bothAsked.countDown();
                two.bothAsked.countDown();
                exchange.await(isFirstOver);
                exchange.close();
            } else {
                exchange.respond(200, "asked again");
            }
        };
        try (var proxy = two.beforeBoth(script)
                        .upstream("balance: round-robin, " + SOON)
                        .start();
                var client = proxy.connect()) {
            client.send(PRIME).expectStatus(200);
            client.send(PRIME).expectStatus(200);
            client.send(GET);
            Await.open("both are asked", two.bothAsked);
            String first = two.origins().get(0).address();
            Await.until(
                    "the first is gone",
                    () -> TwoOrigins.attemptsInFlight(proxy, two.origins().get(0)) == 0);
            isFirstOver.countDown();
            assertEquals("asked again", client.expectStatus(200).text());
            assertTrue(proxy.errorLog().stream()
                    .noneMatch(line -> line.contains("event=upstream_failed") && line.contains(first)));
            two.expectAllOver(proxy);
        }
    }

    @Test
    void aSecondAttemptThatAnEndpointThatGoesAwayHasNotLookedAtIsMadeAnew() {
        Handler handler = (peer, request) -> {
            if (!request.fields().has("x-retry-attempt")) {
                assertEquals(Codes.CANCEL, peer.awaitReset(request.streamId()));
                two.firstEnds.countDown();
            } else if (two.asked.incrementAndGet() == 1) {
                peer.send(Frames.goAway(0, Codes.NO_ERROR));
                peer.awaitEnd();
                two.secondEnds.countDown();
            } else {
                peer.respond(request.streamId(), 200, "second");
            }
        };
        try (var one = Http2Origin.start(Script.serving(handler));
                var other = Http2Origin.start(Script.serving(handler));
                var proxy = ProxySetup.before(one.address(), other.address())
                        .upstream("protocol: h2, timeouts: {firstByte: 3s}")
                        .upstream(SOON)
                        .start();
                var client = proxy.connect()) {
            assertEquals("second", client.send(GET).expectStatus(200).text());
            Await.open("the first is given up", two.firstEnds);
            Await.open("the connection that goes away has ended", two.secondEnds);
            expectHedges(proxy, 1, 1);
            expectNobodyBlamed(proxy);
        }
    }

    private static boolean isPriming(OriginExchange exchange) {
        return exchange.request().target().equals("/prime");
    }

    private static void expectNobodyBlamed(ProxyHarness proxy) {
        assertTrue(proxy.errorLog().stream().noneMatch(line -> line.contains("event=upstream_failed")));
    }
}
