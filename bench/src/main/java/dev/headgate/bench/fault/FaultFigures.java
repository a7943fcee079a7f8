package dev.headgate.bench.fault;

import dev.headgate.bench.load.DueSlot;
import dev.headgate.bench.load.LatencyCounts;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * What is made of the {@link Evidence}. Requests belong to the time at which they were due.
 *
 * @param requests that were due in all the measured time
 * @param failures of them, by kind; kinds that did not occur are not there
 * @param before latency before the fault
 * @param during latency while it lasted, failed requests included
 * @param after latency when it was over
 * @param late requests that took {@value #LATE_MS} ms or longer
 * @param outAfter from the beginning of the fault to when those that have it got less than a twentieth of their share for half a second;
 *     empty when that did not come about, or cannot be said
 * @param askedWhileOut how many requests they got from then to the end of the fault
 * @param backAfter from the end of the fault to when all those that had it got half of their share at least, for half a second
 * @param attempts that origins saw while the fault lasted, refused connects included, for each request that was due in that time
 * @param attemptsInAll the same from the beginning of the load to its end, the warm-up included
 */
public record FaultFigures(
        long requests,
        Map<LoadError, Long> failures,
        LatencySummary before,
        LatencySummary during,
        LatencySummary after,
        long late,
        Optional<Duration> outAfter,
        OptionalLong askedWhileOut,
        Optional<Duration> backAfter,
        OptionalDouble attempts,
        OptionalDouble attemptsInAll) {
    /** What takes so long has been with an origin that does not answer: a try may take twice as long, and an origin that is slow less than half. */
    public static final int LATE_MS = 500;

    private static final long NS_PER_MS = 1_000_000;
    private static final double NS_PER_SECOND = 1e9;

    public FaultFigures {
        Map<LoadError, Long> counts = new EnumMap<>(LoadError.class);
        counts.putAll(failures);
        failures = Collections.unmodifiableMap(counts);
    }

    /**
     * Works them out.
     *
     * @param ratePerSecond of the requests
     */
    public static FaultFigures of(FaultScenario scenario, FaultTimes times, double ratePerSecond, Evidence evidence) {
        return new Maker(scenario, times, ratePerSecond, evidence).make();
    }

    /** Requests that failed. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The work on one evidence. */
    private static final class Maker {
        private static final long WINDOW_NS = 500 * NS_PER_MS;
        private static final long PART_NS = WINDOW_NS / 5;
        private static final double OUT_SHARE = 0.05;
        private static final double BACK_SHARE = 0.5;

        private final FaultScenario scenario;
        private final FaultTimes times;
        private final double ratePerSecond;
        private final Evidence evidence;
        private final long[] late; // of each slot

        Maker(FaultScenario scenario, FaultTimes times, double ratePerSecond, Evidence evidence) {
            this.scenario = scenario;
            this.times = times;
            this.ratePerSecond = ratePerSecond;
            this.evidence = evidence;
            this.late = slots().stream()
                    .mapToLong(slot -> slot.latency().countFrom(LATE_MS * NS_PER_MS))
                    .toArray();
        }

        FaultFigures make() {
            long endNs = scenario.duration(times).toNanos();
            Optional<Long> outNs = outNs();
            return new FaultFigures(
                    requestsDue(0, endNs),
                    failures(),
                    latency(0, evidence.onNs()),
                    latency(evidence.onNs(), evidence.offNs()),
                    latency(evidence.offNs(), endNs),
                    Arrays.stream(late).sum(),
                    outNs.map(ns -> Duration.ofNanos(ns - evidence.onNs())),
                    outNs.map(ns -> OptionalLong.of(Math.round(asked(ns, evidence.offNs()))))
                            .orElse(OptionalLong.empty()),
                    backNs(endNs).map(ns -> Duration.ofNanos(ns - evidence.offNs())),
                    attempts(),
                    attemptsInAll(endNs));
        }

        private List<DueSlot> slots() {
            return evidence.load().slots();
        }

        private List<DueSlot> slotsFrom(long fromNs, long toNs) {
            return slots().stream()
                    .filter(slot -> slot.startNs() >= fromNs && slot.startNs() < toNs)
                    .toList();
        }

        private Map<LoadError, Long> failures() {
            Map<LoadError, Long> failures = new EnumMap<>(LoadError.class);
            evidence.load().errors().forEach((kind, count) -> {
                if (count > 0) failures.put(kind, count);
            });
            return failures;
        }

        private LatencySummary latency(long fromNs, long toNs) {
            return slotsFrom(fromNs, toNs).stream()
                    .map(DueSlot::latency)
                    .reduce(LatencyCounts.NONE, LatencyCounts::plus)
                    .summary();
        }

        private long requestsDue(long fromNs, long toNs) {
            return slotsFrom(fromNs, toNs).stream()
                    .mapToLong(slot -> slot.latency().count())
                    .sum();
        }

        // ---- who was asked when

        /** So many requests an origin would get in {@code ns} if all had the same. */
        private double fairShare(long ns) {
            return ratePerSecond / scenario.sharers() * ns / NS_PER_SECOND;
        }

        private Optional<Long> outNs() {
            List<Integer> bad = scenario.toBeLeftOut();
            if (bad.isEmpty() || evidence.offNs() - evidence.onNs() < WINDOW_NS) return Optional.empty();
            double least = OUT_SHARE * bad.size() * fairShare(WINDOW_NS);
            return timesFrom(evidence.onNs(), evidence.offNs() - WINDOW_NS).stream()
                    .filter(ns -> asked(ns, ns + WINDOW_NS) < least)
                    .findFirst();
        }

        /** Requests to those that were to get none; what they did not count included. */
        private double asked(long fromNs, long toNs) {
            double count = refusedAt(toNs) - refusedAt(fromNs);
            for (int origin : scenario.toBeLeftOut()) count += requests(origin, fromNs, toNs);
            return scenario.hasSilence() ? count + lateUntil(toNs) - lateUntil(fromNs) : count;
        }

        private Optional<Long> backNs(long endNs) {
            return timesFrom(evidence.offNs(), endNs - WINDOW_NS).stream()
                    .filter(this::isBack)
                    .findFirst();
        }

        /** In each part of the window: a stopped origin that goes on counts at once what had waited. */
        private boolean isBack(long fromNs) {
            double least = BACK_SHARE * fairShare(PART_NS);
            for (int origin : scenario.touched()) {
                for (long ns = fromNs; ns < fromNs + WINDOW_NS; ns += PART_NS) {
                    if (requests(origin, ns, ns + PART_NS) < least) return false;
                }
            }
            return true;
        }

        /** {@code fromNs}, and whenever there is a sample up to {@code toNs}. */
        private List<Long> timesFrom(long fromNs, long toNs) {
            List<Long> samples = new ArrayList<>();
            if (fromNs <= toNs) samples.add(fromNs);
            for (Sample sample : evidence.samples()) {
                if (sample.atNs() > fromNs && sample.atNs() <= toNs) samples.add(sample.atNs());
            }
            return samples;
        }

        private double requests(int origin, long fromNs, long toNs) {
            return between(toNs, sample -> sample.requests().get(origin))
                    - between(fromNs, sample -> sample.requests().get(origin));
        }

        private double refusedAt(long ns) {
            return between(ns, Sample::refused);
        }

        private double lateUntil(long ns) {
            double sum = 0;
            for (int i = 0; i < slots().size(); i++) {
                long startNs = slots().get(i).startNs();
                long endNs = i + 1 < slots().size()
                        ? slots().get(i + 1).startNs()
                        : scenario.duration(times).toNanos();
                double part = Math.clamp((ns - startNs) / (double) (endNs - startNs), 0, 1);
                sum += part * late[i];
            }
            return sum;
        }

        /** A counter at a time between two samples: as if it had grown evenly. */
        private double between(long ns, ToLongFunction<Sample> counter) {
            Sample before = evidence.samples().getFirst();
            for (Sample sample : evidence.samples()) {
                if (sample.atNs() >= ns) {
                    long spanNs = sample.atNs() - before.atNs();
                    double part = spanNs <= 0 ? 1 : Math.clamp((ns - before.atNs()) / (double) spanNs, 0, 1);
                    return counter.applyAsLong(before)
                            + part * (counter.applyAsLong(sample) - counter.applyAsLong(before));
                }
                before = sample;
            }
            return counter.applyAsLong(before);
        }

        // ---- attempts

        private OptionalDouble attempts() {
            long requests = requestsDue(evidence.onNs(), evidence.offNs());
            if (isBlind() || requests == 0) return OptionalDouble.empty();
            double attempts = between(evidence.offNs(), Sample::attempts) - between(evidence.onNs(), Sample::attempts);
            if (scenario.hasSilence()) attempts += lateUntil(evidence.offNs()) - lateUntil(evidence.onNs());
            return OptionalDouble.of(attempts / requests);
        }

        private OptionalDouble attemptsInAll(long endNs) {
            if (isBlind()) return OptionalDouble.empty();
            double requests = ratePerSecond * (times.warmUp().toNanos() + endNs) / NS_PER_SECOND;
            List<Sample> samples = evidence.samples();
            return OptionalDouble.of(
                    (samples.getLast().attempts() - samples.getFirst().attempts()) / requests);
        }

        private boolean isBlind() {
            return evidence.samples().stream().anyMatch(sample -> sample.refused() == Sample.NOT_KNOWN);
        }
    }
}
