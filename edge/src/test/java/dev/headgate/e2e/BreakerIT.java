package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.breaker.CircuitBreaker.State;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An upstream that fails is not asked for a while, and then with care; and one that slows down is asked for less at once. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BreakerIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String TRIP = "ejection: {failures: 0}, retry: {attempts: 1},"
            + " breaker: {trip: {requests: 4, open: 5s, jitter: 0%, return: 0s}}";
    private static final Duration OPEN = Duration.ofMillis(5_100);

    private static State state(ProxyHarness proxy) {
        return proxy.upstream().breaker().orElseThrow();
    }

    private static void awaitState(ProxyHarness proxy, State state) {
        Await.until("the breaker is " + state, () -> state(proxy) == state);
    }

    private static MetricsSnapshot.Breaker breakerOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app")).breaker();
    }

    private static void fail(RawClient client, int times) {
        for (int i = 0; i < times; i++) {
            client.send(GET).expectStatus(500);
        }
    }

    @ThreatRow(
            value = "U-15",
            outcome =
                    "an upstream that fails too often is not asked: 503 at once; then one probe alone goes through, and decides")
    @Test
    void u_15_openBreakerLetsNothingThroughAndThenExactlyOneProbe() {
        var io = new SteeredIo().frozen();
        var probed = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).upstream(TRIP).start(io);
                var client = proxy.connect();
                var other = proxy.connect()) {
            origin.otherwise(exchange -> exchange.respond(500, "no"));
            fail(client, 3);
            assertEquals(State.CLOSED, state(proxy));
            fail(client, 1);
            awaitState(proxy, State.OPEN);
            Response refused = client.send(GET).expectStatus(503);
            assertEquals("5", refused.fields().value("retry-after"));
            assertEquals(1, proxy.exchangesEndedBy(Cause.CIRCUIT_OPEN));
            assertEquals(4, origin.requests().size());
            origin.otherwise(exchange -> {
                exchange.await(probed);
                exchange.respond(200, "hi");
            });
            io.pass(OPEN);
            awaitState(proxy, State.HALF_OPEN);
            client.send(GET);
            origin.awaitRequest(4);
            other.send(GET).expectStatus(503);
            assertEquals(5, origin.requests().size());
            probed.countDown();
            client.expectStatus(200);
            awaitState(proxy, State.CLOSED);
            other.send(GET).expectStatus(200);
            assertEquals(new MetricsSnapshot.Breaker(1, 3, 2), breakerOf(proxy));
            Await.until(
                    "it is told",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains(
                                    "event=upstream_breaker upstream=app state=open from=closed because=errors")));
        }
    }

    /** In whole seconds, rounded up; 1 where that is not known. */
    @ParameterizedTest
    @CsvSource({"0, 5", "1, 5", "999, 5", "1000, 4", "1001, 4", "3999, 2", "4000, 1", "4001, 1", "4999, 1"})
    void clientsAreToldWhenTheUpstreamIsAskedAgain(int passedMs, String expected) {
        var io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(500, "no"));
                var proxy = ProxySetup.before(origin).upstream(TRIP).start(io);
                var client = proxy.connect()) {
            fail(client, 4);
            awaitState(proxy, State.OPEN);
            io.pass(Duration.ofMillis(passedMs));
            assertEquals(expected, client.send(GET).expectStatus(503).fields().value("retry-after"));
        }
    }

    @Test
    void failedProbeOpensItForTwiceAsLong() {
        var io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(500, "no"));
                var proxy = ProxySetup.before(origin).upstream(TRIP).start(io);
                var client = proxy.connect()) {
            fail(client, 4);
            awaitState(proxy, State.OPEN);
            io.pass(OPEN);
            awaitState(proxy, State.HALF_OPEN);
            fail(client, 1);
            awaitState(proxy, State.OPEN);
            io.pass(OPEN);
            client.send(GET).expectStatus(503);
            assertEquals(State.OPEN, state(proxy));
            io.pass(OPEN);
            awaitState(proxy, State.HALF_OPEN);
            assertEquals(2, breakerOf(proxy).trips());
        }
    }

    @Test
    void probeWhoseClientLeavesMakesWayForAnother() {
        var io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(500, "no"));
                var proxy = ProxySetup.before(origin).upstream(TRIP).start(io);
                var client = proxy.connect()) {
            fail(client, 4);
            awaitState(proxy, State.OPEN);
            var never = new CountDownLatch(1);
            origin.otherwise(exchange -> {
                exchange.await(never);
                exchange.respond(200, "late");
            });
            io.pass(OPEN);
            awaitState(proxy, State.HALF_OPEN);
            client.send(GET);
            origin.awaitRequest(4);
            client.reset();
            proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
            origin.otherwise(exchange -> exchange.respond(200, "hi"));
            try (var next = proxy.connect()) {
                next.send(GET).expectStatus(200);
            }
            awaitState(proxy, State.CLOSED);
            never.countDown();
        }
    }

    @Test
    void slowAnswersTripItToo() {
        var io = new SteeredIo().frozen();
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("breaker: {trip: {requests: 4, errors: 0%, slow: 50%, slowAfter: 1s}}")
                        .start(io)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(proxy.connect().send("GET /" + i + " HTTP/1.1␍␊Host: a␍␊␍␊"));
                origin.awaitArrived("/" + i);
            }
            origin.answer("/0");
            origin.answer("/1");
            clients.get(0).expectStatus(200);
            clients.get(1).expectStatus(200);
            io.pass(Duration.ofMillis(1_001));
            origin.answer("/2");
            origin.answer("/3");
            clients.get(2).expectStatus(200);
            clients.get(3).expectStatus(200);
            awaitState(proxy, State.OPEN);
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void thoseWhoWaitAreAnsweredWhenItOpens() {
        try (var origin = GatedOrigin.start();
                var failing = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(500, "no"));
                var proxy = ProxyHarness.start("""
                        version: 1
                        loops: 1
                        listeners: [{name: web, address: "127.0.0.1:0"}]
                        upstreams:
                          app:
                            endpoints:
                              - {address: "%s", labels: {is: good}}
                              - {address: "%s", labels: {is: failing}}
                            ejection: {failures: 0}
                            retry: {attempts: 1}
                            pool: {connections: 1}
                            breaker: {trip: {requests: 2, open: 1m}}
                            timeouts: {pending: 1m}
                        routes:
                          - {match: {path: /good/**}, to: {upstream: app, labels: {is: good}}}
                          - {to: {upstream: app, labels: {is: failing}}}
                        log: {access: off}
                        """.formatted(origin.address(), failing.address()));
                var client = proxy.connect();
                var held = proxy.connect().send("GET /good/held HTTP/1.1␍␊Host: a␍␊␍␊")) {
            origin.awaitArrived("/good/held");
            try (var waiting = proxy.connect().send("GET /good/waiting HTTP/1.1␍␊Host: a␍␊␍␊")) {
                proxy.awaitPending(1);
                fail(client, 2);
                waiting.expectStatus(503);
                assertEquals(1, proxy.exchangesEndedBy(Cause.CIRCUIT_OPEN));
                awaitState(proxy, State.OPEN); // Those who wait are woken before the status is told.
            }
            origin.answer("/good/held");
            held.expectStatus(200);
        }
    }

    @Test
    void webSocketsAndTunnelsTellHowTheyWent() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxyHarness.start("""
                        version: 1
                        loops: 1
                        listeners: [{name: web, address: "127.0.0.1:0", protocols: tcp, to: app}]
                        upstreams:
                          app:
                            endpoints: "127.0.0.1:1"
                            ejection: {failures: 0}
                            retry: {attempts: 1}
                            breaker: {trip: {requests: 3}}
                        log: {access: off}
                        """)) {
            for (int i = 0; i < 3; i++) {
                try (var client = proxy.connect()) {
                    client.readToEndOrReset();
                }
            }
            awaitState(proxy, State.OPEN);
            try (var client = proxy.connect()) {
                client.readToEndOrReset();
            }
            Await.until("it is refused", () -> breakerOf(proxy).refused() == 1);
            assertTrue(origin.connections().isEmpty());
        }
    }

    @Test
    void limitThatAdaptsHoldsAndIsShown() {
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("concurrency: {initial: 2, min: 1}, timeouts: {pending: 1m}")
                        .start();
                var one = proxy.connect().send("GET /1 HTTP/1.1␍␊Host: a␍␊␍␊");
                var two = proxy.connect().send("GET /2 HTTP/1.1␍␊Host: a␍␊␍␊")) {
            origin.awaitArrived("/1");
            origin.awaitArrived("/2");
            assertEquals(2, proxy.upstream().concurrency().orElseThrow());
            try (var three = proxy.connect().send("GET /3 HTTP/1.1␍␊Host: a␍␊␍␊")) {
                proxy.awaitPending(1);
                assertEquals(2, origin.arrived().size());
                origin.answer("/1");
                one.expectStatus(200);
                origin.answer("/3");
                three.expectStatus(200);
            }
            origin.answer("/2");
            two.expectStatus(200);
        }
    }

    @Test
    void limitThatAdaptsGrowsWhileAnswersComeSoon() {
        var io = new SteeredIo().frozen();
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("concurrency: {initial: 4, min: 1, window: 50ms}, timeouts: {pending: 1m}")
                        .start(io)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(proxy.connect());
            }
            for (int round = 0; proxy.upstream().concurrency().orElseThrow() <= 4; round++) {
                assertTrue(round < 500, "it does not grow");
                answerInTurn(origin, io, clients, "/" + round + "/");
            }
            clients.forEach(RawClient::close);
        }
    }

    /** Each asks, and whoever has got through is answered, while time goes by: they may be fewer than all. */
    private static void answerInTurn(GatedOrigin origin, SteeredIo io, List<RawClient> clients, String prefix) {
        Set<Integer> asking = new HashSet<>();
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).send("GET " + prefix + i + " HTTP/1.1␍␊Host: a␍␊␍␊");
            asking.add(i);
        }
        while (!asking.isEmpty()) {
            Await.until(
                    "one is there",
                    () -> asking.stream().anyMatch(i -> origin.arrived().contains(prefix + i)));
            int next = asking.stream()
                    .filter(i -> origin.arrived().contains(prefix + i))
                    .findFirst()
                    .orElseThrow();
            io.pass(Duration.ofMillis(10));
            origin.answer(prefix + next);
            clients.get(next).expectStatus(200);
            asking.remove(next);
        }
    }
}
