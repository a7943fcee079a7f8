package dev.headgate.cli;

import dev.headgate.config.source.ProblemCode;
import java.io.PrintStream;

/**
 * Where the program writes.
 *
 * @param out what was asked for
 * @param err everything else
 */
record Console(PrintStream out, PrintStream err) {
    /** Reports a failure, or what else its code stands for, that has no place in a file. */
    void fail(ProblemCode code, String message) {
        err.println("headgate: " + (code.isWarning() ? "warning " : "error ") + code.id() + ": " + message);
    }

    /** Reports something that has no place in a file, and should be looked at. */
    void warn(ProblemCode code, String message) {
        err.println("headgate: warning " + code.id() + ": " + message);
    }
}
