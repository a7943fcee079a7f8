package dev.headgate.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineTest {
    private static final String AFTER_NAME = " S %d 1 1 0 -1 4194560 9 0 0 0 %d %d 7 8 20 0 1 0 5 6 7";

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"java", "a b", "a) S 9 (b", "(", ")", ""})
    void readsAProcessOfAnyName(String name) {
        String line = "42 (" + name + ")" + AFTER_NAME.formatted(7, 30, 12);
        assertEquals(Optional.of(new ProcessStat(42, 7, 42)), ProcessStat.parse(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "42 (a", "42 (a) S 1", "x (a) S 1 1 1 0 -1 4194560 9 0 0 0 1 2 7", ")("})
    void takesNothingElseForAProcess(String line) {
        assertEquals(Optional.empty(), ProcessStat.parse(line));
    }

    @Test
    void addsUpAProcessWithAllBelowIt() throws IOException {
        process(10, 1, 100, 50, 1000);
        process(11, 10, 10, 5, 200);
        process(12, 11, 1, 1, 30);
        process(20, 1, 7777, 7777, 9999);
        Files.writeString(root.resolve("stat"), "cpu  100 20 30 4000 500 6 7 8 9 10\ncpu0 1 2 3\n");
        ProcFiles proc = new ProcFiles(root);
        assertEquals(OptionalLong.of(167 * 10_000_000L), proc.cpuNs(10));
        assertEquals(OptionalDouble.of(1230), proc.pssKib(10));
        assertEquals(OptionalDouble.of(30), proc.pssKib(12));
        assertEquals(OptionalLong.empty(), proc.cpuNs(99));
        assertEquals(OptionalLong.of((100 + 20 + 30 + 6 + 7 + 8) * 10_000_000L), proc.machineCpuNs());
    }

    private void process(int pid, int parent, int user, int system, int pss) throws IOException {
        Path folder = Files.createDirectory(root.resolve(String.valueOf(pid)));
        Files.writeString(folder.resolve("stat"), pid + " (name)" + AFTER_NAME.formatted(parent, user, system));
        Files.writeString(
                folder.resolve("smaps_rollup"),
                "55e0-7ffc ---p 0 00:00 0 [rollup]\nRss:  9 kB\nPss:  " + pss + " kB\nPss_Dirty: 3 kB\n");
    }

    @Test
    void knowsNothingWhereThereIsNoProc() {
        ProcFiles proc = new ProcFiles(root.resolve("none"));
        assertEquals(OptionalLong.empty(), proc.cpuNs(1));
        assertEquals(OptionalDouble.empty(), proc.pssKib(1));
        assertEquals(OptionalLong.empty(), proc.machineCpuNs());
        assertEquals(OptionalLong.empty(), proc.openFilesMax());
        assertEquals(List.of(), proc.allowedCpus());
        assertTrue(MachineFacts.read(proc).size() >= 3);
    }

    @Test
    void readsLimits() throws IOException {
        Files.createDirectory(root.resolve("self"));
        Path limits = root.resolve("self/limits");
        Files.writeString(limits, "Max processes  unlimited unlimited processes\nMax open files  1024  20000  files\n");
        assertEquals(OptionalLong.of(20_000), new ProcFiles(root).openFilesMax());
        Files.writeString(limits, "Max open files            unlimited            unlimited            files\n");
        assertEquals(OptionalLong.empty(), new ProcFiles(root).openFilesMax());
    }

    @ParameterizedTest
    @CsvSource({"'0', '[0]', '0'", "'0-3', '[0, 1, 2, 3]', '0-3'", "'0,2-3,7', '[0, 2, 3, 7]', '0,2-3,7'", "x, [], ''"})
    void readsAndWritesListsOfProcessors(String text, String expected, String again) {
        List<Integer> cpus = CpuList.parse(text);
        assertEquals(expected, cpus.toString());
        assertEquals(again, CpuList.format(cpus));
    }

    @Test
    void keepsProxyAndLoadApartWhereItCan() {
        Path taskset = Path.of("/usr/bin/taskset");
        Placement two = new Placement(taskset, List.of(0, 1));
        assertEquals(List.of("/usr/bin/taskset", "-c", "0"), two.forProxy(1));
        assertEquals(List.of("/usr/bin/taskset", "-c", "1"), two.forLoad(1));
        assertEquals(List.of(), two.forProxy(2));
        assertEquals(List.of(), two.forLoad(2));
        Placement four = new Placement(taskset, List.of(0, 1, 4, 5));
        assertEquals("0-1", four.forProxy(2).getLast());
        assertEquals("4-5", four.forLoad(2).getLast());
        assertEquals(List.of(), new Placement(null, List.of(0, 1, 2)).forProxy(1));
        assertTrue(new Placement(null, List.of(0, 1, 2)).describe(1).startsWith("not pinned"));
    }
}
