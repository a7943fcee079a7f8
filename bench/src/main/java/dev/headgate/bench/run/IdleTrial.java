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
import dev.headgate.bench.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a connection costs that only waits. The program is started anew for each of the two numbers: what it took for the one
 * would otherwise be at hand for the other.
 */
final class IdleTrial {
    private static final Duration OVERHEAD = Duration.ofSeconds(2);
    private static final int OPENED_PER_SECOND = 10_000;
    private static final int LOAD_CONNECTIONS = 64;
    private static final Duration LOAD = Duration.ofMillis(500);
    private static final double KIB_PER_MIB = 1024;

    private final Step.Idle step;
    private final Contest contest;
    private final ProcFiles proc;
    private final Worker worker;
    private final ProgressLine progress;

    /** What one number of connections came to. */
    private record Held(LoadResult.Idle idle, int errors, Gauge gauge) {}

    IdleTrial(Step.Idle step, Contest contest, ProcFiles proc, Worker worker, ProgressLine progress) {
        this.step = step;
        this.contest = contest;
        this.proc = proc;
        this.worker = worker;
        this.progress = progress;
    }

    static Duration planned(Step.Idle step) {
        Duration opening = Duration.ofMillis(1000L * (step.fewer() + step.more()) / OPENED_PER_SECOND);
        return step.hold().plus(OVERHEAD).multipliedBy(2).plus(opening);
    }

    Run measure(Target target, int round) throws IOException, InterruptedException {
        Held fewer = hold(target, step.fewer());
        Held more = hold(target, step.more());
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        int difference = more.idle().opened() - fewer.idle().opened();
        if (more.gauge().memoryMib().isPresent()) {
            double moreMib = more.gauge().memoryMib().getAsDouble();
            values.put(Metric.MEMORY_MIB, moreMib);
            double grownMib = moreMib - fewer.gauge().memoryMib().orElse(moreMib);
            if (difference > 0) values.put(Metric.KIB_PER_CONNECTION, grownMib * KIB_PER_MIB / difference);
        }
        values.put(Metric.CONNECTIONS, (double) more.idle().opened());
        values.put(Metric.ERRORS, (double) fewer.errors() + more.errors());
        more.gauge().othersPercent().ifPresent(percent -> values.put(Metric.OTHERS_PERCENT, percent));
        return new Run(step.info().id(), target.name(), round, values, List.of(), List.of(), List.of());
    }

    private Held hold(Target target, int count) throws IOException, InterruptedException {
        Started started = target.start(contest.host(), step.connectionsMax());
        try {
            contest.warmUp(started, LOAD_CONNECTIONS, LOAD);
            return hold(started, count);
        } finally {
            target.stop(contest.host(), started);
        }
    }

    private Held hold(Started started, int count) throws IOException {
        long pauseMs = step.hold().toMillis() / 2;
        Order order = new Order(step.shape(count).toPlan(started.port(), Duration.ZERO, step.hold()), List.of());
        try (Gauge gauge = new Gauge(proc, started.process().pid(), MemoryMoment.WHILE_WAITING, pauseMs, progress)) {
            LoadResult.Idle idle = worker.carryOut(order, gauge).measured().idle();
            // Each connection that was not opened, was lost, or did not answer again counts once.
            return new Held(idle, count - idle.answered(), gauge);
        }
    }
}
