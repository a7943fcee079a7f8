package dev.headgate.cli;

import dev.headgate.config.ConfigProblem.Severity;
import dev.headgate.config.ConfigResult;
import dev.headgate.config.ProxyConfig;

/** The one line that says how reading a configuration went. */
final class Summary {
    private Summary() {}

    static String ofProblems(String file, ConfigResult result) {
        long errors = result.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .count();
        long warnings = result.problems().size() - errors;
        return file + ": " + counted(errors, "error") + ", " + counted(warnings, "warning");
    }

    static String ofConfig(String file, ProxyConfig config) {
        return file + ": fine: " + counted(config.listeners().size(), "listener") + ", "
                + counted(config.upstreams().size(), "upstream") + ", "
                + counted(config.routes().size(), "route");
    }

    private static String counted(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
