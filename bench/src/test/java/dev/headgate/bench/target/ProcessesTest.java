package dev.headgate.bench.target;

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

@Timeout(60)
class ProcessesTest {
    private static final List<String> SLEEPING = List.of("/bin/sh", "-c", "echo here; sleep 1000 & wait");

    @Test
    void leavesNothingBehind() throws Exception {
        Processes processes = Processes.create();
        Path folder = processes.folderOf("a/../b");
        ServerProcess process = processes.start("sleeping", SLEEPING, Map.of("A", "b", "HOME", ""), folder, Lifeline.PARENT);
        awaitChild(process.pid());
        List<ProcessHandle> below =
                ProcessHandle.of(process.pid()).orElseThrow().descendants().toList();
        processes.close();
        assertFalse(process.isRunning());
        for (ProcessHandle child : below) awaitEnd(child);
        assertTrue(Files.notExists(folder.getParent()), folder.toString());
        assertThrows(IOException.class, () -> processes.start("late", SLEEPING, Map.of(), Path.of("/"), Lifeline.PARENT));
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
}
