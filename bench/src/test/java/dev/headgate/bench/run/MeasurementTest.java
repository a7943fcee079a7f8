package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import dev.headgate.bench.load.LoadResult;
import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.run.Gauge.MemoryMoment;
import dev.headgate.bench.worker.Outcome;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    private static final LatencySummary NONE = new LatencySummary(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

    private static LoadResult result(long errors, long slowFailures, String example) {
        return new LoadResult(
                100,
                100,
                1,
                0,
                Map.of(LoadError.RESET, errors),
                List.of(example),
                NONE,
                NONE,
                List.of(),
                List.of(),
                0,
                0,
                new LoadResult.Idle(0, 0, 0),
                0,
                slowFailures,
                LoadResult.Handshakes.NONE,
                0);
    }

    private static Run run(Metric... metrics) {
        return run(
                new Outcome(
                        result(1, 20, "of the load"),
                        List.of(result(300, 4000, "beside"), result(50_000, 0, "beside too"))),
                metrics);
    }

    private static Run run(LoadResult measured, Metric... metrics) {
        return run(new Outcome(measured, List.of()), metrics);
    }

    private static Run run(Outcome outcome, Metric... metrics) {
        StepInfo step = new StepInfo("it", "it", "it", "it", "it", List.of(metrics));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        ProgressLine progress = new ProgressLine(nowhere, false, () -> 0);
        ProcFiles none = new ProcFiles(Path.of("/nonexistent"));
        try (Gauge gauge = new Gauge(none, 1, MemoryMoment.NEVER, 0, progress)) {
            return Measurement.of(step, "target", 1, outcome, gauge, 1);
        }
    }

    @Test
    void whatFailsBesideTheLoadIsAnError() {
        Run run = run(Metric.ERRORS);
        assertEquals(Map.of(Metric.ERRORS, 54_321.0), run.values());
        assertEquals(List.of("of the load", "beside", "beside too"), run.remarks());
    }

    @Test
    void faultsAreMeantToFail() {
        Run run = run(Metric.FAULTS_SEEN, Metric.ERRORS);
        assertEquals(Map.of(Metric.FAULTS_SEEN, 54_300.0, Metric.ERRORS, 21.0), run.values());
        assertEquals(List.of("of the load"), run.remarks());
    }

    @Test
    void saysHowManyHandshakesTookUpASession() {
        LoadResult plain = result(0, 0, "");
        LoadResult secure = new LoadResult(
                plain.requests(),
                plain.totalRequests(),
                plain.seconds(),
                plain.bodyBytes(),
                plain.errors(),
                plain.examples(),
                NONE,
                NONE,
                List.of(),
                List.of(),
                0,
                0,
                plain.idle(),
                0,
                0,
                new LoadResult.Handshakes(80, 60),
                0);
        assertEquals(
                Map.of(Metric.RESUMED_PERCENT, 75.0),
                run(secure, Metric.RESUMED_PERCENT).values());
        assertEquals(Map.of(), run(plain, Metric.RESUMED_PERCENT).values());
    }

    @Test
    void whatCouldNotBeReadIsMissing() {
        assertEquals(
                Map.of(Metric.ERRORS, 54_321.0),
                run(Metric.ERRORS, Metric.CPU_US_PER_REQUEST, Metric.MEMORY_MIB, Metric.OTHERS_PERCENT, Metric.P99_US)
                        .values());
    }
}
