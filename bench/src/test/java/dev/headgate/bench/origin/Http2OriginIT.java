package dev.headgate.bench.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Response;
import dev.headgate.testkit.peer.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in origin by HTTP/2, with prior knowledge. */
@Timeout(60)
class Http2OriginIT {
    private FastOrigin origin;
    private Http2Peer client;
    private int lastStream = -1;

    @BeforeEach
    void start() throws Exception {
        origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        client = Http2Peer.connect(port()).greet();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        origin.close();
        assertTrue(origin.awaitTermination(Duration.ofSeconds(10)));
    }

    private int port() {
        return ((InetSocketAddress) origin.address()).getPort();
    }

    private int nextStream() {
        lastStream += 2;
        return lastStream;
    }

    private Http2Response get(String path) {
        int stream = nextStream();
        return client.get(stream, path).response(stream);
    }

    private static String content(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) BodyPattern.at(i));
        }
        return text.toString();
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
        "/chunked/1m, 1048576",
        "/fault/slow, 1024"
    })
    void answersWithTheContentThatThePathNames(String path, int bytes) {
        for (int i = 0; i < 2; i++) {
            Http2Response response = get(path);
            assertEquals(200, response.status());
            assertEquals(content(bytes), response.text());
        }
        assertEquals(new FastOrigin.Stats(1, 2, 0), origin.stats());
    }

    @Test
    void requestsSideBySideAreAllAnswered() {
        String[] paths = {"/1m", "/delay/20/2", "/chunked/200k", "/3", "/fault/slow"};
        int[] bytes = {1 << 20, 2, 200 << 10, 3, 1024};
        for (int i = 0; i < paths.length; i++) {
            client.get(2 * i + 1, paths[i]);
        }
        for (int i = paths.length - 1; i >= 0; i--) {
            assertEquals(content(bytes[i]), client.response(2 * i + 1).text(), paths[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3_000_000})
    void contentIsSwallowedAndItsLengthIsTheAnswer(int bytes) {
        int stream = nextStream();
        client.send(Frames.begin(stream, FieldBlock.post("/1k"))).sendContent(stream, new byte[bytes]);
        assertEquals(bytes + "\n", client.response(stream).text());
        assertEquals(bytes, origin.stats().receivedBytes());
    }

    @Test
    void headIsAnsweredWithoutContent() {
        int stream = nextStream();
        client.isHead(stream).send(Frames.request(stream, FieldBlock.request("HEAD", "/1m")));
        assertEquals(0, client.expectStatus(stream, 200).text().length());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 304, 404, 503, 599})
    void answersWithAnyStatus(int status) {
        assertEquals(status, get("/status/" + status).status());
        assertEquals(200, get("/1").status());
    }

    @Test
    void whatItDoesNotKnowIsNotFound() {
        assertEquals(404, get("/x").status());
    }

    @Test
    void statisticsAreJson() {
        get("/1");
        assertEquals(
                "{\"connections\":1,\"requests\":2,\"receivedBytes\":0}\n",
                get("/stats").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "truncate"})
    void faultsOfAStreamLeaveTheOthers(String fault) {
        int failing = nextStream();
        client.get(failing, "/fault/" + fault).expectReset(failing, Codes.INTERNAL_ERROR);
        assertEquals(content(1), get("/1").text());
    }

    @Test
    void faultsOfTheConnectionEndIt() {
        client.get(nextStream(), "/fault/close").expectEnd();
    }

    @Test
    void whatStallsStallsAlone() {
        client.get(nextStream(), "/fault/stall");
        int hanging = nextStream();
        client.get(hanging, "/fault/hang");
        assertEquals(512, client.awaitContent(hanging, 512).text().length());
        assertEquals(content(1), get("/1").text());
        client.send(Frames.rst(1, Codes.CANCEL), Frames.rst(hanging, Codes.CANCEL));
        assertEquals(content(1), get("/1").text());
    }

    @Test
    void whoDoesNotBeginWithItSpeaksTheOther() {
        try (RawClient other = RawClient.connect(origin.address())) {
            other.send("P").send("OST /1k HTTP/1.1␍␊Host: x␍␊Content-Length: 1␍␊␍␊x");
            assertEquals("1\n", other.readResponse().text());
        }
    }

    @Test
    void thePrefaceMayArriveByteByByte() {
        try (Http2Peer other = Http2Peer.connect(port())) {
            assertTrue(other.trySendByteByByte(Frames.preface()));
            other.send(Frames.settings()).awaitGreeting();
            assertEquals(content(1), other.get(1, "/1").response(1).text());
        }
    }
}
