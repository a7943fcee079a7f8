package dev.headgate.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.fault.FaultFigures;
import dev.headgate.bench.fault.FaultRun;
import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.FaultTimes;
import dev.headgate.bench.load.LatencyCounts;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.result.Setup;
import dev.headgate.bench.result.TargetInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultReportTest {
    private static final TargetInfo OURS = new TargetInfo("headgate", "headgate 1");
    private static final TargetInfo OTHER = new TargetInfo("nginx", "nginx 2");
    private static final FaultTimes TIMES =
            new FaultTimes(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(6), Duration.ofSeconds(5));

    @TempDir
    Path folder;

    private static LatencySummary latency(long ms) {
        return LatencyCounts.ofNs(ms * 1_000_000).summary();
    }

    private static FaultRun run(String scenario, TargetInfo target, long failed) {
        FaultFigures figures = new FaultFigures(
                60_000,
                failed == 0 ? Map.of() : Map.of(LoadError.STATUS, failed),
                latency(2),
                latency(30),
                latency(3),
                1234,
                failed == 0 ? Optional.of(Duration.ofMillis(420)) : Optional.empty(),
                failed == 0 ? OptionalLong.of(17) : OptionalLong.empty(),
                failed == 0 ? Optional.of(Duration.ofMillis(2050)) : Optional.empty(),
                OptionalDouble.of(1.25),
                OptionalDouble.empty());
        return new FaultRun(
                FaultScenario.parse(scenario), target, figures, failed == 0 ? List.of() : List.of("status 502"));
    }

    private static FaultReport report() {
        Setup setup = new Setup(
                Instant.EPOCH,
                "headgate bench faults",
                List.of(new Fact("processor", "some"), new Fact("memory", "1 GiB")),
                List.of(OURS, OTHER),
                List.of());
        return new FaultReport(
                setup, TIMES, 5000, List.of(run("killed", OURS, 0), run("killed", OTHER, 21), run("slow", OURS, 0)));
    }

    @Test
    void showsAScenarioOnATerminal() {
        assertEquals("""

                killed: one is killed (kill -9), and later started again

                  proxy     failed  p99 before  p99 during  longest  p99 after   late  out after  asked then  back after  attempts
                  headgate       0     2.01 ms       30 ms    30 ms    3.01 ms  1,234     0.42 s          17      2.05 s  1.25 / –
                  nginx         21     2.01 ms       30 ms    30 ms    3.01 ms  1,234          –           –           –  1.25 / –
                  failed, nginx: status 21; status 502
                """, report().table(FaultScenario.parse("killed")));
    }

    @Test
    void makesATableForDocuments() {
        assertEquals("""
                Measured with `headgate bench faults`: 5,000 requests per second to 4 origins, faults of 6 s. headgate 1; nginx 2. processor: some; memory: 1 GiB.

                | fault | proxy | failed | p99 before | p99 during | longest | p99 after | late | out after | asked then | back after | attempts |
                | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                | killed | headgate | 0 | 2.01 ms | 30 ms | 30 ms | 3.01 ms | 1,234 | 0.42 s | 17 | 2.05 s | 1.25 / – |
                |  | nginx | 21 | 2.01 ms | 30 ms | 30 ms | 3.01 ms | 1,234 | – | – | – | 1.25 / – |
                | slow | headgate | 0 | 2.01 ms | 30 ms | 30 ms | 3.01 ms | 1,234 | 0.42 s | 17 | 2.05 s | 1.25 / – |
                """, report().markdown());
    }

    @Test
    void writesEveryValue() throws Exception {
        report().write(ResultFolder.open(folder));
        String json = Files.readString(folder.resolve("faults.json"));
        assertTrue(
                json.contains(
                        "{\"fault\": \"killed\", \"target\": \"nginx\", \"requests\": 60000, \"failed\": 21, \"failures\": {\"status\": 21}"),
                json);
        assertTrue(
                json.contains(
                        "\"out_after_ms\": 420, \"asked_while_out\": 17, \"back_after_ms\": 2050, \"attempts\": 1.25"),
                json);
        assertTrue(Files.readString(folder.resolve("faults.md")).startsWith("Measured with"));
    }
}
