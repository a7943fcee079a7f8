package dev.headgate.http.h2;

import static dev.headgate.http.h2.Wires.block;
import static dev.headgate.http.h2.Wires.data;
import static dev.headgate.http.h2.Wires.get;
import static dev.headgate.http.h2.Wires.headers;
import static dev.headgate.http.h2.Wires.join;
import static dev.headgate.http.h2.Wires.padded;
import static dev.headgate.http.h2.Wires.post;
import static dev.headgate.http.h2.Wires.rst;
import static dev.headgate.http.h2.Wires.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that were on their way to streams that we have reset, fewer and more than are remembered. */
class ResetMemoryTest {
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;
    private static final Http2Limits MANY_STREAMS = Http2Limits.DEFAULTS.withStreams(300);

    /** What each such block puts into the table, and what refers to it later. */
    private static final byte[] ENTRY = {0x40, 1, 'n', 1, '1'};

    private static final byte[] REFERENCE = {(byte) 0xBE};

    private static int id(int i) {
        return 2 * i + 1;
    }

    /** A server that has reset so many requests. */
    private static Machine server(int count) {
        Machine server = Machine.server(MANY_STREAMS);
        for (int i = 0; i < count; i++) {
            server.feed(post(id(i)), data(id(i), 0, 3));
        }
        for (int i = 0; i < count; i++) {
            server.connection.release(server.streams.get(id(i)));
        }
        server.connection.onOutputDrained();
        server.takeLog();
        return server;
    }

    /** A client that has reset so many requests. */
    private static Machine client(int count) {
        Machine client = Machine.client();
        for (int i = 0; i < count; i++) {
            client.connection.release(request(client));
            client.connection.onOutputDrained();
        }
        client.takeLog();
        return client;
    }

    private static Http2Stream request(Machine client) {
        Http2Stream stream = client.connection.request(Heads.get("/"), Heads.PLAIN, -1, StreamEnd.END, client.nowNs);
        assertTrue(stream != null);
        return stream;
    }

    @ThreatRow({"H2-30", "H2-32"})
    @ParameterizedTest
    @ValueSource(ints = {1, 127, 128, 129, 130, 300})
    void h2_30_h2_32_restsOfRequestsThatWeHaveReset(int count) {
        Machine server = server(count);
        for (int i = 0; i < count; i++) {
            server.feed(windowUpdate(id(i), 1000), data(id(i), 0, 1000), padded(id(i), 0, 100, 200));
            server.feed(headers(id(i), ES | EH, ENTRY), rst(id(i), ErrorCode.NO_ERROR));
            server.connection.onOutputDrained();
        }
        assertNull(server.connection.violation());
        assertTrue(server.isWindowWhole(MANY_STREAMS));
        assertTrue(server.log.stream().allMatch(line -> line.startsWith("> WINDOW_UPDATE 0 ")), "no event, no answer");
        server.feed(headers(id(count), ES | EH, join(Wires.GET, REFERENCE)));
        assertEquals("request " + id(count) + " GET http://a/ NONE -1 END n: 1|", server.log.getLast());
    }

