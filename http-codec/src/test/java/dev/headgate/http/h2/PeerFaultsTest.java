package dev.headgate.http.h2;

import static dev.headgate.http.h2.Wires.block;
import static dev.headgate.http.h2.Wires.continuation;
import static dev.headgate.http.h2.Wires.data;
import static dev.headgate.http.h2.Wires.frame;
import static dev.headgate.http.h2.Wires.get;
import static dev.headgate.http.h2.Wires.goAway;
import static dev.headgate.http.h2.Wires.header;
import static dev.headgate.http.h2.Wires.headers;
import static dev.headgate.http.h2.Wires.join;
import static dev.headgate.http.h2.Wires.ping;
import static dev.headgate.http.h2.Wires.post;
import static dev.headgate.http.h2.Wires.priority;
import static dev.headgate.http.h2.Wires.priorityUpdate;
import static dev.headgate.http.h2.Wires.rst;
import static dev.headgate.http.h2.Wires.settings;
import static dev.headgate.http.h2.Wires.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Violation.Scope;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule of RFC 9113 §3 to §8 that a peer can break, with what comes of it; the names of the rows say section and rule.
 * Every row is fed whole, byte by byte, in every split in two, and cut at random, with the same outcome.
 */
class PeerFaultsTest {
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;
    private static final byte[] NOTHING = new byte[0];
    private static final int SPLIT_BYTES_MAX = 400;

    /** Bytes behind an exchange of settings, and what is answered. */
    record Row(String section, String rule, Http2Violation violation, int streamId, byte[] input) {
        @Override
        public String toString() {
            return "§" + section + " " + rule;
        }
    }

    private static Row connection(String section, String rule, Http2Violation violation, byte[]... input) {
        assertEquals(Scope.CONNECTION, violation.scope(), rule);
        return new Row(section, rule, violation, 0, join(input));
    }

    private static Row stream(String section, String rule, Http2Violation violation, int id, byte[]... input) {
        assertEquals(Scope.STREAM, violation.scope(), rule);
        return new Row(section, rule, violation, id, join(input));
    }

    private static byte[] request(String... namesAndValues) {
        return headers(1, ES | EH, block(namesAndValues));
    }

    /** A GET with these fields behind the control data. */
    private static byte[] with(String... namesAndValues) {
        return headers(1, ES | EH, join(Wires.GET, block(namesAndValues)));
    }

