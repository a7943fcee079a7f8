package dev.headgate.bench.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.bench.load.LatencyCounts;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import dev.headgate.bench.result.TargetInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultRunTest {
    private static Optional<String> complaint(String scenario, long failed, double attempts) {
        LatencySummary none = LatencyCounts.NONE.summary();
        FaultFigures figures = new FaultFigures(
                1000,
                Map.of(LoadError.RESET, failed),
                none,
                none,
                none,
                0,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                OptionalDouble.of(2),
                OptionalDouble.of(attempts));
        return new FaultRun(FaultScenario.parse(scenario), new TargetInfo("it", "1"), figures, List.of()).complaint();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "fine",
            value = {
                "killed | 0 | 3 | fine",
                "killed | 1 | 1 | killed, it: 1 requests failed though an origin was well",
                "killed+503+slow | 7 | 1 | killed+503+slow, it: 7 requests failed though an origin was well",
                "all-503 | 1000 | 1.204 | fine",
                "all-503 | 1000 | 1.21 | all-503, it: 1.21 attempts for each request",
                "all-refusing | 1000 | 3 | all-refusing, it: 3.00 attempts for each request",
            })
    void complainsOfFailuresAndOfAttempts(String scenario, long failed, double attempts, String expected) {
        assertEquals(Optional.ofNullable(expected), complaint(scenario, failed, attempts));
    }
}
