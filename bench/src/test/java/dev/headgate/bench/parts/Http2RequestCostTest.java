package dev.headgate.bench.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What requests by HTTP/2 cost in calls to the system and in bytes of heap, exactly; see {@link RequestCostTest}. No request takes heap: neither its
 * stream, nor its turn among others.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("compiled")
class Http2RequestCostTest {
    private static final int WARM_UP_ROUNDS = 200;
    private static final int ROUNDS = 100;

    private static final int ROUNDS_PER_SECOND = 100;
    private static final long ROUND_NS = 1_000_000_000 / ROUNDS_PER_SECOND;
    private static final int SECONDS = 3;

    /** What is made once a second rather than for each request: the text of dates. */
    private static final int BYTES_PER_SECOND_MAX = 128;

    /** In each round every connection sends its requests at once and gets all answers. */
    record Cost(Http2Traffic traffic, int connections, String log, String calls) {
        /** As a row of the table in the documentation: clocks are no system calls where it was made. */
        String row() {
            String name = traffic.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return "| " + name + " | " + connections + " | " + inDecimals(calls) + " | 0 |";
        }

        private static String inDecimals(String calls) {
            return calls.replaceAll(" (wall_)?clock=\\d+", "").replaceAll("(\\d\\d)/100", ".$1");
        }

        @Override
        public String toString() {
            return traffic + ", connections=" + connections + ", log=" + log;
        }
    }

    // spotless:off: rows are compared with each other
    private static final Cost[] COSTS = {
        cost(Http2Traffic.GET_1K,                        1, "poll=2 read=2 write=2 clock=4 wall_clock=1"),
        cost(Http2Traffic.GET_1K,                       10, "poll=2 read=20 write=20 clock=22 wall_clock=1"),
        // Seven frames, the payload of each uncopied from where it was read to: four leave with one write, three with the next.
        cost(Http2Traffic.GET_100K,                      1, "poll=2 read=2 write=3 clock=4 wall_clock=1"),
        // For each 512 KiB the connection's window is opened again.
        cost(Http2Traffic.POST_10K,                      1, "poll=2 read=2 write=202/100 clock=4 wall_clock=1"),
        // Ten connections to the origin, and one answer to the client.
        cost(Http2Traffic.GET_1K_TEN_STREAMS,            1, "poll=2 read=11 write=11 clock=22 wall_clock=1"),
        cost(Http2Traffic.GET_1K_TEN_STREAMS,           10, "poll=2 read=110 write=110 clock=202 wall_clock=1"),
        cost(Http2Traffic.RESPOND_TEN_STREAMS,           1, "poll=1 read=1 write=1 clock=11 wall_clock=1"),
        cost(Http2Traffic.GET_1K_TO_HTTP_2,              1, "poll=2 read=2 write=2 clock=4 wall_clock=1"),
        cost(Http2Traffic.GET_1K_TEN_STREAMS_TO_HTTP_2,  1, "poll=2 read=2 write=202/100 clock=22 wall_clock=1"),
        // The clients share one connection to the origin.
        cost(Http2Traffic.GET_1K_TEN_STREAMS_TO_HTTP_2, 10, "poll=2 read=11 write=1119/100 clock=202 wall_clock=1"),
        cost(Http2Traffic.POST_10K_TO_HTTP_2,            1, "poll=2 read=2 write=202/100 clock=4 wall_clock=1"),
    };
    // spotless:on

    private static Cost cost(Http2Traffic traffic, int connections, String calls) {
        return new Cost(traffic, connections, HeadgateRelay.NO_LOG, calls);
    }

    /** Each of them with and without access log, which makes no difference. */
    static Stream<Cost> costs() {
        return Stream.of(COSTS)
                .flatMap(cost ->
                        Stream.of(cost, new Cost(cost.traffic, cost.connections, HeadgateRelay.JSON_LOG, cost.calls)));
    }

    private static Http2MemoryRun runOf(Cost cost) {
        return new Http2MemoryRun(
                cost.traffic, cost.connections, HeadgateRelay.http2(cost.log, cost.traffic.originProtocol));
    }

    @ParameterizedTest
    @MethodSource("costs")
    void aRoundTakesTheseCallsAndNoHeap(Cost cost) {
        try (Http2MemoryRun requests = runOf(cost)) {
            run(requests, WARM_UP_ROUNDS, 0);
            requests.calls().clear();
            long contentBefore = requests.contentBytes();
            run(requests, ROUNDS, 0);
            assertEquals(cost.calls, requests.calls().per(ROUNDS), "calls per round");
            long content = requests.contentBytes() - contentBefore;
            if (cost.traffic.answerBytes > 0) {
                int answers = ROUNDS * cost.connections * cost.traffic.streams;
                assertEquals((long) answers * cost.traffic.answerBytes, content, "content");
            }
            assertEquals(0, LeastHeap.bytes(0, () -> run(requests, ROUNDS, 0)), "bytes of heap");
        }
    }

    static Stream<Cost> costsOfOneConnection() {
        return costs().filter(cost -> cost.connections == 1);
    }

    @ParameterizedTest
    @MethodSource("costsOfOneConnection")
    void timeThatPassesAddsNextToNothing(Cost cost) {
        try (Http2MemoryRun requests = runOf(cost)) {
            run(requests, WARM_UP_ROUNDS, ROUND_NS);
            long limit = SECONDS * BYTES_PER_SECOND_MAX;
            long bytes = LeastHeap.bytes(limit, () -> run(requests, SECONDS * ROUNDS_PER_SECOND, ROUND_NS));
            assertTrue(bytes <= limit, () -> "bytes of heap in " + SECONDS + " s: " + bytes + ", limit=" + limit);
        }
    }

    @Test
    void theDocumentationHasTheseFigures() throws IOException {
        String documentation = Files.readString(Path.of("../docs/performance.md"));
        for (Cost cost : COSTS) {
            assertTrue(documentation.contains(cost.row() + "\n"), cost::row);
        }
    }

    private static void run(Http2MemoryRun requests, int rounds, long roundNs) {
        for (int i = 0; i < rounds; i++) {
            requests.round();
            requests.writeLogs();
            requests.advance(roundNs);
        }
    }
}
