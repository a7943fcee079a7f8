package dev.headgate.bench.fault.run;

import dev.headgate.bench.fault.Act;
import dev.headgate.bench.fault.Evidence;
import dev.headgate.bench.fault.Fault;
import dev.headgate.bench.fault.FaultFigures;
import dev.headgate.bench.fault.FaultRun;
import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.machine.MachineFacts;
import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.report.FaultReport;
import dev.headgate.bench.report.ResultFolder;
import dev.headgate.bench.result.Setup;
import dev.headgate.bench.result.TargetInfo;
import dev.headgate.bench.run.ProgressLine;
import dev.headgate.bench.scenario.Doors;
import dev.headgate.bench.target.FoundProgram;
import dev.headgate.bench.target.HeadgateProgram;
import dev.headgate.bench.target.JavaCommand;
import dev.headgate.bench.target.Processes;
import dev.headgate.bench.target.ProxyTarget;
import dev.headgate.bench.target.Recipes;
import dev.headgate.bench.target.Target.Host;
import dev.headgate.bench.target.Target.Needs;
import dev.headgate.bench.target.Target.Started;
import dev.headgate.bench.worker.Worker;
import dev.headgate.bench.worker.WorkerMain;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plays all scenarios: each with one proxy after another, which is started anew for it, so that nobody remembers what an origin has done
 * before. Origins and load generator stay.
 */
public final class FaultBench {
    private static final String OURS = "headgate";

    /** Of origins and generator. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=256m",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr");

    private final FaultOptions options;
    private final ResultFolder folder;
    private final PrintStream out;
    private final ProgressLine progress;
    private final ProcFiles proc = ProcFiles.ofThisMachine();
    private final List<String> notes = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<FaultRun> runs = new ArrayList<>();

    /** A bench that has not begun. */
    public FaultBench(FaultOptions options, ResultFolder folder, PrintStream out, ProgressLine progress) {
        this.options = options;
        this.folder = folder;
        this.out = out;
        this.progress = progress;
    }

    /**
     * Does it all. Tables go to standard output as they become complete, files into the folder for results.
     *
     * @return what did not go as it should with Headgate, in words
     * @throws ResultFolder.NotWritable when results cannot be written
     * @throws IOException when a program does not start, or origins or load generator end before their time
     */
    public List<String> run() throws IOException, InterruptedException {
        try (Processes processes = Processes.create();
                Worker worker = Worker.start(JavaCommand.of(WorkerMain.class.getName(), FLAGS))) {
            FaultOrigins origins = FaultOrigins.start(processes, FLAGS);
            List<FaultScenario> scenarios = scenarios();
            List<ProxyTarget> targets = targets(new Backends(origins.addresses(), Optional.empty()));
            notes.forEach(progress::remark);
            if (targets.isEmpty() || scenarios.isEmpty()) throw new IOException("there is nothing to measure");
            play(scenarios, targets, origins, processes, worker);
            return complaints;
        } finally {
            progress.clear();
        }
    }

    // ---- who takes part

    /** Those that can be played here. */
    private List<FaultScenario> scenarios() {
        if (NameServer.isInstalled()) return options.scenarios();
        List<FaultScenario> playable = options.scenarios().stream()
                .filter(scenario -> !scenario.isByName())
                .toList();
        if (playable.size() < options.scenarios().size()) {
            notes.add(Fault.DNS.key() + " is left out: " + NameServer.PROGRAM + " is not installed");
        }
        return playable;
    }

    private List<ProxyTarget> targets(Backends backends) throws InterruptedException {
        List<ProxyTarget> targets = new ArrayList<>();
        for (String name : options.targets()) {
            try {
                ProxyTarget target = target(name, backends);
                target.prepare();
                targets.add(target);
            } catch (IOException e) {
                notes.add(e.getMessage() + ", and is left out");
            }
        }
        if (proc.failedConnects().isEmpty()) {
            notes.add("connects that are refused cannot be counted on this system");
        }
        return targets;
    }

    private ProxyTarget target(String name, Backends backends) throws IOException, InterruptedException {
        HeadgateProgram headgate = HeadgateProgram.ofThisProcess();
        FoundProgram found = name.equals(OURS) ? headgate.asFound() : FoundProgram.find(name, "-v");
        ProxyTarget.Recipe recipe = switch (name) {
            case OURS -> FaultRecipes.headgate(headgate, options.javaOptions(), backends);
            case "nginx" -> FaultRecipes.nginx(Recipes.nginx(found), backends);
            case "haproxy" -> FaultRecipes.haproxy(Recipes.haproxy(found), backends);
            default -> throw new IllegalStateException("no such target: " + name);
        };
        return new ProxyTarget(name, found.version(), options.loops(), List.of(), recipe);
    }