    static Stream<Row> fromClients() {
        return Stream.of(
                // §4, §6: frames
                connection(
                        "4.2",
                        "frame larger than announced",
                        Http2Violation.FRAME_TOO_LARGE,
                        header(Frames.DATA, 0, 1, 16_385)),
                connection("4.2", "frame of 2^24-1", Http2Violation.FRAME_TOO_LARGE, header(0xFA, 0, 0, (1 << 24) - 1)),
                connection(
                        "4.3", "block that cannot be decoded", Http2Violation.COMPRESSION, headers(1, EH, new byte[] {
                            (byte) 0x80
                        })),
                connection(
                        "4.3", "block cut short", Http2Violation.COMPRESSION, headers(1, EH, new byte[] {0, 5, 'a'})),
                connection("5.1", "DATA on an idle stream", Http2Violation.STREAM_IDLE, data(1, 0, 1)),
                connection("5.1", "RST_STREAM on an idle stream", Http2Violation.STREAM_IDLE, rst(1, 8)),
                connection("5.1", "WINDOW_UPDATE on an idle stream", Http2Violation.STREAM_IDLE, windowUpdate(1, 1)),
                connection(
                        "5.1",
                        "WINDOW_UPDATE on an idle stream of ours",
                        Http2Violation.STREAM_IDLE,
                        windowUpdate(2, 1)),
                stream("5.1", "DATA behind the end", Http2Violation.STREAM_ENDED, 1, get(1), data(1, 0, 1)),
                stream("5.1", "HEADERS behind the end", Http2Violation.STREAM_ENDED, 1, get(1), get(1)),
                connection(
                        "5.1",
                        "DATA on a stream that the peer has reset",
                        Http2Violation.STREAM_GONE,
                        post(1),
                        rst(1, 8),
                        data(1, 0, 1)),
                connection(
                        "5.1",
                        "HEADERS on a stream that the peer has reset",
                        Http2Violation.STREAM_GONE,
                        post(1),
                        rst(1, 8),
                        get(1)),
                connection("5.1.1", "HEADERS on a stream of ours", Http2Violation.STREAM_ID_PARITY, get(2)),
                connection("5.1.1", "HEADERS with a lower number", Http2Violation.STREAM_GONE, get(5), get(3)),
                connection(
                        "5.1.1",
                        "DATA on a number that was passed over",
                        Http2Violation.STREAM_GONE,
                        get(5),
                        data(3, 0, 1)),
                stream(
                        "5.3.1",
                        "HEADERS that depend on themselves",
                        Http2Violation.PRIORITY_SELF,
                        1,
                        headers(1, ES | EH | Frames.HAS_PRIORITY, join(new byte[] {0, 0, 0, 1, 0}, Wires.GET))),
                stream(
                        "5.3.1",
                        "the same in pieces",
                        Http2Violation.PRIORITY_SELF,
                        1,
                        headers(1, ES | Frames.HAS_PRIORITY, new byte[] {0, 0, 0, 1, 0}),
                        continuation(1, EH, Wires.GET)),
                connection("6.1", "DATA on stream zero", Http2Violation.FRAME_ON_CONNECTION, data(0, 0, 1)),
                connection(
                        "6.1",
                        "padding as long as the payload",
                        Http2Violation.PADDING_TOO_LONG,
                        post(1),
                        frame(Frames.DATA, Frames.PADDED, 1, new byte[] {2, 0})),
                connection(
                        "6.1",
                        "padded and without a length",
                        Http2Violation.FRAME_SIZE,
                        post(1),
                        header(Frames.DATA, Frames.PADDED, 1, 0)),
                connection("6.2", "HEADERS on stream zero", Http2Violation.FRAME_ON_CONNECTION, get(0)),
                connection(
                        "6.2",
                        "HEADERS with too much padding",
                        Http2Violation.PADDING_TOO_LONG,
                        headers(1, EH | Frames.PADDED, new byte[] {2, 0})),
                connection(
                        "6.2",
                        "HEADERS without its priority",
                        Http2Violation.FRAME_SIZE,
                        headers(1, EH | Frames.HAS_PRIORITY, new byte[] {0, 0, 0, 0})),
                connection("6.3", "PRIORITY on stream zero", Http2Violation.FRAME_ON_CONNECTION, priority(0, 1)),
                stream(
                        "6.3",
                        "PRIORITY of another size",
                        Http2Violation.PRIORITY_SIZE,
                        1,
                        post(1),
                        frame(Frames.PRIORITY, 0, 1, new byte[4])),
                connection(
                        "6.3",
                        "the same on an idle stream",
                        Http2Violation.FRAME_SIZE,
                        frame(Frames.PRIORITY, 0, 1, new byte[6])),
                stream("5.3.1", "PRIORITY on itself", Http2Violation.PRIORITY_SELF, 1, post(1), priority(1, 1)),
                connection("6.4", "RST_STREAM on stream zero", Http2Violation.FRAME_ON_CONNECTION, rst(0, 8)),
                connection(
                        "6.4",
                        "RST_STREAM of another size",
                        Http2Violation.FRAME_SIZE,
                        post(1),
                        frame(Frames.RST_STREAM, 0, 1, new byte[3])),
                connection(
                        "6.5",
                        "SETTINGS on a stream",
                        Http2Violation.FRAME_ON_STREAM,
                        frame(Frames.SETTINGS, 0, 1, NOTHING)),
                connection(
                        "6.5",
                        "SETTINGS of an odd size",
                        Http2Violation.FRAME_SIZE,
                        frame(Frames.SETTINGS, 0, 0, new byte[7])),
                connection(
                        "6.5",
                        "acknowledgement with a payload",
                        Http2Violation.SETTINGS_ACK_PAYLOAD,
                        frame(Frames.SETTINGS, Frames.ACK, 0, new byte[6])),
                connection(
                        "6.5.3",
                        "acknowledgement of nothing",
                        Http2Violation.SETTINGS_ACK_UNEXPECTED,
                        Wires.settingsAck()),
                connection("6.5.2", "ENABLE_PUSH of 2", Http2Violation.SETTINGS_PUSH, settings(2, 2)),
                connection(
                        "6.5.2",
                        "INITIAL_WINDOW_SIZE of 2^31",
                        Http2Violation.SETTINGS_WINDOW,
                        settings(4, Integer.MIN_VALUE)),
                connection(
                        "6.5.2", "MAX_FRAME_SIZE too small", Http2Violation.SETTINGS_FRAME_SIZE, settings(5, 16_383)),
                connection(
                        "6.5.2", "MAX_FRAME_SIZE too large", Http2Violation.SETTINGS_FRAME_SIZE, settings(5, 1 << 24)),
                connection("8441-3", "ENABLE_CONNECT_PROTOCOL of 2", Http2Violation.SETTINGS_CONNECT, settings(8, 2)),
                connection(
                        "8441-3",
                        "ENABLE_CONNECT_PROTOCOL taken back",
                        Http2Violation.SETTINGS_CONNECT,
                        settings(8, 1),
                        settings(8, 0)),
                connection(
                        "9218-2.1", "NO_RFC7540_PRIORITIES of 2", Http2Violation.SETTINGS_PRIORITIES, settings(9, 2)),
                connection(
                        "9218-2.1", "NO_RFC7540_PRIORITIES later", Http2Violation.SETTINGS_PRIORITIES, settings(9, 1)),
                connection(
                        "8.4",
                        "PUSH_PROMISE of a client",
                        Http2Violation.PUSH_PROMISE,
                        get(1),
                        frame(Frames.PUSH_PROMISE, EH, 1, new byte[4])),
                connection(
                        "6.7",
                        "PING on a stream",
                        Http2Violation.FRAME_ON_STREAM,
                        frame(Frames.PING, 0, 1, new byte[8])),
                connection(
                        "6.7",
                        "PING of another size",
                        Http2Violation.FRAME_SIZE,
                        frame(Frames.PING, 0, 0, new byte[7])),
                connection(
                        "6.8",
                        "GOAWAY on a stream",
                        Http2Violation.FRAME_ON_STREAM,
                        frame(Frames.GOAWAY, 0, 1, new byte[8])),
                connection(
                        "6.8",
                        "GOAWAY of another size",
                        Http2Violation.FRAME_SIZE,
                        frame(Frames.GOAWAY, 0, 0, new byte[7])),
                connection(
                        "6.8",
                        "GOAWAY with a higher number than before",
                        Http2Violation.GOAWAY_RAISED,
                        goAway(2, 0),
                        goAway(4, 0)),
                connection(
                        "6.9",
                        "WINDOW_UPDATE of another size",
                        Http2Violation.FRAME_SIZE,
                        frame(Frames.WINDOW_UPDATE, 0, 0, new byte[5])),
                connection("6.9", "WINDOW_UPDATE of zero", Http2Violation.WINDOW_UPDATE_ZERO, windowUpdate(0, 0)),
                stream(
                        "6.9",
                        "WINDOW_UPDATE of zero on a stream",
                        Http2Violation.STREAM_WINDOW_UPDATE_ZERO,
                        1,
                        post(1),
                        windowUpdate(1, 0)),
                connection(
                        "6.9.1",
                        "window above 2^31-1",
                        Http2Violation.WINDOW_OVERFLOW,
                        windowUpdate(0, Integer.MAX_VALUE)),
                stream(
                        "6.9.1",
                        "window of a stream above 2^31-1",
                        Http2Violation.STREAM_WINDOW_OVERFLOW,
                        1,
                        post(1),
                        windowUpdate(1, Integer.MAX_VALUE)),
                connection(
                        "6.9.2",
                        "window above 2^31-1 by SETTINGS",
                        Http2Violation.WINDOW_OVERFLOW,
                        post(1),
                        windowUpdate(1, 1),
                        settings(4, Integer.MAX_VALUE)),
                connection(
                        "6.9",
                        "DATA beyond the stream's window",
                        Http2Violation.WINDOW_EXCEEDED,
                        post(1),
                        data(1, 0, 16_384),
                        data(1, 0, 16_384),
                        data(1, 0, 16_384),
                        data(1, 0, 16_384),
                        data(1, 0, 1)),
                connection(
                        "6.10",
                        "CONTINUATION without HEADERS",
                        Http2Violation.CONTINUATION_UNEXPECTED,
                        continuation(1, EH, Wires.GET)),
                connection(
                        "6.10",
                        "CONTINUATION behind a whole block",
                        Http2Violation.CONTINUATION_UNEXPECTED,
                        post(1),
                        continuation(1, EH, NOTHING)),
                connection(
                        "6.10",
                        "another frame within a block",
                        Http2Violation.CONTINUATION_EXPECTED,
                        headers(1, 0, Wires.GET),
                        ping(1)),
                connection(
                        "6.10",
                        "an unknown frame within a block",
                        Http2Violation.CONTINUATION_EXPECTED,
                        headers(1, 0, Wires.GET),
                        header(0xBE, 0, 0, 0)),
                connection(
                        "6.10",
                        "DATA of the stream within its block",
                        Http2Violation.CONTINUATION_EXPECTED,
                        headers(1, 0, Wires.GET),
                        data(1, 0, 1)),
                connection(
                        "6.10",
                        "CONTINUATION of another stream",
                        Http2Violation.CONTINUATION_EXPECTED,
                        headers(1, 0, Wires.GET),
                        continuation(3, EH, NOTHING)),
                connection(
                        "6.10",
                        "CONTINUATION on stream zero",
                        Http2Violation.CONTINUATION_EXPECTED,
                        headers(1, 0, Wires.GET),
                        continuation(0, EH, NOTHING)),
                connection(
                        "9218-7.1",
                        "PRIORITY_UPDATE on a stream",
                        Http2Violation.FRAME_ON_STREAM,
                        frame(0x10, 0, 1, new byte[4])),
                connection(
                        "9218-7.1",
                        "PRIORITY_UPDATE too short",
                        Http2Violation.FRAME_SIZE,
                        frame(0x10, 0, 0, new byte[3])),
                connection(
                        "9218-7.1",
                        "PRIORITY_UPDATE of stream zero",
                        Http2Violation.PRIORITY_UPDATE,
                        priorityUpdate(0, "u=1")),
                connection(
                        "9218-7.1",
                        "PRIORITY_UPDATE of a push",
                        Http2Violation.PRIORITY_UPDATE,
                        priorityUpdate(2, "u=1")),
                // §8: messages
                stream(
                        "8.1",
                        "trailers that do not end the stream",
                        Http2Violation.TRAILERS_OPEN,
                        1,
                        post(1),
                        headers(1, EH, block("a", "b"))),
                stream(
                        "8.1",
                        "pseudo-header field in trailers",
                        Http2Violation.PSEUDO_IN_TRAILERS,
                        1,
                        post(1),
                        headers(1, ES | EH, block(":path", "/"))),
                stream(
                        "8.1.1",
                        "more content than announced",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        headers(1, EH, join(Wires.POST, block("content-length", "5"))),
                        data(1, 0, "abcdef")),
                stream(
                        "8.1.1",
                        "more content than announced, in two frames",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        headers(1, EH, join(Wires.POST, block("content-length", "5"))),
                        data(1, 0, "abc"),
                        data(1, 0, "def")),
                stream(
                        "8.1.1",
                        "less content than announced",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        headers(1, EH, join(Wires.POST, block("content-length", "5"))),
                        data(1, ES, "abcd")),
                stream(
                        "8.1.1",
                        "less content than announced, with trailers",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        headers(1, EH, join(Wires.POST, block("content-length", "5"))),
                        data(1, 0, "abcd"),
                        headers(1, ES | EH, block("a", "b"))),
                stream(
                        "8.1.1",
                        "content announced, and none",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        with("content-length", "5")),
                stream(
                        "8.1.1",
                        "length that is no number",
                        Http2Violation.CONTENT_LENGTH_INVALID,
                        1,
                        with("content-length", "+0")),
                stream(
                        "8.1.1",
                        "length too large for a number",
                        Http2Violation.CONTENT_LENGTH_INVALID,
                        1,
                        with("content-length", "9223372036854775808")),
                stream(
                        "8.1.1",
                        "two lengths",
                        Http2Violation.CONTENT_LENGTH_DUPLICATE,
                        1,
                        with("content-length", "0", "content-length", "0")),
                stream("8.2", "name in upper case", Http2Violation.FIELD_NAME_INVALID, 1, with("X-a", "b")),
                stream("8.2.1", "empty name", Http2Violation.FIELD_NAME_INVALID, 1, with("", "b")),
                stream("8.2.1", "colon in a name", Http2Violation.FIELD_NAME_INVALID, 1, with("a:b", "c")),
                stream("8.2.1", "blank in a name", Http2Violation.FIELD_NAME_INVALID, 1, with("a b", "c")),
                stream("8.2.1", "control byte in a name", Http2Violation.FIELD_NAME_INVALID, 1, with("a␍␊b", "c")),
                stream("8.2.1", "line end in a value", Http2Violation.FIELD_VALUE_INVALID, 1, with("a", "b␍␊c: d")),
                stream("8.2.1", "LF in a value", Http2Violation.FIELD_VALUE_INVALID, 1, with("a", "b␊c")),
                stream("8.2.1", "NUL in a value", Http2Violation.FIELD_VALUE_INVALID, 1, with("a", "b␀")),
                stream("8.2.1", "blank before a value", Http2Violation.FIELD_VALUE_INVALID, 1, with("a", " b")),
                stream("8.2.1", "tab behind a value", Http2Violation.FIELD_VALUE_INVALID, 1, with("a", "b␉")),
                stream(
                        "8.2.1",
                        "line end in a pseudo-header field",
                        Http2Violation.FIELD_VALUE_INVALID,
                        1,
                        request(":method", "GET / HTTP/1.1␍␊X:", ":scheme", "http", ":path", "/", ":authority", "a")),
                stream("8.2.2", "connection", Http2Violation.CONNECTION_FIELD, 1, with("connection", "close")),
                stream("8.2.2", "keep-alive", Http2Violation.CONNECTION_FIELD, 1, with("keep-alive", "5")),
                stream(
                        "8.2.2",
                        "proxy-connection",
                        Http2Violation.CONNECTION_FIELD,
                        1,
                        with("proxy-connection", "close")),
                stream(
                        "8.2.2",
                        "transfer-encoding",
                        Http2Violation.CONNECTION_FIELD,
                        1,
                        with("transfer-encoding", "chunked")),
                stream("8.2.2", "upgrade", Http2Violation.CONNECTION_FIELD, 1, with("upgrade", "h2c")),
                stream("8.2.2", "te", Http2Violation.TE_INVALID, 1, with("te", "gzip")),
                stream("8.2.2", "te with more", Http2Violation.TE_INVALID, 1, with("te", "trailers, gzip")),
                stream(
                        "8.3",
                        "pseudo-header field behind others",
                        Http2Violation.PSEUDO_LATE,
                        1,
                        request(":method", "GET", ":scheme", "http", "a", "b", ":path", "/", ":authority", "a")),
                stream(
                        "8.3",
                        "pseudo-header field twice",
                        Http2Violation.PSEUDO_DUPLICATE,
                        1,
                        request(":method", "GET", ":scheme", "http", ":path", "/", ":path", "/")),
                stream(
                        "8.3",
                        "unknown pseudo-header field",
                        Http2Violation.PSEUDO_UNKNOWN,
                        1,
                        request(":method", "GET", ":user", "a")),
                stream(
                        "8.3",
                        "the empty pseudo-header field",
                        Http2Violation.PSEUDO_UNKNOWN,
                        1,
                        request(":method", "GET", ":", "a")),
                stream(
                        "8.3",
                        "status in a request",
                        Http2Violation.PSEUDO_MISPLACED,
                        1,
                        request(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                "a",
                                ":status",
                                "200")),
                stream(
                        "8.3.1",
                        "no method",
                        Http2Violation.PSEUDO_MISSING,
                        1,
                        request(":scheme", "http", ":path", "/", ":authority", "a")),
                stream(
                        "8.3.1",
                        "no scheme",
                        Http2Violation.PSEUDO_MISSING,
                        1,
                        request(":method", "GET", ":path", "/", ":authority", "a")),
                stream(
                        "8.3.1",
                        "no path",
                        Http2Violation.PSEUDO_MISSING,
                        1,
                        request(":method", "GET", ":scheme", "http", ":authority", "a")),
                stream("8.3.1", "nothing at all", Http2Violation.PSEUDO_MISSING, 1, request()),
                stream("8.3.1", "empty path", Http2Violation.PATH_INVALID, 1, path("")),
                stream("8.3.1", "path without a slash", Http2Violation.PATH_INVALID, 1, path("a")),
                stream("8.3.1", "path that is a URI", Http2Violation.PATH_INVALID, 1, path("http://a/")),
                stream("8.3.1", "blank in the path", Http2Violation.PATH_INVALID, 1, path("/a b")),
                stream("8.3.1", "fragment in the path", Http2Violation.PATH_INVALID, 1, path("/a#b")),
                stream("8.3.1", "obs-text in the path", Http2Violation.PATH_INVALID, 1, path("/\u00e9")),
                stream("8.3.1", "asterisk without OPTIONS", Http2Violation.PATH_INVALID, 1, path("*")),
                stream("8.3.1", "empty method", Http2Violation.METHOD_INVALID, 1, method("")),
                stream("8.3.1", "method that is no token", Http2Violation.METHOD_INVALID, 1, method("GET /")),
                stream("8.3.1", "method in lower case", Http2Violation.METHOD_INVALID, 1, method("get")),
                stream("8.3.1", "method of 33 bytes", Http2Violation.METHOD_INVALID, 1, method("G".repeat(33))),
                stream("8.3.1", "empty scheme", Http2Violation.SCHEME_INVALID, 1, scheme("")),
                stream("8.3.1", "other scheme", Http2Violation.SCHEME_INVALID, 1, scheme("ftp")),
                stream("8.3.1", "scheme with more behind", Http2Violation.SCHEME_INVALID, 1, scheme("https://a/")),
                stream("8.3.1", "two hosts", Http2Violation.HOST_DUPLICATE, 1, with("host", "a", "host", "a")),
                stream(
                        "8.5",
                        "CONNECT with a path",
                        Http2Violation.CONNECT_PSEUDO,
                        1,
                        request(":method", "CONNECT", ":authority", "a:1", ":path", "/")),
                stream(
                        "8.5",
                        "CONNECT with a scheme",
                        Http2Violation.CONNECT_PSEUDO,
                        1,
                        request(":method", "CONNECT", ":authority", "a:1", ":scheme", "http")),
                stream(
                        "8.5",
                        "CONNECT without an authority",
                        Http2Violation.CONNECT_PSEUDO,
                        1,
                        request(":method", "CONNECT")),
                stream(
                        "8441-4",
                        "protocol that was not offered",
                        Http2Violation.PROTOCOL_UNEXPECTED,
                        1,
                        request(
                                ":method",
                                "CONNECT",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                "a",
                                ":protocol",
                                "websocket")));
    }

