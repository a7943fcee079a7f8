package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take their response late, slowly or never: whatever the session waits for, a deadline stands behind it. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SlowReaderIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String LAST_GET = "GET / HTTP/1.1␍␊Host: a␍␊Connection: close␍␊␍␊";
    private static final String SMALL_BUFFER = "limits: {bufferBytes: 4KiB, requestsPerConnection: %d}";
    private static final String ANSWER = "a".repeat(5000); // More than the buffer.

    private final SteeredIo io = new SteeredIo();

    private ProxyHarness start(ProxySetup setup) {
        return setup.start(io);
    }

    private static ProxySetup answering(String timeouts) {
        return ProxySetup.before("127.0.0.1:1")
                .listener(SMALL_BUFFER.formatted(1000))
                .listener("timeouts: {" + timeouts + "}")
                .route("{respond: {status: 200, body: " + ANSWER + "}}");
    }

    private static void awaitAllClosed(ProxyHarness proxy) {
        Await.until("every connection is closed", () -> proxy.openConnections() == 0);
    }

    @ThreatRow("DOS-03")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 20})
    void dos_03_clientThatTakesNothingIsGivenUpHoweverManyRequestsItHasSent(int requests) {
        io.downstream.close();
        try (var proxy = start(answering("sendStall: 200ms"));
                var client = proxy.connect().send(GET.repeat(requests))) {
            awaitAllClosed(proxy);
            client.expectEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, LAST_GET, "GET / HTTP/1.0␍␊␍␊"})
    void clientThatTakesNotEvenAShortResponseIsGivenUp(String request) {
        io.downstream.close();
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.ok("short"));
                var proxy = start(ProxySetup.before(origin)
                        .listener("timeouts: {keepAlive: 200ms, sendStall: 200ms, linger: 200ms}"));
                var client = proxy.connect().send(request)) {
            awaitAllClosed(proxy);
            client.expectEnd();
        }
    }

    @Test
    void brokenOffResponseOfAClientThatTakesNothingIsGivenUp() {
        io.downstream.close();
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊half"));
                var proxy = start(ProxySetup.before(origin).listener("timeouts: {sendStall: 200ms}"));
                var client = proxy.connect().send(GET)) {
            awaitAllClosed(proxy);
            client.expectEnd();
        }
    }

    @Test
    void idleConnectionIsClosedAlsoAfterAStall() {
        try (var proxy = start(answering("keepAlive: 200ms"));
                var client = proxy.connect().send(GET)) {
            assertEquals(ANSWER, client.expectStatus(200).text());
            client.expectClosed();
        }
    }

    @Test
    void headThatStopsIsRefusedAlsoAfterAStall() {
        try (var proxy = start(answering("header: 200ms"));
                var client = proxy.connect().send(GET + "GET /half")) {
            assertEquals(ANSWER, client.expectStatus(200).text());
            client.expectStatus(408);
            client.expectClosed();
        }
    }

    @Test
    void unreadBodyThatStopsIsNotWaitedForAlsoAfterAStall() {
        try (var proxy = start(answering("drain: 200ms"));
                var client = proxy.connect().send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊01234")) {
            assertEquals(ANSWER, client.expectStatus(200).text());
            client.expectClosed();
        }
    }

    @Test
    void lingeringEndsAlsoAfterAStall() {
        try (var proxy = start(ProxySetup.before("127.0.0.1:1")
                        .listener(SMALL_BUFFER.formatted(1))
                        .listener("timeouts: {linger: 200ms}")
                        .route("{respond: {status: 200, body: " + ANSWER + "}}"));
                var client = proxy.connect().send(GET)) {
            assertEquals(ANSWER, client.expectStatus(200).text());
            client.expectClosed();
            awaitAllClosed(proxy);
        }
    }

    @Test
    void uploadThatGoesOnDoesNotShortenTheTimeToTakeTheResponse() {
        var answered = new CountDownLatch(1);
        io.downstream.close();
        try (var origin = ScriptedOrigin.start().on("/early", exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 16000␍␊␍␊" + "a".repeat(8000));
                    answered.countDown();
                    exchange.readContent();
                    exchange.send("b".repeat(8000));
                });
                var proxy = start(ProxySetup.before(origin)
                        .listener(SMALL_BUFFER.formatted(1000))
                        .listener("timeouts: {header: 700ms, bodyIdle: 100ms, sendStall: 20s}"));
                var other = proxy.connect();
                var client = proxy.connect()) {
            client.send("POST /early HTTP/1.1␍␊Host: a␍␊Content-Length: 300000␍␊␍␊");
            Await.open("the response is on its way", answered);
            other.send(GET);
            origin.awaitRequest(1); // The loop has seen the response before, and the client has stalled.
            io.upstream.openAfter(1000); // The upload is paused, and goes on.
            client.send(new byte[200_000]);
            Await.until("the upload has gone on", () -> !io.upstream.isShut());
            try (var clock = proxy.connect()) {
                clock.expectClosed();
            }
            io.downstream.open();
            client.send(new byte[100_000]);
            assertEquals(16_000, client.expectStatus(200).text().length());
        }
    }
}
