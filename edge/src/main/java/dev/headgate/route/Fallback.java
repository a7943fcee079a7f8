package dev.headgate.route;

import dev.headgate.engine.Immutable;
import dev.headgate.exchange.AnswerConditions;
import dev.headgate.exchange.Cause;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of requests that a route's upstream does not serve. Exactly one of {@code to} and {@code answer} is there.
 *
 * @param isForFailures whether it is taken where no answer comes of the upstream
 * @param answers which of the upstream's answers it is taken for
 * @param to the same route with another upstream, and without a fallback
 * @param answer what requests are answered with
 */
@Immutable
public record Fallback(
        boolean isForFailures,
        AnswerConditions answers,
        @Nullable Route to,
        @Nullable LocalAnswer answer) {
    /** Whether it is taken where the proxy has to answer with this cause otherwise. */
    public boolean isFor(Cause cause) {
        return isForFailures
                && switch (cause.status()) {
                    case 502, 503, 504 -> true;
                    default -> false;
                };
    }
}
