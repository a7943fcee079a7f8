package dev.headgate.bench.result;

import dev.headgate.bench.load.IntervalSample;
import dev.headgate.bench.load.LatencySummary;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One measurement: a step, with a target, in a round.
 *
 * @param step the step's id
 * @param target the target's name
 * @param round from 1 on
 * @param values one number per metric
 * @param curve the latencies as a distribution; empty where there are none
 * @param intervals latency over time; empty where there is none
 * @param remarks the first few failures in words
 */
public record Run(
        String step,
        String target,
        int round,
        Map<Metric, Double> values,
        List<LatencySummary.Point> curve,
        List<IntervalSample> intervals,
        List<String> remarks) {
    public Run {
        values = new EnumMap<>(values);
        curve = List.copyOf(curve);
        intervals = List.copyOf(intervals);
        remarks = List.copyOf(remarks);
    }
}
