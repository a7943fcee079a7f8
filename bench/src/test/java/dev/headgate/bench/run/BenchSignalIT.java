package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.bench.target.FoundProgram;
import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bench that is ended in the middle of a long measurement, by a signal to its own process alone. */
@Timeout(120)
class BenchSignalIT {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path folder;

    /** Starts one, and returns when it measures; gives all that it has started. */
    private List<ProcessHandle> started(Process bench) throws Exception {
        BufferedReader told = bench.errorReader();
        String line = told.readLine();
        while (line != null && !line.startsWith("[1/")) line = told.readLine();
        assertTrue(line != null, "it does not get as far as measuring");
        return bench.descendants().toList();
    }

    private Process bench() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.headgate.cli.Main",
                "bench",
                "--targets=direct,headgate",
                "--scenarios=throughput",
                "--duration=10m",
                "--warm-up=100ms",
                "--connections=4",
                "--out=" + folder.resolve("results"));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")))
                .start();
    }

    private static void assertAllEnd(List<ProcessHandle> processes) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        for (ProcessHandle process : processes) {
            while (isRunning(process) && System.nanoTime() - deadlineNs < 0) Thread.onSpinWait();
            assertFalse(isRunning(process), () -> "left: " + process.info());
        }
    }

    /** One that has ended and that nobody has asked for yet is still in the table of processes, but runs no program. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private void assertLeavesNothing(boolean isKilled) throws Exception {
        Process bench = bench();
        List<ProcessHandle> started = List.of();
        try {
            started = started(bench);
            // Origin, load generator and proxy.
            assertTrue(started.size() >= 3, started.toString());
            if (isKilled) {
                bench.destroyForcibly();
            } else {
                bench.destroy();
            }
            assertTrue(bench.waitFor(PATIENCE_NS, TimeUnit.NANOSECONDS), "the bench itself is left");
            assertAllEnd(started);
        } finally {
            started.forEach(ProcessHandle::destroyForcibly);
            bench.destroyForcibly();
        }
    }

    @Test
    void whatItStartedEndsWithItWhenItIsAskedToEnd() throws Exception {
        assertLeavesNothing(false);
    }

    @Test
    void whatItStartedEndsWithItWhenItIsKilled() throws Exception {
        assumeTrue(FoundProgram.locate("setpriv").isPresent(), "nothing tells a proxy that the bench was killed");
        assertLeavesNothing(true);
    }
}
