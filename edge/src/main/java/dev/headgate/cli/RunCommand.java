package dev.headgate.cli;

import dev.headgate.config.ConfigResult;
import dev.headgate.config.Environment;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.StateFolder;
import org.jspecify.annotations.Nullable;

/** {@code headgate run -c FILE}: a proxy in the foreground. */
final class RunCommand {
    private final Environment environment;
    private final Surroundings surroundings;
    private final Console console;
    private final ProxyRun run;

    RunCommand(Environment environment, Surroundings surroundings, Console console, ProxyRun run) {
        this.environment = environment;
        this.surroundings = surroundings;
        this.console = console;
        this.run = run;
    }

    /**
     * The file of {@code run -c FILE}, when the arguments are exactly that, or null. It is how the program is started most
     * often, and saves loading the library that understands all the rest.
     */
    static @Nullable String plainFile(String[] args) {
        if (args.length == 3 && args[0].equals("run") && (args[1].equals("-c") || args[1].equals("--config"))) {
            return args[2].startsWith("-") ? null : args[2];
        }
        return null;
    }

    /** @param state the folder that the command line names; empty: none */
    int execute(String file, String state) {
        return execute(file, state, null);
    }

    int execute(String file, String state, ProxyRun.@Nullable WhenReady whenReady) {
        ConfigResult result = ConfigFile.load(file, new StartEnvironment(environment), console);
        if (result == null) return ExitCode.ENVIRONMENT;
        console.err().print(result.render());
        ProxyConfig config = result.config().orElse(null);
        if (config == null) {
            console.err().println(Summary.ofProblems(file, result));
            return ExitCode.CONFIGURATION;
        }
        if (!surroundings.checkForStart(config, console)) return ExitCode.ENVIRONMENT;
        return run.run(config, new StateFolder(StatePlace.of(state, environment), true), whenReady);
    }
}
