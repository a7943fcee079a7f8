package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadResult;
import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.run.Gauge.MemoryMoment;
import dev.headgate.bench.scenario.Step;
import dev.headgate.bench.target.Target;
import dev.headgate.bench.target.Target.Started;
import dev.headgate.bench.worker.Order;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a connection costs that only waits. The program is started anew for each of the two numbers: what it took for the one
 * would otherwise be at hand for the other.
 */
final class IdleTrial {
    private static final Duration OVERHEAD = Duration.ofSeconds(2);
    private static final int OPENED_PER_SECOND = 10_000;
    private static final int HANDSHAKES_PER_SECOND = 500;
    private static final Duration LOAD = Duration.ofMillis(500);

    /** Connections are held for so many times what other measurements take, if that is short: it is not meant to be exact then. */
    private static final int HOLD_FACTOR = 3;

    private static final double KIB_PER_MIB = 1024;

    private final Step.Idle step;
    private final Contest contest;
    private final ProcFiles proc;
    private final ProgressLine progress;
    private final Duration hold;

    /** What one number of connections came to. */
    private record Held(int opened, int errors, List<String> examples, Gauge gauge) {}

    /** @param duration of other measurements */
    IdleTrial(Step.Idle step, Contest contest, ProcFiles proc, ProgressLine progress, Duration duration) {
        this.step = step;
        this.contest = contest;
        this.proc = proc;
        this.progress = progress;
        this.hold = hold(step, duration);
    }

    private static Duration hold(Step.Idle step, Duration duration) {
        Duration enough = duration.multipliedBy(HOLD_FACTOR);
        return enough.compareTo(step.hold()) < 0 ? enough : step.hold();
    }

    static Duration planned(Step.Idle step, Duration duration) {
        int perSecond = step.protection().isTls() ? HANDSHAKES_PER_SECOND : OPENED_PER_SECOND;
        Duration opening = Duration.ofMillis(1000L * (step.fewer() + step.more()) / perSecond);
        return hold(step, duration).plus(OVERHEAD).multipliedBy(2).plus(opening);
    }

    Run measure(Target target, int round) throws IOException, InterruptedException, TargetEnded {
        Held fewer = hold(target, step.fewer());
        Held more = hold(target, step.more());
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        more.gauge().memoryMib().ifPresent(mib -> values.put(Metric.MEMORY_MIB, mib));
        slopeKib(fewer.gauge().memoryMib(), more.gauge().memoryMib(), more.opened() - fewer.opened())
                .ifPresent(kib -> values.put(Metric.KIB_PER_CONNECTION, kib));
        values.put(Metric.CONNECTIONS, (double) more.opened());
        values.put(Metric.ERRORS, (double) fewer.errors() + more.errors());
        more.gauge().othersPercent().ifPresent(percent -> values.put(Metric.OTHERS_PERCENT, percent));
        List<String> examples = new ArrayList<>(fewer.examples());
        examples.addAll(more.examples());
        return new Run(step.info().id(), target.name(), round, values, List.of(), List.of(), examples);
    }

    /** What each of so many more connections costs; empty when one of the readings is missing, for then nothing is known of it. */
    static OptionalDouble slopeKib(OptionalDouble fewerMib, OptionalDouble moreMib, int moreConnections) {
        if (fewerMib.isEmpty() || moreMib.isEmpty() || moreConnections <= 0) return OptionalDouble.empty();
        return OptionalDouble.of((moreMib.getAsDouble() - fewerMib.getAsDouble()) * KIB_PER_MIB / moreConnections);
    }

    private Held hold(Target target, int count) throws IOException, InterruptedException, TargetEnded {
        Started started = start(target);
        try {
            contest.warmUp(started, step.warmUp(), LOAD);
            return hold(started, count);
        } finally {
            target.stop(contest.host(), started);
        }
    }

    private Started start(Target target) throws InterruptedException, TargetEnded {
        try {
            return target.start(contest.host(), contest.needs(step));
        } catch (IOException e) {
            throw new TargetEnded("could not be started anew: " + e.getMessage());
        }
    }

    private Held hold(Started started, int count) throws IOException, TargetEnded {
        long pauseMs = hold.toMillis() / 2;
        Order order = new Order(step.shape(count).toPlan(started.doors(), Duration.ZERO, hold), List.of());
        try (Gauge gauge = new Gauge(proc, started.process().pid(), MemoryMoment.WHILE_WAITING, pauseMs, progress)) {
            LoadResult result = contest.measure(started, order, gauge).measured();
            // Each connection that was not opened, was lost, or did not answer again counts once.
            int errors = count - result.idle().answered();
            return new Held(result.idle().opened(), errors, result.examples(), gauge);
        }
    }
}