    private static byte[] path(String path) {
        return request(":method", "GET", ":scheme", "http", ":path", path, ":authority", "a");
    }

    private static byte[] method(String method) {
        return request(":method", method, ":scheme", "http", ":path", "/", ":authority", "a");
    }

    private static byte[] scheme(String scheme) {
        return request(":method", "GET", ":scheme", scheme, ":path", "/", ":authority", "a");
    }

    @ParameterizedTest
    @MethodSource("fromClients")
    void aServerAnswersFaultsOfItsClient(Row row) {
        answersAlikeHoweverItComes(row, Machine::server);
    }

    private static void answersAlikeHoweverItComes(Row row, Supplier<Machine> machines) {
        int length = row.input().length;
        List<String> whole = run(machines.get(), row, length);
        check(row, whole);
        assertEquals(
                whole, run(machines.get(), row, IntStream.rangeClosed(1, length).toArray()), "byte by byte");
        for (int seed = 0; seed < 5; seed++) {
            assertEquals(whole, run(machines.get(), row, randomCuts(length, seed)), "seed " + seed);
        }
        for (int cut = 1; cut < Math.min(length, SPLIT_BYTES_MAX); cut++) {
            assertEquals(whole, run(machines.get(), row, cut, length), "split at " + cut);
        }
    }

