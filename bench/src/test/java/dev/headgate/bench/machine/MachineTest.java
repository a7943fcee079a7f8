package dev.headgate.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        assertEquals(Optional.of(new ProcessStat(42, 7, 42, 15, 5, false)), ProcessStat.parse(line));
    }

    @Test
    void knowsWhatHasEnded() {
        String line = "42 (a)" + AFTER_NAME.replace(" S ", " Z ").formatted(7, 30, 12);
        assertTrue(ProcessStat.parse(line).orElseThrow().hasEnded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "42 (a", "42 (a) S 1", "x (a) S 1 1 1 0 -1 4194560 9 0 0 0 1 2 7", ")("})
    void takesNothingElseForAProcess(String line) {
        assertEquals(Optional.empty(), ProcessStat.parse(line));
    }

    @Test
    void addsUpWhatTheMachineDoes() throws IOException {
        Files.writeString(root.resolve("stat"), "cpu  100 20 30 4000 500 6 7 8 9 10\ncpu0 1 2 3\n");
        assertEquals(OptionalLong.of((100 + 20 + 30 + 6 + 7 + 8) * 10_000_000L), new ProcFiles(root).machineCpuNs());
    }

    @Test
    void findsConnectsThatCameToNothing() throws IOException {
        Path file = Files.createDirectories(root.resolve("net")).resolve("snmp");
        Files.writeString(file, "Ip: A\nIp: 1\nTcp: ActiveOpens AttemptFails InSegs\nTcp: 5 42 7\nUdp: A\nUdp: 2\n");
        assertEquals(OptionalLong.of(42), new ProcFiles(root).failedConnects());
        Files.writeString(file, "Tcp: ActiveOpens\nTcp: 5\n");
        assertEquals(OptionalLong.empty(), new ProcFiles(root).failedConnects());
        Files.delete(file);
        assertEquals(OptionalLong.empty(), new ProcFiles(root).failedConnects());
    }

    @Test
    void knowsNothingWhereThereIsNoProc() {
        ProcFiles proc = new ProcFiles(root.resolve("none"));
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
