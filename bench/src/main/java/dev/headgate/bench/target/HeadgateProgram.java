package dev.headgate.bench.target;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The distribution that this program is part of, to be started by its own launcher; or, where it runs from class files, the
 * same classes in a JVM without that.
 *
 * @param home the distribution's folder, or null
 */
public record HeadgateProgram(@Nullable Path home) {
    private static final String HOME_PROPERTY = "headgate.home";
    private static final String OPTIONS_VARIABLE = "HEADGATE_JAVA_OPTS";
    private static final Duration TRAINING_MAX = Duration.ofSeconds(60);
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx256m", "-XX:MaxDirectMemorySize=512m");

    /** The one that runs. */
    public static HeadgateProgram ofThisProcess() {
        String home = System.getProperty(HOME_PROPERTY);
        return new HeadgateProgram(home == null ? null : Path.of(home));
    }

    /**
     * The same as any other program that is installed.
     *
     * @throws IOException when it does not say its version
     */
    public FoundProgram asFound() throws IOException, InterruptedException {
        return FoundProgram.ask("headgate", command(List.of()), "version");
    }

    /** The command line, without arguments. */
    List<String> command(List<String> javaOptions) {
        if (home != null) return List.of(home.resolve("bin").resolve("headgate").toString());
        List<String> flags = new ArrayList<>(FLAGS);
        flags.addAll(javaOptions);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.headgate.cli.Main"));
        return command;
    }

    /** Variables for the launcher: the user's own flags, and behind them these. */
    Map<String, String> variables(List<String> javaOptions) {
        List<String> all = new ArrayList<>();
        String own = System.getenv(OPTIONS_VARIABLE);
        if (own != null && !own.isBlank()) all.add(own);
        all.addAll(javaOptions);
        return Map.of(OPTIONS_VARIABLE, String.join(" ", all));
    }

    /** Has an AOT cache made for these flags, unless there is one; without one, all that is lost is the start's speed. */
    void train(List<String> javaOptions) throws InterruptedException {
        if (home == null) return;
        List<String> command = new ArrayList<>(command(javaOptions));
        command.add("train");
        try {
            ShortRun.of(command, variables(javaOptions), TRAINING_MAX);
        } catch (IOException e) {
            // As without cache.
        }
    }
}