    private static int[] randomCuts(int length, int seed) {
        var random = new Random(seed);
        IntStream before =
                IntStream.iterate(1 + random.nextInt(30), cut -> cut < length, cut -> cut + 1 + random.nextInt(30));
        return IntStream.concat(before, IntStream.of(length)).toArray();
    }

    /** Feeds the row in pieces that end at {@code cuts}. */
    private static List<String> run(Machine machine, Row row, int... cuts) {
        byte[] input = row.input();
        int at = 0;
        machine.consumesAtOnce = row.violation() != Http2Violation.WINDOW_EXCEEDED;
        for (int cut : cuts) {
            machine.feed(Arrays.copyOfRange(input, at, cut));
            at = cut;
        }
        if (!machine.connection.isFailed()) {
            // Whatever it was, the next request is served, and no credit is lost.
            machine.log.add("next");
            machine.feed(machine.role.isServer() ? get(101) : ping(7));
        }
        List<String> log = machine.takeLog();
        int whole = machine.role == Http2Role.CLIENT
                ? Http2Limits.RESPONSE_DEFAULTS.connectionWindowBytes()
                : Http2Limits.DEFAULTS.connectionWindowBytes();
        machine.streams.values().forEach(machine.connection::release);
        boolean isCreditLost = row.violation() == Http2Violation.WINDOW_EXCEEDED;
        assertEquals(whole - (isCreditLost ? 1 : 0), machine.connection.receiveWindowFreeBytes());
        return log;
    }

