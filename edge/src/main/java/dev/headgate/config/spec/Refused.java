package dev.headgate.config.spec;

import dev.headgate.config.source.ProblemCode;

/** A scalar that cannot be taken, with what is to be said about it. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final ProblemCode code;
    private final String expected;
    private final String suggestion;

    /**
     * A refusal.
     *
     * @param message what is wrong
     * @param expected what could stand there; empty: the type's own words
     * @param suggestion what was likely meant; empty: no idea
     */
    public Refused(ProblemCode code, String message, String expected, String suggestion) {
        super(message, null, false, false);
        this.code = code;
        this.expected = expected;
        this.suggestion = suggestion;
    }

    /** A value of the wrong form. */
    public static Refused badValue(String message) {
        return new Refused(ProblemCode.BAD_VALUE, message, "", "");
    }

    /** A value of the wrong form, with a better one. */
    public static Refused badValue(String message, String suggestion) {
        return new Refused(ProblemCode.BAD_VALUE, message, "", suggestion);
    }

    ProblemCode code() {
        return code;
    }

    String expected() {
        return expected;
    }

    String suggestion() {
        return suggestion;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
