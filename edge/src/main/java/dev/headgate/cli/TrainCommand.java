package dev.headgate.cli;

import dev.headgate.cli.Launcher.BoundListener;
import dev.headgate.cli.Launcher.RunningProxy;
import dev.headgate.cli.demo.SampleCrowd;
import dev.headgate.cli.demo.SampleOrigin;
import dev.headgate.cli.demo.SampleVisitor;
import dev.headgate.config.source.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code headgate train}: does once what every later start does, and what clients do to it later, so that an AOT cache made
 * of this run holds all of it. It runs the demo's configuration from a file, visits it, drains it, and ends in good order.
 *
 * <p>The visits are many and of all kinds because the cache also holds profiles: code that the JVM compiles by them is
 * thrown away and compiled anew, under load, as soon as something happens that never happened here.
 */
final class TrainCommand {
    static final String NAME = "train";

    private static final int REQUESTS = 600;

    /** A listener whose patience ends within the training. */
    private static final String IMPATIENT = """
              - name: impatient
                address: "${LISTEN}"
                timeouts: {header: 200ms, keepAlive: 200ms}
            """;

    /** A size, and limits beyond their defaults: reading the one and warning of the others is trained as well. */
    private static final String WIDENED = "limits: {connections: 60000, connectionsPerPrefix: 1024, memory: 256MiB}\n";

    /** What a proxy does with access log and several loops is trained, and what one does without. */
    private static final List<String> VARIANTS = List.of("", "loops: 1\nlog: {access: off}\n");

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private final Surroundings surroundings;
    private final Console console;
    private final ProxyRun run;
    private int visited;

    TrainCommand(Surroundings surroundings, Console console, ProxyRun run) {
        this.surroundings = surroundings;
        this.console = console;
        this.run = run;
    }

    int execute() {
        try (SampleOrigin one = SampleOrigin.start("one");
                SampleOrigin two = SampleOrigin.start("two")) {
            RunCommand command = new RunCommand(DemoCommand.environment(0, 0, one, two), surroundings, console, run);
            for (String variant : VARIANTS) {
                int exitCode = execute(command, variant);
                if (exitCode != ExitCode.FINE) return exitCode;
            }
            return visited == VARIANTS.size() ? ExitCode.FINE : ExitCode.FAILED;
        } catch (IOException e) {
            return fail(e);
        }
    }

    private int execute(RunCommand command, String variant) throws IOException {
        Path file = Files.createTempFile("headgate-train", ".yaml");
        try {
            Files.writeString(file, DemoCommand.LISTENERS + IMPATIENT + DemoCommand.ROUTES + WIDENED + variant);
            return command.execute(file.toString(), "", this::visit);
        } finally {
            Files.delete(file);
        }
    }

    private void visit(RunningProxy proxy) {
        try {
            int port = portOf(proxy.listeners().getFirst());
            new SampleVisitor(port).visit(REQUESTS);
            new SampleCrowd(port, portOf(proxy.listeners().getLast())).visit();
            visited++;
        } catch (IOException e) {
            fail(e);
        } finally {
            proxy.drain(DRAIN_LIMIT);
            proxy.close();
        }
    }

    private int fail(IOException e) {
        console.fail(ProblemCode.START_FAILED, "training failed: " + e.getMessage());
        return ExitCode.FAILED;
    }

    private static int portOf(BoundListener listener) {
        String address = listener.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
