package dev.headgate.bench.load;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.util.Optional;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/** What one loop counts. Times are nanoseconds of the monotonic clock. */
@HotPath
@LoopConfined
final class Tally implements ClientKit.HandshakeCounter {
    private static final long LATENCY_MIN_NS = 100;
    private static final long LATENCY_MAX_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private static final long INTERVAL_MIN_NS = 1_000;
    private static final long INTERVAL_MAX_NS = 100_000_000_000L;
    private static final int INTERVAL_DIGITS = 2;

    private final boolean isOpenLoop;
    private final long intervalNs;
    private final Histogram latency = new Histogram(LATENCY_MIN_NS, LATENCY_MAX_NS, DIGITS);
    private final Histogram sendDelay = new Histogram(LATENCY_MIN_NS, LATENCY_MAX_NS, DIGITS);
    private final IntCountsHistogram[] intervals;
    private final @Nullable DueTally byDue;
    private final long[] errors = new long[LoadError.values().length];
    private final Examples examples;
    private boolean isScheduled; // the two times that follow mean something
    private long measureStartNs;
    private long measureEndNs;
    private long requests;
    private long totalRequests;
    private long totalErrors;
    private long bodyBytes;
    private long reconnects;
    private long handshakes;
    private long resumedHandshakes;

    Tally(LoadPlan plan, Examples examples) {
        this.isOpenLoop = plan.isOpenLoop();
        this.intervalNs = plan.interval().toNanos();
        this.examples = examples;
        this.byDue = plan.isOpenLoop() && plan.isCountedByDue() ? new DueTally(plan) : null;
        this.intervals = new IntCountsHistogram[(int) ((plan.duration().toNanos() - 1) / intervalNs + 1)];
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = new IntCountsHistogram(INTERVAL_MIN_NS, INTERVAL_MAX_NS, INTERVAL_DIGITS);
        }
    }

    void measure(long startNs, long endNs) {
        isScheduled = true;
        measureStartNs = startNs;
        measureEndNs = endNs;
    }

    private boolean isMeasured(long ns) {
        return isScheduled && ns - measureStartNs >= 0 && ns - measureEndNs < 0;
    }

    void onSent(long dueNs, long nowNs) {
        if (isOpenLoop && isMeasured(dueNs)) {
            record(sendDelay, nowNs - dueNs);
        }
    }

    void onAnswer(long dueNs, long nowNs, long contentBytes) {
        totalRequests++;
        if (isMeasured(nowNs)) {
            requests++;
            bodyBytes += contentBytes;
        }
        time(dueNs, nowNs);
    }

    /** The answer came and was wrong. */
    void onWrongAnswer(LoadError fault, long dueNs, long nowNs) {
        totalRequests++;
        count(fault, dueNs, nowNs);
        time(dueNs, nowNs);
    }

    /** No answer came. Its time counts all the same where the timetable was to be kept: otherwise failing would look fast. */
    void onFailure(LoadError fault, long dueNs, long nowNs) {
        count(fault, dueNs, nowNs);
        if (isOpenLoop) {
            time(dueNs, nowNs);
        }
    }

    /** A connect for no request in particular has failed. */
    void onConnectFailed(long nowNs) {
        count(LoadError.CONNECT, nowNs, nowNs);
    }

    /** Not even failed at the end. */
    void onUnfinished(long dueNs, long nowNs) {
        if (isCharged(dueNs, nowNs)) {
            examples.add(LoadError.UNFINISHED, "not answered when the run ended");
            onFailure(LoadError.UNFINISHED, dueNs, nowNs);
        }
    }

    void onReconnect() {
        reconnects++;
    }

    @Override
    public void onHandshake(long nowNs, boolean isResumed) {
        if (isMeasured(nowNs)) {
            handshakes++;
            if (isResumed) {
                resumedHandshakes++;
            }
        }
    }

    private void count(LoadError fault, long dueNs, long nowNs) {
        totalErrors++;
        if (isCharged(dueNs, nowNs)) {
            errors[fault.ordinal()]++;
            if (byDue != null) {
                byDue.onError(fault, dueNs - measureStartNs);
            }
        }
    }

    /**
     * Whether a failure belongs to the measured time. Without a timetable it does when any of the wait for it was: otherwise a target that hangs
     * from before on would have no error at all.
     */
    private boolean isCharged(long dueNs, long nowNs) {
        if (isOpenLoop) {
            return isMeasured(dueNs);
        }
        return isScheduled && dueNs - measureEndNs < 0 && nowNs - measureStartNs >= 0;
    }

    private void time(long dueNs, long nowNs) {
        if (isMeasured(isOpenLoop ? dueNs : nowNs)) {
            record(latency, nowNs - dueNs);
            if (byDue != null) {
                byDue.onLatency(nowNs - dueNs, dueNs - measureStartNs);
            }
        }
        if (isMeasured(nowNs)) {
            record(intervals[(int) ((nowNs - measureStartNs) / intervalNs)], nowNs - dueNs);
        }
    }

    private static void record(AbstractHistogram histogram, long ns) {
        histogram.recordValue(Math.clamp(ns, 0, histogram.getHighestTrackableValue()));
    }

    // ---- read by the loop while it runs, and by the generator when it has ended

    long requests() {
        return requests;
    }

    long totalRequests() {
        return totalRequests;
    }

    long totalErrors() {
        return totalErrors;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    long reconnects() {
        return reconnects;
    }

    long handshakes() {
        return handshakes;
    }

    long resumedHandshakes() {
        return resumedHandshakes;
    }

    long errors(LoadError kind) {
        return errors[kind.ordinal()];
    }

    Histogram latency() {
        return latency;
    }

    Histogram sendDelay() {
        return sendDelay;
    }

    /** What was counted by when it was due, if that was wanted. */
    Optional<DueTally> byDue() {
        return Optional.ofNullable(byDue);
    }

    IntCountsHistogram[] intervals() {
        return intervals;
    }
}
