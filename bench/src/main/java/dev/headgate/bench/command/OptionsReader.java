package dev.headgate.bench.command;

import dev.headgate.bench.run.Options;
import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.target.Variant;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** Checks the options and fills in what was not given. Whatever is wrong is an {@link IllegalArgumentException} that says what. */
final class OptionsReader {
    private static final int ROUNDS_MAX = 100;
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int MANY_CONNECTIONS_MAX = 1_000_000;
    private static final int RATE_MAX = 1_000_000;
    private static final int LOOPS_MAX = 64;
    private static final Duration DURATION_MIN = Duration.ofMillis(100);
    private static final Duration DURATION_MAX = Duration.ofMinutes(10);

    private final ParseResult parsed;
    private final boolean isQuick;

    OptionsReader(ParseResult parsed) {
        this.parsed = parsed;
        this.isQuick = parsed.hasMatchedOption(BenchSyntax.QUICK);
    }

    Options read(List<String> arguments) {
        return new Options(
                scenarios(),
                targets(),
                variants(),
                number(BenchSyntax.ROUNDS, isQuick ? 1 : 3, 1, ROUNDS_MAX),
                duration(BenchSyntax.DURATION, Duration.ofSeconds(isQuick ? 1 : 3), DURATION_MIN),
                duration(BenchSyntax.WARM_UP, Duration.ofSeconds(isQuick ? 2 : 8), DURATION_MIN),
                rates(),
                number(BenchSyntax.CONNECTIONS, 64, 1, CONNECTIONS_MAX),
                number(BenchSyntax.IDLE, isQuick ? 2000 : 100_000, 2, MANY_CONNECTIONS_MAX),
                number(BenchSyntax.ACTIVE, isQuick ? 900 : 9000, 9, MANY_CONNECTIONS_MAX),
                number(BenchSyntax.LOOPS, 1, 1, LOOPS_MAX),
                words(text(BenchSyntax.JAVA_OPTS)),
                out(),
                commandLine(arguments));
    }

    private List<Scenario> scenarios() {
        List<String> known = new ArrayList<>(
                Arrays.stream(Scenario.values()).map(Scenario::key).toList());
        known.add(BenchSyntax.TLS);
        known.add(BenchSyntax.HTTP2);
        List<String> named = list(BenchSyntax.SCENARIOS, known);
        boolean isAllTls = named.contains(BenchSyntax.TLS);
        boolean isAllHttp2 = named.contains(BenchSyntax.HTTP2);
        return Arrays.stream(Scenario.values())
                .filter(scenario -> named.contains(scenario.key())
                        || isAllTls && scenario.isTls()
                        || isAllHttp2 && scenario.isHttp2())
                .toList();
    }

    private List<String> targets() {
        return list(BenchSyntax.TARGETS, List.of("direct", "headgate", "nginx", "haproxy"));
    }

    /** Those that were named, in the order in which there are any. */
    private List<String> list(String option, List<String> known) {
        String text = text(option);
        if (text == null) return known;
        Set<String> named = new LinkedHashSet<>(Arrays.asList(text.split(",", -1)));
        for (String name : named) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        option + " takes " + String.join(", ", known) + ", not '" + name + "'");
            }
        }
        return known.stream().filter(named::contains).toList();
    }

    private List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        List<String> given = parsed.matchedOptionValue(BenchSyntax.VARIANT, List.of());
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
        String text = text(BenchSyntax.RATES);
        if (text == null) return List.of(5000, 15_000);
        return Arrays.stream(text.split(",", -1))
                .map(rate -> number(BenchSyntax.RATES, rate, 1, RATE_MAX))
                .distinct()
                .toList();
    }

    private int number(String option, int usual, int least, int most) {
        String text = text(option);
        return text == null ? usual : number(option, text, least, most);
    }

    private static int number(String option, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // Answered below, like a number out of range.
        }
        throw new IllegalArgumentException(
                option + " is a number from " + least + " to " + most + ", not '" + text + "'");
    }

    private Duration duration(String option, Duration usual, Duration least) {
        String text = text(option);
        if (text == null) return usual;
        Duration duration = Times.parse(text);
        if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(DURATION_MAX) > 0) {
            throw new IllegalArgumentException(option + " is a time with its unit, such as 500ms, 3s or 1m, from "
                    + least.toMillis() + "ms to " + DURATION_MAX.toMinutes() + "m, not '" + text + "'");
        }
        return duration;
    }

    private Path out() {
        String text = text(BenchSyntax.OUT);
        try {
            return Path.of(text == null ? "headgate-bench" : text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("--out is no path: " + e.getMessage(), e);
        }
    }

    private static List<String> words(@Nullable String text) {
        if (text == null || text.isBlank()) return List.of();
        return Arrays.asList(text.trim().split("\\s+", -1));
    }

    private static String commandLine(List<String> arguments) {
        return "headgate bench"
                + arguments.stream().map(word -> " " + quoted(word)).collect(Collectors.joining());
    }

    /** As a shell takes it back. */
    private static String quoted(String word) {
        boolean isPlain = !word.isEmpty()
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_.,/:=+".indexOf(c) >= 0);
        return isPlain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private @Nullable String text(String option) {
        return parsed.matchedOptionValue(option, null);
    }
}
