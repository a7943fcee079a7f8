package dev.headgate.route;

import org.jspecify.annotations.Nullable;

/**
 * What became of a pattern's text: the pattern, or a sentence that tells an operator what is wrong with it.
 *
 * @param <P> {@link HostPattern} or {@link PathPattern}
 */
public sealed interface PatternResult<P> {
    /** What is wrong with the text, or null when nothing is. */
    @Nullable
    String error();

    /** The pattern; for callers that write patterns in code. Throws {@link IllegalArgumentException} if there is none. */
    P orThrow();

    /** The text is a pattern. */
    record Valid<P>(P pattern) implements PatternResult<P> {
        @Override
        public @Nullable String error() {
            return null;
        }

        @Override
        public P orThrow() {
            return pattern;
        }
    }

    /** The text is not a pattern; {@code error} is one lower-case sentence without a full stop, fit for a diagnostic. */
    record Invalid<P>(String error) implements PatternResult<P> {
        @Override
        public P orThrow() {
            throw new IllegalArgumentException(error);
        }
    }
}
