package dev.headgate.bench.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.Response;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FastOriginIT {
    private FastOrigin origin;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        client = RawClient.connect(origin.address());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        origin.close();
        assertTrue(origin.awaitTermination(Duration.ofSeconds(10)));
    }

    private static String content(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) BodyPattern.at(i));
        }
        return text.toString();
    }

    private Response get(String path) {
        return client.send("GET " + path + " HTTP/1.1␍␊Host: x␍␊␍␊").readResponse();
    }

    @ParameterizedTest
    @CsvSource({
        "/0, 0",
        "/1, 1",
        "/1k, 1024",
        "/16384, 16384",
        "/16385, 16385",
        "/100k, 102400",
        "/5m, 5242880",
        "/delay/1, 1024",
        "/delay/0/20k, 20480",
        "/chunked/0, 0",
        "/chunked/1, 1",
        "/chunked/16k, 16384",
        "/chunked/1m, 1048576",
        "/fault/slow, 1024"
    })
    void answersWithTheContentThatThePathNames(String path, int bytes) {
        for (int i = 0; i < 2; i++) {
            Response response = get(path);
            assertEquals(200, response.status());
            assertEquals(content(bytes), response.text());
            assertFalse(response.announcesClose());
        }
        assertEquals(new FastOrigin.Stats(1, 2, 0), origin.stats());
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        String[] paths = {"/1", "/chunked/20k", "/delay/5/2", "/200k", "/3"};
        int[] bytes = {1, 20 << 10, 2, 200 << 10, 3};
        StringBuilder requests = new StringBuilder();
        for (String path : paths) {
            requests.append("GET ").append(path).append(" HTTP/1.1␍␊Host: x␍␊␍␊");
        }
        client.send(requests.toString());
        for (int length : bytes) {
            assertEquals(content(length), client.readResponse().text());
        }
    }

    @Test
    void aRequestMayArriveByteByByte() {
        client.sendByteByByte(
                "POST /1k HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        assertEquals("3\n", client.readResponse().text());
        assertEquals(content(1), client.readResponse().text());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000_000})
    void contentIsSwallowedAndItsLengthIsTheAnswer(int bytes) {
        client.send("PUT /1k HTTP/1.1␍␊Host: x␍␊Content-Length: " + bytes + "␍␊␍␊")
                .send(content(bytes).getBytes(StandardCharsets.US_ASCII));
        assertEquals(bytes + "\n", client.readResponse().text());
        assertEquals(bytes, origin.stats().receivedBytes());
        assertEquals(200, get("/1").status());
    }

    @Test
    void contentInChunksIsSwallowedToo() {
        client.send(
                "POST /1k HTTP/1.1␍␊Host: x␍␊Transfer-Encoding: chunked␍␊␍␊3␍␊abc␍␊10␍␊0123456789abcdef␍␊0␍␊X: y␍␊␍␊");
        assertEquals("19\n", client.readResponse().text());
        assertEquals(200, get("/1").status());
    }

    @Test
    void whoWaitsForContinueGetsIt() {
        client.send("POST /1k HTTP/1.1␍␊Host: x␍␊Content-Length: 1␍␊Expect: 100-continue␍␊␍␊");
        client.expectBytes("HTTP/1.1 100 Continue␍␊␍␊");
        client.send("x");
        assertEquals(200, client.readResponse().status());
    }

    @Test
    void headIsAnsweredWithoutContent() {
        for (String path : new String[] {"/1m", "/chunked/1m", "/delay/1"}) {
            client.send("HEAD " + path + " HTTP/1.1␍␊Host: x␍␊␍␊");
            assertEquals(200, client.readResponse("HEAD").status());
        }
        assertEquals(200, get("/1").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/1k", "/chunked/1k", "/delay/1", "/200k", "/chunked/200k"})
    void http10GetsAnAnswerThatItUnderstandsAndThenTheEnd(String path) {
        Response response = client.send("GET " + path + " HTTP/1.0␍␊␍␊").readResponseToAnyEnding();
        assertEquals(200, response.status());
        assertEquals(path.contains("200k") ? 200 << 10 : 1024, response.text().length());
        client.expectClosed();
    }

    @Test
    void theConnectionEndsWhenTheRequestAsksForIt() {
        client.send("GET /1k HTTP/1.1␍␊Host: x␍␊Connection: close␍␊␍␊");
        assertTrue(client.readResponse().announcesClose());
        client.expectClosed();
    }

    @ParameterizedTest
    @CsvSource({"200", "204", "304", "404", "503", "599"})
    void answersWithAnyStatus(int status) {
        assertEquals(status, get("/status/" + status).status());
        assertEquals(200, get("/1").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/x",
                "/1q",
                "/1kk",
                "/status/199",
                "/status/600",
                "/fault/none",
                "/fault/reset/0",
                "/delay/x",
                "/9999999999999999",
                "/chunked/",
                "/statsx"
            })
    void whatItDoesNotKnowIsNotFound(String path) {
        assertEquals(404, get(path).status());
    }

    @Test
    void whatIsNoRequestIsRefused() {
        assertEquals(400, client.send("GET /1 HTTP/1.1␍␊␍␊").readResponse().status());
        client.expectClosed();
    }

    @Test
    void aWebSocketSendsBackWhatComes() {
        upgrade();
        for (byte[] message : new byte[][] {
            WebSocketFrames.masked("hello"), WebSocketFrames.masked(""), WebSocketFrames.masked("x".repeat(125))
        }) {
            client.send(message);
        }
        expect(WebSocketFrames.plain("hello"));
        expect(WebSocketFrames.plain(""));
        expect(WebSocketFrames.plain("x".repeat(125)));
        client.sendByteByByte(WebSocketFrames.masked("slowly"));
        expect(WebSocketFrames.plain("slowly"));
        client.send(WebSocketFrames.frame(WebSocketFrames.PING, true, "?".getBytes(StandardCharsets.US_ASCII)));
        expect(new byte[] {(byte) 0x8A, 1, '?'});
        client.send(WebSocketFrames.close(true, 1000));
        expect(WebSocketFrames.close(false, 1000));
        client.expectClosed();
    }

    @Test
    void whatAWebSocketMayNotSendEndsIt() {
        upgrade();
        client.send(WebSocketFrames.plain("in the clear"));
        expect(WebSocketFrames.close(false, 1002));
        client.expectClosed();
    }

    private void expect(byte[] bytes) {
        client.expectBytes(Wire.script(bytes));
    }

    private void upgrade() {
        String key = "dGhlIHNhbXBsZSBub25jZQ==";
        client.send("GET /ws HTTP/1.1␍␊Host: x␍␊Upgrade: websocket␍␊Connection: Upgrade␍␊Sec-WebSocket-Version: 13␍␊"
                + "Sec-WebSocket-Key: " + key + "␍␊␍␊");
        client.expectBytes("HTTP/1.1 101 Switching Protocols␍␊Upgrade: websocket␍␊Connection: Upgrade␍␊"
                + "Sec-WebSocket-Accept: " + WebSocketFrames.acceptOf(key) + "␍␊␍␊");
    }

    @Test
    void whoDoesNotAskForAWebSocketGetsNone() {
        assertEquals(404, get("/ws").status());
    }

    @Test
    void statisticsAreJson() {
        get("/1");
        assertEquals(
                "{\"connections\":1,\"requests\":2,\"receivedBytes\":0}\n",
                get("/stats").text());
    }

    @Test
    void aFaultMayComeOnceInSomeTimes() {
        for (int i = 1; i <= 3; i++) {
            assertEquals(200, get("/fault/reset/4").status());
        }
        client.send("GET /fault/reset/4 HTTP/1.1␍␊Host: x␍␊␍␊");
        client.expectReset();
    }

    @Test
    void faultsAreWhatTheirNamesSay() {
        client.send("GET /fault/close HTTP/1.1␍␊Host: x␍␊␍␊").expectClosed();
        try (RawClient other = RawClient.connect(origin.address())) {
            other.send("GET /fault/truncate HTTP/1.1␍␊Host: x␍␊␍␊");
            other.readHead();
            assertEquals(512, other.readToEnd().length);
        }
        try (RawClient other = RawClient.connect(origin.address())) {
            other.send("GET /fault/malformed HTTP/1.1␍␊Host: x␍␊␍␊");
            other.expectBytes("this is not HTTP␍␊␍␊");
            other.expectClosed();
        }
        try (RawClient other = RawClient.connect(origin.address())) {
            other.send("GET /fault/stall HTTP/1.1␍␊Host: x␍␊␍␊GET /1 HTTP/1.1␍␊Host: x␍␊␍␊");
            other.expectNothingMore();
        }
    }
}
