package dev.headgate.bench.run;

import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadResult;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.worker.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Makes the numbers of a run out of what generator and gauge have to say. */
final class Measurement {
    private static final double NS_PER_US = 1000;
    private static final double NS_PER_SECOND = 1e9;
    private static final double BYTES_PER_MIB = 1 << 20;

    private Measurement() {}

    /** @param loadProcessors so many are there for origin and generator */
    static Run of(StepInfo step, String target, int round, Outcome outcome, Gauge gauge, int loadProcessors) {
        LoadResult result = outcome.measured();
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        double mib = result.bodyBytes() / BYTES_PER_MIB;
        values.put(Metric.REQUESTS_PER_SECOND, result.requestsPerSecond());
        values.put(Metric.MIB_PER_SECOND, mib / result.seconds());
        if (result.requests() > 0) putPer(values, Metric.CPU_US_PER_REQUEST, gauge.cpuUs(), (double) result.requests());
        if (result.requests() > 0)
            putPer(values, Metric.CPU_US_PER_HANDSHAKE, gauge.cpuUs(), (double) result.requests());
        putHandshakes(values, result.handshakes());
        putPer(values, Metric.LOAD_PERCENT, loadPercent(result, gauge, loadProcessors), 1);
        if (mib > 0) putPer(values, Metric.CPU_US_PER_MIB, gauge.cpuUs(), mib);
        putPer(values, Metric.MEMORY_MIB, gauge.memoryMib(), 1);
        putPer(values, Metric.OTHERS_PERCENT, gauge.othersPercent(), 1);
        putLatency(values, result.latency());
        long besideFailures =
                outcome.beside().stream().mapToLong(Measurement::failures).sum();
        if (isMeantToFail(step)) {
            values.put(Metric.FAULTS_SEEN, (double) besideFailures);
            values.put(Metric.ERRORS, (double) failures(result));
        } else {
            values.put(Metric.ERRORS, (double) (failures(result) + besideFailures));
        }
        values.keySet().retainAll(step.metrics());
        return new Run(
                step.id(),
                target,
                round,
                values,
                result.latency().curve(),
                result.intervals(),
                examples(step, outcome));
    }

    /** Whether what goes on beside the load is faults: otherwise it has to succeed like the load itself. */
    private static boolean isMeantToFail(StepInfo step) {
        return step.metrics().contains(Metric.FAULTS_SEEN);
    }

    private static long failures(LoadResult result) {
        return result.errorCount() + result.slowFailures();
    }

    private static List<String> examples(StepInfo step, Outcome outcome) {
        List<String> examples = new ArrayList<>(outcome.measured().examples());
        if (!isMeantToFail(step)) outcome.beside().forEach(result -> examples.addAll(result.examples()));
        return examples;
    }

    private static void putHandshakes(Map<Metric, Double> values, LoadResult.Handshakes handshakes) {
        if (handshakes.all() > 0) values.put(Metric.RESUMED_PERCENT, 100.0 * handshakes.resumed() / handshakes.all());
    }

    /** Of what can be had: by all of them the processors, and by the generator one, but for handshakes, which it has computed elsewhere. */
    private static OptionalDouble loadPercent(LoadResult result, Gauge gauge, int processors) {
        if (gauge.loadPercent().isEmpty()) return OptionalDouble.empty();
        double ofAll = gauge.loadPercent().getAsDouble() / processors;
        boolean isOneThread = result.handshakes().all() * 2 < result.requests();
        double ofOne = isOneThread ? 100 * result.cpuNs() / (result.seconds() * NS_PER_SECOND) : 0;
        return OptionalDouble.of(Math.min(100, Math.max(ofAll, ofOne)));
    }

    private static void putLatency(Map<Metric, Double> values, LatencySummary latency) {
        if (latency.count() == 0) return;
        values.put(Metric.P50_US, latency.p50Ns() / NS_PER_US);
        values.put(Metric.P90_US, latency.p90Ns() / NS_PER_US);
        values.put(Metric.P99_US, latency.p99Ns() / NS_PER_US);
        values.put(Metric.P999_US, latency.p999Ns() / NS_PER_US);
        values.put(Metric.MAX_US, latency.maxNs() / NS_PER_US);
    }

    private static void putPer(Map<Metric, Double> values, Metric metric, OptionalDouble value, double count) {
        if (value.isPresent()) values.put(metric, value.getAsDouble() / count);
    }
}
