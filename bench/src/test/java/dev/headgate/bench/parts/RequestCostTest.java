package dev.headgate.bench.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.parts.MemoryRun.Pace;
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
 * What requests cost in calls to the system and in bytes of heap, exactly. A change of these figures is meant, and then they change here and
 * in {@code docs/performance.md}, or is a mistake. Times are measured elsewhere and asserted nowhere.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("compiled")
class RequestCostTest {
    private static final int WARM_UP_ROUNDS = 200;
    private static final int ROUNDS = 100;

    private static final int ROUNDS_PER_SECOND = 100;
    private static final long ROUND_NS = 1_000_000_000 / ROUNDS_PER_SECOND;
    private static final int SECONDS = 3;

    /** What is made once a second rather than for each request: the text of dates. */
    private static final int BYTES_PER_SECOND_MAX = 128;

    /**
     * What a round costs. In each round every connection sends its requests at once and gets all answers.
     *
     * @param calls those that are made at all
     * @param bytes of heap at most, with compact object headers
     */
    record Cost(Traffic traffic, int connections, String log, String calls, long bytes) {
        /** As a row of the table in the documentation: clocks are no system calls where it was made. */
        String row() {
            String name = traffic.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return "| " + name + " | " + connections + " | " + calls.replaceAll(" (wall_)?clock=\\d+", "") + " | "
                    + bytes + " |";
        }

        @Override
        public String toString() {
            return traffic + ", connections=" + connections + ", log=" + log;
        }
    }

    // spotless:off: rows are compared with each other
    private static final Cost[] COSTS = {
        cost(Traffic.GET_1K,          1, "poll=2 read=2 write=2 clock=4 wall_clock=1"),
        cost(Traffic.GET_1K,         32, "poll=2 read=64 write=64 clock=66 wall_clock=1"),
        cost(Traffic.GET_1K,         64, "poll=2 read=128 write=128 clock=130 wall_clock=1"),
        cost(Traffic.GET_100K,        1, "poll=2 read=2 write=2 clock=4 wall_clock=1"),
        cost(Traffic.GET_CHUNKED,     1, "poll=2 read=2 write=2 clock=4 wall_clock=1"),
        // An answer of several pieces that meets the end of the cork takes two calls.
        cost(Traffic.GET_CHUNKED,    32, "poll=2 read=64 write=68 clock=66 wall_clock=1"),
        cost(Traffic.POST_10K,        1, "poll=2 read=2 write=2 clock=4 wall_clock=1"),
        cost(Traffic.POST_CHUNKED,    1, "poll=2 read=2 write=2 clock=4 wall_clock=1"),
        // Each request goes when the answer to the one before it has gone.
        cost(Traffic.PIPELINED_10,    1, "poll=11 read=11 write=20 clock=31 wall_clock=10"),
        cost(Traffic.RESPOND,         1, "poll=1 read=1 write=1 clock=2 wall_clock=1"),
        cost(Traffic.REDIRECT,        1, "poll=1 read=1 write=1 clock=2 wall_clock=1"),
        // The second accept finds nobody.
        cost(Traffic.NEW_CONNECTION,  1, "poll=3 read=2 write=2 accept=2 register=1 close=1 clock=5 wall_clock=1", 344),
        // The interest changes from connecting to reading.
        cost(Traffic.NEW_UPSTREAM_CONNECTION, 1,
                "poll=3 read=2 write=2 connect=1 finish_connect=1 register=1 interest=1 close=1 clock=5 wall_clock=1", 616),
    };
    // spotless:on

    private static Cost cost(Traffic traffic, int connections, String calls) {
        return cost(traffic, connections, calls, 0);
    }

    private static Cost cost(Traffic traffic, int connections, String calls, long bytes) {
        return new Cost(traffic, connections, HeadgateRelay.NO_LOG, calls, bytes);
    }

    /** Each of them with and without access log, which makes no difference. */
    static Stream<Cost> costs() {
        return Stream.of(COSTS)
                .flatMap(cost -> Stream.of(
                        cost,
                        new Cost(cost.traffic, cost.connections, HeadgateRelay.JSON_LOG, cost.calls, cost.bytes)));
    }

    @ParameterizedTest
    @MethodSource("costs")
    void aRoundTakesTheseCallsAndThisHeap(Cost cost) {
        try (var requests = new MemoryRun(cost.traffic, cost.connections, new HeadgateRelay(cost.log))) {
            run(requests, WARM_UP_ROUNDS, 0);
            requests.calls().clear();
            run(requests, ROUNDS, 0);
            assertEquals(cost.calls, requests.calls().per(ROUNDS), "calls per round");
            long bytes = LeastHeap.bytes(cost.bytes * ROUNDS, () -> run(requests, ROUNDS, 0));
            // Not equal: a compiler may do away with an object. The limits are the interpreter's, which does not.
            assertTrue(
                    bytes <= cost.bytes * ROUNDS,
                    () -> "bytes of heap per round: " + (double) bytes / ROUNDS + ", limit=" + cost.bytes);
        }
    }

    static Stream<Cost> costsOfOneConnection() {
        return costs().filter(cost -> cost.connections == 1);
    }

    @ParameterizedTest
    @MethodSource("costsOfOneConnection")
    void timeThatPassesAddsNextToNothing(Cost cost) {
        try (var requests = new MemoryRun(cost.traffic, cost.connections, new HeadgateRelay(cost.log))) {
            run(requests, WARM_UP_ROUNDS, ROUND_NS);
            int rounds = SECONDS * ROUNDS_PER_SECOND;
            long limit = cost.bytes * rounds + SECONDS * BYTES_PER_SECOND_MAX;
            long bytes = LeastHeap.bytes(limit, () -> run(requests, rounds, ROUND_NS));
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

    private static void run(MemoryRun requests, int rounds, long roundNs) {
        for (int i = 0; i < rounds; i++) {
            requests.round(Pace.EXACT);
            requests.writeLogs();
            requests.advance(roundNs);
        }
    }
}
