package dev.headgate.fuzz.targets;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What targets assert. Not JUnit's assertions: a fuzzer runs these millions of times. */
final class Laws {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int ALLOWANCE_BYTES = 64 << 10;
    private static final int BYTES_PER_BYTE = 20;

    private Laws() {}

    static void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    static void same(@Nullable Object expected, @Nullable Object seen, String what) {
        if (!Objects.equals(expected, seen)) {
            throw new AssertionError(what + "\n expected " + expected + "\n but saw " + seen);
        }
    }

    /**
     * What a peer can make us keep is at most 64 KiB, and twenty bytes for each one it sent. What {@code work} allocates
     * bounds what it can have kept.
     */
    static void keepsLittle(int receivedBytes, Runnable work) {
        allocatesAtMost(ALLOWANCE_BYTES + (long) BYTES_PER_BYTE * receivedBytes, work);
    }

    /** What is above the limit is done again before it is believed: the first time it may have loaded classes. */
    static void allocatesAtMost(long bytesMax, Runnable work) {
        if (allocatedBytes(work) > bytesMax) {
            long bytes = allocatedBytes(work);
            check(bytes <= bytesMax, () -> "allocated " + bytes + " bytes, limit " + bytesMax);
        }
    }

    private static long allocatedBytes(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
