package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Expect: 100-continue} (RFC 9110 §10.1.1) between clients that wait and origins that take or refuse. */
@ThreatRow("H1-21")
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ExpectContinueIT {
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 5␍␊␍␊";

    @Test
    void clientIsToldToContinueWhenTheOriginIs() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 100 Continue␍␊␍␊");
                    exchange.respond(200, exchange.readContent());
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(POST)) {
            assertEquals(100, client.readHead().status());
            var response = client.send("hello").expectStatus(200);
            assertEquals("hello", response.text());
            assertEquals(List.of(), response.interimStatuses());
        }
    }

    @Test
    void proxyTellsTheClientWhenTheOriginKeepsSilent() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin)
                        .listener("timeouts: {expectContinue: 50ms}")
                        .start();
                var client = proxy.connect().send(POST)) {
            assertEquals(100, client.readHead().status());
            assertEquals("hello", client.send("hello").expectStatus(200).text());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 413, 417})
    void refusalReachesTheClientWithoutABody(int status) {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 " + status + " No␍␊Content-Length: 2␍␊␍␊no");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(POST)) {
            var response = client.expectStatus(status);
            assertEquals(List.of(), response.interimStatuses());
            assertFalse(origin.lastRequest().isComplete());
            Await.until(
                    "the half-used connection is given up",
                    () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    @Test
    void finalAnswerWithoutContinueReachesTheClient() {
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊ok");
                    exchange.awaitPeerEnd();
                });
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(POST)) {
            assertEquals("ok", client.expectStatus(200).text());
        }
    }

    @Test
    void bodyThatDoesNotWaitIsForwarded() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect().send(POST + "hello")) {
            assertEquals("hello", client.expectStatus(200).text());
        }
    }

    @Test
    void answeringRouteRefusesWithoutAskingForTheBody() {
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .route("{respond: {status: 403}}")
                        .start();
                var client = proxy.connect().send(POST)) {
            assertEquals(List.of(), client.expectStatus(403).interimStatuses());
        }
    }

    @Test
    void expectationOfAnHttp10ClientIsIgnored() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            client.send("POST / HTTP/1.0␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 5␍␊␍␊hello");
            assertEquals(List.of(), client.expectStatus(200).interimStatuses());
        }
    }
}
