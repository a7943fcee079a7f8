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
import java.util.stream.Stream;

/**
 * {@code headgate train}: does once what every later start does, and what clients do to it later, so that an AOT cache made
 * of this run holds all of it. It runs the demo's configuration from a file, visits it, drains it, and ends in good order.
 * With {@code train tls} the same is then done over TLS: a cache of its own, since each class in a cache makes starts slower.
 *
 * <p>The visits are many and of all kinds because the cache also holds profiles: code that the JVM compiles by them is
 * thrown away and compiled anew, under load, as soon as something happens that never happened here.
 */
final class TrainCommand {
    static final String NAME = "train";
    static final String PLAIN = "plain";
    static final String TLS = "tls";

    private static final int REQUESTS = 600;

    /** A listener whose patience ends within the training. */
    private static final String IMPATIENT = """
              - name: impatient
                address: "${LISTEN}"
                timeouts: {header: 200ms, keepAlive: 200ms}
            """;

    /** A size, and limits beyond their defaults: reading the one and warning of the others is trained as well. */
    static final String WIDENED = "limits: {connections: 60000, connectionsPerPrefix: 1024, memory: 256MiB}\n";

    /** What a proxy does with access log and several loops is trained, and what one does without. */
    private static final List<String> VARIANTS = List.of("", "loops: 1\nlog: {access: off}\n");

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private final Surroundings surroundings;
    private final Console console;
    private final ProxyRun run;
    private final boolean isTlsTrained;
    private int visited;

    TrainCommand(Surroundings surroundings, Console console, ProxyRun run, boolean isTlsTrained) {
        this.surroundings = surroundings;
        this.console = console;
        this.run = run;
        this.isTlsTrained = isTlsTrained;
    }

    /** Whether these arguments are those of a training, which is done without the library that understands all others. */
    static boolean isMeant(String[] args) {
        return args.length > 0 && args[0].equals(NAME) && (args.length == 1 || args.length == 2 && args[1].equals(TLS));
    }

    int execute() {
        try (SampleOrigin one = SampleOrigin.start("one");
                SampleOrigin two = SampleOrigin.start("two")) {
            RunCommand command = new RunCommand(DemoCommand.environment(0, 0, one, two), surroundings, console, run);
            for (String variant : VARIANTS) {
                int exitCode = execute(command, variant);
                if (exitCode != ExitCode.FINE) return exitCode;
            }
            if (visited != VARIANTS.size()) return ExitCode.FAILED;
            return isTlsTrained ? executeTls(one, two) : ExitCode.FINE;
        } catch (IOException e) {
            return fail(console, e);
        }
    }

    private int executeTls(SampleOrigin one, SampleOrigin two) throws IOException {
        Path folder = Files.createTempDirectory("headgate-train");
        try {
            return new TlsTraining(surroundings, console, run, folder).execute(one, two);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) Files.delete(file);
            }
            Files.delete(folder);
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
            fail(console, e);
        } finally {
            proxy.drain(DRAIN_LIMIT);
            proxy.close();
        }
    }

    static int fail(Console console, IOException e) {
        console.fail(ProblemCode.START_FAILED, "training failed: " + e.getMessage());
        return ExitCode.FAILED;
    }

    static int portOf(BoundListener listener) {
        String address = listener.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
