package dev.headgate.attack;

import static dev.headgate.attack.Attack.chunked;
import static dev.headgate.attack.Attack.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.HeadgateOptions;
import dev.headgate.e2e.HeldLoop;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients in numbers, and clients that make much of little: what they cost stays within bounds, and others are served. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FloodAttackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int PREFIX_MAX = 256;
    private static final int ACCEPTS_PER_CYCLE_MAX = 64;
    private static final long HELD_FREE_BYTES = 64 * 1024; // for a connection, whatever it has sent
    private static final long HELD_PER_BYTE_MAX = 20;
    private static final int TIMERS_MAX =
            8; // of one client's connection, one to the origin and the exchange between them
    private static final int READ_MIN_BYTES = 16 * 1024; // Past that, a loop may leave the rest in the socket.

    private static void assertNextRequestSucceeds(ProxyHarness proxy) {
        try (var next = proxy.connect()) {
            next.send(GET).expectStatus(200);
        }
    }

    // ---- connections ------------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "DOS-06",
            outcome =
                    "64 are accepted in one turn of the loop at the most; a request of an open connection is served among them")
    @Test
    void dos_06_stormOfConnectsKeepsNobodyWaiting() {
        int storm = 200;
        var loop = new HeldLoop();
        var acceptedAtProbe = new AtomicLong();
        try (var origin = ScriptedOrigin.start()) {
            var harness = new ProxyHarness[1];
            Filter probe = new Filter() {
                @Override
                public void onRequestHead(FilterContext context, RequestHead head) {
                    acceptedAtProbe.set(accepted(harness[0]));
                }
            };
            String yaml = ProxySetup.before(origin)
                    .route("{name: hold, match: {path: /hold}, respond: {status: 200}}")
                    .route("{name: probe, match: {path: /probe}, to: app}")
                    .route("{to: app}")
                    .yaml();
            var options = HeadgateOptions.defaults().withFilter("hold", loop).withFilter("probe", probe);
            List<RawClient> crowd = new ArrayList<>();
            try (var proxy = ProxyHarness.start(yaml, options);
                    var open = proxy.connect();
                    var holder = proxy.connect()) {
                harness[0] = proxy;
                open.send(GET).expectStatus(200);
                holder.send("GET /hold HTTP/1.1␍␊Host: a␍␊␍␊");
                loop.awaitHeld();
                long before = accepted(proxy);
                for (int i = 0; i < storm; i++) {
                    crowd.add(proxy.connect().send(GET));
                }
                open.send("GET /probe HTTP/1.1␍␊Host: a␍␊␍␊");
                loop.release();
                holder.expectStatus(200);
                open.expectStatus(200);
                long waited = acceptedAtProbe.get() - before;
                assertTrue(waited <= ACCEPTS_PER_CYCLE_MAX, () -> "accepted first: " + waited);
                crowd.forEach(client -> client.expectStatus(200));
                crowd.forEach(RawClient::close);
                assertEquals(storm + 2, origin.requests().size());
            }
        }
    }

    private static long accepted(ProxyHarness proxy) {
        return proxy.metrics().loops().getFirst().connectionsAccepted();
    }

    @ThreatRow(
            value = "DOS-07",
            outcome =
                    "256 connections of an IPv4 address or an IPv6 /64; another is closed at once, nothing of it reaches the origin")
    @Test
    void dos_07_clientsOfOneAddressHaveTheirShare() {
        List<RawClient> crowd = new ArrayList<>();
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start()) {
            for (int i = 0; i < PREFIX_MAX; i++) {
                crowd.add(proxy.connect());
            }
            for (int i = 0; i < 3; i++) {
                try (var surplus = proxy.connect()) {
                    surplus.trySend(Wire.bytes(GET));
                    surplus.expectEnd();
                }
            }
            assertEquals(3, proxy.metrics().listeners().get("web").connectionsRefused());
            origin.assertReceivedNothing();
            crowd.getLast().send(GET).expectStatus(200);
            crowd.removeLast().close();
            Await.until("there is room", () -> proxy.openConnections() == PREFIX_MAX - 1);
            assertNextRequestSucceeds(proxy);
            crowd.forEach(RawClient::close);
        }
    }

    // ---- much of little ---------------------------------------------------------------------------------------------

    @ThreatRow(value = "DOS-10", outcome = "served like any other; all of them reach the origin")
    @Test
    void dos_10_namesOfEqualHashCostNothing() {
        // "Aa" and "BB" have the same String.hashCode, and so have all words of seven of them.
        List<String> names = IntStream.range(0, 98)
                .mapToObj(i -> IntStream.range(0, 7)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining()))
                .toList();
        assertEquals(1, names.stream().map(String::hashCode).distinct().count());
        String query = names.stream().map(name -> name + "=" + name).collect(Collectors.joining("&"));
        String fields = names.stream().map(name -> name + ": " + name + "␍␊").collect(Collectors.joining());
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET /?" + query + " HTTP/1.1␍␊Host: a␍␊" + fields + "␍␊")
                    .expectStatus(200);
            assertEquals("/?" + query, origin.lastRequest().head().target());
            var received = origin.lastRequest().fields();
            assertTrue(names.stream().allMatch(name -> name.equals(received.value(name))), received::toString);
        }
    }

    @ThreatRow(value = "DOS-16", outcome = "no timer outlives its request; the origin sees each once")
    @Test
    void dos_16_timersOfManyRequestsLeaveNothingBehind() {
        int rounds = 50;
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            for (int i = 0; i < rounds; i++) {
                client.send(GET.repeat(20));
                for (int j = 0; j < 20; j++) {
                    client.expectStatus(200);
                }
            }
            proxy.awaitBuffersReturned();
            assertEquals(rounds * 20, origin.requests().size());
            assertTrue(proxy.linkedTimers() <= TIMERS_MAX, () -> "timers: " + proxy.linkedTimers());
        }
    }

    @ThreatRow(value = "DOS-17", outcome = "direct memory outside the buffers of the loops does not grow")
    @Test
    void dos_17_directMemoryStaysWhatTheLoopsHave() {
        byte[] body = new byte[300_000];
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            String post = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + body.length + "␍␊␍␊";
            client.send(post).send(body).expectStatus(200);
            proxy.awaitBuffersReturned();
            long before = directBytes();
            for (int i = 0; i < 20; i++) {
                client.send(post).send(body);
                assertEquals(body.length, client.expectStatus(200).text().length());
            }
            // Peers of this test keep buffers of their own per thread, none longer than what they write.
            assertTrue(directBytes() - before <= 4L << 20, () -> "grew by " + (directBytes() - before));
            assertEquals(21, origin.requests().size());
        }
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @ThreatRow(
            value = {"DOS-08", "H1-18", "H1-10"},
            outcome =
                    "for each connection at most 64 KiB and 20 bytes for each byte received are held, whatever they are")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void dos_08_heldMemoryIsBoundedByWhatWasReceived(String name, String sent) {
        int connections = 32;
        List<RawClient> crowd = new ArrayList<>();
        var release = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/stall", exchange -> {
                    exchange.await(release);
                    exchange.close();
                });
                var proxy = ProxySetup.before(origin).start()) {
            for (int i = 0; i < connections; i++) {
                var client = proxy.connect();
                Thread.ofVirtual().start(() -> client.trySend(Wire.bytes(sent)));
                crowd.add(client);
            }
            Await.until("something of each is read", () -> {
                // Read before asked for what is held, so never more than what was read by then.
                long read = proxy.bytesRead();
                long held = proxy.outstandingBytes();
                long allowed = connections * HELD_FREE_BYTES + HELD_PER_BYTE_MAX * read;
                assertTrue(held <= allowed, () -> "held " + held + ", allowed " + allowed);
                return read >= (long) connections * Math.min(sent.length(), READ_MIN_BYTES);
            });
            crowd.forEach(RawClient::reset);
            release.countDown(); // Where reading is paused, a reset is seen at the next write.
            proxy.awaitBuffersReturned();
            assertNextRequestSucceeds(proxy);
            origin.assertNoFault();
        }
    }

    static Stream<Arguments> dos_08_heldMemoryIsBoundedByWhatWasReceived() {
        String stalled = "GET /stall HTTP/1.1␍␊Host: a␍␊␍␊";
        String upload = "POST /stall HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊";
        return Stream.of(
                Arguments.of("one byte", "G"),
                Arguments.of("half a head", "GET / HTTP/1.1␍␊Host: a␍␊X: "),
                Arguments.of(
                        "a head of 30 KiB without its end",
                        "GET / HTTP/1.1␍␊Host: a␍␊" + ("X: " + "a".repeat(3000) + "␍␊").repeat(10)),
                Arguments.of("many fields without end", "GET / HTTP/1.1␍␊Host: a␍␊" + "a:␍␊".repeat(98)),
                Arguments.of("waiting for the origin", stalled),
                Arguments.of("a thousand requests behind one that waits", stalled + GET.repeat(1000)),
                Arguments.of("a body of single bytes", upload + "1␍␊x␍␊".repeat(2000)),
                Arguments.of(
                        "a body of single bytes with extensions",
                        upload + ("1;a=" + "b".repeat(60) + "␍␊x␍␊").repeat(200)),
                Arguments.of("empty lines", "␍␊␍␊"));
    }

    @ThreatRow(value = "H1-18", outcome = "of a flood of requests one at a time is in work; the rest waits unread")
    @Test
    void h1_18_floodOfPipelinedRequestsIsServedInOrder() {
        int requests = 2000;
        String flood = IntStream.range(0, requests)
                .mapToObj(i -> "GET /" + i + " HTTP/1.1␍␊Host: a␍␊␍␊")
                .collect(Collectors.joining());
        try (var origin = ScriptedOrigin.start()
                        .otherwise(exchange ->
                                exchange.respond(200, exchange.request().target()));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            Thread.ofVirtual().start(() -> client.trySend(Wire.bytes(flood)));
            for (int i = 0; i < requests; i++) {
                assertEquals("/" + i, client.expectStatus(200).text());
            }
            assertEquals(requests, origin.requests().size());
            assertEquals(1, origin.connections().size(), "one at a time");
        }
    }

    @ThreatRow(value = "H1-10", outcome = "chunks of one byte are content like any other")
    @Test
    void h1_10_manyTinyChunks() {
        int chunks = 50_000;
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send(chunked(String.join("", Collections.nCopies(chunks, "1␍␊x␍␊")) + "0␍␊␍␊"))
                    .expectStatus(200);
            assertEquals(chunks, origin.lastRequest().contentBytes());
            client.send(get()).expectStatus(200);
        }
    }

    // ---- memory -----------------------------------------------------------------------------------------------------

    @ThreatRow(
            value = "DOS-08",
            outcome =
                    "past the budget 503, or close for want of a buffer; what is open goes on, nothing of the refused reaches the origin, never OutOfMemoryError")
    @Test
    void dos_08_budgetIsNeverExceededAndComesBack() {
        long budgetBytes = 16L << 20;
        int crowdSize = 700;
        String head = "GET / HTTP/1.1␍␊Host: a␍␊" + ("X: " + "a".repeat(4000) + "␍␊").repeat(5);
        List<RawClient> crowd = new ArrayList<>();
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .top("limits: {memory: 16MiB, connectionsPerPrefix: 2000}")
                        .listener("limits: {bufferBytes: 4KiB}")
                        .start();
                var open = proxy.connect()) {
            open.send(GET).expectStatus(200);
            for (int i = 0; i < crowdSize; i++) {
                var client = proxy.connect();
                client.trySend(Wire.bytes(head)); // 20 KiB, and no end: each wants a buffer of 32 KiB.
                crowd.add(client);
            }
            Await.until("the budget is used up", () -> refusedForMemory(proxy) > 0);
            assertTrue(proxy.outstandingBytes() <= budgetBytes, () -> "held: " + proxy.outstandingBytes());
            int answered = open.send(GET).readResponse().status();
            assertTrue(answered == 200 || answered == 503, () -> "answered " + answered);
            assertEquals(answered == 200 ? 2 : 1, origin.requests().size());
            crowd.forEach(RawClient::close);
            proxy.awaitBuffersReturned();
            assertNextRequestSucceeds(proxy);
        }
    }

    /** Connections that found no buffer for what they had sent, and requests that found none. */
    private static long refusedForMemory(ProxyHarness proxy) {
        return proxy.metrics().loops().getFirst().budgetAborts() + proxy.exchangesRefusedWith(503);
    }
}
