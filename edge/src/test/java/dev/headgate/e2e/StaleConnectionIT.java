package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pooled connections that the origin ends at the instant of reuse: it has read the request and answers nothing. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class StaleConnectionIT {
    /** Answers the first request of each connection and ends the connection upon the second. */
    private static final OriginScript ONCE_PER_CONNECTION = exchange -> {
        if (exchange.indexOnConnection() == 0) {
            exchange.respond(200, "fresh");
        } else {
            exchange.readContent();
            exchange.reset();
        }
    };

    @ThreatRow(value = "U-11", outcome = "one more try on a fresh connection")
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE"})
    void u_11_idempotentRequestIsSentAgainOnAFreshConnection(String method) {
        try (var origin = ScriptedOrigin.start().otherwise(ONCE_PER_CONNECTION);
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            client.send(method + " /again HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals(200, client.readResponse(method).status());
            assertEquals(List.of("GET /", method + " /again", method + " /again"), origin.requestLines());
        }
    }

    @ThreatRow("U-11")
    @Test
    void u_11_idempotentRequestWithAShortBodyIsSentAgain() {
        try (var origin = ScriptedOrigin.start().otherwise(ONCE_PER_CONNECTION);
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            client.send("PUT /again HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello")
                    .expectStatus(200);
            assertEquals("hello", origin.lastRequest().text());
        }
    }

    /** Content and trailers together are more than is kept; those that are kept: {@link TrailersSentAgainIT}. */
    @Test
    void requestWithTrailersIsNotSentAgainWithoutThem() {
        try (var origin = ScriptedOrigin.start().otherwise(ONCE_PER_CONNECTION);
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {replayBytes: 8B}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            client.send("PUT /once HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊x-check: 1␍␊␍␊")
                    .expectStatus(502);
            assertEquals(List.of("GET /", "PUT /once"), origin.requestLines());
        }
    }

    @ThreatRow("U-10")
    @Test
    void u_10_postIsNotSentAgain() {
        try (var origin = ScriptedOrigin.start().otherwise(ONCE_PER_CONNECTION);
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            client.send("POST /once HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello")
                    .expectStatus(502);
            assertEquals(List.of("GET /", "POST /once"), origin.requestLines());
        }
    }

    @ThreatRow("U-03")
    @Test
    void u_03_requestThatHasBegunToBeAnsweredIsNotSentAgain() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.ok("fresh"))
                        .on("/cut", OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊half"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            client.send("GET /cut HTTP/1.1␍␊Host: a␍␊␍␊").readResponseToAnyEnding();
            client.expectEnd();
            assertEquals(List.of("GET /", "GET /cut"), origin.requestLines());
        }
    }

    @Test
    void sendingAgainIsBounded() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.closeWithoutAnswer());
                var proxy = ProxySetup.before(origin)
                        .upstream("retry: {attempts: 3}")
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(502);
            int attempts = origin.requests().size();
            assertEquals(true, attempts >= 1 && attempts <= 3, "attempts=" + attempts);
        }
    }
}
