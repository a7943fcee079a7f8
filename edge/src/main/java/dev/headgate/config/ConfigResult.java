package dev.headgate.config;

import dev.headgate.config.ConfigProblem.Severity;
import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Optional;

/**
 * What came of reading a configuration.
 *
 * @param config there exactly when no problem is an error
 * @param problems in the order of the file
 */
@Immutable
public record ConfigResult(Optional<ProxyConfig> config, List<ConfigProblem> problems) {
    public ConfigResult {
        problems = List.copyOf(problems);
        boolean hasErrors = false;
        for (ConfigProblem problem : problems) hasErrors |= problem.severity() == Severity.ERROR;
        if (hasErrors == config.isPresent()) throw new IllegalArgumentException("a configuration, or errors in it");
    }

    /** The configuration; throws with all problems when there are errors. For configurations written in code. */
    public ProxyConfig orThrow() {
        return config.orElseThrow(() -> new IllegalArgumentException(render()));
    }

    /** All problems as text for people. */
    public String render() {
        StringBuilder text = new StringBuilder();
        for (ConfigProblem problem : problems) text.append(problem.render());
        return text.toString();
    }
}
