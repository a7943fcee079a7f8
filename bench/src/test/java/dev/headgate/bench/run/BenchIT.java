package dev.headgate.bench.run;

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
import org.junit.jupiter.api.io.TempDir;

/** A real run as small as it can be: processes, sockets, files and all. What it measures is not looked at. */
@Timeout(120)
class BenchIT {
    @TempDir
    Path folder;

    @Test
    void measuresItselfBesideNothing() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = List.of(
                "--targets=direct,headgate",
                "--scenarios=throughput,idle,slow",
                "--rounds=1",
                "--duration=200ms",
                "--warm-up=200ms",
                "--connections=4",
                "--idle=20",
                "--out=" + folder);
        long before = childrenOfThisProcess();
        int exitCode = new BenchCommand()
                .execute(
                        arguments,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        String told = err.toString(StandardCharsets.UTF_8) + out.toString(StandardCharsets.UTF_8);
        // 1 is for requests that failed: on a machine that stands still for seconds some time out.
        assertTrue(exitCode == 0 || exitCode == 1 && told.contains("some requests failed"), told);
        assertEquals(before, childrenOfThisProcess(), "processes are left");
        assertTrue(Files.size(folder.resolve("report.html")) > 10_000, told);
        String json = Files.readString(folder.resolve("results.json"));
        for (String step : List.of("throughput", "idle", "slow")) {
            assertTrue(json.contains("{\"step\": \"" + step + "\", \"target\": \"headgate\", \"round\": 1"), step);
        }
        assertTrue(told.contains("file:///"), told);
    }

    private static long childrenOfThisProcess() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
    }
}
