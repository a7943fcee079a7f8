package dev.headgate.http.uri;

/**
 * Choices that canonicalisation leaves to the operator.
 *
 * @param slashes what happens to runs of slashes
 * @param escapedSeparators what happens to {@code %2f} and {@code %5c}
 */
public record UriPolicy(Slashes slashes, EscapedSeparators escapedSeparators) {
    public static final UriPolicy DEFAULTS = new UriPolicy(Slashes.MERGE, EscapedSeparators.REJECT);

    /** What happens to runs of slashes. */
    public enum Slashes {
        MERGE,
        KEEP
    }

    /** What happens to an escaped slash or backslash. */
    public enum EscapedSeparators {
        REJECT,
        /** Kept escaped, as data inside a segment. */
        KEEP
    }
}