    private static void check(Row row, List<String> log) {
        Http2Violation violation = row.violation();
        String code = ErrorCode.name(violation.errorCode());
        var said = new ArrayList<>(log);
        said.removeIf(
                line -> !line.startsWith("violation") && !line.startsWith("> RST") && !line.startsWith("> GOAWAY"));
        if (row.streamId() == 0) {
            assertEquals("violation " + violation.token() + " 0", said.get(0));
            assertTrue(said.get(1).matches("> GOAWAY \\d+ " + code), said.get(1));
            assertEquals(2, said.size(), said::toString);
            return;
        }
        assertEquals(
                List.of(
                        "> RST_STREAM " + row.streamId() + " " + code,
                        "violation " + violation.token() + " " + row.streamId()),
                said);
        String last = log.getLast();
        assertTrue(last.startsWith("request 101 ") || last.equals("> PING ACK 7"), last);
    }

    // ---- a client and its server

    private static final byte[] OK = block(":status", "200");

    private static byte[] response(String... namesAndValues) {
        return headers(1, EH, block(namesAndValues));
    }

    static Stream<Row> fromServers() {
        return Stream.of(
                connection(
                        "5.1.1",
                        "HEADERS on a stream of the server's",
                        Http2Violation.STREAM_ID_PARITY,
                        headers(2, EH, OK)),
                connection(
                        "5.1",
                        "HEADERS on a stream that has not begun",
                        Http2Violation.STREAM_IDLE,
                        headers(5, EH, OK)),
                connection("5.1", "DATA on a stream that has not begun", Http2Violation.STREAM_IDLE, data(5, 0, 1)),
                connection(
                        "8.4",
                        "PUSH_PROMISE of a server",
                        Http2Violation.PUSH_PROMISE,
                        frame(Frames.PUSH_PROMISE, EH, 1, new byte[4])),
                connection("6.5.2", "ENABLE_PUSH of a server", Http2Violation.SETTINGS_PUSH, settings(2, 1)),
                connection(
                        "9218-7.1",
                        "PRIORITY_UPDATE of a server",
                        Http2Violation.PRIORITY_UPDATE,
                        priorityUpdate(1, "u=1")),
                connection(
                        "5.1",
                        "DATA behind both ends",
                        Http2Violation.STREAM_GONE,
                        headers(1, ES | EH, OK),
                        data(1, 0, 1)),
                stream("8.1", "DATA before a head", Http2Violation.HEAD_MISSING, 1, data(1, 0, 1)),
                stream(
                        "8.1",
                        "DATA behind an interim response",
                        Http2Violation.HEAD_MISSING,
                        1,
                        response(":status", "103"),
                        data(1, ES, 1)),
                stream(
                        "8.1",
                        "interim response that ends",
                        Http2Violation.INTERIM_END,
                        1,
                        headers(1, ES | EH, block(":status", "103"))),
                stream(
                        "8.1",
                        "trailers that do not end the stream",
                        Http2Violation.TRAILERS_OPEN,
                        1,
                        headers(1, EH, OK),
                        headers(1, EH, block("a", "b"))),
                stream(
                        "8.1",
                        "status in trailers",
                        Http2Violation.PSEUDO_IN_TRAILERS,
                        1,
                        headers(1, EH, OK),
                        headers(1, ES | EH, OK)),
                stream(
                        "8.1.1",
                        "more content than announced",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        response(":status", "200", "content-length", "1"),
                        data(1, 0, 2)),
                stream(
                        "8.1.1",
                        "less content than announced",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        response(":status", "200", "content-length", "2"),
                        data(1, ES, 1)),
                stream(
                        "8.1.1",
                        "content announced, and none",
                        Http2Violation.CONTENT_LENGTH_MISMATCH,
                        1,
                        headers(1, ES | EH, block(":status", "200", "content-length", "2"))),
                stream(
                        "8.1.1",
                        "content of a 304",
                        Http2Violation.CONTENT_FORBIDDEN,
                        1,
                        response(":status", "304", "content-length", "2"),
                        data(1, 0, 2)),
                stream(
                        "8.1.1",
                        "content of a 204",
                        Http2Violation.CONTENT_FORBIDDEN,
                        1,
                        response(":status", "204"),
                        data(1, ES, 2)),
                stream(
                        "8.2",
                        "name in upper case",
                        Http2Violation.FIELD_NAME_INVALID,
                        1,
                        response(":status", "200", "A", "b")),
                stream(
                        "8.2.2",
                        "transfer-encoding",
                        Http2Violation.CONNECTION_FIELD,
                        1,
                        response(":status", "200", "transfer-encoding", "chunked")),
                stream("8.3.2", "no status", Http2Violation.PSEUDO_MISSING, 1, response("a", "b")),
                stream(
                        "8.3.2",
                        "path in a response",
                        Http2Violation.PSEUDO_MISPLACED,
                        1,
                        response(":status", "200", ":path", "/")),
                stream("8.3.2", "status of two digits", Http2Violation.STATUS_INVALID, 1, response(":status", "20")),
                stream("8.3.2", "status of 600", Http2Violation.STATUS_INVALID, 1, response(":status", "600")),
                stream(
                        "8.3.2",
                        "status that is no number",
                        Http2Violation.STATUS_INVALID,
                        1,
                        response(":status", "2x0")),
                stream("8.6", "status 101", Http2Violation.STATUS_SWITCHING, 1, response(":status", "101")));
    }

