package dev.headgate.bench.report;

import dev.headgate.bench.report.svg.NumberText;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The page's few large figures: what Headgate came to, and what the others did. */
final class Tiles {
    private static final String OURS = "headgate";
    private static final String DIRECT = "direct";

    private final Results results;

    /**
     * A figure.
     *
     * @param what it is of
     * @param detail under which load
     * @param figure of Headgate
     * @param unit behind it
     * @param others the same of the others, with their names
     */
    record Tile(String what, String detail, String figure, String unit, List<String> others) {}

    Tiles(Results results) {
        this.results = results;
    }

    List<Tile> make() {
        List<Tile> tiles = new ArrayList<>();
        for (StepInfo step : results.steps()) {
            switch (step.scenario()) {
                case "throughput", "churn", "tls-keepalive", "h2-tls", "h2-plain", "h2-origin" ->
                    add(tiles, step, Metric.CPU_US_PER_REQUEST, "CPU per request", false);
                case "tls-handshakes", "tls-resumed" ->
                    add(tiles, step, Metric.CPU_US_PER_HANDSHAKE, "CPU per handshake", false);
                case "bodies", "tls-bodies", "h2-body" -> add(tiles, step, Metric.CPU_US_PER_MIB, "CPU per MiB", false);
                case "latency", "tls-open" -> add(tiles, step, Metric.P99_US, "Added p99", true);
                case "active" -> {
                    if (isLastOfItsScenario(step)) add(tiles, step, Metric.P99_US, "Added p99", true);
                }
                case "idle", "tls-idle", "h2-idle" ->
                    add(tiles, step, Metric.KIB_PER_CONNECTION, "Memory per connection", false);
                default -> {
                    // Slow clients, faults and new clients want a look at the whole picture.
                }
            }
        }
        return tiles;
    }

    private boolean isLastOfItsScenario(StepInfo step) {
        return results.steps().stream()
                .filter(other -> other.scenario().equals(step.scenario()))
                .reduce((one, next) -> next)
                .filter(step::equals)
                .isPresent();
    }

    private void add(List<Tile> tiles, StepInfo step, Metric metric, String what, boolean isAdded) {
        Optional<Double> ours = results.target(OURS).flatMap(target -> value(step, target, metric, isAdded));
        if (ours.isEmpty()) return;
        List<String> others = new ArrayList<>();
        for (TargetInfo target : results.targets(step)) {
            if (target.name().equals(OURS) || target.name().equals(DIRECT)) continue;
            value(step, target, metric, isAdded)
                    .ifPresent(value -> others.add(target.name() + " " + NumberText.of(value)));
        }
        tiles.add(new Tile(what, step.brief(), NumberText.of(ours.get()), metric.unit(), others));
    }

    private Optional<Double> value(StepInfo step, TargetInfo target, Metric metric, boolean isAdded) {
        Optional<Double> value = results.shown(step, target, metric);
        if (!isAdded) return value;
        Optional<Double> direct = results.target(DIRECT).flatMap(other -> results.shown(step, other, metric));
        return value.isEmpty() || direct.isEmpty() ? Optional.empty() : Optional.of(value.get() - direct.get());
    }
}
