package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.origin.FastOrigin;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each thing that may go wrong is counted once, as what it is: plans with exactly one request on their timetable. */
@Timeout(60)
class LoadErrorIT {
    private static final Duration PATIENCE = Duration.ofMillis(150);

    private static LoadPlan one(SocketAddress target, LoadRequest request) {
        return LoadPlan.open(target, request, 1, 10)
                .withTimes(Duration.ZERO, Duration.ofMillis(100))
                .withTimeout(PATIENCE);
    }

    private static LoadPlan one(String hostAndPort, LoadRequest request) {
        int colon = hostAndPort.indexOf(':');
        int port = Integer.parseInt(hostAndPort.substring(colon + 1));
        return one(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), request);
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
        "/fault/close, CLOSED",
        "/fault/truncate, LENGTH",
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

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK␍␊Content-Length: 2␍␊Content-Length: 3␍␊␍␊ab, MALFORMED",
        "HTTP/1.1 200 OK␍␊Content-Length: 2␍␊Transfer-Encoding: chunked␍␊␍␊ab, MALFORMED",
        "HTTP/1.1 200 OK␊Content-Length: 2␊␊ab, MALFORMED",
        "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊x, MALFORMED",
        "HTTP/1.1 101 Switching␍␊␍␊, MALFORMED",
        "HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊abc, MALFORMED",
        "HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊ab, CONTENT",
        "HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊E, TIMEOUT",
        "HTTP/1.1 200 OK␍␊Content-Le, TIMEOUT",
        "HTTP/1.1 404 Not Found␍␊Content-Length: 2␍␊␍␊Ef, STATUS"
    })
    void whatAnOriginSendsWrongIsCountedOnce(String bytes, LoadError expected) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start().otherwise(OriginScript.fixedThenStall(bytes))) {
            assertOnly(
                    expected, run(one(origin.address(), LoadRequest.get("/", 2).verified())));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊Ef",
        "HTTP/1.1 200 OK␍␊Transfer-Encoding: chunked␍␊␍␊1␍␊E␍␊1␍␊f␍␊0␍␊Trailer: x␍␊␍␊",
        "HTTP/1.1 103 Early Hints␍␊Link: </x>␍␊␍␊HTTP/1.1 200 OK␍␊Content-Length: 2␍␊␍␊Ef"
    })
    void anAnswerMayArriveByteByByte(String bytes) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start().otherwise(OriginScript.dripped(bytes))) {
            LoadResult result =
                    run(one(origin.address(), LoadRequest.get("/", 2).verified()));
            assertEquals(0, result.errorCount(), () -> result.examples().toString());
            assertEquals(1, result.totalRequests());
        }
    }

    @Test
    void anAnswerMayEndWithItsConnection() throws Exception {
        try (ScriptedOrigin origin =
                ScriptedOrigin.start().otherwise(OriginScript.fixedThenClose("HTTP/1.0 200 OK␍␊␍␊Ef"))) {
            LoadResult result =
                    run(one(origin.address(), LoadRequest.get("/", 2).verified()));
            assertEquals(0, result.errorCount(), () -> result.examples().toString());
            assertEquals(1, result.totalRequests());
        }
    }

    @Test
    void aRefusedConnectIsCountedOnceWhereEachRequestHasItsOwn() throws Exception {
        try (RefusingPort port = RefusingPort.open()) {
            LoadPlan plan = one(port.address(), LoadRequest.get("/", 0)).withConnectionUse(ConnectionUse.PER_REQUEST);
            assertOnly(LoadError.CONNECT, run(plan));
        }
    }

    @Test
    void connectionsThatTheOriginEndsAreOpenedAnew() throws Exception {
        OriginScript once = OriginScript.fixedThenClose("HTTP/1.1 200 OK␍␊Content-Length: 0␍␊␍␊");
        try (ScriptedOrigin origin = ScriptedOrigin.start().otherwise(once)) {
            LoadPlan plan = one(origin.address(), LoadRequest.get("/", 0)).withRatePerSecond(50);
            LoadResult result = run(plan);
            // Whether an end is seen in time is up to the system: a request may run into it, and then it counts.
            assertEquals(5, result.totalRequests() + result.errorCount(), () -> result.toString());
            assertTrue(result.connectionsOpened() >= result.totalRequests(), () -> result.toString());
            assertEquals(result.connectionsOpened() - 1, result.reconnects());
        }
    }

    @Test
    void whatWasDueAndNeverSentIsUnfinished() throws Exception {
        try (FastOrigin origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            LoadPlan plan =
                    one(origin.address(), LoadRequest.get("/fault/stall", 0)).withRatePerSecond(200);
            LoadResult result = run(plan);
            assertEquals(20, result.errorCount());
            assertEquals(20, result.errors(LoadError.TIMEOUT) + result.errors(LoadError.UNFINISHED));
            assertTrue(result.errors(LoadError.TIMEOUT) >= 1);
            assertTrue(result.errors(LoadError.UNFINISHED) >= 16);
            assertEquals(20, result.latency().count());
            assertTrue(result.examples().size() <= LoadResult.EXAMPLES_MAX);
        }
    }

    @Test
    void aTargetThatHangsFromBeforeTheMeasuredTimeOnIsAnError() throws Exception {
        try (FastOrigin origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            LoadPlan plan = one(origin.address(), LoadRequest.get("/fault/stall", 0))
                    .withRatePerSecond(0)
                    .withTimes(Duration.ofMillis(20), Duration.ofMillis(50))
                    .withTimeout(Duration.ofMillis(400));
            LoadResult result = run(plan);
            assertEquals(0, result.requests());
            assertEquals(1, result.errorCount(), () -> result.toString());
        }
    }

    private static LoadResult runBeside(SlowClients.Kind kind, String target, Duration patience) throws Exception {
        try (FastOrigin origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            return run(one(origin.address(), LoadRequest.get("/1", 1))
                    .withSlowClients(new SlowClients(2, kind, target, Duration.ofMillis(1)))
                    .withTimes(Duration.ofMillis(1400), Duration.ofMillis(100))
                    .withTimeout(patience));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SENDING, /status/503, 'slow sender, status: status 503'",
        "READING, /status/503, 'slow reader, status: status 503'",
        "SENDING, /fault/close, 'slow sender, closed: closed before the answer was there'",
        "SENDING, /fault/stall, 'slow sender, timeout: no answer in time'",
        "READING, /fault/stall, 'slow reader, timeout: no answer in time'"
    })
    void whatFailsForSlowClientsIsCountedApartWithExamples(SlowClients.Kind kind, String target, String example)
            throws Exception {
        LoadResult result = runBeside(kind, target, Duration.ofMillis(400));
        assertTrue(result.slowFailures() > 0, () -> result.toString());
        assertEquals(0, result.slowAnswers(), () -> result.toString());
        assertEquals(0, result.errorCount(), () -> result.examples().toString());
        assertEquals(example, result.examples().getFirst());
    }

    @Test
    void aSlowReaderThatGetsSomethingFromTimeToTimeIsNotEnded() throws Exception {
        LoadResult result = runBeside(SlowClients.Kind.READING, "/1g", Duration.ofSeconds(1));
        assertEquals(0, result.slowFailures(), () -> result.examples().toString());
    }
}