    @ThreatRow({"H2-30", "H2-32"})
    @ParameterizedTest
    @ValueSource(ints = {1, 127, 128, 129, 130, 300})
    void h2_30_h2_32_restsOfResponsesToRequestsThatWeHaveReset(int count) {
        Machine client = client(count);
        for (int i = 0; i < count; i++) {
            client.feed(windowUpdate(id(i), 1000), headers(id(i), EH, join(block(":status", "200"), ENTRY)));
            client.feed(data(id(i), 0, 1000), padded(id(i), 0, 100, 200), data(id(i), ES, 0));
            client.feed(rst(id(i), ErrorCode.NO_ERROR));
            client.connection.onOutputDrained();
        }
        assertNull(client.connection.violation());
        assertTrue(client.isWindowWhole(Http2Limits.RESPONSE_DEFAULTS));
        assertTrue(client.log.stream().allMatch(line -> line.startsWith("> WINDOW_UPDATE 0 ")), "no event, no answer");
        int next = request(client).id;
        client.feed(headers(next, ES | EH, join(block(":status", "200"), REFERENCE)));
        assertEquals("response " + next + " 200 NONE -1 END n: 1|", client.log.getLast());
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 129, 300})
    void streamsThatEndedInOrderAreKnownToHaveEnded(int count) {
        for (byte[] late : new byte[][] {data(id(count), 0, 1), headers(id(count), ES | EH, block("a", "b"))}) {
            Machine server = server(count);
            server.answer =
                    (stream, end) -> server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.END);
            server.feed(get(id(count)));
            server.feed(late);
            assertEquals(Http2Violation.STREAM_GONE, server.connection.violation());
            Machine client = client(count);
            int id = request(client).id;
            client.feed(headers(id, ES | EH, block(":status", "204")));
            client.feed(late);
            assertEquals(Http2Violation.STREAM_GONE, client.connection.violation());
        }
    }

    /** They may have been reset, so nothing is said against them. */
    @Test
    void streamsThatEndedInOrderBelowForgottenOnesAreLetGo() {
        Machine server = Machine.server(MANY_STREAMS);
        server.answer = (stream, end) -> {
            if (stream.id == 1) {
                server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.END);
            }
        };
        server.feed(get(1));
        for (int i = 1; i < 130; i++) {
            server.feed(post(id(i)));
            server.connection.release(server.streams.get(id(i)));
        }
        server.feed(data(1, 0, 1000), headers(1, ES | EH, block("a", "b")));
        assertNull(server.connection.violation());
        assertTrue(server.isWindowWhole(MANY_STREAMS));
        server.feed(data(2, 0, 1));
        assertEquals(Http2Violation.STREAM_IDLE, server.connection.violation(), "which has never been");
    }

    @ThreatRow("H2-32")
    @Test
    void h2_32_floodsForForgottenStreams() {
        int ends = 2 * 129; // which may all have been on their way
        endsAfter(1000, Http2Violation.GLITCH_FLOOD, i -> headers(1, ES | EH, block("a", "b")));
        endsAfter(ends + 1000, Http2Violation.GLITCH_FLOOD, i -> data(1, ES, 0));
        endsAfter(ends + 1000, Http2Violation.GLITCH_FLOOD, i -> rst(1, ErrorCode.CANCEL));
        endsAfter(AbuseGuard.WINDOW_UPDATES_BASE + ends, Http2Violation.WINDOW_UPDATE_FLOOD, i -> windowUpdate(1, 1));
        endsAfter(10, Http2Violation.EMPTY_FLOOD, i -> data(1, 0, 0));
        endsAfter(10_000 - 129, Http2Violation.SMALL_DATA_FLOOD, i -> data(1, 0, 1));
    }

    /** Clients give up as often as they like, and the origin knows of it a round trip later. */
    @Test
    void responsesToRequestsThatWereGivenUpAreNoGlitches() {
        Machine client = Machine.client();
        int count = 2000;
        for (int i = 0; i < count; i++) {
            Http2Stream stream = request(client);
            int id = stream.id;
            client.connection.release(stream);
            client.feed(headers(id, EH, block(":status", "200")), headers(id, ES | EH, block("a", "b")));
            client.connection.onOutputDrained();
        }
        for (int i = 0; i < 1000; i++) {
            client.feed(headers(1, EH, block(":status", "103")));
        }
        assertNull(client.connection.violation());
        client.feed(headers(1, EH, block(":status", "103")));
        assertEquals(Http2Violation.GLITCH_FLOOD, client.connection.violation());
    }

    private static void endsAfter(int count, Http2Violation violation, IntFunction<byte[]> piece) {
        Machine server = server(129);
        for (int i = 0; i < count; i++) {
            server.feed(piece.apply(i));
            server.connection.onOutputDrained();
            assertNull(server.connection.violation(), "at " + i);
        }
        server.feed(piece.apply(count));
        assertEquals(violation, server.connection.violation());
    }
}
