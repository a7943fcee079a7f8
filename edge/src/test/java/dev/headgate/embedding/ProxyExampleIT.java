package dev.headgate.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.Headgate;
import dev.headgate.config.Address;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of README.md and docs/embedding.md, run. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ProxyExampleIT {
    private static final String WITH_KEY = "GET /api/x HTTP/1.1␍␊Host: a␍␊X-Api-Key: secret␍␊␍␊";
    private static final String WITHOUT_KEY = "GET /api/x HTTP/1.1␍␊Host: a␍␊␍␊";

    @Test
    void whoHasTheKeyReachesTheOrigin() throws Exception {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(200, "in"));
                Headgate proxy = start(origin);
                RawClient client = connect(proxy)) {
            Response response = client.send(WITH_KEY).expectStatus(200);
            assertEquals("api", response.fields().value("x-route"));
            assertFalse(origin.lastRequest().fields().has("x-api-key"));
        }
    }

    @Test
    void whoHasNoneIsAnsweredByTheFilter() throws Exception {
        try (var origin = ScriptedOrigin.start();
                Headgate proxy = start(origin);
                RawClient client = connect(proxy)) {
            client.send(WITHOUT_KEY).expectStatus(403);
            origin.assertReceivedNothing();
        }
    }

    @Test
    void configurationTextIsEnough() throws Exception {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.respond(200, "in"));
                Headgate proxy = EmbeddingExample.start(origin.address());
                RawClient client = connect(proxy)) {
            client.send(WITHOUT_KEY).expectStatus(200);
        }
    }

    private static Headgate start(ScriptedOrigin origin) throws Exception {
        return ProxyExample.start(0, new Address.Tcp("127.0.0.1", origin.port()));
    }

    private static RawClient connect(Headgate proxy) {
        return RawClient.connect(
                proxy.listeners().getFirst().address() instanceof InetSocketAddress inet ? inet.getPort() : -1);
    }
}
