package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxySetup;
import dev.headgate.exchange.SteadyClients.Kind;
import dev.headgate.testkit.AllocationMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * In steady state a loop makes no garbage. The whole of a run may allocate a little, once: a table that grows, a class that is met for the
 * first time. Spread over the requests that is nothing; one object per request would be a hundred times more.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SteadyStateAllocationIT {
    private static final int CONNECTIONS = 16;
    private static final int WARM_UPS = 30_000;
    private static final int REQUESTS = 100_000;
    private static final long BYTES_MAX = 16 * 1024;
    /** What the loop's code asks for late is loaded there, once, for some 10 KB; garbage of requests costs in each round. */
    private static final int ROUNDS_MAX = 4;

    @TempDir
    private Path folder;

    @Test
    void requestsCostNothing() throws IOException {
        check(setup -> setup);
    }

    @Test
    void requestsCostNothingWithAccessLog() throws IOException {
        Path file = folder.resolve("access.log");
        // A small buffer: the warm-up makes all of its blocks.
        check(setup -> setup.accessLog("{format: json, to: " + file + ", bufferBytes: 256KiB}"));
        try (var records = Files.lines(file)) {
            assertTrue(records.count() > (WARM_UPS + REQUESTS) / 2, "most records were written, not dropped");
        }
    }

    private static void check(UnaryOperator<ProxySetup> variant) throws IOException {
        Set<Long> others = loops(); // those of a proxy that is still on its way out
        try (var origin = SteadyOrigin.start();
                var proxy = variant.apply(setup(origin)).start();
                var clients = new SteadyClients(proxy.port(), CONNECTIONS)) {
            Set<Long> measured = loops();
            measured.removeAll(others);
            for (Kind kind : Kind.values()) {
                clients.run(kind, WARM_UPS / Kind.values().length);
            }
            for (Kind kind : Kind.values()) {
                int count = kind == Kind.GET_BY_LENGTH ? REQUESTS : REQUESTS / 5;
                List<Long> rounds = new ArrayList<>();
                do {
                    rounds.add(allocated(measured, clients, kind, count));
                } while (rounds.getLast() >= BYTES_MAX && rounds.size() < ROUNDS_MAX);
                assertTrue(
                        rounds.getLast() < BYTES_MAX,
                        () -> kind + ": bytes over " + count + " requests, round by round: " + rounds);
            }
        }
    }

    /** Edits with known and unknown names, so that they are measured as well. */
    private static ProxySetup setup(SteadyOrigin origin) {
        return ProxySetup.before(origin.address())
                .listener("limits: {requestsPerConnection: 1000000}")
                .route(
                        "{to: app, headers: {request: {set: {x-edge: headgate, cache-control: no-cache}, remove: [x-debug]}, "
                                + "response: {set: {x-served: headgate}, add: {vary: accept}, remove: [etag]}}}");
    }

    private static long allocated(Set<Long> loops, SteadyClients clients, Kind kind, int count) throws IOException {
        assertEquals(1, loops.size(), "loops of this proxy");
        var meter =
                AllocationMeter.start(loops.stream().mapToLong(Long::longValue).toArray());
        clients.run(kind, count);
        return meter.bytes();
    }

    private static Set<Long> loops() {
        return Arrays.stream(AllocationMeter.threadIds("headgate-loop-"))
                .boxed()
                .collect(Collectors.toSet());
    }
}
