package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadProgress;
import dev.headgate.bench.machine.ProcFiles;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Reads processor time at the beginning and the end of what is measured, and memory at one of two moments. */
final class Gauge implements LoadObserver {
    private static final double NS_PER_US = 1000;
    private static final double KIB_PER_MIB = 1024;

    /** When memory is read. Reading stops the process for some milliseconds, which latencies would show. */
    enum MemoryMoment {
        NEVER,
        /** At the end of the measured time, before connections close. */
        AT_THE_END,
        /** After a pause at its beginning, for connections that only wait. */
        WHILE_WAITING
    }

    /** Processor time up to a moment. */
    private record Reading(long targetNs, long oursNs, long machineNs, long atNs) {}

    private final ProcFiles proc;
    private final long pid;
    private final MemoryMoment moment;
    private final long pauseMs;
    private final ProgressLine progress;
    private @Nullable Reading before;
    private @Nullable Reading after;
    private OptionalDouble pssKib = OptionalDouble.empty();

    /**
     * A gauge for one run.
     *
     * @param pid of the process to watch, with all below it
     * @param pauseMs before memory is read {@link MemoryMoment#WHILE_WAITING}
     */
    Gauge(ProcFiles proc, long pid, MemoryMoment moment, long pauseMs, ProgressLine progress) {
        this.proc = proc;
        this.pid = pid;
        this.moment = moment;
        this.pauseMs = pauseMs;
        this.progress = progress;
    }

    @Override
    public void onPhase(Phase phase) {
        switch (phase) {
            case OPENING, WARMING_UP, CHECKING_IDLE -> {}
            case MEASURING -> {
                before = read();
                if (moment == MemoryMoment.WHILE_WAITING) readMemoryAfterPause();
            }
            case DRAINING -> {
                after = read();
                if (moment == MemoryMoment.AT_THE_END) pssKib = proc.pssKib(pid);
            }
        }
    }

    @Override
    public void onProgress(LoadProgress state) {
        progress.onProgress(state);
    }

    private void readMemoryAfterPause() {
        try {
            Thread.sleep(pauseMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pssKib = proc.pssKib(pid);
    }

    private @Nullable Reading read() {
        var target = proc.cpuNs(pid);
        var ours = proc.cpuNs(ProcessHandle.current().pid());
        var machine = proc.machineCpuNs();
        if (target.isEmpty() || ours.isEmpty() || machine.isEmpty()) return null;
        return new Reading(target.getAsLong(), ours.getAsLong(), machine.getAsLong(), System.nanoTime());
    }

    /** Processor time of the target in the measured time, in microseconds; empty when it could not be read. */
    OptionalDouble cpuUs() {
        Reading from = before;
        Reading to = after;
        if (from == null || to == null) return OptionalDouble.empty();
        return OptionalDouble.of((to.targetNs() - from.targetNs()) / NS_PER_US);
    }

    /** What others took meanwhile, in per cent of one processor; empty when it could not be read. */
    OptionalDouble othersPercent() {
        Reading from = before;
        Reading to = after;
        if (from == null || to == null || to.atNs() == from.atNs()) return OptionalDouble.empty();
        double othersNs = (double) (to.machineNs() - from.machineNs()) - (to.oursNs() - from.oursNs());
        return OptionalDouble.of(Math.max(0, 100 * othersNs / (to.atNs() - from.atNs())));
    }

    /** Memory; empty when it was not or could not be read. */
    OptionalDouble memoryMib() {
        return pssKib.isEmpty() ? pssKib : OptionalDouble.of(pssKib.getAsDouble() / KIB_PER_MIB);
    }
}
