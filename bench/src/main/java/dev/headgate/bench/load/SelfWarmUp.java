package dev.headgate.bench.load;

import dev.headgate.bench.origin.FastOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Load on an origin of the process's own, until the JVM has compiled what makes load. Otherwise it compiles while it measures, on processors that
 * the generator needs: at 5,000 requests per second on one of them, that alone made a p99 of 10 ms.
 */
final class SelfWarmUp {
    private static final int CONNECTIONS = 32;
    private static final double RATE = 20_000; // so often that the compiler sees each line as worth its time
    private static final long BODY_BYTES_MAX = 64 * 1024;
    private static final String TARGET = "/1k";

    private SelfWarmUp() {}

    /** Two thirds of the time in a closed loop, which runs every line as often as possible; then by a timetable. */
    static void run(LoadGenerator generator, LoadPlan plan, Duration time, LoadObserver observer)
            throws IOException, InterruptedException {
        try (FastOrigin origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            Duration third = time.dividedBy(3);
            LoadPlan closed = like(plan, origin.address()).withTimes(third, third);
            generator.run(closed, observer);
            LoadPlan open = closed.withRatePerSecond(RATE).withTimes(Duration.ZERO, third);
            generator.run(open, observer);
        }
    }

    /** A plan that takes the same branches. */
    private static LoadPlan like(LoadPlan plan, SocketAddress target) {
        LoadRequest request = plan.request();
        LoadRequest similar = new LoadRequest(
                request.method(),
                TARGET,
                request.host(),
                request.fieldLines(),
                Math.min(request.bodyBytes(), BODY_BYTES_MAX),
                request.bodyFraming(),
                request.expectedStatus(),
                LoadRequest.ANY_LENGTH,
                request.isContentVerified());
        int clientsPerConnection = Math.max(1, plan.http2Streams());
        return LoadPlan.closed(target, similar, Math.max(1, CONNECTIONS / clientsPerConnection))
                .withConnectionUse(plan.connectionUse())
                .withHttp2Streams(plan.http2Streams());
    }
}
