package dev.headgate.bench.parts;

import dev.headgate.bench.parts.MemoryRun.Pace;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a whole request take of the proxy's own code, with sockets in memory in place of the kernel, and how much of that is the
 * engine's and the sockets', which a forwarder of bytes on the same engine has as well? Thirty-two connections are busy at once, as the
 * batches of a loaded loop have it.
 */
@State(Scope.Thread)
public class ExchangeBench {
    private static final int CONNECTIONS = 32;

    @Param({"GET_1K", "POST_10K", "GET_CHUNKED"})
    private Traffic traffic = Traffic.GET_1K;

    private @Nullable MemoryRun withoutLog;
    private @Nullable MemoryRun withLog;
    private @Nullable MemoryRun raw;

    @Setup
    public void setUp() {
        withoutLog = new MemoryRun(traffic, CONNECTIONS, new HeadgateRelay(HeadgateRelay.NO_LOG));
        withLog = new MemoryRun(traffic, CONNECTIONS, new HeadgateRelay(HeadgateRelay.JSON_LOG));
        raw = new MemoryRun(traffic, CONNECTIONS, new RawRelay());
    }

    @Benchmark
    @OperationsPerInvocation(CONNECTIONS)
    public void headgate() {
        round(withoutLog);
    }

    /** Formatting is the loop's work, handing over what is formatted is the writer's; both are in it. */
    @Benchmark
    @OperationsPerInvocation(CONNECTIONS)
    public void headgateWithAccessLog() {
        round(withLog);
    }

    @Benchmark
    @OperationsPerInvocation(CONNECTIONS)
    public void rawForwarder() {
        round(raw);
    }

    private static void round(@Nullable MemoryRun run) {
        if (run != null) {
            run.round(Pace.FAST);
            run.writeLogs();
        }
    }

    @TearDown
    public void tearDown() {
        Stream.of(withoutLog, withLog, raw).filter(Objects::nonNull).forEach(MemoryRun::close);
    }
}
