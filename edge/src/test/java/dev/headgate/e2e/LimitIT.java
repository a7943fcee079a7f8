package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configured limits at one below, at and one above. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LimitIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final int BODY = 5000;

    @ParameterizedTest
    @CsvSource({"4999, 200", "5000, 200", "5001, 413"})
    void bodyWithLength(int length, int status) {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: " + BODY + "B}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + length + "␍␊␍␊" + "a".repeat(length));
            client.expectStatus(status);
            assertEquals(status == 200 ? 1 : 0, origin.requests().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"4999, 200", "5000, 200", "5001, 413"})
    void chunkedBody(int length, int status) {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: " + BODY + "B}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊");
            client.trySend(
                    Wire.bytes("1␍␊a␍␊" + Integer.toHexString(length - 1) + "␍␊" + "a".repeat(length - 1) + "␍␊0␍␊␍␊"));
            client.expectStatus(status);
            assertTrue(origin.requests().stream().allMatch(r -> r.isComplete() == (status == 200)));
        }
    }

    @Test
    void tooLongBodyIsRefusedBeforeItIsSent() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: 5000B}")
                        .start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 5001␍␊␍␊")
                    .expectStatus(413);
            origin.assertReceivedNothing();
        }
    }

    @Test
    void routesBodyLimitReplacesTheListeners() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {body: 10B}")
                        .route("{match: {path: /upload}, to: app, limits: {body: 100B}}")
                        .route("{to: app}")
                        .start()) {
            String rest = " HTTP/1.1␍␊Host: a␍␊Content-Length: 50␍␊␍␊" + "a".repeat(50);
            try (var client = proxy.connect()) {
                client.send("POST /upload" + rest).expectStatus(200);
            }
            try (var client = proxy.connect()) {
                client.send("POST /other" + rest).expectStatus(413);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 200", "5, 200", "6, 431"})
    void headerCount(int count, int status) {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("limits: {headerCount: 5}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊" + "X: y␍␊".repeat(count - 1) + "␍␊")
                    .expectStatus(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 200", "5, 200", "6, 502"})
    void headerCountOfResponses(int count, int status) {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixed(
                                "HTTP/1.1 200 OK␍␊Content-Length: 0␍␊" + "X: y␍␊".repeat(count - 1) + "␍␊"));
                var proxy = ProxySetup.before(origin)
                        .upstream("limits: {headerCount: 5}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "2, 200", "3, 502"})
    void interimResponses(int count, int status) {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.interimFlood(count));
                var proxy = ProxySetup.before(origin)
                        .upstream("limits: {interim: 2}")
                        .start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(status);
        }
    }
}
