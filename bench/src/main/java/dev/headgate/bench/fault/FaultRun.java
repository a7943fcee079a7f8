package dev.headgate.bench.fault;

import dev.headgate.bench.result.TargetInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one proxy made of one scenario.
 *
 * @param scenario which
 * @param target who
 * @param figures what was measured
 * @param examples the first few failures in words
 */
public record FaultRun(FaultScenario scenario, TargetInfo target, FaultFigures figures, List<String> examples) {
    /**
     * Attempts for each request, over the whole load, when everything fails: a budget lets 1.2 through. Checks whose connects are refused are
     * counted too, and are the difference.
     */
    private static final double ATTEMPTS_MAX = 1.205;

    public FaultRun {
        examples = List.copyOf(examples);
    }

    /** What should not be, in words: a request that failed though an origin was well, or too many attempts where none was. */
    public Optional<String> complaint() {
        String who = scenario.key() + ", " + target.name() + ": ";
        if (scenario.leavesOneWell()) {
            return figures.failed() == 0
                    ? Optional.empty()
                    : Optional.of(who + figures.failed() + " requests failed though an origin was well");
        }
        return figures.attemptsInAll().stream()
                .filter(attempts -> attempts > ATTEMPTS_MAX)
                .mapToObj(attempts -> who + String.format(Locale.ROOT, "%.2f attempts for each request", attempts))
                .findFirst();
    }
}