    @ParameterizedTest
    @MethodSource("fromServers")
    void aClientAnswersFaultsOfItsServer(Row row) {
        answersAlikeHoweverItComes(row, PeerFaultsTest::requesting);
    }

    /** A client that has sent a whole request. */
    private static Machine requesting() {
        Machine machine = Machine.client();
        Http2Stream stream = machine.connection.request(Heads.get("/"), Heads.PLAIN, -1, StreamEnd.END, machine.nowNs);
        assertTrue(stream != null && stream.id() == 1);
        machine.log.clear();
        return machine;
    }

    // ---- the beginning

    @ThreatRow("H2-29")
    @Test
    void h2_29_refusesAnotherPreface() {
        for (String script : List.of("GET / HTTP/1.1␍␊␍␊XXXXXXX", "PRI * HTTP/2.0␍␊␍␊SM␍␊␍X", "␖␃␁")) {
            var machine = new Machine(Http2Role.SERVER);
            machine.connection.start(machine.nowNs);
            machine.log.clear();
            machine.feedBytewise(Wire.bytes(script));
            assertEquals(List.of("violation h2.preface.invalid 0", "> GOAWAY 0 PROTOCOL_ERROR"), machine.takeLog());
        }
    }

    @ThreatRow("H2-29")
    @Test
    void h2_29_refusesAConnectionThatDoesNotBeginWithSettings() {
        for (byte[] first : List.of(ping(1), get(1), Wires.settingsAck(), header(0xFA, 0, 0, 0))) {
            var machine = new Machine(Http2Role.SERVER);
            machine.connection.start(machine.nowNs);
            machine.log.clear();
            machine.feedBytewise(join(Wires.PREFACE, first));
            assertEquals(List.of("violation h2.preface.no_settings 0", "> GOAWAY 0 PROTOCOL_ERROR"), machine.takeLog());
        }
    }