    // ---- what they do

    private void play(
            List<FaultScenario> scenarios,
            List<ProxyTarget> targets,
            FaultOrigins origins,
            Processes processes,
            Worker worker)
            throws IOException, InterruptedException {
        Setup setup = setup(targets);
        announce(scenarios, targets);
        for (FaultScenario scenario : scenarios) {
            for (ProxyTarget target : targets) {
                progress.next(scenario.key() + ", " + target.name(), planned(scenario));
                if (scenario.isByName()) {
                    playByName(scenario, target, origins, processes, worker);
                } else {
                    play(scenario, target, origins, origins, processes, worker);
                }
                progress.done();
            }
            FaultReport report =
                    new FaultReport(setup.withNotes(complaints), options.times(), options.ratePerSecond(), runs);
            progress.clear();
            out.print(report.table(scenario));
            out.flush();
            report.write(folder);
        }
    }

    /** With a name server of its own, and the target configured to ask it. */
    private void playByName(
            FaultScenario scenario, ProxyTarget target, FaultOrigins origins, Processes processes, Worker worker)
            throws IOException, InterruptedException {
        try (NameServer names = NameServer.start(processes, named(origins, 0))) {
            Director.Stage stage = (origin, act) -> {
                if (act == Act.NAME) {
                    names.lead(named(origins, origin));
                } else {
                    origins.play(origin, act);
                }
            };
            Backends backends = new Backends(origins.addresses(), Optional.of(names.port()));
            play(scenario, target(target.name(), backends), origins, stage, processes, worker);
        }
    }

    private static List<InetAddress> named(FaultOrigins origins, int first) {
        return origins.addresses().subList(first, first + FaultScenario.NAMED).stream()
                .map(InetSocketAddress::getAddress)
                .toList();
    }

    private void play(
            FaultScenario scenario,
            ProxyTarget target,
            FaultOrigins origins,
            Director.Stage stage,
            Processes processes,
            Worker worker)
            throws IOException, InterruptedException {
        int port = origins.addresses().getFirst().getPort();
        // Of an origin, targets want to know the port alone; the rest is in their recipes.
        Host host = new Host(processes, new Started(Doors.plain(port), origins.any()));
        Started proxy = target.start(host, new Needs(options.connections(), null, Set.of()));
        TargetInfo info = new TargetInfo(target.name(), target.version());
        try {
            Evidence evidence = new FaultTrial(options, scenario, origins, stage, proxy, proc, progress).run(worker);
            FaultFigures figures = FaultFigures.of(scenario, options.times(), options.ratePerSecond(), evidence);
            FaultRun run = new FaultRun(scenario, info, figures, evidence.load().examples());
            runs.add(run);
            if (target.name().equals(OURS)) run.complaint().ifPresent(complaints::add);
        } catch (IOException e) {
            if (processes.isEnding()) throw new IOException("ended by a signal", e);
            if (proxy.process().isRunning()) throw e;
            complaints.add(scenario.key() + ": " + target.name() + " has no figures, " + e.getMessage());
            origins.renew();
        } finally {
            target.stop(host, proxy);
        }
    }

    private void announce(List<FaultScenario> scenarios, List<ProxyTarget> targets) {
        Duration planned = Duration.ZERO;
        for (FaultScenario scenario : scenarios) planned = planned.plus(planned(scenario));
        progress.begin(scenarios.size() * targets.size(), planned.multipliedBy(targets.size()));
    }

    private Duration planned(FaultScenario scenario) {
        return options.times().warmUp().plus(scenario.duration(options.times()));
    }

    private Setup setup(List<ProxyTarget> targets) {
        List<Fact> facts = new ArrayList<>(MachineFacts.read(proc));
        facts.add(new Fact("placement", "proxy, origins and load share all processors"));
        facts.add(new Fact("loops, workers or threads of each proxy", String.valueOf(options.loops())));
        facts.add(new Fact("JDK", System.getProperty("java.vm.vendor") + ", " + Runtime.version()));
        List<TargetInfo> infos = targets.stream()
                .map(target -> new TargetInfo(target.name(), target.version()))
                .toList();
        return new Setup(Instant.now(), options.commandLine(), facts, infos, notes);
    }
}
