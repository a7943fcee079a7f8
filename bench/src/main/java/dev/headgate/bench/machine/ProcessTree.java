package dev.headgate.bench.machine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A process with all below it. They are looked for when it is made, in the whole of {@code /proc}, which takes milliseconds;
 * a reading asks those that were found, which takes some 20 µs for each.
 *
 * <p>What ends between two readings counts all the same: whoever waited for it has its time. What begins counts from
 * {@link #findNewcomers} on.
 */
public final class ProcessTree implements AutoCloseable {
    private final ProcFiles proc;
    private final long rootPid;
    private final Map<Long, Member> members = new HashMap<>(); // by their numbers
    private long lastTicks;

    /** A process that was found; {@code startTicks} tells it from a later one of its number. */
    private record Member(long pid, long startTicks, StatFile stat) {
        boolean isRunning() {
            return stat.read().filter(process -> !process.hasEnded()).isPresent();
        }
    }

    ProcessTree(ProcFiles proc, long rootPid) {
        this.proc = proc;
        this.rootPid = rootPid;
        proc.below(rootPid).forEach(this::add);
    }

    private void add(ProcessStat process) {
        Optional<StatFile> file = proc.openStat(process.pid());
        if (file.isEmpty()) return;
        Member before = members.put(process.pid(), new Member(process.pid(), process.startTicks(), file.get()));
        if (before != null) before.stat().close();
    }

    /**
     * Processor time up to now; what counts is the difference of two readings. Empty when it cannot be known, or the process
     * at the top has ended.
     */
    public OptionalLong cpuNs() {
        long ticks = 0;
        boolean isRootThere = false;
        for (Member member : members.values()) {
            Optional<ProcessStat> now = member.stat().read();
            if (now.isEmpty()) continue;
            ticks += now.get().ownTicks() + now.get().endedTicks();
            isRootThere |= member.pid() == rootPid;
        }
        if (!isRootThere) return OptionalLong.empty();
        // Where nobody waits for a process that ends, its time is lost; it does not run backwards.
        lastTicks = Math.max(lastTicks, ticks);
        return OptionalLong.of(lastTicks * ProcFiles.NS_PER_TICK);
    }

    /** Looks for processes that have begun since, when nothing is measured; returns their processor time up to now. */
    public long findNewcomers() {
        Member root = members.get(rootPid);
        if (root == null || root.stat().read().isEmpty()) return 0; // Its number may be another's by now.
        long ticks = 0;
        for (ProcessStat process : proc.below(rootPid)) {
            Member known = members.get(process.pid());
            if (known != null && known.startTicks() == process.startTicks()) continue;
            add(process);
            ticks += process.ownTicks() + process.endedTicks();
        }
        return ticks * ProcFiles.NS_PER_TICK;
    }

    /**
     * Memory in KiB: what is shared by several counts for each by its part (PSS). Empty when it cannot be known of each that
     * runs: a part would look like the whole.
     */
    public OptionalDouble pssKib() {
        double sum = 0;
        boolean isThere = false;
        for (Member member : members.values()) {
            if (!member.isRunning()) continue;
            OptionalDouble pss = proc.pssKib(member.pid());
            if (pss.isPresent()) {
                sum += pss.getAsDouble();
                isThere = true;
            } else if (member.isRunning()) {
                return OptionalDouble.empty();
            }
        }
        return isThere ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    @Override
    public void close() {
        members.values().forEach(member -> member.stat().close());
    }
}
