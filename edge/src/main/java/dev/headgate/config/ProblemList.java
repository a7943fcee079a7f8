package dev.headgate.config;

import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers problems up to a limit. Above it an error ends the reading, for a wrong mapping that stands at a thousand
 * places by its alias would otherwise be complained of a thousand times a thousand; warnings are only counted.
 */
final class ProblemList {
    /** Most errors, and most warnings, that are shown. */
    static final int SHOWN_MAX = 500;

    private final List<Problem> shown = new ArrayList<>();
    private int errors;
    private int warnings;
    private @Nullable Problem tooMany; // the first error above the limit
    private @Nullable Problem firstHidden; // the first warning above the limit

    /** Unwinds a reading that has found too many errors. */
    static final class TooManyErrors extends RuntimeException {
        private static final long serialVersionUID = 1;

        private TooManyErrors() {
            super("too many errors", null, false, false);
        }
    }

    /** Throws {@link TooManyErrors} when there are too many. */
    void add(Problem problem) {
        if (problem.code().isWarning()) {
            addWarning(problem);
        } else if (errors < SHOWN_MAX) {
            errors++;
            shown.add(problem);
        } else {
            tooMany = problem;
            throw new TooManyErrors();
        }
    }

    private void addWarning(Problem problem) {
        warnings++;
        if (warnings <= SHOWN_MAX) {
            shown.add(problem);
        } else if (firstHidden == null) {
            firstHidden = problem;
        }
    }

    boolean hasErrors() {
        return errors > 0;
    }

    boolean isEmpty() {
        return shown.isEmpty();
    }

    /** In the order of the file, and last what is left out. Stable: problems at one place stay as they were found. */
    List<Problem> inOrder() {
        List<Problem> all = new ArrayList<>(shown);
        if (all.size() > 1) all.sort(ProblemList::comparePlaces);
        if (firstHidden != null) {
            all.add(Problem.at(
                    firstHidden.mark(),
                    ProblemCode.MORE_WARNINGS,
                    (warnings - SHOWN_MAX) + " more warnings are not shown"));
        }
        if (tooMany != null) {
            all.add(Problem.at(
                    tooMany.mark(), ProblemCode.TOO_MANY_ERRORS, "too many mistakes; what follows was not checked"));
        }
        return all;
    }

    /** Written out: the platform's ready-made comparators are the kind of lambda that no AOT cache holds. */
    private static int comparePlaces(Problem a, Problem b) {
        int byText = nameOf(a).compareTo(nameOf(b));
        if (byText != 0) return byText;
        int byLine = Integer.compare(a.mark().line(), b.mark().line());
        return byLine != 0
                ? byLine
                : Integer.compare(a.mark().column(), b.mark().column());
    }

    /** The configuration itself comes first. */
    private static String nameOf(Problem problem) {
        return problem.source() == null ? "" : problem.source().fileName();
    }
}
