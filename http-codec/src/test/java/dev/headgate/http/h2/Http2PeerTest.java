package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test kit's client and our codec before a real socket: each is strict with the other. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class Http2PeerTest {
    private CodecServer server;
    private Http2Peer peer;

    @BeforeEach
    void connect() throws IOException {
        server = new CodecServer(Http2Limits.DEFAULTS);
        peer = Http2Peer.connect(server.port());
    }

    @AfterEach
    void close() {
        peer.close();
        server.close();
    }

    @Test
    void greetsAndKnowsTheServersSettings() {
        peer.greet();
        assertEquals(100, peer.setting(Frames.MAX_CONCURRENT_STREAMS, -1));
        assertEquals(1 << 20, peer.connectionCredit());
        assertEquals(64 << 10, peer.streamCredit(1));
        peer.expectQuiet();
    }

    @Test
    void readsInterimAndFinalResponsesAndGivesCreditForLongOnes() {
        peer.greet().get(1, "/").get(3, "/300000");
        var empty = peer.expectStatus(1, 200);
        assertEquals(List.of(103), empty.interim());
        assertEquals("b", empty.fields().value("x-a"));
        assertEquals("0", empty.fields().value("content-length"));
        assertEquals(300_000, peer.expectStatus(3, 200).text().length());
        peer.expectQuiet();
    }

    @Test
    void givesNoCreditWhenToldSo() {
        peer.withoutCredit().greet(Frames.INITIAL_WINDOW_SIZE, 10).get(1, "/11");
        assertEquals(10, peer.awaitContent(1, 10).text().length());
        peer.settle();
        peer.send(Frames.windowUpdate(1, 1));
        assertEquals(11, peer.expectStatus(1, 200).text().length());
    }

    @Test
    void sendsContentInWindows() {
        peer.greet().send(Frames.begin(1, FieldBlock.post("/", "content-length", "3000000")));
        peer.sendContent(1, new byte[3_000_000]).expectStatus(1, 200);
    }

    @Test
    void expectsResetsAndTheEndsOfConnections() {
        peer.greet().send(Frames.get(1, "/hold"), Frames.data(1, 0, "x")).expectReset(1, Codes.STREAM_CLOSED);
        peer.get(3, "/").expectStatus(3, 200);
        peer.send(Frames.data(0, 0, "x"));
        assertEquals(3, peer.expectGoAway(Codes.PROTOCOL_ERROR).lastStreamId());
        peer.expectEnd();
    }

    @Test
    void noticesOtherResponsesResetsAndEndsThanExpected() {
        peer.greet().get(1, "/").get(3, "/");
        assertThrows(AssertionError.class, () -> peer.expectStatus(1, 404));
        assertThrows(AssertionError.class, () -> peer.expectReset(3, Codes.CANCEL));
        peer.get(5, "/");
        assertThrows(AssertionError.class, peer::expectQuiet);
        peer.send(Frames.ping(1));
        assertThrows(AssertionError.class, peer::expectEnd);
        peer.send(Frames.rst(0, 0));
        var failure = assertThrows(AssertionError.class, () -> peer.expectGoAway(Codes.ENHANCE_YOUR_CALM));
        assertTrue(String.valueOf(failure.getMessage()).contains("< GOAWAY 0 length=8 last=5 PROTOCOL_ERROR"));
    }

    @Test
    void provesThatAllCreditIsThere() {
        peer.greet().send(Frames.begin(1, FieldBlock.post("/")), Frames.padded(1, 0, 1000, 200));
        peer.send(Frames.data(1, Frames.END_STREAM, 500)).expectStatus(1, 200);
        assertEquals((1 << 20) - 1701, peer.connectionCredit());
        peer.assertCreditWhole(3, FieldBlock.post("/"));
        assertEquals(1 << 20, peer.connectionCredit());
        peer.get(5, "/").expectStatus(5, 200);
        peer.assertCreditWhole(7, FieldBlock.post("/"));
    }

    @Test
    void noticesAByteOfCreditThatIsLost() {
        server.lostBytes = 1;
        peer.greet().send(Frames.begin(1, FieldBlock.post("/hold")), Frames.data(1, Frames.END_STREAM, 1000));
        assertThrows(AssertionError.class, () -> peer.assertCreditWhole(3, FieldBlock.post("/")));
    }

    @Test
    void sendsWhatIsNoFrameAtAll() {
        peer.send(Frames.times(10, new byte[] {'x', 'y'}));
        peer.expectGoAway(Codes.PROTOCOL_ERROR);
        peer.expectEnd();
    }

    @Test
    void sendsBlocksInPiecesAndBytesAlone() {
        peer.greet().send(Frames.inPieces(1, Frames.END_STREAM, FieldBlock.get("/"), 20));
        peer.expectStatus(1, 200);
        assertTrue(peer.trySendByteByByte(Frames.get(3, "/")));
        peer.expectStatus(3, 200);
    }
}
