package dev.headgate.cli;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigResult;
import dev.headgate.config.Environment;
import dev.headgate.config.source.TreeWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code headgate check -c FILE}: everything that {@code run} would look at, without running. */
final class CheckCommand {
    /** How the result is shown. */
    enum Format {
        /** For people. */
        TEXT,
        /** One JSON object. */
        JSON
    }

    private final Environment environment;
    private final Surroundings surroundings;
    private final Console console;

    CheckCommand(Environment environment, Surroundings surroundings, Console console) {
        this.environment = environment;
        this.surroundings = surroundings;
        this.console = console;
    }

    /** @param state the folder that the command line names; empty: none */
    int execute(String file, String state, Format format) {
        ConfigResult result = ConfigFile.load(file, new StartEnvironment(environment), console);
        if (result == null) return ExitCode.ENVIRONMENT;
        List<Surroundings.Lack> lacks = result.config()
                .map(config -> surroundings.find(config, StatePlace.of(state, environment)))
                .orElse(List.of());
        switch (format) {
            case TEXT -> printText(file, result, lacks);
            case JSON -> printJson(file, result, lacks);
        }
        if (result.config().isEmpty()) return ExitCode.CONFIGURATION;
        return isFine(lacks) ? ExitCode.FINE : ExitCode.ENVIRONMENT;
    }

    private static boolean isFine(List<Surroundings.Lack> lacks) {
        return lacks.stream().allMatch(lack -> lack.code().isWarning());
    }

    private void printText(String file, ConfigResult result, List<Surroundings.Lack> lacks) {
        console.out().print(result.render());
        for (Surroundings.Lack lack : lacks) {
            if (lack.isWarning()) {
                console.warn(lack.code(), lack.message());
            } else {
                console.fail(lack.code(), lack.message());
            }
        }
        if (!result.problems().isEmpty()) console.out().println(Summary.ofProblems(file, result));
        if (isFine(lacks)) {
            result.config().ifPresent(config -> console.out().println(Summary.ofConfig(file, config)));
        }
    }

    private void printJson(String file, ConfigResult result, List<Surroundings.Lack> lacks) {
        List<Object> problems = new ArrayList<>();
        result.problems().forEach(problem -> problems.add(treeOf(problem, file)));
        for (Surroundings.Lack lack : lacks) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("severity", lack.code().isWarning() ? "warning" : "error");
            tree.put("code", lack.code().id());
            tree.put("message", lack.message());
            problems.add(tree);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("file", file);
        tree.put("fine", result.config().isPresent() && isFine(lacks));
        tree.put("problems", problems);
        console.out().print(TreeWriter.json(tree));
    }

    private static Map<String, Object> treeOf(ConfigProblem problem, String file) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (!problem.file().equals(file)) tree.put("file", problem.file()); // one that the configuration names
        tree.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        tree.put("code", problem.code());
        tree.put("line", (long) problem.line());
        tree.put("column", (long) problem.column());
        tree.put("message", problem.message());
        tree.put("found", problem.found());
        tree.put("expected", problem.expected());
        tree.put("suggestion", problem.suggestion());
        tree.put("excerpt", problem.excerpt());
        return tree;
    }
}
