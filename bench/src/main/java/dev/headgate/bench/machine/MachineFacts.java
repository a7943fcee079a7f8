package dev.headgate.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a reader wants to know of the machine before believing a figure. */
public final class MachineFacts {
    private static final Path GOVERNOR = Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    private static final long KIB_PER_GIB = 1024 * 1024;

    /** A fact: its name, and what it is here. */
    public record Fact(String name, String value) {}

    private MachineFacts() {}

    /** The facts, those that cannot be known left out. */
    public static List<Fact> read(ProcFiles proc) {
        List<Fact> facts = new ArrayList<>();
        proc.value("cpuinfo", "model name").ifPresent(model -> facts.add(new Fact("processor", model)));
        List<Integer> cpus = proc.allowedCpus();
        int count = cpus.isEmpty() ? Runtime.getRuntime().availableProcessors() : cpus.size();
        facts.add(new Fact(
                "processors to run on", cpus.isEmpty() ? "" + count : count + " (" + CpuList.format(cpus) + ")"));
        facts.add(new Fact("frequency governor", governor()));
        proc.value("meminfo", "MemTotal").map(MachineFacts::gib).ifPresent(gib -> facts.add(new Fact("memory", gib)));
        facts.add(new Fact(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch")));
        proc.openFilesMax().ifPresent(max -> facts.add(new Fact("open files per process", String.valueOf(max))));
        return facts;
    }

    private static String gib(String kib) {
        return String.format(Locale.ROOT, "%.1f GiB", Double.parseDouble(kib.split(" ", -1)[0]) / KIB_PER_GIB);
    }

    private static String governor() {
        try {
            return Files.readString(GOVERNOR).trim();
        } catch (IOException e) {
            // Virtual machines mostly have none.
            return "not known";
        }
    }
}
