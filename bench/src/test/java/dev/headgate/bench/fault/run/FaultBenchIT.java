package dev.headgate.bench.fault.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.bench.command.BenchCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Plays it before the program, for which nothing may fail, and gives the figures. */
    private String play(String faults) throws IOException {
        long before = children();
        int exitCode = new BenchCommand()
                .execute(
                        List.of(
                                "faults",
                                "--faults=" + faults,
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
        assertEquals(0, exitCode, told());
        assertEquals(before, children(), "processes are left");
        return Files.readString(folder.resolve("faults.json"));
    }

    private static long children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void losesNoRequestAndLeavesNothing() throws Exception {
        String json = play("killed,stopped+503");
        assertTrue(
                json.contains("{\"fault\": \"killed\", \"target\": \"headgate\", \"requests\": 600, \"failed\": 0"),
                json);
        assertTrue(json.contains("{\"fault\": \"stopped+503\", \"target\": \"headgate\""), json);
        assertTrue(Files.readString(folder.resolve("faults.md")).contains("| killed | headgate | 0 |"), told());
        assertTrue(told().contains("killed: one is killed"), told());
    }

    @Test
    void movesANameUnderLoad() throws Exception {
        assumeTrue(NameServer.isInstalled(), "dnsmasq is not installed");
        String json = play("dns");
        assertTrue(
                json.contains("{\"fault\": \"dns\", \"target\": \"headgate\", \"requests\": 600, \"failed\": 0"), json);
    }
}
