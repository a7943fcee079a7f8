package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.RefusingPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which HTTP/2 connections there are to an endpoint, and who gets a stream on which. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2PoolIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    private static ProxySetup before(Http2Origin origin) {
        return ProxySetup.before(origin.address()).upstream("protocol: h2");
    }

    private static List<RawClient> send(ProxyHarness proxy, int count) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(proxy.connect().send(GET));
        }
        return clients;
    }

    private static void expect(List<RawClient> clients, int status) {
        for (RawClient client : clients) {
            client.expectStatus(status);
            client.close();
        }
    }

    private static MetricsSnapshot.Endpoint endpoint(ProxyHarness proxy) {
        return proxy.metrics().endpoints().values().iterator().next();
    }

    private static long open(ProxyHarness proxy) {
        return endpoint(proxy).connectionsOpened() - endpoint(proxy).connectionsClosed();
    }

    @Test
    void firstRequestsShareOneConnection() {
        int count = 50;
        var first = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var origin = Http2Origin.start(peer -> {
                    peer.awaitPreface();
                    peer.request(); // Before a word of ours.
                    first.countDown();
                    Await.open("go on", go);
                    peer.settings(Frames.MAX_CONCURRENT_STREAMS, 100);
                    for (int i = 1; i < count; i++) {
                        peer.request();
                    }
                    for (int i = 0; i < count; i++) {
                        peer.respond(2 * i + 1, 200, "hi");
                    }
                    peer.awaitEnd();
                });
                var proxy = before(origin).start()) {
            List<RawClient> clients = send(proxy, count);
            Await.open("the first request is there", first);
            Await.until("all wait", () -> endpoint(proxy).poolMisses() == count);
            assertEquals(1, origin.peers().getFirst().requestCount());
            go.countDown();
            expect(clients, 200);
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void originDecidesHowManyRequestsAConnectionCarries() {
        try (var origin = Http2Origin.start(Script.serving(
                        (peer, request) -> peer.respond(request.streamId(), 200, "hi"),
                        Frames.MAX_CONCURRENT_STREAMS,
                        1));
                var proxy = before(origin).start()) {
            for (int round = 0; round < 5; round++) {
                expect(send(proxy, 20), 200);
            }
            assertTrue(origin.peers().stream().allMatch(peer -> peer.openMost() <= 1));
            assertEquals(
                    100,
                    origin.peers().stream()
                            .mapToInt(peer -> peer.requestCount())
                            .sum());
        }
    }

    @ParameterizedTest
    @CsvSource({
        // ours, the origin's, connections for ten requests
        "4, 100, 3",
        "100, 5, 2",
        "1, 100, 10",
        "100, 100, 1",
    })
    void connectionsAreFilledOneAfterTheOther(int ours, int theirs, int connections) {
        var go = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Script.serving(
                        (peer, request) -> {
                            if (request.path().equals("/first")) {
                                peer.respond(request.streamId(), 200, "hi");
                                return;
                            }
                            Thread.ofVirtual().start(() -> {
                                Await.open("go on", go);
                                try {
                                    peer.head(request.streamId(), Frames.END_STREAM, 200);
                                } catch (java.io.IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            });
                        },
                        Frames.MAX_CONCURRENT_STREAMS,
                        theirs));
                var proxy = before(origin)
                        .upstream("http2: {streams: " + ours + "}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET /first HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            List<RawClient> clients = send(proxy, 10);
            Await.until(
                    "all are there",
                    () -> origin.peers().stream()
                                    .mapToInt(peer -> peer.requestCount())
                                    .sum()
                            == 11);
            assertEquals(connections, origin.connections());
            assertTrue(origin.peers().stream().allMatch(peer -> peer.openMost() <= Math.min(ours, theirs)));
            go.countDown();
            expect(clients, 200);
        }
    }

    @Test
    void requestBeyondAllConnectionsIsAnsweredAtOnce() {
        var go = new CountDownLatch(1);
        var there = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    there.countDown();
                    Await.open("go on", go);
                    peer.respond(request.streamId(), 200, "hi");
                }));
                var proxy = before(origin)
                        .upstream("http2: {streams: 1}")
                        .upstream("pool: {connections: 1}")
                        .upstream("breaker: {pending: 0}")
                        .start();
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send(GET);
            Await.open("the first request is there", there);
            other.send(GET).expectStatus(503);
            proxy.awaitEndedBy(Cause.PENDING_FULL, 1);
            go.countDown();
            client.expectStatus(200);
        }
    }

    @Test
    void originThatAllowsNoStreamGetsNoConnectionAfterTheOther() {
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet(Frames.MAX_CONCURRENT_STREAMS, 0);
                    for (var next = peer.nextRequest(); next != null; next = peer.nextRequest()) {
                        peer.send(Frames.rst(next.streamId(), Codes.REFUSED_STREAM));
                    }
                });
                var proxy = before(origin).start()) {
            expect(send(proxy, 10), 503);
            assertTrue(origin.connections() <= 30, () -> "connections=" + origin.connections());
        }
    }

    @Test
    void idleConnectionIsClosedInTimeAndInGoodOrder() {
        try (var origin = Http2Origin.start(peer -> {
                    peer.greet();
                    peer.respond(peer.request().streamId(), 200, "hi");
                    assertEquals(Codes.NO_ERROR, peer.awaitGoAway());
                    peer.awaitEnd();
                });
                var proxy =
                        before(origin).upstream("timeouts: {poolIdle: 20ms}").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            origin.awaitEnded(1);
            Await.until("its permit is back", () -> open(proxy) == 0);
        }
    }

    @Test
    void noConnectionIsKeptWhereNoneIsToBe() {
        try (var origin = Http2Origin.start(
                        Script.serving((peer, request) -> peer.respond(request.streamId(), 200, "hi")));
                var proxy = before(origin).upstream("pool: {idle: 0}").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            origin.awaitEnded(1);
            client.send(GET).expectStatus(200);
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void atMostSoManyIdleConnectionsAreKept() {
        var go = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Script.serving(
                        (peer, request) -> {
                            Await.open("go on", go);
                            peer.respond(request.streamId(), 200, "hi");
                        },
                        Frames.MAX_CONCURRENT_STREAMS,
                        1));
                var proxy = before(origin).upstream("pool: {idle: 2}").start()) {
            List<RawClient> clients = send(proxy, 5);
            Await.until(
                    "all are there",
                    () -> origin.peers().stream()
                                    .mapToInt(peer -> peer.requestCount())
                                    .sum()
                            == 5);
            go.countDown();
            expect(clients, 200);
            origin.awaitEnded(3);
            Await.until("the surplus is closed", () -> open(proxy) == 2);
        }
    }

    @Test
    void connectionPastItsAgeServesWhatItHasAndNothingMore() {
        var io = new SteeredIo();
        var go = new CountDownLatch(1);
        var there = new CountDownLatch(1);
        try (var origin = Http2Origin.start(Script.serving((peer, request) -> {
                    if (request.path().equals("/slow")) {
                        there.countDown();
                        Await.open("go on", go);
                    }
                    peer.respond(request.streamId(), 200, "from " + peer.index());
                }));
                var proxy = before(origin)
                        .upstream("pool: {age: 10m}")
                        .upstream("timeouts: {firstByte: 1h}, http2: {pingTimeout: 5m}")
                        .start(io);
                var client = proxy.connect()) {
            client.send("GET /slow HTTP/1.1␍␊Host: a␍␊␍␊");
            Await.open("the first request is there", there);
            io.pass(Duration.ofMinutes(11));
            try (var other = proxy.connect()) {
                assertEquals("from 1", other.send(GET).expectStatus(200).text());
            }
            go.countDown();
            assertEquals("from 0", client.expectStatus(200).text());
            origin.awaitEnded(1);
        }
    }

    @Test
    void thoseWhoWaitForAConnectionThatIsRefusedAllLearnOfIt() {
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address())
                        .upstream("protocol: h2")
                        .start()) {
            expect(send(proxy, 10), 502);
            proxy.awaitEndedBy(Cause.CONNECT_REFUSED, 10);
            Await.until("all permits are back", () -> open(proxy) == 0);
        }
    }

    @Test
    void thoseWhoWaitForAConnectionThatDoesNotComeAreAnsweredInTime() {
        try (var hole = Blackhole.open();
                var proxy = ProxySetup.before(hole.address())
                        .upstream("protocol: h2")
                        .upstream("timeouts: {connect: 100ms}")
                        .start()) {
            expect(send(proxy, 5), 504);
            proxy.awaitEndedBy(Cause.CONNECT_TIMEOUT, 5);
            Await.until("all permits are back", () -> open(proxy) == 0);
        }
    }

    /** One is on its way, the others wait to learn how many there may be. */
    @Test
    void thoseWhoWaitForSettingsThatDoNotComeAreAnsweredInTime() {
        try (var origin = Http2Origin.start(peer -> {
                    peer.awaitPreface();
                    peer.awaitEnd();
                });
                var proxy = before(origin)
                        .upstream("timeouts: {connect: 200ms, firstByte: 300ms}")
                        .start()) {
            expect(send(proxy, 5), 504);
            proxy.awaitEndedBy(Cause.CONNECT_TIMEOUT, 4);
            proxy.awaitEndedBy(Cause.UPSTREAM_FIRST_BYTE_TIMEOUT, 1);
        }
    }

    @Test
    void thoseWhoWaitForSettingsLearnOfTheEnd() {
        try (var origin = Http2Origin.start(peer -> {
                    peer.awaitPreface();
                    peer.request();
                });
                var proxy = before(origin).upstream("retry: {attempts: 1}").start()) {
            expect(send(proxy, 3), 502);
            Await.until("all permits are back", () -> open(proxy) == 0);
        }
    }
}
