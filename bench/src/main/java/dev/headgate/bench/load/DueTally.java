package dev.headgate.bench.load;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import org.HdrHistogram.IntCountsHistogram;

/** What one loop counts by when requests were due: slots of {@link LoadPlan#interval} from the beginning of what is measured on. */
@HotPath
@LoopConfined
final class DueTally {
    private final long slotNs;
    private final IntCountsHistogram[] latency;
    private final int[][] errors;

    DueTally(LoadPlan plan) {
        slotNs = plan.interval().toNanos();
        int slots = (int) ((plan.duration().toNanos() - 1) / slotNs + 1);
        latency = new IntCountsHistogram[slots];
        errors = new int[slots][LoadError.values().length];
        for (int i = 0; i < slots; i++) {
            latency[i] = LatencyCounts.newHistogram();
        }
    }

    void onLatency(long ns, long sinceStartNs) {
        IntCountsHistogram histogram = latency[(int) (sinceStartNs / slotNs)];
        histogram.recordValue(Math.clamp(ns, 0, histogram.getHighestTrackableValue()));
    }

    void onError(LoadError kind, long sinceStartNs) {
        errors[(int) (sinceStartNs / slotNs)][kind.ordinal()]++;
    }

    // ---- read when the run has ended

    int slots() {
        return latency.length;
    }

    long errors(int slot, LoadError kind) {
        return errors[slot][kind.ordinal()];
    }

    LatencyCounts latency(int slot) {
        return LatencyCounts.of(latency[slot]);
    }
}
