package dev.headgate.balancer;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what the current thread allocates. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Bytes that {@code work} allocates, once it has run {@code warmups} times before. */
    public static long bytesOf(int warmups, Runnable work) {
        for (int i = 0; i < warmups; i++) {
            work.run();
        }
        long own = THREADS.getCurrentThreadAllocatedBytes();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        long after = THREADS.getCurrentThreadAllocatedBytes();
        return after - before - (before - own);
    }
}
