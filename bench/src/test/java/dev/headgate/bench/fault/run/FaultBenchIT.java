package dev.headgate.bench.fault.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.command.BenchCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real faults as short as they can be: processes, signals, sockets and files. What is looked at is that nothing fails, and nothing is left. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FaultBenchIT {
    @TempDir
    Path folder;

    @Test
    void losesNoRequestAndLeavesNothing() throws Exception {
        long before = ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .count();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new BenchCommand()
                .execute(
                        List.of(
                                "faults",
                                "--faults=killed,stopped+503",
                                "--targets=headgate",
                                "--rate=200",
                                "--connections=50",
                                "--warm-up=1s",
                                "--before=500ms",
                                "--hold=1500ms",
                                "--after=1s",
                                "--out=" + folder),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        String told = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
        assertEquals(0, exitCode, told);
        assertEquals(
                before,
                ProcessHandle.current()
                        .children()
                        .filter(ProcessHandle::isAlive)
                        .count(),
                "processes are left");
        String json = Files.readString(folder.resolve("faults.json"));
        assertTrue(
                json.contains("{\"fault\": \"killed\", \"target\": \"headgate\", \"requests\": 600, \"failed\": 0"),
                json);
        assertTrue(json.contains("{\"fault\": \"stopped+503\", \"target\": \"headgate\""), json);
        assertTrue(Files.readString(folder.resolve("faults.md")).contains("| killed | headgate | 0 |"), told);
        assertTrue(told.contains("killed: one is killed"), told);
    }
}
