package dev.headgate.bench.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;

/** Joins what the loops of an ended run have counted. */
final class Results {
    private static final double NS_PER_SECOND = 1e9;

    private Results() {}

    static LoadResult of(LoadPlan plan, List<LoadLoop> loops, long cpuNs) {
        List<Tally> tallies = loops.stream().map(LoadLoop::tally).toList();
        return new LoadResult(
                tallies.stream().mapToLong(Tally::requests).sum(),
                tallies.stream().mapToLong(Tally::totalRequests).sum(),
                plan.duration().toNanos() / NS_PER_SECOND,
                tallies.stream().mapToLong(Tally::bodyBytes).sum(),
                errors(tallies),
                examples(loops),
                LatencySummary.of(joined(tallies.stream().map(Tally::latency).toList())),
                LatencySummary.of(joined(tallies.stream().map(Tally::sendDelay).toList())),
                intervals(plan, tallies),
                slots(plan, tallies),
                loops.stream().mapToLong(LoadLoop::connectionsBegun).sum(),
                tallies.stream().mapToLong(Tally::reconnects).sum(),
                idle(loops),
                loops.stream().mapToLong(LoadLoop::slowAnswers).sum(),
                loops.stream().mapToLong(LoadLoop::slowFailures).sum(),
                new LoadResult.Handshakes(
                        tallies.stream().mapToLong(Tally::handshakes).sum(),
                        tallies.stream().mapToLong(Tally::resumedHandshakes).sum()),
                cpuNs);
    }

    /** From each kind of clients some, whatever the other has. */
    private static List<String> examples(List<LoadLoop> loops) {
        List<String> slow = loops.stream()
                .flatMap(loop -> loop.slowExamples().stream())
                .limit(LoadResult.EXAMPLES_MAX / 2)
                .toList();
        List<String> examples = new ArrayList<>(loops.stream()
                .flatMap(loop -> loop.examples().stream())
                .limit(LoadResult.EXAMPLES_MAX - slow.size())
                .toList());
        examples.addAll(slow);
        return examples;
    }

    private static Map<LoadError, Long> errors(List<Tally> tallies) {
        Map<LoadError, Long> errors = new EnumMap<>(LoadError.class);
        for (LoadError kind : LoadError.values()) {
            errors.put(
                    kind,
                    tallies.stream().mapToLong(tally -> tally.errors(kind)).sum());
        }
        return errors;
    }

    private static Histogram joined(List<Histogram> histograms) {
        Histogram all = histograms.getFirst().copy();
        histograms.stream().skip(1).forEach(all::add);
        return all;
    }

    private static List<IntervalSample> intervals(LoadPlan plan, List<Tally> tallies) {
        List<IntervalSample> samples = new ArrayList<>();
        int count = tallies.getFirst().intervals().length;
        for (int i = 0; i < count; i++) {
            IntCountsHistogram all = tallies.getFirst().intervals()[i].copy();
            for (Tally tally : tallies.subList(1, tallies.size())) {
                all.add(tally.intervals()[i]);
            }
            samples.add(sample(i * plan.interval().toNanos(), all));
        }
        return samples;
    }

    private static IntervalSample sample(long startNs, IntCountsHistogram histogram) {
        return histogram.getTotalCount() == 0
                ? new IntervalSample(startNs, 0, 0, 0, 0)
                : new IntervalSample(
                        startNs,
                        histogram.getTotalCount(),
                        histogram.getValueAtPercentile(50),
                        histogram.getValueAtPercentile(99),
                        histogram.getMaxValue());
    }

    private static List<DueSlot> slots(LoadPlan plan, List<Tally> tallies) {
        List<DueTally> parts =
                tallies.stream().flatMap(tally -> tally.byDue().stream()).toList();
        if (parts.isEmpty()) {
            return List.of();
        }
        List<DueSlot> slots = new ArrayList<>();
        for (int i = 0; i < parts.getFirst().slots(); i++) {
            int slot = i;
            Map<LoadError, Long> errors = new EnumMap<>(LoadError.class);
            for (LoadError kind : LoadError.values()) {
                errors.put(
                        kind,
                        parts.stream()
                                .mapToLong(part -> part.errors(slot, kind))
                                .sum());
            }
            LatencyCounts latency =
                    parts.stream().map(part -> part.latency(slot)).reduce(LatencyCounts.NONE, LatencyCounts::plus);
            slots.add(new DueSlot(i * plan.interval().toNanos(), errors, latency));
        }
        return slots;
    }

    private static LoadResult.Idle idle(List<LoadLoop> loops) {
        List<LoadResult.Idle> parts = loops.stream().map(LoadLoop::idle).toList();
        return new LoadResult.Idle(
                parts.stream().mapToInt(LoadResult.Idle::opened).sum(),
                parts.stream().mapToInt(LoadResult.Idle::lost).sum(),
                parts.stream().mapToInt(LoadResult.Idle::answered).sum());
    }
}
