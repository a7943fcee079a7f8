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
    private static final int WARM_UP = 8_000;
    private static final int WARM_UPS_MAX = 8;
    private static final int REQUESTS = 16_000;
    /** One object per request would be twenty times more. */
    private static final long BYTES_MAX = 16 * 1024;

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
            long[] ids = measured.stream().mapToLong(Long::longValue).toArray();
            warmUp(clients, bytes, ids);
            var meter = AllocationMeter.start(ids);
            run(clients, bytes, REQUESTS);
            long allocated = meter.bytes();
            assertTrue(allocated < BYTES_MAX, () -> allocated + " bytes over " + REQUESTS + " requests");
            assertEquals(1, origin.connections());
            clients.forEach(RawClient::close);
        }
    }

    /**
     * Until the compiler has come by, which does away with objects that code makes meanwhile: it may have to share its processor. An object that
     * each request costs is there however often this is done.
     */
    private static void warmUp(List<RawClient> clients, byte[] request, long[] loops) {
        for (int i = 0; i < WARM_UPS_MAX; i++) {
            var meter = AllocationMeter.start(loops);
            run(clients, request, WARM_UP);
            if (meter.bytes() < BYTES_MAX / 8) return;
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
