package dev.headgate.bench.parts;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a whole request by HTTP/2 take of the proxy's own code, with sockets in memory in place of the kernel, and does it matter what is spoken with
 * the origin? Ten connections with ten requests each are busy at once. The clients' half of the protocol is in it, and by HTTP/2 the origin's too:
 * what both ends cost alone, {@link Http2ExchangeBench} tells.
 */
@State(Scope.Thread)
public class Http2RelayBench {
    private static final int CONNECTIONS = 10;
    private static final int STREAMS = 10;

    private @Nullable Http2MemoryRun http1Origin;
    private @Nullable Http2MemoryRun http2Origin;

    @Setup
    public void setUp() {
        http1Origin = runOf(Http2Traffic.GET_1K_TEN_STREAMS);
        http2Origin = runOf(Http2Traffic.GET_1K_TEN_STREAMS_TO_HTTP_2);
    }

    private static Http2MemoryRun runOf(Http2Traffic traffic) {
        if (traffic.streams != STREAMS) {
            throw new IllegalStateException("another number of operations: " + traffic.streams);
        }
        return new Http2MemoryRun(
                traffic, CONNECTIONS, HeadgateRelay.http2(HeadgateRelay.NO_LOG, traffic.originProtocol));
    }

    @Benchmark
    @OperationsPerInvocation(CONNECTIONS * STREAMS)
    public void toHttp1() {
        round(http1Origin);
    }

    @Benchmark
    @OperationsPerInvocation(CONNECTIONS * STREAMS)
    public void toHttp2() {
        round(http2Origin);
    }

    private static void round(@Nullable Http2MemoryRun run) {
        if (run != null) {
            run.round();
        }
    }

    @TearDown
    public void tearDown() {
        Stream.of(http1Origin, http2Origin).filter(Objects::nonNull).forEach(Http2MemoryRun::close);
    }
}
