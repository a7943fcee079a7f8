package dev.headgate.bench.parts;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * The heap that every window of some work takes. What the work allocates is in each window; some have more: classes and branches that are met
 * for the first time, blocks of the log, and what compilers leave behind while they are at it.
 */
final class LeastHeap {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WINDOWS_MAX = 50;

    private LeastHeap() {}

    /** Bytes in the least of so many windows as it takes to come to {@code limit}, on the calling thread. */
    static long bytes(long limit, Runnable window) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < WINDOWS_MAX && least > limit; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            window.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
