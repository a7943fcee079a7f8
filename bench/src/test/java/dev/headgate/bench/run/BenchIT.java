package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** A real run as small as it can be: processes, sockets, files and all. What it measures is not looked at. */
@Timeout(120)
class BenchIT {
    @TempDir
    Path folder;

    @Test
    void measuresItselfBesideNothing() throws Exception {
        long before = childrenOfThisProcess();
        String told = SmallRun.measure(folder, "--scenarios=throughput,idle,slow");
        assertEquals(before, childrenOfThisProcess(), "processes are left");
        assertTrue(Files.size(folder.resolve("report.html")) > 10_000, told);
        String json = SmallRun.results(folder);
        for (String step : List.of("throughput", "idle", "slow")) {
            assertTrue(SmallRun.isMeasured(json, step, "headgate"), step);
        }
        assertTrue(told.contains("file:///"), told);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void goesOnWithoutATargetThatEndsAndFails() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = List.of(
                "--targets=direct,headgate",
                "--scenarios=throughput,churn",
                "--rounds=1",
                "--duration=200ms",
                "--warm-up=200ms",
                "--connections=4",
                "--out=" + folder);
        PrintStream killing = new PrintStream(err, true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                if (line.contains("throughput, round 1, headgate")) killHeadgate();
            }
        };
        int exitCode =
                new BenchCommand().execute(arguments, new PrintStream(out, true, StandardCharsets.UTF_8), killing);
        String told = err.toString(StandardCharsets.UTF_8);
        assertEquals(1, exitCode, told);
        String loss = "headgate is left out from throughput, round 1 on: it has ended by itself with exit code 137";
        assertTrue(told.contains("headgate bench: " + loss), told);
        assertTrue(told.contains("headgate: " + loss), told);
        assertTrue(Files.readString(folder.resolve("report.html")).contains(loss));
        String json = SmallRun.results(folder);
        assertTrue(json.contains("{\"step\": \"churn\", \"target\": \"direct\", \"round\": 1"), json);
        assertFalse(json.contains("\"target\": \"headgate\""), json);
    }

    private static void killHeadgate() {
        ProcessHandle.current()
                .descendants()
                .filter(process -> commandLine(process).contains("headgate.yaml"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** The whole of it: what the JDK tells ends after 4 KiB, and class paths are long. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // It has ended.
        }
    }

    private static long childrenOfThisProcess() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
    }
}
