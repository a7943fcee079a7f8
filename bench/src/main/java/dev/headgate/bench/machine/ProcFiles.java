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
import java.util.StringTokenizer;

/** Reads {@code /proc}. */
public final class ProcFiles {
    /** Linux counts processor time for programs in hundredths of a second (USER_HZ), whatever its own tick is. */
    static final long NS_PER_TICK = 10_000_000;

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

    /** The process and all below it, as they are now. */
    public ProcessTree tree(long pid) {
        return new ProcessTree(this, pid);
    }

    /** Processor time of the whole machine that went to anything; empty when it cannot be known. */
    public OptionalLong machineCpuNs() {
        Optional<String> line = line(root.resolve("stat"), "cpu ");
        if (line.isEmpty()) return OptionalLong.empty();
        StringTokenizer fields = new StringTokenizer(line.get());
        fields.nextToken();
        long ticks = 0;
        for (int i = 1; i <= BUSY_FIELDS && fields.hasMoreTokens(); i++) {
            long count = Long.parseLong(fields.nextToken());
            if (i != IDLE && i != WAITING_FOR_DISK) ticks += count;
        }
        return OptionalLong.of(ticks * NS_PER_TICK);
    }

    /** The process and all below it; takes a look at every process that there is. */
    List<ProcessStat> below(long pid) {
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

    /** The file of one process that tells how it is; empty when there is none of that number. */
    Optional<StatFile> openStat(long pid) {
        return StatFile.open(root.resolve(String.valueOf(pid)).resolve("stat"));
    }

    /** Memory of one process in KiB, its part of what is shared included (PSS); empty when it cannot be known. */
    OptionalDouble pssKib(long pid) {
        return line(root.resolve(String.valueOf(pid)).resolve("smaps_rollup"), "Pss:")
                .map(ProcFiles::firstNumber)
                .orElse(OptionalDouble.empty());
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

    /** Connects that were refused or otherwise came to nothing, on the whole machine (AttemptFails); empty when it cannot be known. */
    public OptionalLong failedConnects() {
        List<String[]> lines = read(root.resolve("net/snmp"))
                .map(text -> text.lines()
                        .filter(line -> line.startsWith("Tcp: "))
                        .map(line -> line.split(" ", -1))
                        .toList())
                .orElse(List.of());
        // A line of names, and one of numbers.
        if (lines.size() != 2 || lines.getFirst().length != lines.getLast().length) return OptionalLong.empty();
        int column = Arrays.asList(lines.getFirst()).indexOf("AttemptFails");
        return column < 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(lines.getLast()[column]));
    }

    /** The value behind {@code key} and a colon in a file of such lines, such as {@code cpuinfo}. */
    Optional<String> value(String file, String key) {
        return line(root.resolve(file), key)
                .map(line -> line.substring(line.indexOf(':') + 1).trim());
    }

    private static OptionalDouble firstNumber(String line) {
        return Arrays.stream(line.split(" +", -1))
                .filter(word -> word.matches("[0-9]{1,18}"))
                .mapToDouble(Double::parseDouble)
                .findFirst();
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
