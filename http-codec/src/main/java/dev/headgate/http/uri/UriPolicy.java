package dev.headgate.http.uri;

/**
 * Choices that canonicalisation leaves to the operator.
 *
 * @param slashes what happens to runs of slashes
 * @param escapedSeparators what happens to {@code %2f} and {@code %5c}
 * @param escapedControls what happens to {@code %01} to {@code %1f} and {@code %7f}; {@code %00} is refused in any case
 */
public record UriPolicy(Slashes slashes, EscapedSeparators escapedSeparators, EscapedControls escapedControls) {
    public static final UriPolicy DEFAULTS =
            new UriPolicy(Slashes.MERGE, EscapedSeparators.REJECT, EscapedControls.REJECT);

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

    /** What happens to an escaped control character. */
    public enum EscapedControls {
        REJECT,
        /** Kept escaped, for origins that never write what they undo into a header or a log. */
        KEEP
    }
}
