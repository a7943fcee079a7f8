package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.Metrics.EndpointName;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.observe.UpstreamStatus.EndpointStatus;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Endpoints that come and go while requests are under way. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DiscoveryIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String ROUND_ROBIN = "balance: round-robin";
    private static final Duration REFRESH = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final SteeredIo io = new SteeredIo();
    private final ScriptedOrigin one = ScriptedOrigin.start().otherwise(OriginScript.ok("one"));
    private final ScriptedOrigin two =
            ScriptedOrigin.startBeside(one, "127.0.0.2").otherwise(OriginScript.ok("two"));
    private final ScriptedOrigin three =
            ScriptedOrigin.startBeside(one, "127.0.0.3").otherwise(OriginScript.ok("three"));

    @BeforeEach
    void nameOneOrigin() {
        io.names.put("app.test", "127.0.0.1");
    }

    @AfterEach
    void closeOrigins() {
        one.close();
        two.close();
        three.close();
    }

    private ProxySetup setup(String... keys) {
        ProxySetup setup = ProxySetup.before("app.test:" + one.port())
                .listener("timeouts: {header: 1h, keepAlive: 1h}")
                .upstream(ROUND_ROBIN)
                .upstream("dns: {refresh: 10s}")
                .upstream("timeouts: {poolIdle: 1h, bodyIdle: 1h, firstByte: 1h}");
        for (String key : keys) {
            setup.upstream(key);
        }
        return setup;
    }

    private String endpoint(int number) {
        return "app.test/127.0.0." + number + ":" + one.port();
    }

    /** Lets a new answer be found, and waits until those endpoints are listed that it leads to. */
    private void answer(ProxyHarness proxy, int... numbers) {
        answer(proxy, REFRESH, numbers);
    }

    /** The same after so much time, of which {@link #REFRESH} is the least. */
    private void answer(ProxyHarness proxy, Duration time, int... numbers) {
        var wanted = new TreeSet<String>();
        String[] addresses = new String[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            wanted.add(endpoint(numbers[i]));
            addresses[i] = "127.0.0." + numbers[i];
        }
        io.names.put("app.test", addresses);
        io.pass(time);
        Await.until("endpoints " + wanted, () -> listed(proxy).equals(wanted));
    }

    private static TreeSet<String> listed(ProxyHarness proxy) {
        var listed = new TreeSet<String>();
        for (EndpointStatus each : proxy.upstream().endpoints()) {
            if (each.state() != EndpointState.LEAVING) {
                listed.add(each.endpoint());
            }
        }
        return listed;
    }

    private static List<String> ask(RawClient client, int count) {
        var texts = new TreeSet<String>();
        for (int i = 0; i < count; i++) {
            texts.add(client.send(GET).expectStatus(200).text());
        }
        return List.copyOf(texts);
    }

    private MetricsSnapshot.Endpoint metrics(ProxyHarness proxy, int number) {
        return Objects.requireNonNull(
                proxy.metrics().endpoints().get(new EndpointName("app", endpoint(number))), "endpoint " + number);
    }

    private boolean hasRow(ProxyHarness proxy, int number) {
        return proxy.metrics().endpoints().containsKey(new EndpointName("app", endpoint(number)));
    }

    @Test
    void requestsGoWhereverTheNameLeadsNow() {
        try (var proxy = setup().start(io);
                var client = proxy.connect()) {
            assertEquals(List.of("one"), ask(client, 4));
            answer(proxy, 1, 2);
            assertEquals(List.of("one", "two"), ask(client, 4));
            answer(proxy, 2, 3);
            assertEquals(List.of("three", "two"), ask(client, 4));
            Await.until(
                    "a line",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line ->
                                    line.contains("event=endpoint_removed upstream=app endpoint=" + endpoint(1))));
            MetricsSnapshot.EndpointList list = Objects.requireNonNull(
                            proxy.metrics().upstreams().get("app"))
                    .endpoints();
            assertEquals(new MetricsSnapshot.EndpointList(2, 1, 0, 0, 0, 0), list, "those of the start do not count");
        }
    }

    @Test
    void whoHasLeftIsForgottenAfterItsTime() {
        try (var proxy = setup().start(io);
                var client = proxy.connect()) {
            ask(client, 2);
            answer(proxy, 2);
            ask(client, 2);
            assertEquals(EndpointState.LEAVING, proxy.endpoint(endpoint(1)).state());
            assertFalse(one.connections().getFirst().isEnded(), "it may come back");
            io.pass(DRAIN);
            Await.until("its row is gone", () -> !hasRow(proxy, 1));
            Await.until(
                    "its connection is closed",
                    () -> one.connections().getFirst().isEnded());
            Await.until(
                    "it is shown no more", () -> proxy.upstream().endpoints().size() == 1);
            assertEquals(1, proxy.upstreamPermitsTaken());
        }
    }

    @Test
    void whoComesBackInTimeHasItsConnectionsAndCountsStill() {
        try (var proxy = setup().start(io);
                var client = proxy.connect()) {
            ask(client, 3);
            answer(proxy, 2);
            ask(client, 1);
            answer(proxy, 1);
            ask(client, 3);
            assertEquals(1, one.connections().size());
            assertEquals(6, metrics(proxy, 1).attempts());
        }
    }

    @Test
    void whoComesBackTooLateIsANewOne() {
        try (var proxy = setup().start(io);
                var client = proxy.connect()) {
            ask(client, 3);
            answer(proxy, 2);
            answer(proxy, DRAIN, 2, 3); // The pause until the next look-up begins with an answer: it must be there.
            Await.until("its row is gone", () -> !hasRow(proxy, 1));
            answer(proxy, 1);
            ask(client, 3);
            assertEquals(2, one.connections().size());
            assertEquals(3, metrics(proxy, 1).attempts());
        }
    }

    @Test
    void requestUnderWayEndsInItsOwnTime() {
        var goOn = new CountDownLatch(1);
        one.on("/slow", exchange -> {
            exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 4␍␊␍␊sl");
            awaitUninterrupted(goOn);
            exchange.send("ow");
        });
        try (var proxy = setup().start(io);
                var slow = proxy.connect();
                var client = proxy.connect()) {
            slow.send("GET /slow HTTP/1.1␍␊Host: a␍␊␍␊");
            one.awaitRequest(0);
            answer(proxy, 2);
            answer(proxy, DRAIN, 3);
            assertEquals(List.of("three"), ask(client, 2));
            assertEquals(EndpointState.LEAVING, proxy.endpoint(endpoint(1)).state());
            goOn.countDown();
            assertEquals("slow", slow.expectStatus(200).text());
            Await.until("its row is gone", () -> !hasRow(proxy, 1));
            Await.until(
                    "its connection is closed",
                    () -> one.connections().getFirst().isEnded());
        }
    }

    /** The slot of one that is gone is another one's: neither statistics nor cookies nor what was tried may be taken for that one's. */
    @Test
    void slotIsUsedAgainByOthers() {
        try (var proxy = setup("sticky: {cookie: route, secret: long enough}", "discovery: {drain: 0s}")
                        .start(io);
                var client = proxy.connect()) {
            String cookieOfOne = cookieOf(client.send(GET).expectStatus(200));
            for (int i = 0; i < 20; i++) {
                answer(proxy, 2);
                Await.until("one is gone", () -> !hasRow(proxy, 1));
                Response response = client.send("GET / HTTP/1.1␍␊Host: a␍␊Cookie: " + cookieOfOne + "␍␊␍␊")
                        .expectStatus(200);
                assertEquals("two", response.text());
                assertTrue(cookieOf(response).startsWith("route="), "it does not stand for who is there now");
                assertEquals(1, metrics(proxy, 2).attempts());
                answer(proxy, 1);
                Await.until("two is gone", () -> !hasRow(proxy, 2));
                response = client.send("GET / HTTP/1.1␍␊Host: a␍␊Cookie: " + cookieOfOne + "␍␊␍␊")
                        .expectStatus(200);
                assertEquals("one", response.text());
                assertEquals("", cookieOf(response), "it stands for the same one as before");
            }
        }
    }

    private static String cookieOf(Response response) {
        String line = response.fields().value("Set-Cookie");
        return line == null ? "" : line.substring(0, line.indexOf(';'));
    }

    @Test
    void cookieHoldsWhateverHappensToOthers() {
        io.names.put("app.test", "127.0.0.1", "127.0.0.2", "127.0.0.3");
        try (var proxy = setup("sticky: {cookie: route, secret: long enough}").start(io);
                var client = proxy.connect()) {
            Response first = client.send(GET).expectStatus(200);
            String served = first.text();
            int number = List.of("one", "two", "three").indexOf(served) + 1;
            String again = "GET / HTTP/1.1␍␊Host: a␍␊Cookie: " + cookieOf(first) + "␍␊␍␊";
            answer(proxy, number);
            assertEquals(served, client.send(again).expectStatus(200).text());
            answer(proxy, 3, 2, 1);
            for (int i = 0; i < 6; i++) {
                assertEquals(served, client.send(again).expectStatus(200).text());
            }
        }
    }

    @Test
    void commandsCallEndpointsByTheirIdentityOrAllOfAName() {
        io.names.put("app.test", "127.0.0.1", "127.0.0.2");
        try (var proxy = setup().start(io);
                var client = proxy.connect()) {
            assertTrue(proxy.commands().setWeight("app", endpoint(1), OptionalInt.of(0)));
            proxy.awaitState(endpoint(1), EndpointState.DRAINING);
            assertEquals(List.of("two"), ask(client, 4));
            answer(proxy, 2);
            answer(proxy, 1, 2);
            assertEquals(List.of("two"), ask(client, 4), "it was away for a short time only");
            assertTrue(proxy.commands().setDraining("app", "app.test:" + one.port(), true));
            proxy.awaitState(endpoint(2), EndpointState.DRAINING);
            client.send(GET).expectStatus(503);
            assertFalse(proxy.commands().setDraining("app", endpoint(3), true));
        }
    }

    @Test
    void nameThatHasNeverBeenResolvedIsTold() {
        io.names.put("app.test");
        try (var proxy = setup().start(io);
                var client = proxy.connect()) {
            client.send(GET).expectStatus(502);
            proxy.awaitEndedBy(Cause.DNS_FAILED, 1);
            answer(proxy, 1);
            assertEquals(List.of("one"), ask(client, 1));
        }
    }

    @Test
    void nameOfOneHostIsReachedByEitherFamily() {
        io.names.put("app.test", "::1", "127.0.0.1");
        try (var proxy = setup().start(io);
                var client = proxy.connect()) {
            assertEquals(List.of("one"), ask(client, 3));
            assertEquals(1, proxy.upstream().endpoints().size());
        }
    }

    @Test
    void moreEndpointsThanThereMayBeAreLeftOut() {
        io.names.put("app.test", "127.0.0.1", "127.0.0.2", "127.0.0.3");
        try (var proxy = setup("discovery: {endpoints: 2}").start(io);
                var client = proxy.connect()) {
            assertEquals(List.of("one", "two"), ask(client, 4));
            Await.until(
                    "a line",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line ->
                                    line.contains("event=endpoints_left_out upstream=app endpoints=1 limit=2")));
            answer(proxy, 1, 3);
            assertEquals(List.of("one", "three"), ask(client, 4));
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
