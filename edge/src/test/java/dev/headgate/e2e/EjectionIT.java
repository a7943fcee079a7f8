package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.balancer.health.Weights;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints that are taken out by what requests to them come to, and who serves meanwhile. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EjectionIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String UNAVAILABLE = "HTTP/1.1 503 Service Unavailable␍␊Content-Length: 0␍␊␍␊";
    private static final String ROUND_ROBIN = "balance: round-robin";

    /** Has each endpoint take as many requests, whatever it answers. */
    private static void send(RawClient client, int count) {
        for (int i = 0; i < count; i++) {
            client.send(GET).readResponse();
        }
    }

    @ThreatRow(value = "U-07", outcome = "an endpoint is out after five failures in a row, and back after its time")
    @Test
    void u_07_endpointThatFailsInARowIsOutForItsTime() {
        var io = new SteeredIo();
        try (var good = ScriptedOrigin.start();
                var bad = ScriptedOrigin.start().otherwise(OriginScript.fixed(UNAVAILABLE));
                var proxy = ProxySetup.before(good, bad).upstream(ROUND_ROBIN).start(io);
                var client = proxy.connect()) {
            send(client, 8);
            assertEquals(EndpointState.UP, proxy.endpoint(bad.address()).state(), "four failures are not five");
            send(client, 2);
            proxy.awaitState(bad.address(), EndpointState.EJECTED);
            assertEquals("consecutive_failures", proxy.endpoint(bad.address()).reason());
            for (int i = 0; i < 10; i++) {
                client.send(GET).expectStatus(200);
            }
            assertEquals(5, bad.requests().size());

            io.pass(Duration.ofSeconds(34));
            proxy.awaitState(bad.address(), EndpointState.UP);
            bad.otherwise(OriginScript.ok("again"));
            send(client, 2);
            assertEquals(6, bad.requests().size());
            awaitLogged(proxy, "event=endpoint_ejected");
            awaitLogged(proxy, "event=endpoint_returned");
        }
    }

    /** It is out for 30 s, and up to a tenth longer by chance. */
    @ThreatRow(
            value = "U-07",
            outcome = "it comes back with a tenth of its share, which grows, where slow start is configured")
    @Test
    void u_07_endpointThatIsBackStartsSlowly() {
        var io = new SteeredIo().frozen();
        try (var good = ScriptedOrigin.start();
                var bad = ScriptedOrigin.start().otherwise(OriginScript.fixed(UNAVAILABLE));
                var proxy = ProxySetup.before(good, bad)
                        .upstream(ROUND_ROBIN)
                        .upstream("slowStart: 10m")
                        .start(io);
                var client = proxy.connect()) {
            send(client, 10);
            proxy.awaitState(bad.address(), EndpointState.EJECTED);
            bad.otherwise(OriginScript.ok("again"));
            io.pass(Duration.ofSeconds(34));
            proxy.awaitState(bad.address(), EndpointState.STARTING);
            int before = bad.requests().size();
            assertEquals(9, Math.round(proxy.endpoint(bad.address()).share()), "a tenth beside a whole");
            send(client, 55);
            assertEquals(before + 5, bad.requests().size(), 1);

            io.pass(Duration.ofMinutes(10));
            proxy.awaitState(bad.address(), EndpointState.UP);
            assertEquals(50, proxy.endpoint(bad.address()).share());
            before = bad.requests().size();
            try (var later = proxy.connect()) {
                send(later, 50);
            }
            assertEquals(before + 25, bad.requests().size(), 1);
        }
    }

    @Test
    void endpointThatCannotBeConnectedToIsOutAsUnreachable() {
        try (var port = RefusingPort.open();
                var good = ScriptedOrigin.start();
                var proxy = ProxySetup.before(port.address(), good.address())
                        .upstream(ROUND_ROBIN)
                        .start();
                var client = proxy.connect()) {
            for (int i = 0; i < 10; i++) {
                client.send(GET).expectStatus(200); // by another attempt, while it is not out yet
            }
            proxy.awaitState(port.address(), EndpointState.EJECTED);
            assertEquals(
                    "consecutive_connect_failures",
                    proxy.endpoint(port.address()).reason());
        }
    }

    private static void awaitLogged(ProxyHarness proxy, String text) {
        Await.until(text, () -> proxy.errorLog().stream().anyMatch(line -> line.contains(text)));
    }

    @Test
    void endpointThatIsConnectedToAgainIsBackBeforeItsTime(@TempDir Path folder) {
        Path socket = folder.resolve("app.sock");
        try (var good = ScriptedOrigin.start();
                var proxy = ProxySetup.before("unix:" + socket, good.address())
                        .upstream(ROUND_ROBIN)
                        .start();
                var client = proxy.connect()) {
            send(client, 12);
            proxy.awaitState("unix:" + socket, EndpointState.EJECTED);
            try (var back = ScriptedOrigin.startUnix(socket)) {
                proxy.awaitState("unix:" + socket, EndpointState.UP);
                send(client, 2);
                assertEquals(1, back.requests().size());
            }
        }
    }

    @ThreatRow(value = "U-07", outcome = "the last endpoint is never taken out, nor more than half of them")
    @Test
    void u_07_lastEndpointStays() {
        try (var only = ScriptedOrigin.start().otherwise(OriginScript.fixed(UNAVAILABLE));
                var proxy = ProxySetup.before(only).start();
                var client = proxy.connect()) {
            send(client, 20);
            Await.until(
                    "the wish is refused",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("event=endpoint_not_ejected")
                                    && line.contains("because=last_available")));
            assertEquals(EndpointState.UP, proxy.endpoint(only.address()).state());
            assertEquals(20, only.requests().size());
        }
    }

    @Test
    void noMoreThanTheShareIsOut() {
        try (var a = ScriptedOrigin.start().otherwise(OriginScript.fixed(UNAVAILABLE));
                var b = ScriptedOrigin.start().otherwise(OriginScript.fixed(UNAVAILABLE));
                var c = ScriptedOrigin.start().otherwise(OriginScript.fixed(UNAVAILABLE));
                var proxy = ProxySetup.before(a, b, c).upstream(ROUND_ROBIN).start();
                var client = proxy.connect()) {
            send(client, 60);
            awaitLogged(proxy, "because=too_many");
            long out = proxy.upstream().endpoints().stream()
                    .filter(each -> each.state() == EndpointState.EJECTED)
                    .count();
            assertEquals(1, out);
        }
    }

    @Test
    void failuresOfNoKindThatCountsLeaveAnEndpointIn() {
        try (var good = ScriptedOrigin.start();
                var other = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixed("HTTP/1.1 404 Not Found␍␊Content-Length: 0␍␊␍␊"));
                var proxy = ProxySetup.before(good, other).upstream(ROUND_ROBIN).start();
                var client = proxy.connect()) {
            send(client, 20);
            assertEquals(10, other.requests().size());
            assertEquals(EndpointState.UP, proxy.endpoint(other.address()).state());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{failures: 0}", "{share: 0%}"})
    void nothingIsTakenOutWhereThatIsOff(String ejection) {
        try (var good = ScriptedOrigin.start();
                var bad = ScriptedOrigin.start().otherwise(OriginScript.fixed(UNAVAILABLE));
                var proxy = ProxySetup.before(good, bad)
                        .upstream(ROUND_ROBIN)
                        .upstream("ejection: " + ejection)
                        .start();
                var client = proxy.connect()) {
            send(client, 40);
            assertEquals(20, bad.requests().size());
        }
    }

    /** Each change, once. */
    private static List<String> commandsLogged(ProxyHarness proxy, int count) {
        Await.until(count + " lines", () -> commandsLogged(proxy).size() == count);
        return commandsLogged(proxy);
    }

    private static List<String> commandsLogged(ProxyHarness proxy) {
        return proxy.errorLog().stream()
                .filter(line -> line.contains("event=endpoint_drain_set") || line.contains("event=endpoint_weight_set"))
                .map(line -> line.substring(line.indexOf("event=")))
                .toList();
    }

    @Test
    void endpointIsDrainedAndWeighedByCommand() {
        try (var a = ScriptedOrigin.start();
                var b = ScriptedOrigin.start();
                var proxy = ProxySetup.before(a, b).upstream(ROUND_ROBIN).start();
                var client = proxy.connect()) {
            assertTrue(proxy.commands().setDraining("app", a.address(), true));
            proxy.awaitState(a.address(), EndpointState.DRAINING);
            send(client, 10);
            assertTrue(a.requests().isEmpty());

            assertTrue(proxy.commands().setDraining("app", a.address(), false));
            proxy.awaitState(a.address(), EndpointState.UP);
            assertTrue(proxy.commands().setWeight("app", a.address(), OptionalInt.of(4)));
            Await.until("weight 4", () -> proxy.endpoint(a.address()).weight() == 4);
            send(client, 10);
            assertEquals(8, a.requests().size());

            assertTrue(proxy.commands().setWeight("app", a.address(), OptionalInt.empty()));
            Await.until("weight 1", () -> proxy.endpoint(a.address()).weight() == 1);
            assertTrue(proxy.commands().setWeight("app", a.address(), OptionalInt.empty()), "for the second time");
            assertTrue(proxy.commands().setDraining("app", b.address(), true));
            proxy.awaitState(b.address(), EndpointState.DRAINING);
            assertEquals(
                    List.of(
                            "event=endpoint_drain_set upstream=app endpoint=" + a.address() + " drains=true",
                            "event=endpoint_drain_set upstream=app endpoint=" + a.address() + " drains=false",
                            "event=endpoint_weight_set upstream=app endpoint=" + a.address() + " weight=4",
                            "event=endpoint_weight_set upstream=app endpoint=" + a.address() + " weight=configured",
                            "event=endpoint_drain_set upstream=app endpoint=" + b.address() + " drains=true"),
                    commandsLogged(proxy, 5));
            assertFalse(proxy.commands().setWeight("app", "127.0.0.1:1", OptionalInt.of(1)));
            assertFalse(proxy.commands().setDraining("other", a.address(), true));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> proxy.commands().setWeight("app", a.address(), OptionalInt.of(257)));
        }
    }

    @Test
    void backupsServeWhenNobodyElseIsLeft() {
        try (var port = RefusingPort.open();
                var backup = ScriptedOrigin.start();
                var proxy = ProxyHarness.start(upstream(
                        "{address: \"" + port.address() + "\"}",
                        "{address: \"" + backup.address() + "\", backup: true}",
                        "health: {type: tcp, interval: 100ms, fall: 1}"));
                var client = proxy.connect()) {
            proxy.awaitState(port.address(), EndpointState.DOWN);
            client.send(GET).expectStatus(200);
            assertEquals(Weights.State.SPILLING, proxy.upstream().state());
        }
    }

    /** Whether the others are up is not known yet: those that stand by are for that too. */
    @Test
    void backupServesARequestThatTheOthersHaveFailed() {
        try (var port = RefusingPort.open();
                var backup = ScriptedOrigin.start();
                var proxy = ProxyHarness.start(upstream(
                        "{address: \"" + port.address() + "\"}",
                        "{address: \"" + backup.address() + "\", backup: true}",
                        ROUND_ROBIN));
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            assertEquals(1, backup.requests().size());
        }
    }

    @Test
    void backupsServeNothingWhileOthersDo() {
        try (var primary = ScriptedOrigin.start();
                var backup = ScriptedOrigin.start();
                var proxy = ProxyHarness.start(upstream(
                        "{address: \"" + primary.address() + "\"}",
                        "{address: \"" + backup.address() + "\", backup: true, weight: 100}",
                        ROUND_ROBIN));
                var client = proxy.connect()) {
            send(client, 20);
            assertTrue(backup.requests().isEmpty());
        }
    }

    @Test
    void ownZoneIsPreferred() {
        try (var near = ScriptedOrigin.start();
                var far = ScriptedOrigin.start();
                var proxy = ProxyHarness.start(upstream(
                        "{address: \"" + near.address() + "\", zone: here}",
                        "{address: \"" + far.address() + "\", zone: there, weight: 100}",
                        "zone: here"));
                var client = proxy.connect()) {
            send(client, 20);
            assertTrue(far.requests().isEmpty());
        }
    }

    @ThreatRow(
            value = "U-08",
            outcome = "when all are down, all are tried, or 503 says when to come again, as configured")
    @Test
    void u_08_allDownIs503WithRetryAfterWhereThatIsConfigured() {
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address())
                        .upstream("health: {type: tcp, interval: 100ms, fall: 1}")
                        .upstream("panic: {action: reject}")
                        .start();
                var client = proxy.connect()) {
            proxy.awaitState(port.address(), EndpointState.DOWN);
            var response = client.send(GET).expectStatus(503);
            assertEquals("1", response.fields().value("retry-after"));
        }
    }

    @ThreatRow(
            value = "U-08",
            outcome = "when all are down, all are tried, or 503 says when to come again, as configured")
    @Test
    void u_08_allAreTriedWhenAllAreDown() {
        try (var origin = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(UNAVAILABLE));
                var proxy = ProxySetup.before(origin)
                        .upstream("health: {path: /healthz, interval: 100ms, fall: 1}")
                        .start();
                var client = proxy.connect()) {
            proxy.awaitState(origin.address(), EndpointState.DOWN);
            client.send(GET).expectStatus(200);
            assertEquals(Weights.State.PANIC, proxy.upstream().state());
        }
    }

    private static String upstream(String first, String second, String more) {
        return """
                version: 1
                loops: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                upstreams:
                  app:
                    endpoints: [%s, %s]
                    %s
                routes: [{to: app}]
                log: {access: off}
                """.formatted(first, second, more);
    }
}
