package dev.headgate.balancer;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what the current thread allocates. */
public final class Allocation {
    private static final int ROUNDS = 3;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * Bytes that {@code work} allocates, once it has run {@code warmups} times before. It is run a few times more, and the least counts: what the
     * work leaves behind is there each time, and what the JVM does once, such as to load a class late, is not.
     */
    public static long bytesOf(int warmups, Runnable work) {
        for (int i = 0; i < warmups; i++) {
            work.run();
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            least = Math.min(least, bytesOf(work));
        }
        return least;
    }

    private static long bytesOf(Runnable work) {
        long own = THREADS.getCurrentThreadAllocatedBytes();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        long after = THREADS.getCurrentThreadAllocatedBytes();
        return after - before - (before - own);
    }
}
