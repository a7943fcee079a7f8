package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateOptions;
import dev.headgate.balancer.health.EndpointState;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that are opened before anybody asks for them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PreconnectIT {
    private static final String FREE = "GET /free HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final Duration TURN = Duration.ofMillis(100);
    private static final String PLENTY_OF_TIME = "timeouts: {pending: 1m}";

    @TempDir
    Path folder;

    private static MetricsSnapshot.Endpoint of(ProxyHarness proxy, String address) {
        return proxy.metrics().endpoints().entrySet().stream()
                .filter(each -> each.getKey().endpoint().equals(address))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static long open(ProxyHarness proxy, String address) {
        MetricsSnapshot.Endpoint endpoint = of(proxy, address);
        return endpoint.connectionsOpened() - endpoint.connectionsClosed();
    }

    /** Waits for some turns, of which there are none where nothing is wanted. */
    private static void awaitTurns(ProxyHarness proxy, int wanted) {
        long cycles = proxy.cycles();
        Await.until("further turns", () -> wanted == 0 || proxy.cycles() > cycles + 10);
    }

    /** Lets the time of a turn pass, and what is begun in it come to its end. */
    private static void passTurn(SteeredIo io, ProxyHarness proxy) {
        io.pass(TURN);
        long cycles = proxy.cycles();
        Await.until("the timers are looked at", () -> {
            io.pass(Duration.ZERO); // wakes the loop
            return proxy.cycles() > cycles + 1;
        });
    }

    /** Lets turns pass until so many connections have been opened ahead, or failed to be; answers how many. */
    private static int turnsUntil(SteeredIo io, ProxyHarness proxy, String address, long opened, long failed) {
        int turns = 0;
        while (of(proxy, address).preconnects() < opened || of(proxy, address).preconnectFailures() < failed) {
            passTurn(io, proxy);
            if (failed > 0) {
                Await.until("the outcome is known", () -> open(proxy, address) == 0);
            }
            turns++;
        }
        return turns;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 5", "2, 3", "3, 2"})
    void soManyAreReadyOverAllLoops(int loops, int wanted) {
        try (var origin = ScriptedOrigin.start();
                var other = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin, other)
                        .loops(loops)
                        .upstream("pool: {preconnect: " + wanted + "}")
                        .start()) {
            Await.until(
                    "they are open",
                    () -> origin.connections().size() == wanted
                            && other.connections().size() == wanted
                            && of(proxy, origin.address()).preconnects() == wanted);
            awaitTurns(proxy, wanted);
            assertEquals(wanted, origin.connections().size());
            assertEquals(wanted, proxy.upstreamPermitsTaken() / 2);
        }
    }

    @Test
    void requestTakesOneAndAnotherIsOpened() {
        try (var origin = GatedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("pool: {preconnect: 2}")
                        .start();
                var client = proxy.connect()) {
            Await.until("they are open", () -> of(proxy, origin.address()).preconnects() == 2);
            client.send("GET /1 HTTP/1.1␍␊Host: a␍␊␍␊");
            origin.awaitArrived("/1");
            assertEquals(1, of(proxy, origin.address()).poolHits());
            assertEquals(0, of(proxy, origin.address()).poolMisses());
            Await.until("a third one is open", () -> of(proxy, origin.address()).preconnects() == 3);
            origin.answer("/1");
            client.expectStatus(200);
        }
    }

    @Test
    void thoseThatAgeAreReplaced() {
        var io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .upstream("pool: {preconnect: 1, age: 1m, jitter: 0%}, timeouts: {poolIdle: 1h}")
                        .start(io)) {
            turnsUntil(io, proxy, origin.address(), 1, 0);
            io.pass(Duration.ofMinutes(1).plus(TURN.multipliedBy(2)));
            Await.until("it is closed", () -> of(proxy, origin.address()).connectionsClosed() == 1);
            turnsUntil(io, proxy, origin.address(), 2, 0);
        }
    }

    @Test
    void handshakesAreDoneAhead() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = ProxySetup.before(origin.address())
                        .upstream("tls: {verify: off}, pool: {preconnect: 2}")
                        .start();
                var client = proxy.connect()) {
            Await.until("they are open", () -> of(proxy, origin.address()).preconnects() == 2);
            Await.until("both have shaken hands", () -> origin.handshakes().size() == 2);
            client.send(FREE).expectStatus(200);
            assertEquals(1, of(proxy, origin.address()).poolHits());
        }
    }

    @Test
    void byHttp2OneIsEnough() {
        try (var origin = Http2Origin.start(
                        Script.serving((peer, request) -> peer.respond(request.streamId(), 200, "hi")));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2, pool: {preconnect: 4}")
                        .start();
                var client = proxy.connect()) {
            Await.until("it is open", () -> of(proxy, origin.address()).preconnects() == 1);
            awaitTurns(proxy, 1);
            client.send(FREE).expectStatus(200);
            assertEquals(1, origin.connections());
            assertEquals(1, of(proxy, origin.address()).poolHits());
        }
    }

    /** A loop whose share is nothing has no use for one of its own either. */
    @Test
    void byHttp2OneIsEnoughOverAllLoops() {
        try (var origin = Http2Origin.start(
                        Script.serving((peer, request) -> peer.respond(request.streamId(), 200, "hi")));
                var proxy = ProxySetup.before(origin.address())
                        .loops(3)
                        .upstream("protocol: h2, pool: {preconnect: 1}")
                        .start()) {
            Await.until("it is open", () -> of(proxy, origin.address()).preconnects() == 1);
            awaitTurns(proxy, 1);
            assertEquals(1, origin.connections());
            assertEquals(1, proxy.upstreamPermitsTaken());
        }
    }

    /** What is agreed on by TLS is known from the first one on. */
    @Test
    void whereOriginsChooseHttp1ThereAreAsManyAsWanted() {
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt").protocols("http/1.1");
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: auto, tls: {verify: off}, pool: {preconnect: 3}")
                        .start()) {
            Await.until("they are open", () -> of(proxy, origin.address()).preconnects() == 3);
            awaitTurns(proxy, 1);
            assertEquals(3, open(proxy, origin.address()));
        }
    }

    @Test
    void socketsOfTheHostAreConnectedToAsWell() {
        Path socket = folder.resolve("origin.sock");
        try (var origin = ScriptedOrigin.startUnix(socket);
                var proxy = ProxySetup.before("unix:" + socket)
                        .upstream("pool: {preconnect: 2}")
                        .start();
                var client = proxy.connect()) {
            Await.until("they are open", () -> origin.connections().size() == 2);
            client.send(FREE).expectStatus(200);
        }
    }

    @Test
    void endpointsThatGetNoTrafficAreLeftAloneUntilTheyDo() {
        try (var one = ScriptedOrigin.start();
                var two = ScriptedOrigin.start();
                var proxy = ProxyHarness.start("""
                        version: 1
                        loops: 1
                        listeners: [{name: web, address: "127.0.0.1:0"}]
                        upstreams:
                          app:
                            endpoints: ["%s", {address: "%s", weight: 0}]
                            pool: {preconnect: 1}
                        routes: [{to: app}]
                        log: {access: off}
                        """.formatted(one.address(), two.address()))) {
            Await.until("one is open", () -> of(proxy, one.address()).preconnects() == 1);
            assertEquals(0, two.connections().size());
            assertTrue(proxy.commands().setWeight("app", two.address(), OptionalInt.of(1)));
            Await.until("the other one, too", () -> of(proxy, two.address()).preconnects() == 1);
        }
    }

    @Test
    void endpointThatRefusesIsAskedAgainLaterAndLater() {
        var io = new SteeredIo().frozen().drawing(-1); // half of each wait
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address())
                        .upstream("pool: {preconnect: 4}, ejection: {failures: 0}")
                        .start(io)) {
            turnsUntil(io, proxy, port.address(), 0, 1);
            assertIn(5, 7, turnsUntil(io, proxy, port.address(), 0, 2)); // half a second
            assertIn(10, 13, turnsUntil(io, proxy, port.address(), 0, 3));
            assertIn(20, 24, turnsUntil(io, proxy, port.address(), 0, 4));
            assertEquals(0, proxy.upstreamPermitsTaken());
            Await.until(
                    "it is told",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=upstream_connect_failed upstream=app")));
        }
    }

    private static void assertIn(int least, int most, int turns) {
        assertTrue(turns >= least && turns <= most, () -> "turns=" + turns);
    }

    @Test
    void endpointIsEjectedForWhatFailsAhead() {
        try (var port = RefusingPort.open();
                var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(port.address(), origin.address())
                        .upstream("pool: {preconnect: 1}, ejection: {failures: 1}")
                        .start()) {
            proxy.awaitState(port.address(), EndpointState.EJECTED);
            assertEquals(1, of(proxy, port.address()).preconnectFailures());
        }
    }

    @Test
    void oneThatTheOriginEndsUnusedIsNotReplacedAtOnce() {
        var io = new SteeredIo().frozen().drawing(-1);
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .upstream("pool: {preconnect: 1}")
                        .start(io)) {
            turnsUntil(io, proxy, origin.address(), 1, 0);
            Await.until("the origin has taken it", () -> origin.connections().size() == 1);
            origin.endConnections();
            Await.until("it is gone", () -> open(proxy, origin.address()) == 0);
            assertIn(5, 9, turnsUntil(io, proxy, origin.address(), 2, 0));
        }
    }

    // ---- they give way

    @Test
    void neverMoreThanTheLimitAndNobodyWaitsForThem() {
        try (var origin = GatedOrigin.start();
                var two = new TwoLoops(origin.address(), "pool: {connections: 2, preconnect: 2}, " + PLENTY_OF_TIME)) {
            ProxyHarness proxy = two.proxy();
            Await.until("one on each loop", () -> of(proxy, origin.address()).preconnects() == 2);
            var first = two.client(0).send("GET /1 HTTP/1.1␍␊Host: a␍␊␍␊");
            origin.awaitArrived("/1");
            var second = two.another(0).send("GET /2 HTTP/1.1␍␊Host: a␍␊␍␊");
            origin.awaitArrived("/2");
            Await.until("there are no more than two", () -> origin.openConnections() <= 2);
            origin.answer("/1");
            origin.answer("/2");
            first.expectStatus(200);
            second.expectStatus(200);
            assertEquals(2, proxy.upstreamPermitsTaken());
        }
    }

    /** The last permit is that of a connection which is only being opened. */
    @Test
    void requestThatLacksAPermitTakesOverWhatIsBeingOpened() {
        var io = new SteeredIo();
        io.upstreamHandshakes.hold();
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var proxy = ProxySetup.before(origin.address())
                        .upstream("tls: {verify: off}, pool: {preconnect: 1, connections: 1}, " + PLENTY_OF_TIME)
                        .start(io);
                var client = proxy.connect()) {
            Await.until("it is begun", () -> io.upstreamHandshakes.held() > 0);
            client.send(FREE);
            Await.until(
                    "an attempt has begun", () -> of(proxy, origin.address()).attempts() == 1);
            io.upstreamHandshakes.release();
            client.expectStatus(200);
            assertEquals(1, of(proxy, origin.address()).connectionsOpened());
            assertEquals(0, of(proxy, origin.address()).preconnects());
        }
    }

    /** The first loop opens it, and the second one needs the permit. */
    @Test
    void otherLoopGetsThePermitOfWhatIsBeingOpened() {
        var io = new SteeredIo();
        io.upstreamHandshakes.hold();
        try (var scripts = ScriptedOrigin.start();
                var origin = SecureOrigin.before(scripts, "origin.crt");
                var two = new TwoLoops(
                        origin.address(),
                        "tls: {verify: off}, pool: {preconnect: 1, connections: 1}, " + PLENTY_OF_TIME,
                        new HeadgateOptions(Map.of(), System.getLogger("dev.headgate"), io))) {
            ProxyHarness proxy = two.proxy();
            Await.until("it is begun", () -> io.upstreamHandshakes.held() > 0);
            var client = two.client(1).send(FREE);
            Await.until(
                    "it is given up, and another begun",
                    () -> of(proxy, origin.address()).connectionsOpened() == 2);
            assertTrue(proxy.upstreamPermitsTaken() <= 1);
            io.upstreamHandshakes.release();
            client.expectStatus(200);
        }
    }
}
