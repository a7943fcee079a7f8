package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.run.Contest.Entrant;
import dev.headgate.bench.run.Gauge.MemoryMoment;
import dev.headgate.bench.scenario.Doors;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Step;
import dev.headgate.bench.target.DirectTarget;
import dev.headgate.bench.worker.Order;
import dev.headgate.bench.worker.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The order of measurements: in each round of a step every target takes its turn. */
final class Rounds {
    private static final Duration SETTLING_MIN = Duration.ofMillis(50);
    private static final Duration SETTLING_MAX = Duration.ofMillis(500);
    private static final int SETTLING_SHARE = 5;
    private static final Duration OVERHEAD = Duration.ofMillis(300);

    private final Options options;
    private final Contest contest;
    private final ProcFiles proc;
    private final ProgressLine progress;
    private final Duration settling;

    private final int loadProcessors;

    /** @param loadProcessors so many are there for origin and generator */
    Rounds(Options options, Contest contest, ProcFiles proc, ProgressLine progress, int loadProcessors) {
        this.options = options;
        this.contest = contest;
        this.proc = proc;
        this.progress = progress;
        this.loadProcessors = loadProcessors;
        this.settling = settling(options.duration());
    }

    /** Load before what counts, each time. */
    private static Duration settling(Duration duration) {
        Duration share = duration.dividedBy(SETTLING_SHARE);
        if (share.compareTo(SETTLING_MIN) < 0) return SETTLING_MIN;
        return share.compareTo(SETTLING_MAX) > 0 ? SETTLING_MAX : share;
    }

    /** Tells how much there is ahead. */
    void announce(List<Step> plan) {
        int count = 0;
        Duration planned = Duration.ZERO;
        for (Step step : plan) {
            int measurements = measurements(step);
            count += measurements;
            planned = planned.plus(planned(step).multipliedBy(measurements));
        }
        progress.begin(count, planned);
    }

    private int measurements(Step step) {
        return takingPart(step).size() * (options.rounds() + (hasUnrecordedRound(step) ? 1 : 0));
    }

    private Duration planned(Step step) {
        return step instanceof Step.Idle idle
                ? IdleTrial.planned(idle, options.duration())
                : settling.plus(options.duration()).plus(OVERHEAD);
    }

    /** Idle connections are held by programs that are started anew each time: there is nothing to get used to. */
    private static boolean hasUnrecordedRound(Step step) {
        return step instanceof Step.Load;
    }

    private static boolean hasDirect(Step step) {
        return step instanceof Step.Load && step.hasDirect();
    }

    private List<Entrant> takingPart(Step step) {
        return contest.entrants().stream()
                .filter(entrant -> entrant.target().can(step.needs()))
                .filter(entrant -> hasDirect(step) || !(entrant.target() instanceof DirectTarget))
                .toList();
    }

    /** Measures all targets, all rounds. One that ends by itself has the runs up to then. */
    List<Run> measure(Step step) throws IOException, InterruptedException {
        List<Run> runs = new ArrayList<>();
        List<Entrant> takingPart = takingPart(step);
        for (int round = hasUnrecordedRound(step) ? 0 : 1; round <= options.rounds(); round++) {
            String turn = step.info().id() + ", " + (round == 0 ? "round that does not count" : "round " + round);
            for (Entrant entrant : takingPart) {
                Run run = takeTurn(step, entrant, round, turn);
                if (run != null && round > 0) runs.add(run);
            }
        }
        contest.dismissEnded("the end of " + step.info().id());
        return runs;
    }

    /** Null when the target has ended, before or meanwhile. */
    private @Nullable Run takeTurn(Step step, Entrant entrant, int round, String turn)
            throws IOException, InterruptedException {
        contest.dismissEnded(turn);
        if (!contest.entrants().contains(entrant)) {
            progress.skip(planned(step));
            return null;
        }
        progress.next(turn + ", " + entrant.target().name(), planned(step));
        Run run = null;
        try {
            run = measure(step, entrant, round);
        } catch (TargetEnded e) {
            contest.lose(entrant, e, turn);
        }
        progress.done();
        return run;
    }

    private Run measure(Step step, Entrant entrant, int round) throws IOException, InterruptedException, TargetEnded {
        return switch (step) {
            case Step.Load load -> measure(load, entrant, round);
            case Step.Idle idle ->
                new IdleTrial(idle, contest, proc, progress, options.duration()).measure(entrant.target(), round);
        };
    }

    private Run measure(Step.Load step, Entrant entrant, int round) throws IOException, TargetEnded {
        Doors doors = entrant.started().doors();
        LoadPlan measured = step.shape().toPlan(doors, settling, options.duration());
        List<LoadPlan> beside = new ArrayList<>();
        for (LoadShape shape : step.beside())
            beside.add(shape.toPlan(doors, Duration.ZERO, settling.plus(options.duration())));
        MemoryMoment moment = step.wantsMemory() ? MemoryMoment.AT_THE_END : MemoryMoment.NEVER;
        try (Gauge gauge = new Gauge(proc, entrant.started().process().pid(), moment, 0, progress)) {
            Outcome outcome = contest.measure(entrant.started(), new Order(measured, beside), gauge);
            return Measurement.of(step.info(), entrant.target().name(), round, outcome, gauge, loadProcessors);
        }
    }
}
