package dev.headgate.bench.run;

import dev.headgate.bench.machine.MachineFacts;
import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.machine.Placement;
import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.report.Report;
import dev.headgate.bench.report.ResultFolder;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.result.Setup;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.scenario.Plan;
import dev.headgate.bench.scenario.Step;
import dev.headgate.bench.target.BenchCertificate;
import dev.headgate.bench.target.DirectTarget;
import dev.headgate.bench.target.FoundProgram;
import dev.headgate.bench.target.HeadgateProgram;
import dev.headgate.bench.target.JavaCommand;
import dev.headgate.bench.target.OriginProcess;
import dev.headgate.bench.target.Processes;
import dev.headgate.bench.target.Target;
import dev.headgate.bench.target.Target.Host;
import dev.headgate.bench.worker.Worker;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Measures all targets: each step with one target after another, round by round (A B C A B C), so that whatever the machine
 * does meanwhile meets all of them alike. The first round does not count.
 */
public final class Bench {
    /** Of origin and generator. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xmx512m",
            "-XX:MaxDirectMemorySize=512m",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr");

    private static final String WORKER = "dev.headgate.bench.worker.WorkerMain";

    private final Options options;
    private final ResultFolder folder;
    private final PrintStream out;
    private final ProgressLine progress;
    private final ProcFiles proc = ProcFiles.ofThisMachine();
    private final Placement placement;
    private final List<String> notes = new ArrayList<>();

    /** A bench that has not begun. */
    public Bench(Options options, ResultFolder folder, PrintStream out, ProgressLine progress) {
        this.options = options;
        this.folder = folder;
        this.out = out;
        this.progress = progress;
        this.placement = new Placement(FoundProgram.locate("taskset").orElse(null), proc.allowedCpus());
    }

    /**
     * Does it all. Tables go to standard output as they become complete, files into the folder for results.
     *
     * @return what did not go well all the same, in words
     * @throws ResultFolder.NotWritable when results cannot be written
     * @throws IOException when a program does not start, or origin or load generator end before their time
     */
    public List<String> run() throws IOException, InterruptedException {
        Lineup lineup = Lineup.of(options, HeadgateProgram.ofThisProcess(), placement);
        notes.addAll(lineup.notes());
        Capacity capacity = Capacity.of(options, proc.openFilesMax());
        notes.addAll(capacity.notes());
        Plan made = Plan.of(options.scenarios(), capacity.sizes());
        notes.addAll(made.notes());
        notes.addAll(inabilities(made.steps(), lineup.targets()));
        notes.forEach(progress::remark);
        List<Step> plan = made.steps();
        if (lineup.targets().isEmpty() || plan.isEmpty()) throw new IOException("there is nothing to measure");
        int connections = capacity.sizes().connections();
        List<String> prefix = placement.forLoad(options.loops());
        List<String> command = new ArrayList<>(prefix);
        command.addAll(JavaCommand.of(WORKER, FLAGS));
        try (Processes processes = Processes.create();
                Worker worker = Worker.start(command)) {
            return run(lineup, plan, connections, processes, worker, prefix);
        } finally {
            progress.clear();
        }
    }

    private List<String> run(
            Lineup lineup, List<Step> plan, int connections, Processes processes, Worker worker, List<String> prefix)
            throws IOException, InterruptedException {
        try {
            Host host = new Host(processes, OriginProcess.start(processes, prefix, FLAGS));
            Contest contest = new Contest(host, worker, certificate(plan, processes), progress);
            contest.start(lineup.targets(), connectionsMax(plan, connections), abilities(plan));
            contest.warmUp(WarmUp.of(plan, connections), options.warmUp());
            int loadProcessors = placement.processorsForLoad(options.loops());
            Rounds rounds = new Rounds(options, contest, proc, progress, loadProcessors);
            return measure(plan, rounds, contest, setup(lineup));
        } catch (IOException e) {
            // A signal from the terminal ends the others as well: that is not what went wrong.
            throw processes.isEnding() ? new IOException("ended by a signal", e) : e;
        }
    }

    /** Who has no part in which scenario, and why; of the origin itself nobody expects one in all of them. */
    static List<String> inabilities(List<Step> plan, List<Target> targets) {
        Set<String> notes = new LinkedHashSet<>();
        for (Target target : targets) {
            if (target instanceof DirectTarget) continue;
            for (Step step : plan) {
                notes.addAll(inabilities(step, target));
            }
        }
        return List.copyOf(notes);
    }

    private static List<String> inabilities(Step step, Target target) {
        return step.needs().stream()
                .filter(ability -> !target.can(Set.of(ability)))
                .map(ability -> target.name() + " is left out of " + step.info().scenario() + ": it does not speak "
                        + ability.words())
                .toList();
    }

    private static Set<Ability> abilities(List<Step> plan) {
        return plan.stream().flatMap(step -> step.needs().stream()).collect(Collectors.toSet());
    }

    private static @Nullable BenchCertificate certificate(List<Step> plan, Processes processes) throws IOException {
        boolean isTls = plan.stream().anyMatch(step -> step.protection().isTls());
        return isTls ? BenchCertificate.make(processes.folderOf("certificate")) : null;
    }

    /** Of the targets that run all the time. */
    private static int connectionsMax(List<Step> plan, int usual) {
        return plan.stream()
                .filter(step -> step instanceof Step.Load)
                .mapToInt(Step::connectionsMax)
                .reduce(usual, Math::max);
    }

    /** Reports after each step, so that there is something to look at early, and something left after Ctrl-C. */
    private List<String> measure(List<Step> plan, Rounds rounds, Contest contest, Setup setup)
            throws IOException, InterruptedException {
        List<StepInfo> steps = new ArrayList<>();
        List<Run> runs = new ArrayList<>();
        boolean isWithoutErrors = true;
        rounds.announce(plan);
        for (Step step : plan) {
            if (contest.entrants().isEmpty()) break;
            runs.addAll(rounds.measure(step));
            steps.add(step.info());
            Report report = new Report(new Results(setup.withNotes(contest.losses()), steps, runs));
            isWithoutErrors = report.isWithoutErrors();
            progress.clear();
            out.print(report.table(step.info()));
            out.flush();
            report.write(folder);
        }
        List<String> complaints = new ArrayList<>(contest.losses());
        if (!isWithoutErrors) complaints.add("some requests failed that should not have; see the errors column");
        return complaints;
    }

    private Setup setup(Lineup lineup) {
        List<Fact> facts = new ArrayList<>(MachineFacts.read(proc));
        facts.add(new Fact("placement", placement.describe(options.loops())));
        facts.add(new Fact("loops, workers or threads of each proxy", String.valueOf(options.loops())));
        facts.add(new Fact("rounds", options.rounds() + ", interleaved, after one that does not count"));
        facts.add(new Fact("each measurement", inWords(options.duration())));
        facts.add(new Fact("JDK", System.getProperty("java.vm.vendor") + ", " + Runtime.version()));
        List<TargetInfo> targets = lineup.targets().stream()
                .map(target -> new TargetInfo(target.name(), target.version()))
                .toList();
        return new Setup(Instant.now(), options.commandLine(), facts, targets, notes);
    }

    private static String inWords(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
