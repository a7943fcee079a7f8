package dev.headgate.engine.loop;

import dev.headgate.engine.LoopErrorListener;
import java.util.HashSet;
import java.util.Set;

/** Counts failures at the loop's boundary and tells the listener once per distinct kind. */
final class FailureReports {
    /** Kinds remembered; failures of further kinds are counted only. */
    private static final int KINDS_MAX = 256;

    private final int loopIndex;
    private final LoopErrorListener listener;
    private final CounterCells counters;
    private final Set<String> known = new HashSet<>();

    FailureReports(int loopIndex, LoopErrorListener listener, CounterCells counters) {
        this.loopIndex = loopIndex;
        this.listener = listener;
        this.counters = counters;
    }

    void report(String where, Throwable failure) {
        counters.increment(CounterCells.HANDLER_FAILURES);
        try {
            if (known.size() < KINDS_MAX && known.add(kindOf(where, failure))) {
                listener.onFailure(loopIndex, where, failure);
            }
        } catch (Throwable reportFailure) {
            // Reporting fails too, for want of memory or by the listener's fault: there is nobody left to tell but the
            // counter.
            counters.increment(CounterCells.HANDLER_FAILURES);
        }
    }

    private static String kindOf(String where, Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return where + failure.getClass().getName() + (trace.length == 0 ? "" : trace[0].toString());
    }
}
