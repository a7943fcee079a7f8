package dev.headgate.bench.machine;

import java.util.ArrayList;
import java.util.List;

/** Processors as the kernel and {@code taskset} write them: {@code 0-3,8}. */
public final class CpuList {
    private CpuList() {}

    /** The processors of a list; empty when it is none. */
    public static List<Integer> parse(String text) {
        List<Integer> cpus = new ArrayList<>();
        try {
            for (String part : text.trim().split(",", -1)) {
                int dash = part.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
                for (int cpu = first; cpu <= last; cpu++) cpus.add(cpu);
            }
        } catch (NumberFormatException e) {
            return List.of();
        }
        return cpus;
    }

    /** The list of these processors, ranges joined. */
    public static String format(List<Integer> cpus) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cpus.size(); i++) {
            int first = cpus.get(i);
            while (i + 1 < cpus.size() && cpus.get(i + 1) == cpus.get(i) + 1) i++;
            if (!text.isEmpty()) text.append(',');
            text.append(first);
            if (cpus.get(i) > first) text.append('-').append(cpus.get(i));
        }
        return text.toString();
    }
}