    // ---- requests that are answered

    record Refusal(String rule, Http2Violation violation, byte[] input) {
        @Override
        public String toString() {
            return rule;
        }
    }

    static Stream<Refusal> refusals() {
        String[] many = new String[2 * 97];
        Arrays.fill(many, "a");
        return Stream.of(
                new Refusal(
                        "no authority and no host",
                        Http2Violation.AUTHORITY_MISSING,
                        request(":method", "GET", ":scheme", "http", ":path", "/")),
                new Refusal("authority and another host", Http2Violation.AUTHORITY_MISMATCH, with("host", "b")),
                new Refusal("authority and another port", Http2Violation.AUTHORITY_MISMATCH, with("host", "a:81")),
                new Refusal("authority and a broken host", Http2Violation.AUTHORITY_MISMATCH, with("host", "a b")),
                new Refusal(
                        "empty authority",
                        Http2Violation.AUTHORITY_INVALID,
                        request(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "")),
                new Refusal(
                        "user in the authority",
                        Http2Violation.AUTHORITY_INVALID,
                        request(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "u@a")),
                new Refusal(
                        "CONNECT", Http2Violation.METHOD_CONNECT, request(":method", "CONNECT", ":authority", "a:443")),
                new Refusal("expectation", Http2Violation.EXPECT_UNKNOWN, with("expect", "200-ok")),
                new Refusal("long path", Http2Violation.PATH_TOO_LONG, path("/" + "a".repeat(8192))),
                new Refusal("101 fields", Http2Violation.FIELD_COUNT, with(many)),
                new Refusal("long name", Http2Violation.FIELD_NAME_TOO_LONG, with("a".repeat(257), "b")),
                new Refusal("alias of a field", Http2Violation.FIELD_NAME_ALIAS, with("content_length", "5")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aServerCanAnswerWhatItDoesNotServe(Refusal refusal) {
        Machine machine = Machine.server();
        machine.feed(refusal.input());
        assertEquals(
                List.of(
                        "violation " + refusal.violation().token() + " 1",
                        "refused 1 " + refusal.violation().status()),
                machine.takeLog());
        Http2Stream stream = machine.streams.get(1);
        assertTrue(machine.connection.sendResponse(
                stream, refusal.violation().status(), Heads.fields(), 0, StreamEnd.END));
        assertTrue(stream.isClosed());
        machine.connection.release(stream);
        assertEquals(0, machine.connection.streamCount());
        machine.feed(get(3));
        assertTrue(machine.log.getLast().startsWith("request 3"));
    }

    @Test
    void everyViolationHasATokenOfItsOwnAndARule() {
        var tokens = new HashSet<String>();
        for (Http2Violation violation : Http2Violation.values()) {
            assertTrue(tokens.add(violation.token()), violation.token());
            assertTrue(violation.token().matches("h2(\\.[a-z_]+)+"), violation.token());
            assertTrue(violation.rule().matches("RFC \\d{4} §\\d+(\\.\\d+)*"), violation.rule());
            assertTrue(violation.status() == 0 || violation.scope() == Scope.STREAM);
        }
    }

    /** No violation is without a row, but for those that are proven elsewhere. */
    @Test
    void everyViolationHasARow() {
        Set<Http2Violation> left = EnumSet.allOf(Http2Violation.class);
        fromClients().forEach(row -> left.remove(row.violation()));
        fromServers().forEach(row -> left.remove(row.violation()));
        refusals().forEach(row -> left.remove(row.violation()));
        left.remove(Http2Violation.PREFACE_INVALID);
        left.remove(Http2Violation.SETTINGS_MISSING);
        left.remove(Http2Violation.CONNECT_FIELDS); // of a tunnel: Http2ClientTest
        Set<Http2Violation> ofSessions = EnumSet.of(
                Http2Violation.SETTINGS_UNACKNOWLEDGED, Http2Violation.HEAD_TIMEOUT, Http2Violation.SEND_STALLED);
        left.removeAll(ofSessions);
        Set<Http2Violation> inAbuseTest = EnumSet.of(
                Http2Violation.STREAM_REFUSED,
                Http2Violation.HEAD_SURPLUS,
                Http2Violation.HEAD_REPETITION,
                Http2Violation.CONTINUATION_COUNT,
                Http2Violation.CONTINUATION_EMPTY,
                Http2Violation.BLOCK_TOO_LARGE,
                Http2Violation.LIST_FAR_TOO_LARGE,
                Http2Violation.SETTINGS_ENTRIES,
                Http2Violation.SETTINGS_WINDOW_FLOOD,
                Http2Violation.CONTROL_FLOOD,
                Http2Violation.PING_FLOOD,
                Http2Violation.RESET_FLOOD,
                Http2Violation.REFUSED_FLOOD,
                Http2Violation.STREAM_BURST,
                Http2Violation.EMPTY_FLOOD,
                Http2Violation.SMALL_DATA_FLOOD,
                Http2Violation.PRIORITY_FLOOD,
                Http2Violation.WINDOW_UPDATE_FLOOD,
                Http2Violation.GLITCH_FLOOD,
                Http2Violation.TRAILERS_TOO_LARGE,
                Http2Violation.TRAILERS_SURPLUS,
                Http2Violation.FIELD_NAME_UNDERSCORE,
                Http2Violation.HEAD_TOO_LARGE);
        assertEquals(inAbuseTest, left);
    }
}
