package dev.headgate.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.target.Processes.Lifeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProcessesTest {
    private static final List<String> SLEEPING = List.of("/bin/sh", "-c", "echo here; sleep 1000 & wait");

    @Test
    void leavesNothingBehind() throws Exception {
        Processes processes = Processes.create();
        Path folder = processes.folderOf("a/../b");
        ServerProcess process =
                processes.start("sleeping", SLEEPING, Map.of("A", "b", "HOME", ""), folder, Lifeline.PARENT);
        awaitChild(process.pid());
        List<ProcessHandle> below =
                ProcessHandle.of(process.pid()).orElseThrow().descendants().toList();
        processes.close();
        assertFalse(process.isRunning());
        for (ProcessHandle child : below) awaitEnd(child);
        assertTrue(Files.notExists(folder.getParent()), folder.toString());
        assertThrows(
                IOException.class, () -> processes.start("late", SLEEPING, Map.of(), Path.of("/"), Lifeline.PARENT));
    }

    /** One that has ended and that nobody has asked for yet is still in the table of processes, but runs no program. */
    private static void awaitEnd(ProcessHandle child) {
        while (child.isAlive() && child.info().command().isPresent()) Thread.onSpinWait();
    }

    private static void awaitChild(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        while (process.isAlive() && process.children().findAny().isEmpty()) Thread.onSpinWait();
    }

    @Test
    void tellsTheLastWordsOfOneThatDoesNotStart() throws Exception {
        try (Processes processes = Processes.create()) {
            Path folder = processes.folderOf("refusing");
            List<String> command = List.of("/bin/sh", "-c", "echo no such option >&2; exit 2");
            ServerProcess process = processes.start("refusing", command, Map.of(), folder, Lifeline.PARENT);
            assertFalse(Ports.awaitAnswer(Ports.free(), process, Duration.ofSeconds(20)));
            processes.stop(process);
            assertTrue(process.lastWords().contains("no such option"), process.lastWords());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 7 | has ended by itself with exit code 7; it said nothing",
                "echo a; echo; echo b; exit 7 | has ended by itself with exit code 7; it said last: a; b",
                "seq 1000; exit 0 | has ended by itself with exit code 0; it said last: 995; 996; 997; 998; 999; 1000",
                "echo a; kill -KILL $$ | has ended by itself with exit code 137 (signal 9); it said last: a"
            })
    void tellsHowOneHasEnded(String script, String expected) throws Exception {
        try (Processes processes = Processes.create()) {
            ServerProcess process = processes.start(
                    "it", List.of("/bin/sh", "-c", script), Map.of(), processes.folderOf("it"), Lifeline.PARENT);
            process.onEnd().join();
            assertEquals(expected, process.end());
        }
    }

    @Test
    void endsWhatOneThatEndedByItselfHasLeft() throws Exception {
        try (Processes processes = Processes.create()) {
            ServerProcess process =
                    processes.start("sleeping", SLEEPING, Map.of(), processes.folderOf("it"), Lifeline.PARENT);
            awaitChild(process.pid());
            process.noteBelow();
            ProcessHandle parent = ProcessHandle.of(process.pid()).orElseThrow();
            List<ProcessHandle> below = parent.descendants().toList();
            parent.destroyForcibly();
            process.onEnd().join();
            processes.stop(process);
            for (ProcessHandle child : below) awaitEnd(child);
        }
    }
}
