package dev.headgate.bench.report;

import dev.headgate.bench.load.IntervalSample;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.result.Setup;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import dev.headgate.bench.scenario.Plan;
import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.scenario.Sizes;
import dev.headgate.bench.scenario.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Results that nobody measured, of every scenario, with names that want escaping. */
final class SampleResults {
    static final String HOSTILE = "headgate-<b>&\"'";

    private static final int ROUNDS = 3;
    private static final int INTERVALS = 50;
    private static final long MS = 1_000_000;

    private final Random random = new Random(42);
    private final List<TargetInfo> targets = List.of(
            new TargetInfo("direct", "the built-in origin itself"),
            new TargetInfo("headgate", "headgate 0.1.0 on Java 25"),
            new TargetInfo(HOSTILE, "headgate with \u0000 & <script>alert(1)</script>"),
            new TargetInfo("nginx", "nginx version: nginx/1.22.1"),
            new TargetInfo("haproxy", "HAProxy version 2.6.12"));

    static Results make() {
        return new SampleResults().results();
    }

    private Results results() {
        Sizes sizes = new Sizes(64, List.of(5000, 15_000), 19_000, 5000, 5000, 9000, 5000, 2000, 200);
        List<StepInfo> steps = Plan.of(List.of(Scenario.values()), sizes).steps().stream()
                .map(Step::info)
                .toList();
        List<Run> runs = new ArrayList<>();
        for (StepInfo step : steps) {
            for (int round = 1; round <= ROUNDS; round++) {
                for (int i = 0; i < targets.size(); i++) {
                    if (i > 0 || hasDirect(step)) runs.add(run(step, i, round));
                }
            }
        }
        Setup setup = new Setup(
                Instant.parse("2026-01-02T03:04:05Z"),
                "headgate bench --variant 'g1=-XX:+UseG1GC'",
                List.of(new Fact("processor", "A & B <fast>"), new Fact("system", "Linux")),
                targets,
                List.of("19,000 idle connections instead of 100,000: no more files may be open (ulimit -n)"));
        return new Results(setup, steps, runs);
    }

    private static boolean hasDirect(StepInfo step) {
        return !step.id().equals("idle")
                && (!step.id().startsWith("tls-")
                        || step.id().startsWith("tls-open")
                        || step.id().startsWith("tls-beside"));
    }

    private Run run(StepInfo step, int target, int round) {
        double factor = (1 + 0.2 * target) * (0.95 + 0.1 * random.nextDouble());
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (Metric metric : step.metrics()) values.put(metric, usual(metric) * factor);
        values.put(Metric.ERRORS, 0.0);
        boolean isTimed = step.metrics().contains(Metric.P50_US);
        return new Run(
                step.id(),
                targets.get(target).name(),
                round,
                values,
                isTimed ? curve(factor) : List.of(),
                isTimed ? intervals(factor) : List.of(),
                List.of());
    }

    private static double usual(Metric metric) {
        return switch (metric) {
            case REQUESTS_PER_SECOND -> 80_000;
            case MIB_PER_SECOND -> 2400;
            case CPU_US_PER_REQUEST -> 12.2;
            case CPU_US_PER_HANDSHAKE -> 900;
            case CPU_US_PER_MIB -> 310;
            case P50_US -> 85;
            case P90_US -> 160;
            case P99_US -> 420;
            case P999_US -> 1900;
            case MAX_US -> 5200;
            case CONNECTIONS -> 19_000;
            case MEMORY_MIB -> 62;
            case KIB_PER_CONNECTION -> 0.93;
            case FAULTS_SEEN -> 300;
            case RESUMED_PERCENT -> 100;
            case LOAD_PERCENT -> 60;
            case ERRORS -> 0;
            case OTHERS_PERCENT -> 3;
        };
    }

    private List<LatencySummary.Point> curve(double factor) {
        List<LatencySummary.Point> curve = new ArrayList<>();
        for (int i = 0; i <= 60; i++) {
            double nines = i / 12.0;
            double us = factor * 60 * Math.pow(2.4, nines) * (0.97 + 0.06 * random.nextDouble());
            long before = curve.isEmpty() ? 0 : curve.getLast().latencyNs();
            curve.add(new LatencySummary.Point(100 * (1 - Math.pow(10, -nines)), Math.max(before, (long) (us * 1000))));
        }
        return curve;
    }

    private List<IntervalSample> intervals(double factor) {
        List<IntervalSample> intervals = new ArrayList<>();
        for (int i = 0; i < INTERVALS; i++) {
            long p99 = (long) (factor * 400_000 * (0.7 + 0.6 * random.nextDouble()));
            intervals.add(new IntervalSample(i * 60 * MS, 300, p99 / 4, p99, p99 * 3));
        }
        return intervals;
    }
}
