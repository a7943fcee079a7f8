package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * A mistake in a configuration, shown where it stands. Texts that do not apply are empty.
 *
 * @param file name of the file as it was given
 * @param line from 1
 * @param column from 1, in code points
 * @param severity whether the configuration can be used all the same
 * @param code stable: {@code HG2005}; {@code headgate help HG2005} explains it
 * @param message what is wrong
 * @param found what stands there
 * @param expected what could stand there
 * @param suggestion what was likely meant
 * @param excerpt the line, and below it a caret
 */
@Immutable
public record ConfigProblem(
        String file,
        int line,
        int column,
        Severity severity,
        String code,
        String message,
        String found,
        String expected,
        String suggestion,
        String excerpt) {
    /** Whether a problem keeps the configuration from being used. */
    public enum Severity {
        /** Nothing is applied. */
        ERROR,
        /** The configuration can be used, but is hardly what was meant. */
        WARNING
    }

    /** {@code file:line:column: error HG2005: message} and what there is besides, indented, each line ended. */
    public String render() {
        StringBuilder text = new StringBuilder();
        String kind = severity == Severity.ERROR ? "error" : "warning";
        text.append(file).append(':').append(line).append(':').append(column).append(": ");
        text.append(kind).append(' ').append(code).append(": ").append(message).append('\n');
        for (String each : excerpt.lines().toList()) {
            text.append(("    " + each).stripTrailing()).append('\n');
        }
        appendDetail(text, "found", found);
        appendDetail(text, "expected", expected);
        appendDetail(text, "suggestion", suggestion);
        return text.toString();
    }

    private static void appendDetail(StringBuilder text, String label, String detail) {
        if (!detail.isEmpty())
            text.append("  ").append(label).append(": ").append(detail).append('\n');
    }
}
