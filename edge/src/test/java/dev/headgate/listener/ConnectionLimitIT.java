package dev.headgate.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many connections clients may have, of a prefix, of a listener and in all. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ConnectionLimitIT {
    private static final String LAST = "GET / HTTP/1.1␍␊Host: a␍␊Connection: close␍␊␍␊";
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    private enum Limit {
        PREFIX,
        LISTENER,
        GLOBAL
    }

    @ThreatRow(
            value = {"DOS-04", "DOS-07"},
            outcome = "past a limit a connection is closed at once, and the others are served")
    @ParameterizedTest
    @CsvSource({
        "PREFIX, 1, 3", "PREFIX, 2, 3", "PREFIX, 3, 3", "PREFIX, 4, 3", "PREFIX, 6, 3",
        "LISTENER, 1, 3", "LISTENER, 2, 3", "LISTENER, 3, 3", "LISTENER, 4, 3", "LISTENER, 6, 3",
        "GLOBAL, 1, 3", "GLOBAL, 2, 3", "GLOBAL, 3, 3", "GLOBAL, 4, 3", "GLOBAL, 6, 3",
    })
    void dos_04_surplusIsClosedAndTheRestServed(Limit limit, int connections, int max) {
        List<RawClient> served = new ArrayList<>();
        try (var origin = ScriptedOrigin.start();
                var proxy = limited(origin, limit, max)) {
            for (int i = 0; i < connections; i++) {
                var client = RawClient.connect(proxy.port(limit == Limit.GLOBAL && i % 2 == 1 ? "other" : "web"));
                if (i < max) {
                    served.add(client);
                    client.send(GET).expectStatus(200);
                } else {
                    client.trySend(Wire.bytes(GET));
                    client.expectEnd();
                    client.close();
                }
            }
            served.forEach(client -> client.send(GET).expectStatus(200));
            assertEquals(2 * Math.min(connections, max), origin.requests().size());
            served.forEach(RawClient::close);
        }
    }

    @ParameterizedTest
    @CsvSource({"PREFIX", "LISTENER", "GLOBAL"})
    void connectionThatEndsMakesRoom(Limit limit) {
        try (var origin = ScriptedOrigin.start();
                var proxy = limited(origin, limit, 1)) {
            for (int i = 0; i < 3; i++) {
                try (var client = proxy.connect()) {
                    client.send(LAST).expectStatus(200);
                    client.expectClosed();
                }
            }
            try (var aborting = proxy.connect()) {
                aborting.send(GET).expectStatus(200);
                aborting.reset();
            }
            Await.until("there is room again", () -> proxy.openConnections() == 0);
            try (var client = proxy.connect()) {
                client.send(GET).expectStatus(200);
            }
        }
    }

    private static ProxyHarness limited(ScriptedOrigin origin, Limit limit, int max) {
        var setup = ProxySetup.before(origin);
        return switch (limit) {
            case PREFIX ->
                setup.top("limits: {connectionsPerPrefix: " + max + "}").start();
            case LISTENER ->
                setup.listener("limits: {connections: " + max + "}").start();
            case GLOBAL -> ProxyHarness.start(twoListeners(setup, max));
        };
    }

    /** Each listener may have as many as there are in all. */
    private static String twoListeners(ProxySetup setup, int max) {
        String limits = "limits: {connections: " + max + "}";
        return setup.top(limits)
                .listener(limits)
                .yaml()
                .replace("upstreams:", "  - {name: other, address: \"127.0.0.1:0\", " + limits + "}\nupstreams:");
    }
}
