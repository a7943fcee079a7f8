package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies of no bytes, found by simulation. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EmptyBodyIT {
    @Test
    void aRequestWithLengthZeroIsCompleteWhileItsOriginIsConnected() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok("done"));
                var proxy = ProxyHarness.start(ProxySetup.before(origin).yaml());
                var client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 0␍␊␍␊").expectStatus(200);
            }
            assertEquals(1, origin.connections().size());
        }
    }
}
