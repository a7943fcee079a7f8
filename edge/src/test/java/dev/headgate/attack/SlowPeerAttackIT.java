package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that take their time, before a proxy whose configuration names addresses and nothing else. Time passes when the test says so: each
 * deadline is met to the second, and nobody waits for it.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SlowPeerAttackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int CROWD = 200; // A client prefix has 256.
    private static final int HELD_MAX_BYTES =
            (1 + 32 + 128) * 1024; // the head, the configured buffer, and one read that came on top
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration COARSENESS = Duration.ofMillis(50); // of timers: more than two of their ticks

    private final SteeredIo io = new SteeredIo().frozen();

    /** Lets time pass up to a moment before the deadline, then past it. */
    private void passAlmost(long seconds) {
        io.pass(Duration.ofSeconds(seconds).minus(COARSENESS));
    }

    private void passTheRest() {
        io.pass(COARSENESS.multipliedBy(2));
    }

    private static List<RawClient> crowd(ProxyHarness proxy, int count) {
        List<RawClient> crowd = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            crowd.add(proxy.connect());
        }
        return crowd;
    }

    /** The loop has seen whatever it could see of what happened before. */
    private static void assertOpen(int connections, ProxyHarness proxy) {
        proxy.outstandingBytes(); // Every loop answers, after what was due.
        assertEquals(connections, proxy.openConnections(), "connections");
    }

    private static void assertNextRequestSucceeds(ProxyHarness proxy) {
        try (var next = proxy.connect()) {
            next.send(GET).expectStatus(200);
        }
    }

    @ThreatRow(
            value = {"DOS-01", "H1-34"},
            outcome =
                    "408 and close 10 s after the first byte, however many follow; 2 KiB are held for each; nothing reaches the origin")
    @Test
    void dos_01_headsThatDripAreGivenUpTenSecondsAfterTheirFirstByte() {
        String begin = "GET / HTTP/1.1␍␊Host: a␍␊X: ";
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start(io)) {
            var crowd = crowd(proxy, CROWD);
            crowd.forEach(client -> client.send(begin));
            long sent = (long) CROWD * begin.length();
            proxy.awaitRead(sent);
            for (int second = 1; second < 10; second++) {
                io.pass(SECOND);
                crowd.forEach(client -> client.send("a"));
                sent += CROWD;
                proxy.awaitRead(sent);
            }
            assertOpen(CROWD, proxy);
            assertTrue(proxy.outstandingBytes() <= CROWD * 2048L, () -> "held: " + proxy.outstandingBytes());
            io.pass(SECOND.plus(COARSENESS));
            for (var client : crowd) {
                client.expectStatus(408);
                client.expectEnd();
                client.close();
            }
            proxy.awaitEndedBy(Cause.REQUEST_TIMEOUT, CROWD);
            origin.assertReceivedNothing();
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow(value = "DOS-01", outcome = "a connection without a byte is closed after 10 s, without a word")
    @Test
    void dos_01_connectionsWithoutAByteAreClosed() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start(io)) {
            var crowd = crowd(proxy, CROWD);
            Await.until("all are accepted", () -> proxy.openConnections() == CROWD);
            assertEquals(0, proxy.outstandingBytes());
            passAlmost(10);
            assertOpen(CROWD, proxy);
            passTheRest();
            crowd.forEach(client -> {
                client.expectClosed();
                client.close();
            });
            origin.assertReceivedNothing();
        }
    }

    @ThreatRow(
            value = "DOS-02",
            outcome =
                    "408 below 500 B/s after 10 s, and after 30 s of silence; the origin's connection is closed, its request incomplete")
    @Test
    void dos_02_bodyBelowTheLeastSpeedIsRefusedAfterTenSeconds() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start(io);
                var client = proxy.connect()) {
            String head = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 1048576␍␊␍␊";
            client.send(head);
            Await.until("the head is at the origin", () -> origin.requests().size() == 1);
            passAlmost(10);
            client.send("a");
            proxy.awaitRead(head.length() + 1);
            assertOpen(1, proxy);
            io.pass(SECOND.plus(COARSENESS)); // The pace is looked at once a second.
            client.expectStatus(408);
            client.expectEnd();
            assertCancelled(origin);
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow("DOS-02")
    @Test
    void dos_02_silenceWithinAFastBodyIsRefusedAfterThirtySeconds() {
        byte[] half = new byte[500_000]; // Fast enough for a quarter of an hour.
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start(io);
                var client = proxy.connect()) {
            String head = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 1000000␍␊␍␊";
            client.send(head).send(half);
            proxy.awaitRead(head.length() + half.length);
            passAlmost(30);
            assertOpen(1, proxy);
            passTheRest();
            client.expectStatus(408);
            client.expectEnd();
            assertCancelled(origin);
            assertNextRequestSucceeds(proxy);
        }
    }

    private static void assertCancelled(ScriptedOrigin origin) {
        Await.until(
                "the request is cancelled",
                () -> origin.connections().getFirst().isEndedByPeer());
        assertFalse(origin.requests().getFirst().isComplete());
    }

    @ThreatRow(
            value = "DOS-03",
            outcome =
                    "the origin is paused once 32 KiB wait, and at most one read of 128 KiB comes on top; aborted 60 s after the last byte taken, and the origin's connection with it")
    @Test
    void dos_03_clientThatReadsAByteNowAndThenIsAborted() {
        var sent = new AtomicLong();
        try (var origin = ScriptedOrigin.start().on("/large", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 104857600␍␊␍␊");
                    byte[] piece = new byte[16 * 1024];
                    while (true) {
                        exchange.send(piece);
                        sent.addAndGet(piece.length);
                    }
                });
                var proxy = ProxySetup.before(origin).start(io);
                var client = RawClient.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()), 2048)) {
            client.send("GET /large HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals(200, client.readHead().status());
            Await.until("the proxy has to hold bytes", () -> proxy.outstandingBytes() > 0);
            int passed = 0;
            while (proxy.openConnections() > 0) {
                assertTrue(proxy.outstandingBytes() <= HELD_MAX_BYTES, () -> "held: " + proxy.outstandingBytes());
                assertTrue(passed < 200, "never aborted");
                long cycles = proxy.cycles();
                io.pass(SECOND);
                Await.until("the loop has looked at the time", () -> proxy.cycles() > cycles);
                if (passed++ % 10 == 0) {
                    client.expectBytes("␀");
                }
            }
            assertTrue(passed >= 58, "aborted after " + passed + " s");
            assertTrue(sent.get() < 32 << 20, () -> "the origin was not paused, it sent " + sent);
            Await.until(
                    "the origin's connection ends",
                    () -> origin.connections().getFirst().isEnded());
            proxy.awaitEndedBy(Cause.CLIENT_STALLED, 1);
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow(
            value = "DOS-04",
            outcome =
                    "an idle connection holds no buffer, and is closed after 60 s without a word; the origin does not notice")
    @Test
    void dos_04_idleConnectionsHoldNothingAndEnd() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start(io)) {
            var crowd = crowd(proxy, CROWD);
            crowd.forEach(client -> client.send(GET).expectStatus(200));
            Await.until("nothing is held", () -> proxy.outstandingBytes() == 0);
            passAlmost(60);
            assertOpen(CROWD, proxy);
            passTheRest();
            crowd.forEach(client -> {
                client.expectClosed();
                client.close();
            });
            assertEquals(CROWD, origin.requests().size());
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow(value = "H1-20", outcome = "a rest that does not come is waited for 2 s")
    @Test
    void h1_20_restOfAnUnwantedBodyIsWaitedForTwoSeconds() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{match: {path: /no}, respond: {status: 403}}")
                        .route("{to: app}")
                        .start(io);
                var client = proxy.connect()) {
            client.send("POST /no HTTP/1.1␍␊Host: a␍␊Content-Length: 100␍␊␍␊" + GET)
                    .expectStatus(403);
            passAlmost(2);
            assertOpen(1, proxy);
            passTheRest();
            client.expectEnd();
            origin.assertReceivedNothing();
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow(value = "U-02", outcome = "given up after 3 s: another endpoint, or 504")
    @Test
    void u_02_connectThatIsNeverAnsweredIs504() {
        try (var hole = Blackhole.open();
                var proxy = ProxySetup.before(hole.address()).start(io);
                var client = proxy.connect().send(GET)) {
            awaitAttempts(proxy, 1);
            passAlmost(3);
            assertEquals(0, proxy.exchangesEndedBy(Cause.CONNECT_TIMEOUT));
            passTheRest();
            client.expectStatus(504);
            proxy.awaitEndedBy(Cause.CONNECT_TIMEOUT, 1);
        }
    }

    @ThreatRow("U-02")
    @Test
    void u_02_connectThatIsNeverAnsweredIsTriedElsewhere() {
        try (var hole = Blackhole.open();
                var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(hole.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start(io);
                var first = proxy.connect().send("POST /first HTTP/1.1␍␊Host: a␍␊Content-Length: 2␍␊␍␊hi");
                var second = proxy.connect().send("POST /second HTTP/1.1␍␊Host: a␍␊Content-Length: 2␍␊␍␊hi")) {
            awaitAttempts(proxy, 2);
            passAlmost(3);
            passTheRest();
            first.expectStatus(200);
            second.expectStatus(200);
            assertEquals(2, origin.requests().size(), () -> "" + origin.requests());
            assertTrue(origin.requests().stream()
                    .allMatch(request -> request.text().equals("hi")));
        }
    }

    @ThreatRow(value = "U-02", outcome = "the fifth in a row takes the endpoint out")
    @Test
    void u_02_connectsThatAreNeverAnsweredTakeTheEndpointOut() {
        try (var hole = Blackhole.open();
                var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(hole.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start(io)) {
            connectInVain(proxy, 4, 0);
            assertEquals(EndpointState.UP, proxy.endpoint(hole.address()).state(), "four failures are not five");
            connectInVain(proxy, 1, 12);
            proxy.awaitState(hole.address(), EndpointState.EJECTED);
            assertEquals(
                    "consecutive_connect_failures",
                    proxy.endpoint(hole.address()).reason());
            assertNextRequestSucceeds(proxy);
            assertNextRequestSucceeds(proxy);
            awaitAttempts(proxy, 17);
        }
    }

    /** Each of two endpoints gets as many requests, and those of one are tried again by the other after 3 s. */
    private void connectInVain(ProxyHarness proxy, int times, int attemptsBefore) {
        List<RawClient> crowd = crowd(proxy, 2 * times);
        for (RawClient client : crowd) {
            client.send(GET);
        }
        awaitAttempts(proxy, attemptsBefore + 2 * times);
        passAlmost(3);
        passTheRest();
        for (RawClient client : crowd) {
            client.expectStatus(200);
            client.close();
        }
    }

    private static void awaitAttempts(ProxyHarness proxy, int count) {
        Await.until(
                count + " attempts",
                () -> proxy.metrics().endpoints().values().stream()
                                .mapToLong(MetricsSnapshot.Endpoint::attempts)
                                .sum()
                        == count);
    }

    @ThreatRow(value = "U-05", outcome = "cut off visibly after 60 s of silence; the origin sees the request once")
    @Test
    void u_05_silenceWithinAResponseIsAVisibleEnd() {
        try (var origin = ScriptedOrigin.start()
                        .on("/half", OriginScript.fixedThenStall("HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊half"));
                var proxy = ProxySetup.before(origin).start(io);
                var client = proxy.connect()) {
            client.send("GET /half HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals(200, client.readHead().status());
            client.expectBytes("half");
            passAlmost(60);
            assertOpen(1, proxy);
            passTheRest();
            client.expectEnd();
            Await.until(
                    "the origin's connection ends",
                    () -> origin.connections().getFirst().isEndedByPeer());
            assertEquals(List.of("GET /half"), origin.requestLines());
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow(
            value = "U-06",
            outcome = "504 after 30 s, however many bytes have come; the upstream connection is closed")
    @Test
    void u_06_originThatDripsItsHeadIs504() {
        var drips = new Semaphore(0);
        try (var origin = ScriptedOrigin.start().on("/slow", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊X: ");
                    while (true) {
                        drips.acquireUninterruptibly();
                        exchange.send("a");
                    }
                });
                var proxy = ProxySetup.before(origin).start(io);
                var client = proxy.connect()) {
            String request = "GET /slow HTTP/1.1␍␊Host: a␍␊␍␊";
            client.send(request);
            long read = request.length() + "HTTP/1.1 200 OK␍␊X: ".length();
            proxy.awaitRead(read);
            for (int second = 1; second < 30; second++) {
                io.pass(SECOND);
                drips.release();
                proxy.awaitRead(++read);
            }
            assertOpen(1, proxy);
            io.pass(SECOND.plus(COARSENESS));
            assertNotEquals(
                    Response.Ending.CLOSED_EARLY, client.expectStatus(504).ending());
            drips.release(1000); // It notices when it goes on.
            Await.until(
                    "the origin's connection ends",
                    () -> origin.connections().getFirst().isEnded());
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow("U-06")
    @Test
    void u_06_originThatNeverAnswersIs504() {
        try (var origin = ScriptedOrigin.start().on("/stall", OriginScript.stall());
                var proxy = ProxySetup.before(origin).start(io);
                var client = proxy.connect()) {
            client.send("GET /stall HTTP/1.1␍␊Host: a␍␊␍␊");
            origin.awaitRequest(0);
            passAlmost(30);
            assertOpen(1, proxy);
            passTheRest();
            client.expectStatus(504);
            Await.until(
                    "the origin's connection ends",
                    () -> origin.connections().getFirst().isEndedByPeer());
            assertEquals(1, origin.requests().size());
            assertNextRequestSucceeds(proxy);
        }
    }

    @ThreatRow(
            value = "U-12",
            outcome = "the rest of the upload is read and dropped for 2 s, then the connection closes")
    @Test
    void u_12_uploadBehindAnEarlyResponseIsStopped() {
        var sent = new AtomicLong();
        try (var origin = ScriptedOrigin.start().on("/upload", exchange -> {
                    exchange.readContent(10 * 1024);
                    exchange.send("HTTP/1.1 413 Too Large␍␊Content-Length: 3␍␊␍␊big");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: 1GiB}")
                        .start(io);
                var client = proxy.connect()) {
            client.send("POST /upload HTTP/1.1␍␊Host: a␍␊Content-Length: 1073741824␍␊␍␊");
            var upload = Thread.ofVirtual().start(() -> upload(client, sent));
            assertEquals("big", client.expectStatus(413).text());
            client.expectClosed(); // From here on the proxy only lingers.
            passAlmost(2);
            passTheRest();
            Await.until("the upload is stopped", () -> !upload.isAlive());
            assertTrue(sent.get() < 1 << 30, "all was taken");
            Await.until(
                    "the origin's connection ends",
                    () -> origin.connections().getFirst().isEnded());
            assertFalse(origin.requests().getFirst().isComplete());
            assertNextRequestSucceeds(proxy);
        }
    }

    private static void upload(RawClient client, AtomicLong sent) {
        byte[] piece = new byte[64 * 1024];
        while (sent.get() < 1 << 30 && client.trySend(piece)) {
            sent.addAndGet(piece.length);
        }
    }

    @ThreatRow(
            value = "DOS-14",
            outcome =
                    "deadlines follow the monotonic clock; nothing that is open ends, nothing reaches the origin twice")
    @Test
    void dos_14_jumpsOfTheWallClockEndNothing() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).start(io);
                var idle = proxy.connect();
                var client = proxy.connect()) {
            idle.send(GET).expectStatus(200);
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 4␍␊␍␊ab");
            Await.until("the head is at the origin", () -> origin.requests().size() == 2);
            for (var jump : List.of(Duration.ofDays(1), Duration.ofHours(-25), Duration.ofDays(3650))) {
                io.jumpWallClock(jump);
                io.pass(Duration.ofMillis(100));
                assertOpen(2, proxy);
            }
            assertEquals("abcd", client.send(Wire.bytes("cd")).expectStatus(200).text());
            idle.send(GET).expectStatus(200);
            assertEquals(3, origin.requests().size());
        }
    }
}
