package dev.headgate.bench.command;

import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.FaultTimes;
import dev.headgate.bench.fault.run.FaultOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** Checks the options of faults and fills in what was not given. Whatever is wrong is an {@link IllegalArgumentException} that says what. */
final class FaultOptionsReader {
    private static final int RATE_MAX = 100_000;
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int LOOPS_MAX = 64;

    /** Shares are judged over half a second. */
    private static final Duration PART_MIN = Duration.ofMillis(500);

    private final ParsedOptions parsed;

    FaultOptionsReader(ParseResult parsed) {
        this.parsed = new ParsedOptions(parsed);
    }

    FaultOptions read(List<String> arguments) {
        return new FaultOptions(
                scenarios(),
                parsed.list(FaultSyntax.TARGETS, List.of("headgate", "nginx", "haproxy")),
                parsed.number(FaultSyntax.RATE, 5000, 100, RATE_MAX),
                parsed.number(FaultSyntax.CONNECTIONS, 1000, 1, CONNECTIONS_MAX),
                new FaultTimes(
                        time(FaultSyntax.WARM_UP, 3),
                        time(FaultSyntax.BEFORE, 1),
                        time(FaultSyntax.HOLD, 6),
                        time(FaultSyntax.AFTER, 5)),
                parsed.number(FaultSyntax.LOOPS, 1, 1, LOOPS_MAX),
                parsed.words(FaultSyntax.JAVA_OPTS),
                parsed.folder(FaultSyntax.OUT, "headgate-faults"),
                ParsedOptions.commandLine("headgate bench", arguments));
    }

    private Duration time(String option, int usualSeconds) {
        return parsed.duration(option, Duration.ofSeconds(usualSeconds), PART_MIN);
    }

    private List<FaultScenario> scenarios() {
        @Nullable String named = parsed.text(FaultSyntax.FAULTS);
        List<FaultScenario> alone = named == null
                ? FaultScenario.singles()
                : Arrays.stream(named.split(",", -1)).map(FaultScenario::parse).toList();
        Set<FaultScenario> all = new LinkedHashSet<>(alone);
        if (parsed.has(FaultSyntax.PAIRS)) all.addAll(FaultScenario.pairsOf(alone));
        return List.copyOf(all);
    }
}
