package dev.headgate.bench.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which processors a process may use: the proxy some of its own, origin and load the rest, so that the one's work does not
 * show in the other's figures. Without {@code taskset}, or with too few processors, all share all.
 *
 * @param taskset the program, or null where there is none
 * @param cpus those that there are
 */
public record Placement(@Nullable Path taskset, List<Integer> cpus) {
    public Placement {
        cpus = List.copyOf(cpus);
    }

    /** What comes before the command of a proxy with so many loops; nothing when it is not pinned. */
    public List<String> forProxy(int loops) {
        return canPin(loops) ? prefix(cpus.subList(0, loops)) : List.of();
    }

    /** What comes before the commands of origin and load, when the proxies have so many loops; nothing when not pinned. */
    public List<String> forLoad(int loops) {
        return canPin(loops) ? prefix(cpus.subList(loops, cpus.size())) : List.of();
    }

    /** So many processors are there for origin and load. */
    public int processorsForLoad(int loops) {
        return canPin(loops) ? cpus.size() - loops : Math.max(1, cpus.size());
    }

    /** Whether proxies with so many loops have processors of their own. */
    public boolean isApart(int loops) {
        return canPin(loops);
    }

    /**
     * Processors that a proxy with {@code loops} shares with origin and load, which were placed for proxies with {@code usual}
     * loops; none where nobody is apart anyway.
     */
    public List<Integer> sharedWithLoad(int loops, int usual) {
        if (!canPin(usual) || loops <= usual) return List.of();
        return cpus.subList(usual, canPin(loops) ? loops : cpus.size());
    }

    private boolean canPin(int loops) {
        return taskset != null && loops < cpus.size();
    }

    private List<String> prefix(List<Integer> list) {
        List<String> prefix = new ArrayList<>();
        prefix.add(String.valueOf(taskset));
        prefix.add("-c");
        prefix.add(CpuList.format(list));
        return prefix;
    }

    /** In words, for proxies with so many loops. */
    public String describe(int loops) {
        if (canPin(loops)) {
            return "proxy on processor " + CpuList.format(cpus.subList(0, loops)) + ", origin and load on "
                    + CpuList.format(cpus.subList(loops, cpus.size()));
        }
        return taskset == null ? "not pinned: there is no taskset" : "not pinned: too few processors";
    }
}
