package dev.headgate.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code /proc}. */
public final class ProcFiles {
    /** Linux counts processor time for programs in hundredths of a second (USER_HZ), whatever its own tick is. */
    private static final long NS_PER_TICK = 10_000_000;

    private static final int BUSY_FIELDS = 8;
    private static final int IDLE = 4;
    private static final int WAITING_FOR_DISK = 5;

    private final Path root;

    public ProcFiles(Path root) {
        this.root = root;
    }

    /** Those of this machine. */
    public static ProcFiles ofThisMachine() {
        return new ProcFiles(Path.of("/proc"));
    }

    /** Processor time of the process and of all below it; empty when it cannot be known. */
    public OptionalLong cpuNs(long pid) {
        long ticks = 0;
        boolean isThere = false;
        for (ProcessStat process : tree(pid)) {
            ticks += process.cpuTicks();
            isThere = true;
        }
        return isThere ? OptionalLong.of(ticks * NS_PER_TICK) : OptionalLong.empty();
    }

    /** Processor time of the whole machine that went to anything; empty when it cannot be known. */
    public OptionalLong machineCpuNs() {
        Optional<String> line = line(root.resolve("stat"), "cpu ");
        if (line.isEmpty()) return OptionalLong.empty();
        String[] fields = line.get().trim().split(" +", -1);
        long ticks = 0;
        for (int i = 1; i < Math.min(fields.length, BUSY_FIELDS + 1); i++) {
            if (i != IDLE && i != WAITING_FOR_DISK) ticks += Long.parseLong(fields[i]);
        }
        return OptionalLong.of(ticks * NS_PER_TICK);
    }

    /** The process and all below it. */
    List<ProcessStat> tree(long pid) {
        Map<Long, ProcessStat> all = new HashMap<>();
        for (ProcessStat process : processes()) all.put(process.pid(), process);
        List<ProcessStat> tree = new ArrayList<>();
        for (ProcessStat process : all.values()) {
            if (isBelow(process, pid, all)) tree.add(process);
        }
        return tree;
    }

    private static boolean isBelow(ProcessStat process, long pid, Map<Long, ProcessStat> all) {
        Set<Long> seen = new HashSet<>();
        ProcessStat at = process;
        while (at != null && seen.add(at.pid())) {
            if (at.pid() == pid) return true;
            at = all.get(at.parentPid());
        }
        return false;
    }

    private List<ProcessStat> processes() {
        List<ProcessStat> processes = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path folder : folders) {
                read(folder.resolve("stat")).flatMap(ProcessStat::parse).ifPresent(processes::add);
            }
        } catch (IOException e) {
            // No such system: nothing is known.
            return List.of();
        }
        return processes;
    }

    /**
     * Memory of the process and of all below it, in KiB: what is shared by several counts for each by its part (PSS).
     * Empty when it cannot be known.
     */
    public OptionalDouble pssKib(long pid) {
        double sum = 0;
        boolean isThere = false;
        for (ProcessStat process : tree(pid)) {
            Optional<String> line =
                    line(root.resolve(String.valueOf(process.pid())).resolve("smaps_rollup"), "Pss:");
            if (line.isEmpty()) continue;
            sum += firstNumber(line.get());
            isThere = true;
        }
        return isThere ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    /** How many files a process may have open that asks for as many as it can get; empty when there is no bound. */
    public OptionalLong openFilesMax() {
        Optional<String> line = line(root.resolve("self/limits"), "Max open files");
        if (line.isEmpty()) return OptionalLong.empty();
        String[] fields = line.get().substring("Max open files".length()).trim().split(" +", -1);
        if (fields.length < 2 || fields[1].equals("unlimited")) return OptionalLong.empty();
        return OptionalLong.of(Long.parseLong(fields[1]));
    }

    /** Processors that this process may run on; empty when it cannot be known. */
    public List<Integer> allowedCpus() {
        return line(root.resolve("self/status"), "Cpus_allowed_list:")
                .map(line -> CpuList.parse(line.substring("Cpus_allowed_list:".length())))
                .orElse(List.of());
    }

    /** The value behind {@code key} and a colon in a file of such lines, such as {@code cpuinfo}. */
    Optional<String> value(String file, String key) {
        return line(root.resolve(file), key)
                .map(line -> line.substring(line.indexOf(':') + 1).trim());
    }

    private static double firstNumber(String line) {
        return Arrays.stream(line.split(" +", -1))
                .filter(word -> !word.isEmpty() && Character.isDigit(word.charAt(0)))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElse(0);
    }

    private static Optional<String> line(Path file, String start) {
        return read(file)
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith(start)).findFirst());
    }

    /** A process that ends meanwhile takes its files along. */
    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
