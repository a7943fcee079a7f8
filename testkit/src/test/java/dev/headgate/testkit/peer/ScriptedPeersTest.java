package dev.headgate.testkit.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Hex;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.Wire;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ScriptedPeersTest {
    private static final String GET = "GET /x HTTP/1.1␍␊Host: a␍␊␍␊";

    @Test
    void answersRequestsOfOneConnectionInTurn() {
        try (var origin = ScriptedOrigin.start().on("/x", OriginScript.ok("hello"));
                var client = RawClient.connect(origin.port())) {
            client.send(GET + GET);
            assertEquals("hello", client.expectStatus(200).text());
            assertEquals("hello", client.expectStatus(200).text());
            client.expectNothingMore();
            assertEquals(List.of("GET /x", "GET /x"), origin.requestLines());
        }
    }

    @Test
    void recordsContentAndTrailersOfAChunkedRequest() {
        try (var origin = ScriptedOrigin.start().otherwise(OriginScript.echo());
                var client = RawClient.connect(origin.port())) {
            client.sendByteByByte(Wire.bytes("POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊"
                    + "3␍␊abc␍␊A␍␊0123456789␍␊0␍␊Check: sum␍␊␍␊"));
            assertEquals("abc0123456789", client.expectStatus(200).text());
            var request = origin.awaitRequest(0);
            assertEquals("abc0123456789", request.text());
            assertEquals("sum", request.trailers().value("check"));
        }
    }

    @Test
    void readsInterimResponsesChunksAndTrailers() {
        var script = OriginScript.fixed("HTTP/1.1 103 Early Hints␍␊Link: a␍␊␍␊HTTP/1.1 200 OK␍␊"
                + "Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊Sum: 1␍␊␍␊");
        try (var origin = ScriptedOrigin.start().otherwise(script);
                var client = RawClient.connect(origin.port()).send(GET)) {
            var response = client.expectStatus(200);
            assertEquals(List.of(103), response.interimStatuses());
            assertEquals("hello", response.text());
            assertEquals("1", response.trailers().value("sum"));
        }
    }

    @Test
    void tellsOrderlyCloseFromReset() {
        String partial = "HTTP/1.1 200 OK␍␊Content-Length: 10␍␊␍␊half";
        try (var origin = ScriptedOrigin.start()
                .on("/close", OriginScript.fixedThenClose(partial))
                .on("/reset", OriginScript.fixedThenReset(""))) {
            try (var client = RawClient.connect(origin.port()).send("GET /close HTTP/1.1␍␊Host: a␍␊␍␊")) {
                var response = client.readResponseToAnyEnding();
                assertEquals(Response.Ending.CLOSED_EARLY, response.ending());
                assertEquals("half", response.text());
                client.expectClosed();
            }
            try (var client = RawClient.connect(origin.port()).send("GET /reset HTTP/1.1␍␊Host: a␍␊␍␊")) {
                client.expectReset();
            }
        }
    }

    @Test
    void stallFailsAtTheDeadlineAndShowsWhatCame() {
        try (var origin = ScriptedOrigin.start()
                        .otherwise(OriginScript.fixedThenStall("HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊par"));
                var client = RawClient.connect(origin.port())
                        .deadline(Duration.ofMillis(100))
                        .send(GET)) {
            var failure = assertThrows(AssertionError.class, client::readResponse);
            assertTrue(String.valueOf(failure.getMessage()).contains("␍␊␍␊par"), failure.getMessage());
        }
    }

    @Test
    void answersBeforeTheContentHasCome() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.send("HTTP/1.1 413 Too Large␍␊Content-Length: 0␍␊␍␊");
                    exchange.await(go);
                });
                var client = RawClient.connect(origin.port())) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 4␍␊␍␊ab").expectStatus(413);
            assertFalse(origin.lastRequest().isComplete());
            go.countDown();
            client.send("cd");
            assertEquals("abcd", origin.awaitRequest(0).text());
        }
    }

    @Test
    void longContentArrivesUnchanged() throws IOException {
        long length = 8 << 20;
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> {
                    exchange.readContent(Pattern.verifier());
                    exchange.send("HTTP/1.1 200 OK␍␊Content-Length: " + length + "␍␊␍␊");
                    Pattern.write(exchange.output(), length);
                });
                var client = RawClient.connect(origin.port())) {
            client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: " + length + "␍␊␍␊");
            Pattern.write(client.output(), length);
            var verifier = Pattern.verifier();
            assertEquals(
                    Response.Ending.COMPLETE,
                    client.readResponse("POST", verifier).ending());
            assertEquals(length, verifier.count());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1␊Host: a␊␊",
                "GET /x HTTP/1.1␍␊␍␊",
                "GET /x HTTP/1.1␍␊Host: a␍␊Host: b␍␊␍␊",
                "GET  /x HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /x HTTP/1.1␍␊Host: a␍␊X: a␍␊ b␍␊␍␊",
                "GET /x HTTP/1.1␍␊Host : a␍␊␍␊",
                "GET /x HTTP/1.1␍␊Host: a␀␍␊␍␊",
                "POST /x HTTP/1.1␍␊Host: a␍␊Content-Length: 1␍␊Content-Length: 1␍␊␍␊",
                "POST /x HTTP/1.1␍␊Host: a␍␊Content-Length: 1␍␊Transfer-Encoding: chunked␍␊␍␊",
                "POST /x HTTP/1.1␍␊Host: a␍␊Content-Length: 01␍␊␍␊",
                "POST /x HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked, chunked␍␊␍␊",
                "POST /x HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊1;ext␍␊a␍␊0␍␊␍␊",
                "POST /x HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊1␍␊ab␍␊0␍␊␍␊",
            })
    void originReportsWhatIsNotCanonical(String request) {
        var origin = ScriptedOrigin.start();
        try (var client = RawClient.connect(origin.port()).send(request)) {
            client.expectEnd();
        }
        var failure = assertThrows(AssertionError.class, origin::close);
        assertTrue(String.valueOf(failure.getMessage()).contains("connection 0"), failure.getMessage());
    }

    @Test
    void failureInAScriptFailsTheTest() {
        var origin = ScriptedOrigin.start()
                .otherwise(exchange -> assertEquals("/y", exchange.request().target()));
        try (var client = RawClient.connect(origin.port()).send(GET)) {
            client.expectEnd();
        }
        assertThrows(AssertionError.class, origin::close);
    }

    @Test
    void noticesEveryReceivedByte() {
        try (var origin = ScriptedOrigin.start();
                var client = RawClient.connect(origin.port())) {
            origin.assertReceivedNothing();
            client.send("G");
            Await.until("one byte", () -> origin.receivedBytes() == 1);
            assertThrows(AssertionError.class, origin::assertReceivedNothing);
            Hex.assertScript("G", origin.connections().getFirst().received());
        }
    }

    @Test
    void tellsWhoEndedAConnection() {
        try (var origin = ScriptedOrigin.start().on("/x", OriginScript.stall())) {
            var client = RawClient.connect(origin.port()).send(GET);
            origin.awaitRequest(0);
            assertFalse(origin.connections().getFirst().isEnded());
            client.close();
            Await.until("end by peer", () -> origin.connections().getFirst().isEndedByPeer());
        }
    }

    @Test
    void speaksOverUnixDomainSockets(@TempDir Path folder) {
        Path path = folder.resolve("origin.sock");
        try (var origin = ScriptedOrigin.startUnix(path);
                var client = RawClient.connectUnix(path).send(GET)) {
            assertEquals("scripted origin", client.expectStatus(200).text());
            assertEquals(List.of("GET /x"), origin.requestLines());
        }
    }

    @Test
    void refusingPortRefuses() {
        try (var port = RefusingPort.open()) {
            assertThrows(ConnectException.class, () -> connect(port.address(), 1000));
        }
    }

    @Test
    void originThatRefusesKeepsItsPort() throws IOException {
        try (var origin = ScriptedOrigin.start();
                var client = RawClient.connect(origin.port())) {
            client.send(GET).expectStatus(200);
            origin.refuse();
            assertThrows(ConnectException.class, () -> connect(origin.address(), 1000));
            client.expectEnd();
            try (var other = new ServerSocket()) {
                assertThrows(
                        BindException.class,
                        () -> other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port())));
            }
        }
    }

    @Test
    void blackholeNeverAnswersAConnect() {
        try (var hole = Blackhole.open()) {
            assertThrows(SocketTimeoutException.class, () -> connect(hole.address(), 100));
        }
    }

    private static void connect(String address, int timeoutMs) throws IOException {
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeoutMs);
        }
    }
}
