package dev.headgate.bench.result;

import dev.headgate.bench.load.IntervalSample;
import java.util.List;
import java.util.Optional;

/**
 * Everything that was measured.
 *
 * @param setup with what
 * @param steps in the order in which they were done
 * @param runs all of them
 */
public record Results(Setup setup, List<StepInfo> steps, List<Run> runs) {
    private static final int REMARKS_MAX = 4;

    public Results {
        steps = List.copyOf(steps);
        runs = List.copyOf(runs);
    }

    /** The runs of a step with a target, one per round. */
    public List<Run> runs(StepInfo step, TargetInfo target) {
        return runs.stream()
                .filter(run -> run.step().equals(step.id()) && run.target().equals(target.name()))
                .toList();
    }

    /** The targets that have runs of a step. */
    public List<TargetInfo> targets(StepInfo step) {
        return setup.targets().stream()
                .filter(target -> !runs(step, target).isEmpty())
                .toList();
    }

    /** Median and range of a metric over the rounds; empty when it was not measured. */
    public Optional<Spread> spread(StepInfo step, TargetInfo target, Metric metric) {
        double[] values = runs(step, target).stream()
                .filter(run -> run.values().containsKey(metric))
                .mapToDouble(run -> run.values().get(metric))
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** The number that a table shows: the median, or of what counts mishaps the largest. */
    public Optional<Double> shown(StepInfo step, TargetInfo target, Metric metric) {
        return spread(step, target, metric).map(spread -> metric == Metric.ERRORS ? spread.max() : spread.median());
    }

    /** A few of the failures of a step with a target in words, each once. */
    public List<String> remarks(StepInfo step, TargetInfo target) {
        return runs(step, target).stream()
                .flatMap(run -> run.remarks().stream())
                .distinct()
                .limit(REMARKS_MAX)
                .toList();
    }

    /** The step of that id. */
    public Optional<StepInfo> step(String id) {
        return steps.stream().filter(step -> step.id().equals(id)).findFirst();
    }

    /** The target of that name. */
    public Optional<TargetInfo> target(String name) {
        return setup.targets().stream()
                .filter(target -> target.name().equals(name))
                .findFirst();
    }

    /** Latency over time in the round that is the middle one by its 99th percentile. */
    public List<IntervalSample> typicalIntervals(StepInfo step, TargetInfo target) {
        List<Run> runs = runs(step, target).stream()
                .filter(run -> !run.intervals().isEmpty())
                .sorted((one, other) -> Double.compare(p99(one), p99(other)))
                .toList();
        return runs.isEmpty() ? List.of() : runs.get((runs.size() - 1) / 2).intervals();
    }

    private static double p99(Run run) {
        return run.values().getOrDefault(Metric.P99_US, 0.0);
    }
}
