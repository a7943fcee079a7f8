package dev.headgate.bench.command;

import dev.headgate.bench.run.Options;
import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.target.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/** Checks the options and fills in what was not given. Whatever is wrong is an {@link IllegalArgumentException} that says what. */
final class OptionsReader {
    private static final int ROUNDS_MAX = 100;
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int MANY_CONNECTIONS_MAX = 1_000_000;
    private static final int RATE_MAX = 1_000_000;
    private static final int LOOPS_MAX = 64;
    private static final Duration DURATION_MIN = Duration.ofMillis(100);

    private final ParsedOptions parsed;
    private final boolean isQuick;

    OptionsReader(ParseResult parsed) {
        this.parsed = new ParsedOptions(parsed);
        this.isQuick = this.parsed.has(BenchSyntax.QUICK);
    }

    Options read(List<String> arguments) {
        return new Options(
                scenarios(),
                targets(),
                variants(),
                parsed.number(BenchSyntax.ROUNDS, isQuick ? 1 : 3, 1, ROUNDS_MAX),
                parsed.duration(BenchSyntax.DURATION, Duration.ofSeconds(isQuick ? 1 : 3), DURATION_MIN),
                parsed.duration(BenchSyntax.WARM_UP, Duration.ofSeconds(isQuick ? 2 : 8), DURATION_MIN),
                rates(),
                parsed.number(BenchSyntax.CONNECTIONS, 64, 1, CONNECTIONS_MAX),
                parsed.number(BenchSyntax.IDLE, isQuick ? 2000 : 100_000, 2, MANY_CONNECTIONS_MAX),
                parsed.number(BenchSyntax.ACTIVE, isQuick ? 900 : 9000, 9, MANY_CONNECTIONS_MAX),
                parsed.number(BenchSyntax.LOOPS, 1, 1, LOOPS_MAX),
                parsed.words(BenchSyntax.JAVA_OPTS),
                parsed.folder(BenchSyntax.OUT, "headgate-bench"),
                ParsedOptions.commandLine("headgate bench", arguments));
    }

    private List<Scenario> scenarios() {
        List<String> known = new ArrayList<>(
                Arrays.stream(Scenario.values()).map(Scenario::key).toList());
        known.add(BenchSyntax.TLS);
        known.add(BenchSyntax.HTTP2);
        List<String> named = parsed.list(BenchSyntax.SCENARIOS, known);
        boolean isAllTls = named.contains(BenchSyntax.TLS);
        boolean isAllHttp2 = named.contains(BenchSyntax.HTTP2);
        return Arrays.stream(Scenario.values())
                .filter(scenario -> named.contains(scenario.key())
                        || isAllTls && scenario.isTls()
                        || isAllHttp2 && scenario.isHttp2())
                .toList();
    }

    private List<String> targets() {
        return parsed.list(BenchSyntax.TARGETS, List.of("direct", "headgate", "nginx", "haproxy", "h2o"));
    }

    private List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        List<String> given = parsed.parsed().matchedOptionValue(BenchSyntax.VARIANT, List.of());
        for (String text : given) {
            Variant variant = Variant.parse(text);
            if (!names.add(variant.name())) {
                throw new IllegalArgumentException("two variants have the name " + variant.name());
            }
            variants.add(variant);
        }
        if (!variants.isEmpty() && !targets().contains("headgate")) {
            throw new IllegalArgumentException("--variant wants headgate among --targets");
        }
        return variants;
    }

    private List<Integer> rates() {
        String text = parsed.text(BenchSyntax.RATES);
        if (text == null) return List.of(5000, 15_000);
        return Arrays.stream(text.split(",", -1))
                .map(rate -> ParsedOptions.number(BenchSyntax.RATES, rate, 1, RATE_MAX))
                .distinct()
                .toList();
    }
}
