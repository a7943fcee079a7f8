package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.origin.FastOrigin;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.RefusingPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that may go wrong by HTTP/2 is counted once, as what it is: plans with exactly one request on their timetable. */
@Timeout(60)
class Http2LoadErrorIT {
    private static final Duration PATIENCE = Duration.ofMillis(150);

    /** A head with END_HEADERS alone. */
    private static final int OPEN = Frames.END_HEADERS;

    private static final int WHOLE = Frames.END_HEADERS | Frames.END_STREAM;

    private static LoadPlan one(SocketAddress target, LoadRequest request) {
        return LoadPlan.open(target, request, 1, 10)
                .withHttp2Streams(3)
                .withTimes(Duration.ZERO, Duration.ofMillis(100))
                .withTimeout(PATIENCE);
    }

    private static LoadResult run(LoadPlan plan) throws Exception {
        return LoadGenerator.ofProcess().run(plan, LoadObserver.NONE);
    }

    private static void assertOnly(LoadError expected, LoadResult result) {
        assertEquals(1, result.errorCount(), () -> result.errors() + " " + result.examples());
        assertEquals(1, result.errors(expected), () -> result.errors() + " " + result.examples());
        assertEquals(0, result.requests());
        assertEquals(1, result.latency().count(), "what failed took its time too");
        assertTrue(
                result.examples().getFirst().startsWith(expected.token() + ": "),
                () -> result.examples().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "/fault/reset, RESET",
        "/fault/truncate, RESET",
        "/fault/close, CLOSED",
        "/fault/stall, TIMEOUT",
        "/fault/hang, TIMEOUT",
        "/fault/malformed, MALFORMED",
        "/status/503, STATUS",
        "/1023, LENGTH",
        "/1025, LENGTH",
        "/chunked/1025, LENGTH",
        "/nothing, STATUS"
    })
    void whatTheOriginDoesWrongIsCountedOnce(String path, LoadError expected) throws Exception {
        try (FastOrigin origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            assertOnly(expected, run(one(origin.address(), LoadRequest.get(path, 1024))));
        }
    }

    private static byte[] response(int flags, String... fields) {
        return Frames.headers(1, flags, FieldBlock.of(fields));
    }

    private static Arguments answer(LoadError expected, byte[]... frames) {
        return Arguments.of(expected, Wire.join(frames));
    }

    static Stream<Arguments> answers() {
        byte[] ok = response(OPEN, ":status", "200");
        byte[] okOfTwo = response(OPEN, ":status", "200", "content-length", "2");
        return Stream.of(
                answer(LoadError.CONTENT, okOfTwo, Frames.data(1, Frames.END_STREAM, "ab")),
                answer(LoadError.LENGTH, okOfTwo, Frames.data(1, Frames.END_STREAM, "a")),
                answer(LoadError.LENGTH, okOfTwo, Frames.data(1, Frames.END_STREAM, "abc")),
                answer(LoadError.LENGTH, ok, Frames.data(1, Frames.END_STREAM, "a")),
                answer(LoadError.STATUS, response(WHOLE, ":status", "404")),
                answer(LoadError.MALFORMED, response(WHOLE, "status", "200")),
                answer(LoadError.MALFORMED, response(OPEN, ":status", "101")),
                answer(LoadError.MALFORMED, Frames.data(1, Frames.END_STREAM, "ab")),
                answer(LoadError.MALFORMED, ok, Frames.data(3, 0, 1)),
                answer(LoadError.RESET, Frames.rst(1, 7)),
                answer(LoadError.RESET, ok, Frames.rst(1, 0)),
                answer(LoadError.GOAWAY, Frames.goAway(0, 0)),
                answer(LoadError.TIMEOUT, Frames.goAway(1, 0)),
                answer(LoadError.TIMEOUT, okOfTwo, Frames.data(1, 0, "E")),
                answer(LoadError.TIMEOUT, Wire.bytes("")));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void whatAnOriginSendsWrongIsCountedOnce(LoadError expected, byte[] frames) throws Exception {
        try (FrameOrigin origin = FrameOrigin.answering(frames)) {
            LoadResult result =
                    run(one(origin.address(), LoadRequest.get("/", 2).verified()));
            assertOnly(expected, result);
        }
    }

    @Test
    void anAnswerMayHaveAnInterimOneAheadPaddingAndTrailers() throws Exception {
        byte[] frames = Wire.join(
                response(OPEN, ":status", "103", "link", "</x>"),
                response(OPEN, ":status", "200"),
                Frames.data(1, 0, "E"),
                Frames.data(1, 0, "f"),
                Frames.headers(1, WHOLE, FieldBlock.of("x", "y")));
        try (FrameOrigin origin = FrameOrigin.answering(frames)) {
            LoadResult result =
                    run(one(origin.address(), LoadRequest.get("/", 2).verified()));
            assertEquals(0, result.errorCount(), () -> result.examples().toString());
            assertEquals(1, result.totalRequests());
        }
    }

    @Test
    void aConnectionThatTheTargetGivesUpIsFollowedByAnother() throws Exception {
        byte[] frames = Wire.join(response(WHOLE, ":status", "200"), Frames.goAway(1, 0));
        try (FrameOrigin origin = FrameOrigin.answering(frames)) {
            LoadResult result =
                    run(one(origin.address(), LoadRequest.get("/", 0)).withRatePerSecond(50));
            assertEquals(0, result.errorCount(), () -> result.examples().toString());
            assertEquals(5, result.totalRequests());
            assertEquals(result.connectionsOpened() - 1, result.reconnects());
            assertTrue(result.reconnects() >= 4, () -> result.toString());
        }
    }

    @Test
    void aRefusedConnectIsCountedOnceWhereEachRequestHasItsOwn() throws Exception {
        try (RefusingPort port = RefusingPort.open()) {
            int number =
                    Integer.parseInt(port.address().substring(port.address().indexOf(':') + 1));
            LoadPlan plan = one(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), number), LoadRequest.get("/", 0))
                    .withHttp2Streams(1)
                    .withConnectionUse(ConnectionUse.PER_REQUEST);
            assertOnly(LoadError.CONNECT, run(plan));
        }
    }

    @Test
    void aTargetThatDoesNotSpeakItIsAFailure() throws Exception {
        try (FrameOrigin origin = FrameOrigin.speaking(Wire.bytes("HTTP/1.1 400 Bad Request␍␊Connection: close␍␊␍␊"))) {
            LoadResult result = run(one(origin.address(), LoadRequest.get("/", 0)));
            assertOnly(LoadError.MALFORMED, result);
        }
    }
}
