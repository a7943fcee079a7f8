package dev.headgate.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.result.Metric;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Sizes SIZES = new Sizes(64, List.of(5000, 15_000), 19_000, 9000, 5000, 2000, 200);

    private static List<Step> all() {
        return Plan.of(List.of(Scenario.values()), SIZES);
    }

    @Test
    void everyScenarioHasItsSteps() {
        assertEquals(
                List.of(
                        "throughput",
                        "latency-5000",
                        "latency-15000",
                        "bodies-100k",
                        "bodies-1m",
                        "churn",
                        "idle",
                        "active-1000",
                        "active-9000",
                        "slow",
                        "faults"),
                all().stream().map(step -> step.info().id()).toList());
    }

    @Test
    void everyStepCountsErrorsAndOthers() {
        Set<String> ids = new HashSet<>();
        for (Step step : all()) {
            assertTrue(ids.add(step.info().id()), step.info().id());
            assertTrue(step.info().metrics().containsAll(List.of(Metric.ERRORS, Metric.OTHERS_PERCENT)));
        }
    }

    @Test
    void everyLoadIsOneThatCanBeMade() {
        for (Step step : all()) {
            if (!(step instanceof Step.Load load)) continue;
            LoadPlan plan = load.shape().toPlan(80, Duration.ofMillis(50), Duration.ofMillis(200));
            assertTrue(
                    plan.duration().equals(Duration.ofMillis(200)) && plan.connections() > 0,
                    step.info().id());
            for (LoadShape beside : load.beside()) {
                assertTrue(
                        beside.toPlan(80, Duration.ZERO, Duration.ofMinutes(10)).ratePerSecond() > 0);
            }
            assertTrue(
                    step.connectionsMax() >= load.shape().connections(),
                    step.info().id());
        }
    }

    @Test
    void manyConnectionsComeFromSeveralAddresses() {
        LoadShape shape = LoadShape.usual(64);
        assertEquals(
                0,
                shape.withIdle(19_936)
                        .toPlan(80, Duration.ZERO, Duration.ofSeconds(1))
                        .sourceAddresses());
        assertEquals(
                2,
                shape.withIdle(19_937)
                        .toPlan(80, Duration.ZERO, Duration.ofSeconds(1))
                        .sourceAddresses());
        assertEquals(
                6,
                shape.withIdle(99_936)
                        .toPlan(80, Duration.ZERO, Duration.ofSeconds(1))
                        .sourceAddresses());
    }
}
