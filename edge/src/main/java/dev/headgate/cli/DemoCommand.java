package dev.headgate.cli;

import dev.headgate.cli.Launcher.BoundListener;
import dev.headgate.cli.demo.SampleOrigin;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.StateFolder;
import dev.headgate.config.source.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code headgate demo}: a proxy before two sample origins. */
final class DemoCommand {
    static final int DEFAULT_PORT = 8080;
    static final int DEFAULT_TLS_PORT = 8443;

    /** The demo's configuration as far as its listener; others may follow. The environment is that of {@link #environment}. */
    static final String LISTENERS = """
            version: 1
            listeners:
              - {name: web, address: "${LISTEN}"}
            """;

    /** A second listener, with a certificate of the proxy's own making. */
    private static final String SECURE_LISTENER = """
              - {name: secure, address: "${LISTEN_TLS}", tls: internal}
            """;

    /** The rest of the demo's configuration. */
    static final String ROUTES = """
            upstreams:
              one: {endpoints: "${ORIGIN_ONE}"}
              two: {endpoints: "${ORIGIN_TWO}"}
              both: {endpoints: ["${ORIGIN_ONE}", "${ORIGIN_TWO}"]}
            routes:
              - {name: one, match: {path: /one/**}, to: one}
              - {name: two, match: {path: /two/**}, headers: {response: {set: {x-origin: two}}}, to: two}
              - {name: both, match: {path: [/both/**, /big]}, to: both}
              - {name: hello, match: {path: [/, /hello]}, respond: {body: "Hello from Headgate.\\n"}}
              - {name: old, match: {path: /old/**}, redirect: {stripPrefix: /old, addPrefix: /one}}
            """;

    private final Console console;
    private final ProxyRun run;

    DemoCommand(Console console, ProxyRun run) {
        this.console = console;
        this.run = run;
    }

    /** @param state where the certificate is kept; one that cannot be written is done without */
    int execute(int port, int tlsPort, Path state) {
        try (SampleOrigin one = SampleOrigin.start("one");
                SampleOrigin two = SampleOrigin.start("two")) {
            Environment environment = environment(port, tlsPort, one, two);
            ProxyConfig config = ConfigLoader.parse("demo", LISTENERS + SECURE_LISTENER + ROUTES, environment)
                    .orThrow();
            return run.run(config, new StateFolder(state, false), proxy -> printHints(proxy.listeners(), state));
        } catch (IOException e) {
            console.fail(ProblemCode.START_FAILED, "the sample origins cannot start: " + e.getMessage());
            return ExitCode.ENVIRONMENT;
        }
    }

    static Environment environment(int port, int tlsPort, SampleOrigin one, SampleOrigin two) {
        return Environment.of(Map.of(
                "LISTEN",
                "127.0.0.1:" + port,
                "LISTEN_TLS",
                "127.0.0.1:" + tlsPort,
                "ORIGIN_ONE",
                one.address(),
                "ORIGIN_TWO",
                two.address()));
    }

    private void printHints(List<BoundListener> listeners, Path state) {
        String base = "http://" + listeners.getFirst().address();
        console.err().println("Two sample origins stand behind it. Try:");
        console.err().println("  curl -i " + base + "/one/          what origin one receives");
        console.err().println("  curl -i " + base + "/both/         either of two, as load has it");
        console.err().println("  curl -d hello " + base + "/two/form  a request with content");
        console.err().println("  curl -i " + base + "/hello         an answer of the proxy itself");
        console.err().println("  curl -iL " + base + "/old/page     a redirect");
        console.err().println("  curl -o big " + base + "/big       1 MiB in chunks");
        console.err()
                .println("  curl -i " + trust(state) + " https://localhost:" + portOf(listeners.getLast())
                        + "/one/  the same by TLS");
        console.err().println("Ctrl-C ends it.");
    }

    /** How curl is to believe the proxy. */
    private static String trust(Path state) {
        Path certificate = state.resolve("internal.crt");
        return Files.isReadable(certificate) ? "--cacert " + certificate : "-k";
    }

    private static String portOf(BoundListener listener) {
        return listener.address().substring(listener.address().lastIndexOf(':') + 1);
    }
}
