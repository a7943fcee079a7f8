package dev.headgate.e2e;

import static dev.headgate.e2e.TwoOrigins.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.health.EndpointState;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who loses by being slow is seen to be slow, though nobody waits for its answers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HedgeEjectionIT {
    private static final int ROUND = 24;

    private final SteeredIo io = new SteeredIo();

    @Test
    void anEndpointThatAlwaysLosesIsFoundByItsLatency() throws IOException {
        try (var slow = ScriptedOrigin.start().otherwise(OriginExchange::awaitPeerEnd)) {
            expectEjected(slow.address());
        }
    }

    @Test
    void soIsOneThatDoesNotAccept() throws IOException {
        try (var hole = Blackhole.open()) {
            expectEjected(hole.address());
        }
    }

    private void expectEjected(String slow) {
        try (var one = ScriptedOrigin.start().otherwise(OriginScript.ok("fast"));
                var other = ScriptedOrigin.start().otherwise(OriginScript.ok("fast"));
                var proxy = ProxySetup.before(slow, one.address(), other.address())
                        .upstream("balance: round-robin, retry: {hedge: 50ms, budget: 100%}")
                        .upstream("ejection: {latency: {window: 10s, endpoints: 3, requests: 5}}")
                        .start(io)) {
            Await.until("it is taken out", () -> {
                serveRound(proxy);
                io.pass(Duration.ofSeconds(11));
                return proxy.endpoint(slow).state() == EndpointState.EJECTED;
            });
            assertEquals(EndpointState.UP, proxy.endpoint(one.address()).state());
            assertEquals(EndpointState.UP, proxy.endpoint(other.address()).state());
        }
    }

    private static void serveRound(ProxyHarness proxy) {
        try (var client = proxy.connect()) {
            for (int i = 0; i < ROUND; i++) {
                client.send(GET).expectStatus(200);
            }
        }
    }
}
