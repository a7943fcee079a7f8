package dev.headgate.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Counts the heap bytes that a set of threads allocates between {@link #start} and {@link #bytes}. */
public final class AllocationMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] threadIds;
    private final long startBytes;

    private AllocationMeter(long[] threadIds) {
        this.threadIds = threadIds;
        this.startBytes = allocatedBytes();
    }

    /** Starts to count what the threads with these ids allocate. */
    public static AllocationMeter start(long... threadIds) {
        if (threadIds.length == 0) {
            throw new IllegalArgumentException("no thread to measure");
        }
        return new AllocationMeter(threadIds.clone());
    }

    /** Ids of all live platform threads whose name starts with {@code prefix}. */
    public static long[] threadIds(String prefix) {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith(prefix))
                .mapToLong(java.lang.management.ThreadInfo::getThreadId)
                .toArray();
    }

    /** Bytes allocated by all measured threads together since the start. */
    public long bytes() {
        return allocatedBytes() - startBytes;
    }

    private long allocatedBytes() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(threadIds)).sum();
    }
}
