package dev.headgate.config.source;

import org.jspecify.annotations.Nullable;

/**
 * One mistake at one place. Texts that do not apply are empty.
 *
 * @param message what is wrong
 * @param found what stands there
 * @param expected what could stand there
 * @param suggestion what was likely meant
 * @param source where the place is; null: in the configuration itself
 */
public record Problem(
        Mark mark,
        ProblemCode code,
        String message,
        String found,
        String expected,
        String suggestion,
        @Nullable SourceText source) {
    /** A mistake with nothing but its message, to be completed by the methods below. */
    public static Problem at(Mark mark, ProblemCode code, String message) {
        return new Problem(mark, code, message, "", "", "", null);
    }

    public Problem found(String text) {
        return new Problem(mark, code, message, text, expected, suggestion, source);
    }

    public Problem expected(String text) {
        return new Problem(mark, code, message, found, text, suggestion, source);
    }

    public Problem suggest(String text) {
        return new Problem(mark, code, message, found, expected, text, source);
    }

    /** The same mistake, in another text. */
    public Problem in(SourceText other) {
        return new Problem(mark, code, message, found, expected, suggestion, other);
    }
}
