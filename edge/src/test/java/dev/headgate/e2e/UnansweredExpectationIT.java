package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that has been refused instead of told to continue may send its content, or its next request. */
@ThreatRow("H1-21")
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class UnansweredExpectationIT {
    @Test
    void unreadBodyBehindAnUnansweredExpectationEndsTheConnection() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{match: {path: /no}, respond: {status: 403}}")
                        .route("{to: app}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST /no HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 36␍␊␍␊");
            assertTrue(client.expectStatus(403).announcesClose());
            client.trySend(Wire.bytes("GET /first HTTP/1.1␍␊Host: a␍␊␍␊".repeat(2)));
            client.readToEndOrReset();
            origin.assertReceivedNothing();
        }
    }
}
