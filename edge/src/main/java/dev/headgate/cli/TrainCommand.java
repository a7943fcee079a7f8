package dev.headgate.cli;

import dev.headgate.cli.Launcher.RunningProxy;
import dev.headgate.cli.demo.SampleOrigin;
import dev.headgate.cli.demo.SampleVisitor;
import dev.headgate.config.source.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code headgate train}: does once what every later start does, so that an AOT cache made of this run holds all of it. It
 * runs the demo's configuration from a file, visits it, drains it, and ends in good order.
 */
final class TrainCommand {
    static final String NAME = "train";

    private static final int REQUESTS = 2000;

    /** A size, and limits beyond their defaults: reading the one and warning of the others is trained as well. */
    private static final String WIDENED = "limits: {connections: 60000, connectionsPerPrefix: 1024, memory: 256MiB}\n";

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private final Surroundings surroundings;
    private final Console console;
    private final ProxyRun run;
    private boolean visited;

    TrainCommand(Surroundings surroundings, Console console, ProxyRun run) {
        this.surroundings = surroundings;
        this.console = console;
        this.run = run;
    }

    int execute() {
        try (SampleOrigin one = SampleOrigin.start("one");
                SampleOrigin two = SampleOrigin.start("two")) {
            Path file = Files.createTempFile("headgate-train", ".yaml");
            try {
                Files.writeString(file, DemoCommand.CONFIGURATION + WIDENED);
                RunCommand command = new RunCommand(DemoCommand.environment(0, one, two), surroundings, console, run);
                int exitCode = command.execute(file.toString(), this::visit);
                return exitCode == ExitCode.FINE && !visited ? ExitCode.FAILED : exitCode;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            return fail(e);
        }
    }

    private void visit(RunningProxy proxy) {
        try {
            new SampleVisitor(portOf(proxy)).visit(REQUESTS);
            visited = true;
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

    private static int portOf(RunningProxy proxy) {
        String address = proxy.listeners().getFirst().address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
