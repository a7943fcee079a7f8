package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.exchange.Cause;
import dev.headgate.observe.LimitUsage;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for which no endpoint has room within its limits wait, in order, for so long and so many of them. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PendingIT {
    private static final Duration A_MOMENT = Duration.ofMillis(100); // more than a tick of the timers

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1␍␊Host: a␍␊␍␊";
    }

    private static RawClient ask(ProxyHarness proxy, String path) {
        return proxy.connect().send(get(path));
    }

    private static MetricsSnapshot.Pending pendingOf(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app")).pending();
    }

    // ---- each limit at one below, at and one above

    @ThreatRow(
            value = "U-15",
            outcome =
                    "requests past a limit wait, and past the limit of those 503 with Retry-After at once; the origin sees nothing of it")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pool: {connections: 3}",
                "pool: {requests: 3}",
                "breaker: {connections: 3, pending: 2}",
                "breaker: {requests: 3, pending: 2}"
            })
    void u_15_asManyAsTheLimitGoOnAndTheNextWait(String limit) {
        String pending = limit.contains("pending") ? "dns: {}" : "breaker: {pending: 2}";
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream(limit)
                        .upstream(pending)
                        .upstream("timeouts: {pending: 1m}")
                        .start();
                var one = ask(proxy, "/1");
                var two = ask(proxy, "/2")) {
            origin.awaitArrived("/2");
            try (var three = ask(proxy, "/3")) {
                origin.awaitArrived("/3");
                assertEquals(0, proxy.load().pending());
                try (var four = ask(proxy, "/4")) {
                    proxy.awaitPending(1);
                    try (var five = ask(proxy, "/5");
                            var six = proxy.connect()) {
                        proxy.awaitPending(2);
                        Response refused = six.send(get("/6")).expectStatus(503);
                        assertEquals("1", refused.fields().value("retry-after"));
                        assertEquals(
                                "headgate; error=connection_limit_reached",
                                refused.fields().value("proxy-status"));
                        assertFalse(refused.announcesClose());
                        assertEquals(1, proxy.exchangesEndedBy(Cause.PENDING_FULL));
                        assertEquals(3, origin.arrived().size());
                        origin.answer("/1");
                        one.expectStatus(200);
                        origin.awaitArrived("/4");
                        origin.answer("/4");
                        four.expectStatus(200);
                        origin.answer("/5");
                        five.expectStatus(200);
                        six.send(get("/free")).expectStatus(200);
                    }
                }
                origin.answer("/3");
                three.expectStatus(200);
            }
            origin.answer("/2");
            two.expectStatus(200);
            assertTrue(origin.connections().size() <= 3);
            assertEquals(1, pendingOf(proxy).refused());
            Await.until(
                    "it is logged",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=upstream_full upstream=app cause=pending_full")));
        }
    }

    @Test
    void limitsOfAnEndpointGoBeforeThoseOfAll() {
        try (var origin = GatedOrigin.start();
                var proxy = ProxyHarness.start("""
                        version: 1
                        loops: 1
                        listeners: [{name: web, address: "127.0.0.1:0"}]
                        upstreams:
                          app:
                            endpoints: [{address: "%s", maxRequests: 1, maxConnections: 2}]
                            pool: {requests: 5, connections: 1}
                        routes: [{to: app}]
                        log: {access: off}
                        """.formatted(origin.address()));
                var one = ask(proxy, "/1")) {
            origin.awaitArrived("/1");
            try (var two = ask(proxy, "/2")) {
                proxy.awaitPending(1);
                origin.answer("/1");
                one.expectStatus(200);
                origin.answer("/2");
                two.expectStatus(200);
            }
        }
    }

    @Test
    void fullEndpointIsPassedOverWithoutAnAttempt() {
        try (var small = GatedOrigin.start();
                var large = GatedOrigin.start();
                var proxy = ProxySetup.before(small.address(), large.address())
                        .upstream("balance: round-robin, pool: {connections: 1}, retry: {attempts: 1, budget: 0%}")
                        .upstream("timeouts: {pending: 1m}")
                        .start();
                var one = ask(proxy, "/1");
                var two = ask(proxy, "/2")) {
            Await.until(
                    "each has one",
                    () -> small.arrived().size() + large.arrived().size() == 2);
            assertEquals(1, small.arrived().size());
            try (var three = ask(proxy, "/3");
                    var four = ask(proxy, "/4")) {
                proxy.awaitPending(2);
                for (String path : List.of("/1", "/2", "/3", "/4")) {
                    small.answer(path);
                    large.answer(path);
                }
                for (RawClient client : List.of(one, two, three, four)) {
                    client.expectStatus(200);
                }
            }
            assertEquals(
                    0,
                    Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                            .retries());
        }
    }

    // ---- how long, and in which order

    @Test
    void whoHasWaitedTooLongGets503() {
        var io = new SteeredIo().frozen();
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {connections: 1}, timeouts: {pending: 400ms}")
                        .start(io);
                var one = ask(proxy, "/1")) {
            origin.awaitArrived("/1");
            try (var two = ask(proxy, "/2")) {
                proxy.awaitPending(1);
                io.pass(Duration.ofMillis(300));
                long cycles = proxy.cycles();
                Await.until("the timers are looked at", () -> proxy.cycles() > cycles);
                assertEquals(1, proxy.load().pending());
                io.pass(A_MOMENT.plus(A_MOMENT));
                Response late = two.expectStatus(503);
                assertEquals("1", late.fields().value("retry-after"));
                assertEquals(1, proxy.exchangesEndedBy(Cause.PENDING_TIMEOUT));
                assertEquals(1, pendingOf(proxy).timedOut());
            }
            origin.answer("/1");
            one.expectStatus(200);
        }
    }

    @Test
    void timeOfTheRequestEndsTheWaitToo() {
        var io = new SteeredIo().frozen();
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {connections: 1}, timeouts: {pending: 10s}")
                        .route("{to: app, timeouts: {request: 1s}, match: {path: /2}}")
                        .route("{to: app}")
                        .start(io);
                var one = ask(proxy, "/1")) {
            origin.awaitArrived("/1");
            try (var two = ask(proxy, "/2")) {
                proxy.awaitPending(1);
                io.pass(Duration.ofSeconds(1).plus(A_MOMENT));
                two.expectStatus(504);
                assertEquals(0, proxy.load().pending());
            }
            origin.answer("/1");
            one.expectStatus(200);
        }
    }

    @Test
    void firstComesFirst() {
        assertEquals(List.of("/1", "/2", "/3", "/4"), orderAfterWaiting(Duration.ofMillis(400)));
    }

    @Test
    void lastComesFirstOnceTheOldestHasWaitedForHalfOfItsTime() {
        assertEquals(List.of("/1", "/4", "/3", "/2"), orderAfterWaiting(Duration.ofMillis(600)));
    }

    /** Of three that wait behind one, the last two come that much later; then one after the other is answered. */
    private static List<String> orderAfterWaiting(Duration first) {
        var io = new SteeredIo().frozen();
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {connections: 1}, timeouts: {pending: 1s}")
                        .start(io);
                var one = ask(proxy, "/1")) {
            origin.awaitArrived("/1");
            try (var two = ask(proxy, "/2")) {
                proxy.awaitPending(1);
                io.pass(first);
                try (var three = ask(proxy, "/3")) {
                    proxy.awaitPending(2);
                    try (var four = ask(proxy, "/4")) {
                        proxy.awaitPending(3);
                        for (int i = 1; i <= 4; i++) {
                            int arrived = i;
                            Await.until(i + " are there", () -> origin.arrived().size() == arrived);
                            origin.answer(origin.arrived().get(i - 1));
                        }
                        for (RawClient client : List.of(one, two, three, four)) {
                            client.expectStatus(200);
                        }
                    }
                }
            }
            return origin.arrived();
        }
    }

    // ---- ends of the wait

    @ThreatRow("U-14")
    @Test
    void u_14_clientThatLeavesMakesRoomInTheQueue() {
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {connections: 1}, breaker: {pending: 1}, timeouts: {pending: 1m}")
                        .start();
                var one = ask(proxy, "/1")) {
            origin.awaitArrived("/1");
            try (var two = ask(proxy, "/2")) {
                proxy.awaitPending(1);
                two.reset();
                proxy.awaitEndedBy(Cause.CLIENT_ABORTED, 1);
                proxy.awaitPending(0);
            }
            try (var three = ask(proxy, "/3")) {
                proxy.awaitPending(1);
                origin.answer("/1");
                one.expectStatus(200);
                origin.answer("/3");
                three.expectStatus(200);
            }
            assertEquals(List.of("/1", "/3"), origin.arrived());
        }
    }

    @Test
    void bodyOfOneThatWaitsIsNotReadBeyondItsBuffer() {
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {connections: 1}, timeouts: {pending: 1m}")
                        .start();
                var one = ask(proxy, "/1")) {
            origin.awaitArrived("/1");
            try (var two = proxy.connect().send("POST /free HTTP/1.1␍␊Host: a␍␊Content-Length: 3000000␍␊␍␊")) {
                Thread sender = Thread.ofVirtual().start(() -> two.trySend(new byte[3_000_000]));
                proxy.awaitPending(1);
                assertTrue(proxy.outstandingBytes() < 1 << 20);
                origin.answer("/1");
                one.expectStatus(200);
                two.expectStatus(200);
                Await.until("all is sent", () -> !sender.isAlive());
            }
        }
    }

    @Test
    void stoppingEndsThoseWhoWait() {
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {connections: 1}, timeouts: {pending: 1m}")
                        .start();
                var one = ask(proxy, "/1")) {
            origin.awaitArrived("/1");
            try (var two = ask(proxy, "/2")) {
                proxy.awaitPending(1);
                proxy.stop();
                two.readToEndOrReset();
                one.readToEndOrReset();
                assertEquals(new LimitUsage(0, 0, 0, 0), proxy.load());
            }
        }
    }

    @Test
    void idleConnectionToAnotherEndpointMakesWay() {
        try (var one = GatedOrigin.start();
                var two = GatedOrigin.start();
                var proxy = ProxyHarness.start("""
                        version: 1
                        loops: 1
                        listeners: [{name: web, address: "127.0.0.1:0"}]
                        upstreams:
                          app:
                            endpoints:
                              - {address: "%s", labels: {is: one}}
                              - {address: "%s", labels: {is: two}}
                            breaker: {connections: 1}
                            timeouts: {pending: 1m}
                        routes:
                          - {match: {path: /one/**}, to: {upstream: app, labels: {is: one}}}
                          - {to: {upstream: app, labels: {is: two}}}
                        log: {access: off}
                        """.formatted(one.address(), two.address()));
                var client = proxy.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(get("/one/free")).expectStatus(200);
                client.send(get("/two/free")).expectStatus(200);
            }
            Await.until("one is open", () -> one.openConnections() + two.openConnections() == 1);
        }
    }

    // ---- across loops

    @Test
    void loopWithoutAConnectionGetsTheIdleOneOfAnother() {
        try (var origin = GatedOrigin.start();
                var loops = new TwoLoops(origin.address(), "pool: {connections: 1}, timeouts: {pending: 1m}")) {
            for (int round = 0; round < 20; round++) {
                loops.client(round % 2).send(get("/free")).expectStatus(200);
            }
            Await.until("one is open", () -> origin.openConnections() == 1);
            assertEquals(20, origin.connections().size());
        }
    }

    @Test
    void loopThatWaitsIsServedThoughAnotherIsNeverIdle() {
        try (var origin = GatedOrigin.start();
                var loops = new TwoLoops(origin.address(), "pool: {connections: 1}, timeouts: {pending: 2s}")) {
            Thread busy = keepBusy(loops, 4, 200);
            for (int i = 0; i < 10; i++) {
                loops.client(1).send(get("/free")).expectStatus(200);
            }
            Await.until("all is answered", Duration.ofSeconds(20), () -> !busy.isAlive());
            assertEquals(0, loops.proxy().exchangesRefusedWith(503));
        }
    }

    @Test
    void permitForARequestCrossesLoops() {
        try (var origin = GatedOrigin.start();
                var loops = new TwoLoops(origin.address(), "breaker: {requests: 1}, timeouts: {pending: 1m}")) {
            loops.client(0).send(get("/0"));
            origin.awaitArrived("/0");
            loops.client(1).send(get("/1"));
            loops.proxy().awaitPending(1);
            origin.answer("/0");
            loops.client(0).expectStatus(200);
            origin.answer("/1");
            loops.client(1).expectStatus(200);
        }
    }

    @Test
    void loopThatWaitsIsServedThoughStreamsOfAnotherNeverEndAllAtOnce() {
        try (var origin = Http2Origin.start(
                        Http2Origin.Script.serving((peer, request) -> peer.respond(request.streamId(), 200, "hi")));
                var loops = new TwoLoops(
                        origin.address(), "protocol: h2, pool: {connections: 1}, timeouts: {pending: 4s}")) {
            Thread busy = keepBusy(loops, 4, 100);
            for (int i = 0; i < 5; i++) {
                loops.client(1).send(get("/free")).expectStatus(200);
            }
            Await.until("all is answered", Duration.ofSeconds(20), () -> !busy.isAlive());
            assertEquals(0, loops.proxy().exchangesRefusedWith(503));
        }
    }

    /** Nobody is forgotten: whoever waits is served, whichever loop it is on, and whatever it takes for that. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pool: {connections: 2}",
                "breaker: {connections: 2}",
                "breaker: {requests: 2}",
                "pool: {requests: 2}",
                "pool: {idle: 0, connections: 1}",
                "pool: {connections: 2, requests: 1}, breaker: {requests: 3, connections: 1}"
            })
    void everybodyIsServedOnAllLoops(String limits) {
        int clients = 12;
        int requests = 100;
        try (var one = GatedOrigin.start();
                var two = GatedOrigin.start();
                var proxy = ProxySetup.before(one.address(), two.address())
                        .loops(3)
                        .upstream(limits)
                        .upstream("timeouts: {pending: 20s}")
                        .start()) {
            List<Thread> all = new ArrayList<>();
            var served = new AtomicInteger();
            for (int i = 0; i < clients; i++) {
                all.add(Thread.ofVirtual().start(() -> {
                    try (var client = proxy.connect()) {
                        for (int request = 0; request < requests; request++) {
                            client.send(get("/free")).expectStatus(200);
                            served.incrementAndGet();
                        }
                    }
                }));
            }
            all.forEach(each -> Await.until("it is done", Duration.ofSeconds(25), () -> !each.isAlive()));
            assertEquals(clients * requests, served.get());
            assertEquals(0, proxy.exchangesRefusedWith(503));
        }
    }

    /** Clients on the first loop that ask one request after the other. */
    private static Thread keepBusy(TwoLoops loops, int clients, int requests) {
        List<RawClient> busy = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            busy.add(loops.another(0));
        }
        return Thread.ofVirtual().start(() -> {
            List<Thread> senders = new ArrayList<>();
            for (RawClient each : busy) {
                senders.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < requests; i++) {
                        each.send(get("/free")).expectStatus(200);
                    }
                }));
            }
            senders.forEach(PendingIT::join);
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
