package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints that cannot be reached or do not answer, and what the client is told. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FailureIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String POST = "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello";

    @ThreatRow(value = "U-01", outcome = "502 when alone")
    @Test
    void u_01_refusedConnectIs502() {
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address()).start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(502);
            assertEquals("headgate; error=connection_refused", response.fields().value("proxy-status"));
            assertHides(response, port.address());
        }
    }

    @Test
    void clientMayGoOnAfterARefusedConnect() {
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address()).start();
                var client = proxy.connect()) {
            assertFalse(client.send(GET).expectStatus(502).announcesClose());
            client.send(POST).expectStatus(502);
        }
    }

    @ThreatRow(value = "U-01", outcome = "another endpoint is tried, whatever the method; the origin sees one request")
    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void u_01_refusedConnectIsTriedOnAnotherEndpoint(String request) {
        try (var port = RefusingPort.open();
                var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(port.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start()) {
            for (int i = 0; i < 4; i++) {
                try (var client = proxy.connect()) {
                    client.send(request).expectStatus(200);
                }
            }
            assertEquals(4, origin.requests().size());
        }
    }

    @Test
    void bodyThatIsStillComingIsKeptForTheOtherEndpoint() {
        try (var port = RefusingPort.open();
                var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var proxy = ProxySetup.before(port.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start()) {
            for (int i = 0; i < 2; i++) {
                try (var client = proxy.connect()) {
                    client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 10␍␊␍␊first");
                    assertEquals(
                            "firstafter", client.send("after").expectStatus(200).text());
                }
            }
        }
    }

    @Test
    void connectThatIsNeverAnsweredIs504() {
        try (var hole = Blackhole.open();
                var proxy = ProxySetup.before(hole.address())
                        .upstream("timeouts: {connect: 100ms}")
                        .upstream("retry: {attempts: 1}")
                        .start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(504);
            assertEquals("headgate; error=connection_timeout", response.fields().value("proxy-status"));
            assertHides(response, hole.address());
        }
    }

    @Test
    void connectThatIsNeverAnsweredIsTriedOnAnotherEndpoint() {
        try (var hole = Blackhole.open();
                var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(hole.address(), origin.address())
                        .upstream("balance: round-robin")
                        .upstream("timeouts: {connect: 100ms}")
                        .start();
                var client = proxy.connect()) {
            client.send(POST).expectStatus(200);
            client.send(POST).expectStatus(200);
        }
    }

    @ThreatRow("U-14")
    @Test
    void u_14_clientThatLeavesWhileConnectingLeavesNothingBehind() {
        try (var hole = Blackhole.open();
                var proxy = ProxySetup.before(hole.address())
                        .upstream("timeouts: {connect: 1s}")
                        .start();
                var client = proxy.connect()) {
            client.send(POST);
            client.reset();
        }
    }

    @Test
    void originThatClosesWithoutAnAnswerIs502() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.closeWithoutAnswer());
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            var response = client.send(POST).expectStatus(502);
            assertEquals(
                    "headgate; error=connection_terminated", response.fields().value("proxy-status"));
            assertEquals(1, origin.requests().size());
        }
    }

    @Test
    void failureIsPlainTextByDefault() {
        var response = failure("");
        assertEquals("text/plain; charset=utf-8", response.fields().value("content-type"));
        assertTrue(response.text().contains("502"), response::text);
    }

    @Test
    void failureIsJsonForThoseWhoTakeIt() {
        var response = failure("Accept: application/json␍␊");
        assertEquals("application/json", response.fields().value("content-type"));
        var content = Json.object(response.text());
        assertEquals(502, content.get("status"));
        assertEquals("connection_refused", String.valueOf(content.get("cause")).replace("connect_", "connection_"));
        assertEquals(response.fields().value("x-request-id"), content.get("request_id"));
    }

    @Test
    void failureIsNotStored() {
        assertEquals("no-store", failure("").fields().value("cache-control"));
    }

    @Test
    void failureForHeadHasNoContent() {
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address()).start();
                var client = proxy.connect()) {
            client.send("HEAD / HTTP/1.1␍␊Host: a␍␊␍␊");
            assertEquals(502, client.readResponse("HEAD").status());
            client.expectNothingMore();
        }
    }

    @Test
    void failureOfTheOriginItselfPassesUnchanged() {
        try (var origin =
                        ScriptedOrigin.start().otherwise(exchange -> exchange.respond(503, "mine", "Retry-After: 7"));
                var proxy = ProxySetup.before(origin).start();
                var client = proxy.connect()) {
            var response = client.send(GET).expectStatus(503);
            assertEquals("mine", response.text());
            assertEquals("7", response.fields().value("retry-after"));
            assertNull(response.fields().value("proxy-status"));
            assertEquals(1, origin.requests().size());
        }
    }

    private static Response failure(String fieldLines) {
        try (var port = RefusingPort.open();
                var proxy = ProxySetup.before(port.address()).start();
                var client = proxy.connect()) {
            return client.send("GET / HTTP/1.1␍␊Host: a␍␊" + fieldLines + "␍␊").expectStatus(502);
        }
    }

    private static void assertHides(Response response, String address) {
        String port = address.substring(address.indexOf(':') + 1);
        assertFalse(response.text().contains(port), response::text);
        assertFalse(response.fields().toString().contains(port), response::toString);
        assertFalse(response.toString().contains("127.0.0.1"), response::toString);
        assertFalse(response.toString().contains("app"), response::toString);
    }
}
