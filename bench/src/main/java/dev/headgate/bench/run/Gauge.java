package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadProgress;
import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.machine.ProcessTree;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads processor time at the beginning and the end of what is measured, and memory at one of two moments. It shares
 * processors with what it watches: which processes there are it finds out before, and looks for new ones afterwards, so that
 * a reading within the measured time takes some tenths of a millisecond. Closed, it still has its figures.
 */
final class Gauge implements LoadObserver, AutoCloseable {
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
    private final ProcessTree target;
    private final ProcessTree ours;
    private final MemoryMoment moment;
    private final long pauseMs;
    private final ProgressLine progress;
    private @Nullable Reading before;
    private @Nullable Reading after;
    private OptionalDouble pssKib = OptionalDouble.empty();

    /**
     * A gauge for one run, made shortly before it begins.
     *
     * @param pid of the process to watch, with all below it
     * @param pauseMs before memory is read {@link MemoryMoment#WHILE_WAITING}
     */
    Gauge(ProcFiles proc, long pid, MemoryMoment moment, long pauseMs, ProgressLine progress) {
        this.proc = proc;
        this.target = proc.tree(pid);
        this.ours = proc.tree(ProcessHandle.current().pid());
        this.moment = moment;
        this.pauseMs = pauseMs;
        this.progress = progress;
        read(); // What the JVM does for the first time takes it milliseconds.
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
                if (moment == MemoryMoment.AT_THE_END) pssKib = target.pssKib();
                addNewcomers();
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
        pssKib = target.pssKib();
    }

    private @Nullable Reading read() {
        var targetNs = target.cpuNs();
        var oursNs = ours.cpuNs();
        var machineNs = proc.machineCpuNs();
        if (targetNs.isEmpty() || oursNs.isEmpty() || machineNs.isEmpty()) return null;
        return new Reading(targetNs.getAsLong(), oursNs.getAsLong(), machineNs.getAsLong(), System.nanoTime());
    }

    /** Processes that began while it was measured: all that they have used, they used since. */
    private void addNewcomers() {
        Reading last = after;
        if (last == null) return;
        after = new Reading(
                last.targetNs() + target.findNewcomers(),
                last.oursNs() + ours.findNewcomers(),
                last.machineNs(),
                last.atNs());
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

    /** What generator and origin took meanwhile, in per cent of one processor; empty when it could not be read. */
    OptionalDouble loadPercent() {
        Reading from = before;
        Reading to = after;
        if (from == null || to == null || to.atNs() == from.atNs()) return OptionalDouble.empty();
        double loadNs = (double) (to.oursNs() - from.oursNs()) - (to.targetNs() - from.targetNs());
        return OptionalDouble.of(Math.max(0, 100 * loadNs / (to.atNs() - from.atNs())));
    }

    @Override
    public void close() {
        target.close();
        ours.close();
    }

    /** Memory; empty when it was not or could not be read. */
    OptionalDouble memoryMib() {
        return pssKib.isEmpty() ? pssKib : OptionalDouble.of(pssKib.getAsDouble() / KIB_PER_MIB);
    }
}
