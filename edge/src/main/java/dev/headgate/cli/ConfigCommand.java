package dev.headgate.cli;

import dev.headgate.config.ConfigPrinter;
import dev.headgate.config.ConfigResult;
import dev.headgate.config.Environment;
import dev.headgate.config.JsonSchema;
import dev.headgate.config.ProxyConfig;

/** {@code headgate config}: shows a configuration with its defaults, or the schema of all configurations. */
final class ConfigCommand {
    private final Environment environment;
    private final Console console;

    ConfigCommand(Environment environment, Console console) {
        this.environment = environment;
        this.console = console;
    }

    int printSchema() {
        console.out().print(JsonSchema.generate());
        return ExitCode.FINE;
    }

    /** Problems go to standard error, so that what standard output gets can be read back. */
    int printEffective(String file) {
        ConfigResult result = ConfigFile.load(file, environment, console);
        if (result == null) return ExitCode.ENVIRONMENT;
        console.err().print(result.render());
        ProxyConfig config = result.config().orElse(null);
        if (config == null) {
            console.err().println(Summary.ofProblems(file, result));
            return ExitCode.CONFIGURATION;
        }
        console.out().print(ConfigPrinter.effective(config));
        return ExitCode.FINE;
    }
}
