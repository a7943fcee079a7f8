package dev.headgate.config.source;

/**
 * One mistake at one place. Texts that do not apply are empty.
 *
 * @param message what is wrong
 * @param found what stands there
 * @param expected what could stand there
 * @param suggestion what was likely meant
 */
public record Problem(Mark mark, ProblemCode code, String message, String found, String expected, String suggestion) {
    /** A mistake with nothing but its message, to be completed by the methods below. */
    public static Problem at(Mark mark, ProblemCode code, String message) {
        return new Problem(mark, code, message, "", "", "");
    }

    public Problem found(String text) {
        return new Problem(mark, code, message, text, expected, suggestion);
    }

    public Problem expected(String text) {
        return new Problem(mark, code, message, found, text, suggestion);
    }

    public Problem suggest(String text) {
        return new Problem(mark, code, message, found, expected, text);
    }
}
