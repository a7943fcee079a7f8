package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.balancer.health.Weights;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ReceivedRequest;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Active checks against real origins: what counts as passed, and what becomes of endpoints that fail. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HealthCheckIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String UP = "HTTP/1.1 204 No Content␍␊␍␊";
    private static final String DOWN = "HTTP/1.1 503 Service Unavailable␍␊Content-Length: 0␍␊␍␊";
    private static final String READY = "HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊all ready";

    private static String health(String more) {
        return "health: {path: /healthz, interval: 100ms, fastInterval: 100ms, rise: 1, fall: 1" + more + "}";
    }

    static Stream<Arguments> verdicts() {
        return Stream.of(
                arguments("any success", "", UP, "passed"),
                arguments("interim responses", "", "HTTP/1.1 103 Early Hints␍␊␍␊" + UP, "passed"),
                arguments("no redirect", "", "HTTP/1.1 302 Found␍␊Location: /␍␊Content-Length: 0␍␊␍␊", "status"),
                arguments(
                        "a redirect where it is wanted",
                        ", status: [200, 300-399]",
                        "HTTP/1.1 302 Found␍␊Location: /␍␊Content-Length: 0␍␊␍␊",
                        "passed"),
                arguments("an error", "", DOWN, "status"),
                arguments("no response at all", "", "SSH-2.0-OpenSSH␍␊", "protocol_error"),
                arguments("content", ", body: ready", READY, "passed"),
                arguments(
                        "content across chunks",
                        ", body: ready",
                        "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊3␍␊rea␍␊2␍␊dy␍␊0␍␊␍␊",
                        "passed"),
                arguments("other content", ", body: steady", READY, "body"),
                arguments("no content", ", body: ready", UP, "body"),
                arguments("content just within the limit", ", body: ready, bodyBytes: 9B", READY, "passed"),
                arguments("content beyond the limit", ", body: ready, bodyBytes: 8B", READY, "body"),
                arguments(
                        "broken chunks",
                        ", body: ready",
                        "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊x␍␊",
                        "protocol_error"),
                arguments("a switch of protocols", "", "HTTP/1.1 101 Switching Protocols␍␊␍␊", "protocol_error"),
                arguments("HEAD", ", method: HEAD", "HTTP/1.1 200 OK␍␊Content-Length: 100␍␊␍␊", "passed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verdicts")
    void verdictFollowsFromTheAnswer(String what, String settings, String answer, String verdict) {
        try (var origin = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(answer));
                var proxy = ProxySetup.before(origin).upstream(health(settings)).start()) {
            boolean passes = verdict.equals("passed");
            awaitCheck(proxy, origin, passes);
            proxy.awaitState(origin.address(), passes ? EndpointState.UP : EndpointState.DOWN);
            assertEquals(passes ? "" : verdict, proxy.endpoint(origin.address()).reason(), what);
        }
    }

    private static void awaitCheck(ProxyHarness proxy, ScriptedOrigin origin, boolean passes) {
        Await.until("checked", () -> {
            MetricsSnapshot.Health health = healthOf(proxy, origin);
            return (passes ? health.checksPassed() : health.checksFailed()) > 0;
        });
    }

    private static MetricsSnapshot.Health healthOf(ProxyHarness proxy, ScriptedOrigin origin) {
        return proxy.metrics().endpoints().entrySet().stream()
                .filter(each -> each.getKey().endpoint().equals(origin.address()))
                .map(each -> each.getValue().health())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void questionIsAsConfiguredAndOverAConnectionOfItsOwn() {
        try (var origin = ScriptedOrigin.start().on("/healthz?deep=1", OriginScript.fixed(UP));
                var proxy = ProxySetup.before(origin)
                        .upstream(
                                "health: {path: \"/healthz?deep=1\", host: check.example.com, headers: {x-why: health}}")
                        .start()) {
            awaitCheck(proxy, origin, true);
            ReceivedRequest asked = origin.awaitRequest(0);
            assertEquals("GET /healthz?deep=1", asked.line());
            assertEquals("check.example.com", asked.fields().value("host"));
            assertEquals("health", asked.fields().value("x-why"));
            assertEquals("close", asked.fields().value("connection"));
            assertEquals("headgate-health", asked.fields().value("user-agent"));
        }
    }

    @Test
    void endpointThatFailsGetsNoRequestsUntilItPassesAgain() {
        try (var good = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(UP));
                var bad = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(DOWN));
                var proxy = ProxySetup.before(good, bad)
                        .upstream(health(""))
                        .upstream("balance: round-robin")
                        .start();
                var client = proxy.connect()) {
            proxy.awaitState(bad.address(), EndpointState.DOWN);
            for (int i = 0; i < 10; i++) {
                client.send(GET).expectStatus(200);
            }
            assertFalse(bad.requestLines().contains("GET /"));

            bad.on("/healthz", OriginScript.fixed(UP));
            proxy.awaitState(bad.address(), EndpointState.UP);
            for (int i = 0; i < 4; i++) {
                client.send(GET).expectStatus(200);
            }
            assertTrue(bad.requestLines().contains("GET /"));
            Await.until(
                    "both are told",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("event=endpoint_down"))
                            && proxy.errorLog().stream().anyMatch(line -> line.contains("event=endpoint_up")));
        }
    }

    /** That a start goes well is no news. */
    @Test
    void endpointIsToldToBeUpOnlyIfItWasDown() {
        try (var origin = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(UP));
                var proxy = ProxySetup.before(origin).upstream(health("")).start()) {
            Await.until("checks pass", () -> healthOf(proxy).checksPassed() >= 2);
            assertEquals(0, healthOf(proxy).ups());
            origin.on("/healthz", OriginScript.fixed(DOWN));
            proxy.awaitState(origin.address(), EndpointState.DOWN);
            origin.on("/healthz", OriginScript.fixed(UP));
            proxy.awaitState(origin.address(), EndpointState.UP);
            Await.until("it is told", () -> told(proxy).size() == 2);
            assertEquals(List.of("endpoint_down", "endpoint_up"), told(proxy));
            assertEquals(1, healthOf(proxy).ups());
        }
    }

    @Test
    void reasonIsWhatTheLastCheckHasFound() {
        try (var origin = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(DOWN));
                var proxy = ProxySetup.before(origin).upstream(health("")).start()) {
            proxy.awaitState(origin.address(), EndpointState.DOWN);
            assertEquals("status", proxy.endpoint(origin.address()).reason());
            origin.refuse();
            Await.until(
                    "another reason",
                    () -> proxy.endpoint(origin.address()).reason().equals("connect_failed"));
        }
    }

    private static List<String> told(ProxyHarness proxy) {
        return proxy.errorLog().stream()
                .map(line -> line.replaceAll(".*event=(\\w+).*", "$1"))
                .filter(event -> event.equals("endpoint_up") || event.equals("endpoint_down"))
                .toList();
    }

    private static MetricsSnapshot.Health healthOf(ProxyHarness proxy) {
        return proxy.metrics().endpoints().values().iterator().next().health();
    }

    @Test
    void endpointThatIsNotThereIsDownForThatReason() {
        try (var port = RefusingPort.open();
                var good = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(UP));
                var proxy = ProxySetup.before(port.address(), good.address())
                        .upstream(health(""))
                        .start()) {
            proxy.awaitState(port.address(), EndpointState.DOWN);
            assertEquals("connect_failed", proxy.endpoint(port.address()).reason());
        }
    }

    @ThreatRow(value = "U-16", outcome = "a check has its own time, and does not wait for more than it looks at")
    @ParameterizedTest
    @MethodSource("abusiveAnswers")
    void u_16_checkEndsInItsTime(OriginScript answer, String settings, String reason) {
        try (var origin = ScriptedOrigin.start().on("/healthz", answer);
                var proxy = ProxySetup.before(origin)
                        .upstream(health(", timeout: 200ms" + settings))
                        .start()) {
            proxy.awaitState(origin.address(), EndpointState.DOWN);
            assertEquals(reason, proxy.endpoint(origin.address()).reason());
        }
    }

    static Stream<Arguments> abusiveAnswers() {
        return Stream.of(
                arguments(OriginScript.stall(), "", "timed_out"),
                arguments(OriginScript.fixedThenStall("HTTP/1.1 200 OK␍␊Content-Le"), "", "timed_out"),
                arguments(OriginScript.interimFlood(1_000), "", "protocol_error"),
                arguments(
                        OriginScript.fixed("HTTP/1.1 302 Found␍␊Location: /huge␍␊Content-Length: 0␍␊␍␊"), "", "status"),
                arguments(
                        OriginScript.fixedThenStall(
                                "HTTP/1.1 200 OK␍␊Content-Length: 1073741824␍␊␍␊" + "x".repeat(70_000)),
                        ", body: ready",
                        "body"),
                arguments(OriginScript.closeWithoutAnswer(), "", "reset"));
    }

    @Test
    void tcpCheckAsksForAConnectionAlone() {
        try (var port = RefusingPort.open();
                var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin.address(), port.address())
                        .upstream("health: {type: tcp, interval: 100ms, rise: 1, fall: 1}")
                        .start()) {
            proxy.awaitState(port.address(), EndpointState.DOWN);
            awaitCheck(proxy, origin, true);
            assertTrue(origin.requests().isEmpty());
        }
    }

    @Test
    void anotherPortIsAskedWhereThatIsConfigured() {
        try (var origin = ScriptedOrigin.start();
                var watcher = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(DOWN));
                var proxy = ProxySetup.before(origin)
                        .upstream(health(", port: " + watcher.port()))
                        .start()) {
            proxy.awaitState(origin.address(), EndpointState.DOWN);
            assertTrue(origin.requests().isEmpty());
        }
    }

    /** At a start nothing has recovered: the first check that passes has nobody start slowly, and no backup take over. */
    @Test
    void firstCheckThatPassesIsNoRecovery() {
        try (var primary = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(UP));
                var backup = ScriptedOrigin.start().on("/healthz", OriginScript.fixed(UP));
                var proxy = ProxyHarness.start("""
                        version: 1
                        loops: 1
                        listeners: [{name: web, address: "127.0.0.1:0"}]
                        upstreams:
                          app:
                            endpoints: ["%s", {address: "%s", backup: true}]
                            slowStart: 10m
                            %s
                        routes: [{to: app}]
                        log: {access: off}
                        """.formatted(primary.address(), backup.address(), health("")))) {
            awaitCheck(proxy, primary, true);
            proxy.awaitState(primary.address(), EndpointState.UP);
            assertEquals(Weights.State.NORMAL, proxy.upstream().state());
            assertEquals(100, proxy.endpoint(primary.address()).share());
        }
    }

    /** Otherwise an origin that has too much to do already would be checked for every few requests that fail. */
    @Test
    void failingRequestsHaveNoChecksMadeOneAfterAnother() {
        try (var origin = ScriptedOrigin.start()
                        .on("/healthz", OriginScript.fixed(UP))
                        .on("/", OriginScript.fixed(DOWN));
                var proxy = ProxySetup.before(origin)
                        .upstream("health: {path: /healthz, interval: 1h, fastInterval: 1h}")
                        .upstream("ejection: {failures: 1}")
                        .start();
                var client = proxy.connect()) {
            awaitCheck(proxy, origin, true);
            for (int i = 1; i <= 20; i++) {
                int failed = i;
                client.send(GET).expectStatus(503);
                Await.until(
                        "the agent has heard of it",
                        () -> healthOf(proxy, origin).ejectionsRefused() >= failed);
            }
            assertEquals(1, healthOf(proxy, origin).checksPassed());
            assertEquals(
                    1,
                    origin.requestLines().stream()
                            .filter(line -> line.equals("GET /healthz"))
                            .count());
        }
    }

    @Test
    void endpointThatStartsDownTakesNothingUntilItHasPassed() {
        try (var origin = ScriptedOrigin.start().on("/healthz", OriginScript.stall());
                var proxy = ProxySetup.before(origin)
                        .upstream("health: {path: /healthz, interval: 100ms, start: down, rise: 1, timeout: 60s}")
                        .upstream("panic: {below: 0%}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(503);
            assertEquals(EndpointState.DOWN, proxy.endpoint(origin.address()).state());
        }
    }
}
