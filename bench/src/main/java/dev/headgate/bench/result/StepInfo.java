package dev.headgate.bench.result;

import java.util.List;

/**
 * A step as reports know it.
 *
 * @param id the name in files, such as {@code latency-5000}
 * @param scenario the scenario that it belongs to
 * @param title the name for people
 * @param brief the same where there is little room, behind what was measured
 * @param explanation what happens in it, and what to look at, in a sentence or two
 * @param metrics what its table shows, in this order
 */
public record StepInfo(
        String id, String scenario, String title, String brief, String explanation, List<Metric> metrics) {
    public StepInfo {
        metrics = List.copyOf(metrics);
    }
}
