package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Plan;
import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.scenario.Sizes;
import dev.headgate.bench.scenario.Step;
import dev.headgate.bench.target.DirectTarget;
import dev.headgate.bench.target.HeadgateProgram;
import dev.headgate.bench.target.JavaCommand;
import dev.headgate.bench.target.OriginProcess;
import dev.headgate.bench.target.Processes;
import dev.headgate.bench.target.ProxySetup;
import dev.headgate.bench.target.ProxyTarget;
import dev.headgate.bench.target.Recipes;
import dev.headgate.bench.target.Target;
import dev.headgate.bench.target.Target.Host;
import dev.headgate.bench.worker.Worker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A target that ends by itself, killed by the test when the bench says on its terminal that it is at a certain point. */
@Timeout(120)
class LostTargetIT {
    private static final Sizes SIZES = new Sizes(4, List.of(100), 20, 20, 20, 18, 100, 100, 2);

    private final Target direct = new DirectTarget("origin");
    private final Target mortal = new ProxyTarget(
            "mortal",
            "it",
            1,
            List.of(),
            Recipes.headgate(HeadgateProgram.ofThisProcess(), List.of(), Map.of(), Optional.empty()));

    private Processes processes;
    private Worker worker;
    private Contest contest;
    private ProgressLine progress;
    private String killAt = "never";
    private long pid;

    @BeforeEach
    void start() throws Exception {
        processes = Processes.create();
        worker = Worker.start(JavaCommand.of("dev.headgate.bench.worker.WorkerMain", List.of("-Xmx128m")));
        Host host = new Host(processes, OriginProcess.start(processes, List.of(), List.of("-Xmx128m")));
        progress = new ProgressLine(new Terminal(), true, System::nanoTime);
        contest = new Contest(host, worker, null, progress);
    }

    @AfterEach
    void stop() {
        worker.close();
        processes.close();
    }

    /** Kills when the text comes. */
    private final class Terminal extends PrintStream {
        Terminal() {
            super(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        }

        @Override
        public void print(String text) {
            if (text.contains(killAt)) ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private void enter(Target... targets) throws Exception {
        contest.start(List.of(targets), 100, Set.of());
        pid = contest.entrants().getLast().started().process().pid();
    }

    private List<Run> measure(Scenario scenario, int rounds, Duration duration) throws Exception {
        Options options = new Options(
                List.of(scenario),
                List.of(),
                List.of(),
                rounds,
                duration,
                Duration.ofMillis(100),
                List.of(100),
                4,
                20,
                18,
                1,
                List.of(),
                Path.of("out"),
                "");
        Step step = Plan.of(List.of(scenario), SIZES).steps().getFirst();
        return new Rounds(options, contest, ProcFiles.ofThisMachine(), progress, 1).measure(step);
    }

    private void assertLost(String when) {
        assertEquals(1, contest.losses().size(), contest.losses().toString());
        String loss = contest.losses().getFirst();
        String expected = "mortal is left out from " + when
                + " on: it has ended by itself with exit code 137 (signal 9); it said";
        assertTrue(loss.startsWith(expected), loss);
    }

    @Test
    void isNoticedInTheMiddleOfItsMeasurement() throws Exception {
        enter(mortal);
        killAt = "throughput, round that does not count, mortal: measuring";
        // If it were not, this would go on for ten minutes.
        assertEquals(List.of(), measure(Scenario.THROUGHPUT, 1, Duration.ofMinutes(10)));
        assertLost("throughput, round that does not count");
        assertEquals(List.of(), contest.entrants());
    }

    @Test
    void isNoticedInTheWarmUp() throws Exception {
        enter(mortal);
        killAt = "warming up";
        contest.warmUp(List.of(LoadShape.usual(4)), Duration.ofMinutes(10));
        assertLost("the warm-up");
    }

    @Test
    void keepsItsRunsAndTheOthersGoOn() throws Exception {
        enter(direct, mortal);
        killAt = "round 2, direct";
        List<String> runs = measure(Scenario.THROUGHPUT, 3, Duration.ofMillis(100)).stream()
                .map(run -> run.target() + " " + run.round())
                .toList();
        assertEquals(List.of("direct 1", "mortal 1", "direct 2", "direct 3"), runs);
        assertLost("throughput, round 2");
    }

    @Test
    void oneThatCannotBeStartedAnewIsLeftOut() throws Exception {
        Target once = new ProxyTarget("once", "it", 1, List.of(), new OnceRecipe());
        enter(direct, once);
        assertEquals(List.of(), measure(Scenario.IDLE, 1, Duration.ofMillis(100)));
        String loss = contest.losses().getFirst();
        assertTrue(loss.startsWith("once is left out from idle, round 1 on: it could not be started anew: "), loss);
        assertEquals(1, contest.entrants().size());
    }

    /** That of a program which starts once only. */
    private static final class OnceRecipe implements ProxyTarget.Recipe {
        private final ProxyTarget.Recipe proxy =
                Recipes.headgate(HeadgateProgram.ofThisProcess(), List.of(), Map.of(), Optional.empty());
        private boolean isStarted;

        @Override
        public Set<Ability> abilities() {
            return Set.of();
        }

        @Override
        public String fileName() {
            return proxy.fileName();
        }

        @Override
        public String configuration(ProxySetup setup) {
            return proxy.configuration(setup);
        }

        @Override
        public List<String> command(Path file) {
            if (isStarted) return List.of("/bin/sh", "-c", "echo not again; exit 1");
            isStarted = true;
            return proxy.command(file);
        }
    }

    @Test
    void withoutTheOriginNobodyGoesOn() throws Exception {
        enter(direct);
        killAt = "throughput, round that does not count, direct: measuring";
        String message = assertThrows(IOException.class, () -> measure(Scenario.THROUGHPUT, 1, Duration.ofMinutes(10)))
                .getMessage();
        assertTrue(message.startsWith("the origin has ended by itself with exit code 137 (signal 9)"), message);
    }
}
