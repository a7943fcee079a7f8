package dev.headgate.bench.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** Options as values. Whatever is wrong with one is an {@link IllegalArgumentException} that says what. */
record ParsedOptions(ParseResult parsed) {
    private static final Duration DURATION_MAX = Duration.ofMinutes(10);

    boolean has(String option) {
        return parsed.hasMatchedOption(option);
    }

    @Nullable
    String text(String option) {
        return parsed.matchedOptionValue(option, null);
    }

    /** Those that were named, in the order in which there are any; all, when none was. */
    List<String> list(String option, List<String> known) {
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

    int number(String option, int usual, int least, int most) {
        String text = text(option);
        return text == null ? usual : number(option, text, least, most);
    }

    static int number(String option, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // Answered below, like a number out of range.
        }
        throw new IllegalArgumentException(
                option + " is a number from " + least + " to " + most + ", not '" + text + "'");
    }

    Duration duration(String option, Duration usual, Duration least) {
        String text = text(option);
        if (text == null) return usual;
        Duration duration = Times.parse(text);
        if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(DURATION_MAX) > 0) {
            throw new IllegalArgumentException(option + " is a time with its unit, such as 500ms, 3s or 1m, from "
                    + least.toMillis() + "ms to " + DURATION_MAX.toMinutes() + "m, not '" + text + "'");
        }
        return duration;
    }

    Path folder(String option, String usual) {
        String text = text(option);
        try {
            return Path.of(text == null ? usual : text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(option + " is no path: " + e.getMessage(), e);
        }
    }

    List<String> words(String option) {
        String text = text(option);
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.asList(text.trim().split("\\s+", -1));
    }

    /** The command line as it was given, as a shell takes it back. */
    static String commandLine(String command, List<String> arguments) {
        return command + arguments.stream().map(word -> " " + quoted(word)).collect(Collectors.joining());
    }

    private static String quoted(String word) {
        boolean isPlain = !word.isEmpty()
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_.,/:=+".indexOf(c) >= 0);
        return isPlain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
