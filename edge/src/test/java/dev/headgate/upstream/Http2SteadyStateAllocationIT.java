package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.AllocationMeter;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2Origin.Script;
import dev.headgate.testkit.peer.RawClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In steady state a loop makes no garbage for requests that go to an origin by HTTP/2. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class Http2SteadyStateAllocationIT {
    private static final int CLIENTS = 8;
    private static final int WARM_UPS = 8_000;
    private static final int REQUESTS = 16_000;
    /** One object per request would be twenty times more. */
    private static final long BYTES_MAX = 16 * 1024;
    /** An interface that the loop's code asks for late is loaded there, once, for some 10 KB; garbage of requests costs in each round. */
    private static final int ROUNDS_MAX = 4;

    private static final byte[] CONTENT = "x".repeat(1000).getBytes();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1␍␊Host: a␍␊␍␊",
                "POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 5␍␊␍␊hello",
                "POST / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊5␍␊hello␍␊0␍␊␍␊",
            })
    void requestsCostNothing(String request) {
        Set<Long> others = loops();
        try (var origin = Http2Origin.start(Script.serving((peer, each) -> {
                    peer.awaitContent(each.streamId());
                    peer.head(each.streamId(), 0, 200, "content-length", "1000");
                    peer.content(each.streamId(), CONTENT, Frames.END_STREAM);
                }));
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2")
                        .listener("limits: {requestsPerConnection: 1000000}")
                        .start()) {
            Set<Long> measured = loops();
            measured.removeAll(others);
            assertEquals(1, measured.size(), "loops of this proxy");
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(proxy.connect());
            }
            byte[] bytes = Wire.bytes(request);
            run(clients, bytes, WARM_UPS);
            List<Long> allocated = new ArrayList<>();
            do {
                var meter = AllocationMeter.start(
                        measured.stream().mapToLong(Long::longValue).toArray());
                run(clients, bytes, REQUESTS);
                allocated.add(meter.bytes());
            } while (allocated.getLast() >= BYTES_MAX && allocated.size() < ROUNDS_MAX);
            assertTrue(
                    allocated.getLast() < BYTES_MAX,
                    () -> "bytes over " + REQUESTS + " requests, round by round: " + allocated);
            assertEquals(1, origin.connections());
            clients.forEach(RawClient::close);
        }
    }

    private static void run(List<RawClient> clients, byte[] request, int count) {
        for (int i = 0; i < count; i += clients.size()) {
            clients.forEach(client -> client.send(request));
            clients.forEach(client -> client.expectStatus(200));
        }
    }

    private static Set<Long> loops() {
        return Arrays.stream(AllocationMeter.threadIds("headgate-loop-"))
                .boxed()
                .collect(Collectors.toSet());
    }
}
