package dev.headgate.e2e;

import static dev.headgate.e2e.TwoOrigins.GET;
import static dev.headgate.e2e.TwoOrigins.SOON;
import static dev.headgate.e2e.TwoOrigins.app;
import static dev.headgate.e2e.TwoOrigins.expectHedges;
import static dev.headgate.e2e.TwoOrigins.waiting;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.breaker.CircuitBreaker.State;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.LimitUsage;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginScript;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Second attempts have permits and an admission of the circuit breaker of their own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HedgeLimitsIT {
    private final TwoOrigins two = new TwoOrigins();

    @AfterEach
    void closeOrigins() {
        two.close();
    }

    @Test
    void eachOfTheTwoHasPermitsOfItsOwnAndGivesThemBack() {
        try (var proxy = two.before(waiting(two.firstEnds), waiting(two.secondEnds))
                .upstream(SOON + ", breaker: {requests: 2, retries: 1, pending: 1}")
                .start()) {
            try (var client = proxy.connect();
                    var other = proxy.connect()) {
                client.send(GET);
                Await.open("both are asked", two.bothAsked);
                assertEquals(new LimitUsage(2, 0, 2, 1), proxy.load());
                other.send(GET);
                proxy.awaitPending(1);
                client.reset();
                proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
                Await.until("the other one is served", () -> proxy.load().pending() == 0);
                other.reset();
                proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 2);
            }
            two.expectAllOver(proxy);
            Await.until("nothing is taken", () -> proxy.load().equals(new LimitUsage(0, 0, 0, 0)));
        }
    }

    @Test
    void whereThereIsNoRoomThereIsNoSecond() {
        try (var proxy = two.before(two.late(200, "first"), OriginScript.ok("second"))
                        .upstream("retry: {mark: true, hedge: 1ms}, breaker: {requests: 1}")
                        .start(two.io);
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the first is asked", () -> two.asked.get() == 1);
            two.passTime(proxy);
            two.bothAsked.countDown();
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
            two.asked.getAndIncrement();
            first.run(exchange);
        };
        try (var proxy = two.beforeBoth(script)
                        .upstream("retry: {mark: true, hedge: 10ms}, breaker: {retries: 1}")
                        .start();
                var client = proxy.connect();
                var other = proxy.connect()) {
            client.send(GET);
            Await.until("both are asked", () -> two.asked.get() == 2);
            other.send(GET);
            Await.until("another one is refused", () -> app(proxy).hedges().refused() == 1);
            assertEquals(1, app(proxy).hedges().sent());
            isRefused.countDown();
            client.expectStatus(200);
            other.expectStatus(200);
            Await.until("it is given back", () -> proxy.load().retries() == 0);
            two.expectAllOver(proxy);
        }
    }

    @Test
    void aBreakerThatIsOpenForMostLetsNoSecondThrough() {
        OriginScript answering = exchange -> {
            two.asked.getAndIncrement();
            exchange.readContent();
            exchange.await(two.bothAsked);
            exchange.respond(200, "slow");
        };
        CountDownLatch failed = new CountDownLatch(1);
        OriginScript script = exchange -> {
            if (failed.getCount() > 0) {
                exchange.respond(500, "no");
            } else {
                answering.run(exchange);
            }
        };
        String trip = "trip: {requests: 4, open: 1s, jitter: 0%, return: 0s, probes: 1, probeTimeout: 1m}";
        try (var proxy = two.beforeBoth(script)
                        .upstream("retry: {mark: true, hedge: 1s}, ejection: {failures: 0}, breaker: {" + trip + "}")
                        .start(two.io);
                var client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                client.send(GET).expectStatus(500);
            }
            Await.until("it is open", () -> proxy.upstream().breaker().orElseThrow() == State.OPEN);
            failed.countDown();
            two.io.pass(Duration.ofMillis(1_100));
            Await.until("it is half open", () -> proxy.upstream().breaker().orElseThrow() == State.HALF_OPEN);
            client.send(GET);
            Await.until("the probe is there", () -> two.asked.get() == 1);
            two.passTime(proxy);
            two.bothAsked.countDown();
            two.bothAsked.countDown();
            client.expectStatus(200);
            expectHedges(proxy, 0, 0);
            assertEquals(1, two.asked.get());
            assertEquals(0, proxy.exchangesEndedBy(Cause.CIRCUIT_OPEN));
        }
    }

    @Test
    void whoLosesIsNoFailureToTheBreaker() {
        try (var proxy = two.before(waiting(two.firstEnds), OriginScript.ok("second"))
                        .upstream(SOON + ", breaker: {trip: {requests: 4, errors: 10%}}")
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 8; i++) {
                client.send(GET).expectStatus(200);
            }
            expectHedges(proxy, 8, 8);
            assertEquals(State.CLOSED, proxy.upstream().breaker().orElseThrow());
            assertEquals(0, proxy.exchangesEndedBy(Cause.CIRCUIT_OPEN));
            two.expectAllOver(proxy);
        }
    }

    /** Who has left says nothing of how long it would have taken. */
    @ParameterizedTest
    @ValueSource(strings = {"off", "20ms"})
    void clientsThatLeaveDoNotTripTheBreaker(String hedge) {
        int each = hedge.equals("off") ? 1 : 2;
        OriginScript stalling = OriginScript.stall();
        try (var proxy = two.before(stalling, stalling)
                .upstream("retry: {mark: true, hedge: " + hedge + "}, "
                        + "breaker: {trip: {requests: 4, slow: 10%, slowAfter: 1s}}")
                .start(two.io)) {
            for (int i = 1; i <= 8; i++) {
                int attempts = i * each;
                try (var client = proxy.connect()) {
                    client.send(GET);
                    Await.until("all are asked", () -> two.asked.get() == attempts);
                    two.passTime(proxy);
                    client.reset();
                }
                proxy.awaitEndedBy(Cause.CLIENT_ABORTED, i);
            }
            assertEquals(State.CLOSED, proxy.upstream().breaker().orElseThrow());
            two.expectAllOver(proxy);
        }
    }
}
