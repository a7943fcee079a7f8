package dev.headgate.engine;

import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.nio.NioIo;

/**
 * Settings of an engine; {@link #builder} starts from the defaults.
 *
 * @param loops event loops; the available processors
 * @param threadNamePrefix names the loops' threads {@code prefix-0}, {@code prefix-1} and so on
 * @param readBufferBytes the buffer that each loop reads into; 128 KiB, of which a connection gets at most 64 KiB at once until it has shown
 *     that its bytes go on as fast as they come
 * @param corkBytes the buffer in which each loop joins small writes; 32 KiB
 * @param copyMaxBytes pieces up to this length are joined by copying, larger ones gathered; 4 KiB
 * @param mailboxCapacity commands that may wait at each loop, a power of two; 65,536. Beyond it {@link EventLoop#execute} answers false
 * @param bufferBudgetBytes direct memory of all loops' buffer pools together; 256 MiB. Beyond it connections that need more are aborted
 * @param slabBytes step in which a pool takes direct memory; 1 MiB
 * @param acceptsPerCycleMax connections that a listener takes per loop and cycle; 64
 * @param readsPerConnectionPerCycleMax reads of one connection before others have their turn; 4
 * @param workBudget commands, timers and deferred calls run per cycle, of each; 4,096. The rest runs in the next, which does not wait
 * @param busyPollNs how long a loop with nothing to do spins before it blocks; 0
 * @param connectionsMax open connections of all listeners together; 50,000. Those beyond are accepted and closed
 * @param timerTickNs grain of timers, rounded up to a power of two; 16 ms
 * @param io the outside world; the operating system's
 * @param errorListener told of exceptions; logs them
 */
@Immutable
public record EngineOptions(
        int loops,
        String threadNamePrefix,
        int readBufferBytes,
        int corkBytes,
        int copyMaxBytes,
        int mailboxCapacity,
        long bufferBudgetBytes,
        int slabBytes,
        int acceptsPerCycleMax,
        int readsPerConnectionPerCycleMax,
        int workBudget,
        long busyPollNs,
        int connectionsMax,
        long timerTickNs,
        Io io,
        LoopErrorListener errorListener) {

    public static final EngineOptions DEFAULTS = builder().build();

    public EngineOptions {
        requireAtLeast("loops", loops, 1);
        requireAtLeast("readBufferBytes", readBufferBytes, 1);
        requireAtLeast("corkBytes", corkBytes, 1);
        requireAtLeast("copyMaxBytes", copyMaxBytes, 0);
        requireAtLeast("mailboxCapacity", mailboxCapacity, 2);
        requireAtLeast("bufferBudgetBytes", bufferBudgetBytes, 0);
        requireAtLeast("slabBytes", slabBytes, BufferPool.CAPACITY_MAX);
        requireAtLeast("acceptsPerCycleMax", acceptsPerCycleMax, 1);
        requireAtLeast("readsPerConnectionPerCycleMax", readsPerConnectionPerCycleMax, 1);
        requireAtLeast("workBudget", workBudget, 1);
        requireAtLeast("busyPollNs", busyPollNs, 0);
        requireAtLeast("connectionsMax", connectionsMax, 1);
        requireAtLeast("timerTickNs", timerTickNs, 1);
    }

    private static void requireAtLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " too small: " + value + ", least=" + least);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {
        private int loops = Runtime.getRuntime().availableProcessors();
        private String threadNamePrefix = "headgate-loop";
        private int readBufferBytes = 128 * 1024;
        private int corkBytes = 32 * 1024;
        private int copyMaxBytes = 4 * 1024;
        private int mailboxCapacity = 64 * 1024;
        private long bufferBudgetBytes = 256L * 1024 * 1024;
        private int slabBytes = 1024 * 1024;
        private int acceptsPerCycleMax = 64;
        private int readsPerConnectionPerCycleMax = 4;
        private int workBudget = 4096;
        private long busyPollNs;
        private int connectionsMax = 50_000;
        private long timerTickNs = 16_000_000;
        private Io io = new NioIo();
        private LoopErrorListener errorListener = new LoggingErrorListener();

        private Builder() {}

        public Builder loops(int count) {
            loops = count;
            return this;
        }

        public Builder threadNamePrefix(String prefix) {
            threadNamePrefix = prefix;
            return this;
        }

        public Builder readBufferBytes(int bytes) {
            readBufferBytes = bytes;
            return this;
        }

        public Builder corkBytes(int bytes) {
            corkBytes = bytes;
            return this;
        }

        public Builder copyMaxBytes(int bytes) {
            copyMaxBytes = bytes;
            return this;
        }

        public Builder mailboxCapacity(int commands) {
            mailboxCapacity = commands;
            return this;
        }

        public Builder bufferBudgetBytes(long bytes) {
            bufferBudgetBytes = bytes;
            return this;
        }

        public Builder slabBytes(int bytes) {
            slabBytes = bytes;
            return this;
        }

        public Builder acceptsPerCycleMax(int connections) {
            acceptsPerCycleMax = connections;
            return this;
        }

        public Builder readsPerConnectionPerCycleMax(int reads) {
            readsPerConnectionPerCycleMax = reads;
            return this;
        }

        public Builder workBudget(int items) {
            workBudget = items;
            return this;
        }

        public Builder busyPollNs(long ns) {
            busyPollNs = ns;
            return this;
        }

        public Builder connectionsMax(int connections) {
            connectionsMax = connections;
            return this;
        }

        public Builder timerTickNs(long ns) {
            timerTickNs = ns;
            return this;
        }

        public Builder io(Io implementation) {
            io = implementation;
            return this;
        }

        public Builder errorListener(LoopErrorListener listener) {
            errorListener = listener;
            return this;
        }

        public EngineOptions build() {
            return new EngineOptions(
                    loops,
                    threadNamePrefix,
                    readBufferBytes,
                    corkBytes,
                    copyMaxBytes,
                    mailboxCapacity,
                    bufferBudgetBytes,
                    slabBytes,
                    acceptsPerCycleMax,
                    readsPerConnectionPerCycleMax,
                    workBudget,
                    busyPollNs,
                    connectionsMax,
                    timerTickNs,
                    io,
                    errorListener);
        }
    }
}
