package dev.headgate.fuzz.targets;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigPrinter;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigResult;
import dev.headgate.config.Environment;
import dev.headgate.config.ProxyConfig;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The input is a configuration file. */
final class ConfigurationTarget {
    private static final Environment ENVIRONMENT =
            Environment.of(Map.of("NAME", "app", "PORT", "8080", "TEN", "10s", "EMPTY", "", "PLACE", "${NAME}"));

    /** What reading may allocate: the parser's garbage, the problems that are shown, and what aliases stand for. */
    private static final long ALLOWANCE_BYTES = 32L << 20;

    private static final long BYTES_PER_BYTE = 20_000;
    private static final long BYTES_PER_NODE = 4_000;
    private static final long NODES_MAX = 1_000_000;

    private ConfigurationTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        long aliases = text.chars().filter(c -> c == '*').count();
        long bytesMax = ALLOWANCE_BYTES
                + BYTES_PER_BYTE * input.length
                + BYTES_PER_NODE * Math.min(NODES_MAX, aliases * input.length);
        Laws.allocatesAtMost(bytesMax, () -> parse(text).render());
        ConfigResult result = parse(text);
        boolean hasError =
                result.problems().stream().anyMatch(problem -> problem.severity() == ConfigProblem.Severity.ERROR);
        Laws.check(
                hasError == result.config().isEmpty(),
                () -> "neither a configuration nor an error: " + result.render());
        for (ConfigProblem problem : result.problems()) {
            boolean isPlaced = problem.line() >= 1 && problem.column() >= 1;
            Laws.check(isPlaced && !problem.message().isEmpty(), () -> "a problem without a place: " + problem);
        }
        result.config().ifPresent(ConfigurationTarget::checkRoundTrip);
    }

    private static ConfigResult parse(String text) {
        return ConfigLoader.parse("fuzz.yaml", text, ENVIRONMENT);
    }

    /** What {@code config --effective} shows is the same configuration. */
    private static void checkRoundTrip(ProxyConfig config) {
        String printed = ConfigPrinter.effective(config);
        ConfigResult again = ConfigLoader.parse("effective.yaml", printed, ENVIRONMENT);
        if (again.config().isEmpty()) {
            throw new AssertionError("printed, but refused: " + again.render() + printed);
        }
        Laws.same(config, again.config().get(), "configuration as printed");
        Laws.same(printed, ConfigPrinter.effective(again.config().get()), "what is printed of what was printed");
    }
}
