package dev.headgate.observe;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a number of events of one kind pass per second of the clock, and counts the others.
 *
 * <pre>
 *  passed:  63                16 15                  0
 *           | second            | events let through  |
 * </pre>
 */
final class EventLimiter {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int COUNT_BITS = 16;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final int perSecondMax;
    private final long startNs;
    private final AtomicLong passed = new AtomicLong(-1L << COUNT_BITS); // the second before the first
    private final AtomicLong suppressed = new AtomicLong();

    EventLimiter(int perSecondMax, long startNs) {
        assert perSecondMax > 0 && perSecondMax <= COUNT_MASK;
        this.perSecondMax = perSecondMax;
        this.startNs = startNs;
    }

    boolean tryAdmit(long nowNs) {
        long second = Math.floorDiv(nowNs - startNs, SECOND_NS);
        while (true) {
            long seen = passed.get();
            boolean newSecond = second > seen >> COUNT_BITS;
            if (!newSecond && (seen & COUNT_MASK) >= perSecondMax) {
                suppressed.incrementAndGet();
                return false;
            }
            if (passed.compareAndSet(seen, newSecond ? second << COUNT_BITS | 1 : seen + 1)) {
                return true;
            }
        }
    }

    /** The number of events held back since the last call. */
    long takeSuppressed() {
        return suppressed.get() == 0 ? 0 : suppressed.getAndSet(0);
    }
}
