package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginConnection;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long connections to an endpoint are kept, and which is taken. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class UpstreamPoolIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    @ParameterizedTest
    @CsvSource({
        // kept at the most, used at once, closed
        "0, 1, 1",
        "2, 1, 0",
        "2, 2, 0",
        "2, 3, 1",
        "2, 5, 3",
    })
    void atMostSoManyIdleConnectionsAreKept(int idleMax, int atOnce, int closed) {
        try (var held = new Held(atOnce, "pool: {idle: " + idleMax + "}")) {
            held.release();
            Await.until("the surplus is closed", () -> held.closed() == closed);
            held.clients.getFirst().send(GET).expectStatus(200);
            assertEquals(idleMax == 0 ? atOnce + 1 : atOnce, held.opened());
        }
    }

    @Test
    void idleConnectionIsClosedInTime() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .upstream("timeouts: {poolIdle: 20ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            Await.until(
                    "the idle connection ends",
                    () -> origin.connections().getFirst().isEndedByPeer());
            client.send(GET).expectStatus(200);
            assertEquals(2, origin.connections().size());
        }
    }

    @Test
    void connectionPastItsAgeIsNotUsedAgain() {
        try (var origin = ScriptedOrigin.start();
                var proxy =
                        ProxySetup.before(origin).upstream("pool: {age: 1s}").start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            Await.until("another connection is opened", () -> {
                client.send(GET).expectStatus(200);
                return origin.connections().size() == 2;
            });
            Await.until(
                    "the old one ends", () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    /** Some requests that an origin holds back until {@link #release}, so that each has a connection of its own. */
    private static final class Held implements AutoCloseable {
        final List<RawClient> clients = new ArrayList<>();
        private final CountDownLatch go = new CountDownLatch(1);
        private final ScriptedOrigin origin;
        private final ProxyHarness proxy;

        Held(int count, String settings) {
            origin = ScriptedOrigin.start().otherwise(exchange -> {
                exchange.await(go);
                exchange.respond(200, "hi");
            });
            proxy = ProxySetup.before(origin).upstream(settings).start();
            for (int i = 0; i < count; i++) {
                clients.add(proxy.connect().send(GET));
            }
            origin.awaitRequest(count - 1);
        }

        void release() {
            go.countDown();
            clients.forEach(client -> client.expectStatus(200));
        }

        int opened() {
            return origin.connections().size();
        }

        long closed() {
            return origin.connections().stream()
                    .filter(OriginConnection::isEndedByPeer)
                    .count();
        }

        @Override
        public void close() {
            clients.forEach(RawClient::close);
            proxy.close();
            origin.close();
        }
    }
}
