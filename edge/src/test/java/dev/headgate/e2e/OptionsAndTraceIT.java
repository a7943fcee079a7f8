package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that a proxy itself has a say in (RFC 9110 §7.6.2, §9.3.7, §9.3.8). */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class OptionsAndTraceIT {
    @Test
    void traceIsRefused() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            var response = client.send("TRACE / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(405);
            assertTrue(response.fields().value("allow").contains("GET"));
            origin.assertReceivedNothing();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "10, 9", "100, 99", "999999999, 999999998"})
    void maxForwardsOfOptionsIsCountedDown(String sent, String received) {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("OPTIONS / HTTP/1.1␍␊Host: a␍␊Max-Forwards: " + sent + "␍␊␍␊")
                    .expectStatus(200);
            assertEquals(received, origin.lastRequest().fields().value("max-forwards"));
        }
    }

    @Test
    void optionsThatMayGoNoFurtherIsAnsweredHere() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            var response = client.send("OPTIONS / HTTP/1.1␍␊Host: a␍␊Max-Forwards: 0␍␊␍␊")
                    .expectStatus(204);
            assertTrue(response.fields().value("allow").contains("OPTIONS"));
            origin.assertReceivedNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "x", "", "1000000000", "1␍␊Max-Forwards: 2"})
    void maxForwardsThatIsNoNumberIsRefused(String value) {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("OPTIONS / HTTP/1.1␍␊Host: a␍␊Max-Forwards: " + value + "␍␊␍␊")
                    .expectStatus(400);
            origin.assertReceivedNothing();
        }
    }

    @Test
    void maxForwardsOfOtherMethodsIsLeftAlone() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊Max-Forwards: 0␍␊␍␊").expectStatus(200);
            assertEquals("0", origin.lastRequest().fields().value("max-forwards"));
        }
    }
}
