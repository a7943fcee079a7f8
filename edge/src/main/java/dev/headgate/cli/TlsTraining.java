package dev.headgate.cli;

import dev.headgate.cli.Launcher.RunningProxy;
import dev.headgate.cli.demo.SampleCrowd;
import dev.headgate.cli.demo.SampleOrigin;
import dev.headgate.cli.demo.SampleVisitor;
import dev.headgate.config.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The part of a training that has to do with TLS and HTTP/2: one proxy speaks them to clients, and others, whose clients do without, speak them to the first. So both
 * sides are trained, and no client but the proxy itself needs TLS. Most handshakes are those of the warm-up, which makes whole ones too.
 */
final class TlsTraining {
    private static final int REQUESTS = 600;
    private static final int REQUESTS_WITH_HANDSHAKE = 100;

    private static final String TERMINATING = """
            version: 1
            warmUp: 6s
            listeners:
              - {name: web, address: "127.0.0.1:0", tls: internal}
            """;

    private static final String ENCRYPTING = """
            version: 1
            loops: 1
            log: {access: off}
            listeners:
              - {name: web, address: "127.0.0.1:0"}
              - {name: impatient, address: "127.0.0.1:0", timeouts: {header: 200ms, keepAlive: 200ms}}
            upstreams:
              secure: {endpoints: "${SECURE}", protocol: "${PROTOCOL}", pool: {idle: "${IDLE}"}, tls: {verify: off}}
            routes: [{to: secure}]
            """;
    private static final String NONE = "0";
    private static final String MANY = "64";
    private static final String HTTP_1_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private final Surroundings surroundings;
    private final Console console;
    private final ProxyRun run;
    private final Path folder;
    private int visited;

    /** @param folder of its own, for what is written meanwhile */
    TlsTraining(Surroundings surroundings, Console console, ProxyRun run, Path folder) {
        this.surroundings = surroundings;
        this.console = console;
        this.run = run;
        this.folder = folder;
    }

    /** Returns the exit code of the program. */
    int execute(SampleOrigin one, SampleOrigin two) throws IOException {
        Environment origins = DemoCommand.environment(0, 0, one, two);
        int exitCode = execute(
                "terminating",
                TERMINATING + DemoCommand.ROUTES + TrainCommand.WIDENED,
                origins,
                this::visitThroughOthers);
        return exitCode == ExitCode.FINE && visited == 3 ? ExitCode.FINE : ExitCode.FAILED;
    }

    private int execute(String name, String config, Environment environment, ProxyRun.WhenReady whenReady)
            throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, config);
        return new RunCommand(environment, surroundings, console, run)
                .execute(file.toString(), folder.toString(), whenReady);
    }

    private void visitThroughOthers(RunningProxy terminating) {
        try {
            String secure = terminating.listeners().getFirst().address();
            encrypt(secure, HTTP_1_1, MANY, this::visit);
            encrypt(secure, HTTP_2, MANY, this::visit);
            encrypt(secure, HTTP_1_1, NONE, this::visitWithHandshakes);
            terminating.warmUp();
        } catch (IOException e) {
            fail(e);
        } finally {
            end(terminating);
        }
    }

    /** @param idle connections that are kept */
    private void encrypt(String secure, String protocol, String idle, ProxyRun.WhenReady whenReady) throws IOException {
        execute(
                "encrypting",
                ENCRYPTING + TrainCommand.WIDENED,
                Environment.of(Map.of("SECURE", secure, "PROTOCOL", protocol, "IDLE", idle)),
                whenReady);
    }

    private void visit(RunningProxy encrypting) {
        try {
            int port = TrainCommand.portOf(encrypting.listeners().getFirst());
            new SampleVisitor(port).visit(REQUESTS);
            new SampleCrowd(port, TrainCommand.portOf(encrypting.listeners().getLast())).visit();
            visited++;
        } catch (IOException e) {
            fail(e);
        } finally {
            end(encrypting);
        }
    }

    private void visitWithHandshakes(RunningProxy encrypting) {
        try {
            new SampleVisitor(TrainCommand.portOf(encrypting.listeners().getFirst())).visit(REQUESTS_WITH_HANDSHAKE);
            visited++;
        } catch (IOException e) {
            fail(e);
        } finally {
            end(encrypting);
        }
    }

    private static void end(RunningProxy proxy) {
        proxy.drain(DRAIN_LIMIT);
        proxy.close();
    }

    private void fail(IOException e) {
        TrainCommand.fail(console, e);
    }
}
