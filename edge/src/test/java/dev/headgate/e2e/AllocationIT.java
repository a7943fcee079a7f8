package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.AllocationMeter;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In steady state a request costs the loops no heap at all. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class AllocationIT {
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 10;
    private static final int REQUESTS_PER_ROUND = 10_000;

    /** All blocks of the access log together: a loop makes one when the writer has not returned the others in time. */
    private static final long BYTES_MAX = 1 << 20;

    private static final String REQUEST = "GET /a/b?c=d HTTP/1.1␍␊Host: shop.example␍␊User-Agent: test/1␍␊"
            + "Accept: text/html,*/*;q=0.8␍␊Accept-Encoding: gzip␍␊Cookie: session=0123456789abcdef␍␊␍␊";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void requestsCostNothingWithoutAccessLog() {
        measure("off");
    }

    @Test
    void requestsCostNothingWithAccessLog() {
        measure("{format: json, to: \"" + folder.resolve("access.log") + "\"}");
    }

    private static void measure(String accessLog) {
        byte[] answer =
                Wire.bytes("HTTP/1.1 200 OK␍␊Content-Type: text/plain␍␊Content-Length: 1024␍␊␍␊" + "a".repeat(1024));
        long[] before = AllocationMeter.threadIds("headgate-loop");
        try (var origin = ScriptedOrigin.start().otherwise(exchange -> exchange.send(answer));
                var proxy = ProxySetup.before(origin)
                        .accessLog(accessLog)
                        .listener("limits: {requestsPerConnection: 1000000}")
                        .start();
                var client = proxy.connect()) {
            long[] loops = Arrays.stream(AllocationMeter.threadIds("headgate-loop"))
                    .filter(id -> Arrays.stream(before).noneMatch(old -> old == id))
                    .toArray();
            run(client, WARM_UP);
            long[] rounds = new long[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                var meter = AllocationMeter.start(loops);
                run(client, REQUESTS_PER_ROUND);
                rounds[i] = meter.bytes();
            }
            long roundsWithGarbage =
                    Arrays.stream(rounds).filter(bytes -> bytes > 0).count();
            assertTrue(roundsWithGarbage <= ROUNDS / 2, () -> "bytes per round: " + Arrays.toString(rounds));
            assertTrue(Arrays.stream(rounds).sum() <= BYTES_MAX, () -> "bytes per round: " + Arrays.toString(rounds));
        }
    }

    private static void run(RawClient client, int count) {
        byte[] request = Wire.bytes(REQUEST);
        for (int i = 0; i < count; i++) {
            client.send(request).expectStatus(200);
        }
    }
}
