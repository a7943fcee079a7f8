package dev.headgate.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which paths a route takes, compared segment by segment with the canonical path of the request (no query).
 *
 * <ul>
 *   <li>{@code /a/b} takes exactly that path; {@code /a/b/} is another one.
 *   <li>{@code *} as a whole segment takes exactly one segment that is not empty.
 *   <li>{@code **} as the last segment takes whatever follows, also nothing: {@code /a/**} takes {@code /a},
 *       {@code /a/} and {@code /a/b/c}, and does not take {@code /ab}. {@code /**} takes every path that begins with a
 *       slash.
 *   <li>{@link #ANY} takes everything, also the {@code *} of {@code OPTIONS *}, which no written pattern takes.
 * </ul>
 *
 * <p>A pattern must be spelled the way canonical paths are (RFC 3986 §6.2.2: upper-case escapes, and only of characters
 * that need one), since no other spelling can ever match.
 *
 * @param segments what stands between the slashes, without a final {@code **}
 * @param ending what may follow the segments
 */
public record PathPattern(List<String> segments, Ending ending) {
    /** Takes every request. */
    public static final PathPattern ANY = new PathPattern(List.of(), Ending.ANYTHING);

    /** Longest pattern and most segments; the latter bounds the depth of a walk through the compiled table. */
    static final int LENGTH_MAX = 4096;

    static final int SEGMENTS_MAX = 64;

    private static final String WILDCARD = "*";
    private static final String REST = "**";
    private static final String UNESCAPED_PUNCTUATION = "-._~!$&'()+,;=:@"; // RFC 3986 pchar without the wildcard

    /** What may follow the segments of a pattern. */
    public enum Ending {
        /** Nothing: the path ends with the last segment. */
        EXACT,
        /** Nothing, or a slash and anything. */
        REST,
        /** Anything at all, even where no path is; only in {@link #ANY}. */
        ANYTHING
    }

    /** Keeps its own copy of the segments. */
    public PathPattern {
        segments = List.copyOf(segments);
    }

    /** Reads a pattern that begins with a slash. */
    public static PatternResult<PathPattern> parse(String text) {
        if (!text.startsWith("/")) {
            return invalid("a path pattern begins with a slash");
        }
        if (text.length() > LENGTH_MAX) {
            return invalid("path pattern too long: length=" + text.length() + ", limit=" + LENGTH_MAX);
        }
        List<String> segments = new ArrayList<>(List.of(text.substring(1).split("/", -1)));
        boolean rest = segments.getLast().equals(REST);
        if (rest) {
            segments.removeLast();
        }
        if (segments.size() > SEGMENTS_MAX) {
            return invalid("too many segments in path pattern: count=" + segments.size() + ", limit=" + SEGMENTS_MAX);
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean mayBeEmpty = !rest && i == segments.size() - 1;
            String error = segments.get(i).isEmpty() && !mayBeEmpty
                    ? "empty segment: canonical paths have no double slash"
                    : segmentError(segments.get(i));
            if (error != null) {
                return invalid(error);
            }
        }
        return new PatternResult.Valid<>(new PathPattern(segments, rest ? Ending.REST : Ending.EXACT));
    }

    static boolean isWildcard(String segment) {
        return segment.equals(WILDCARD);
    }

    private static PatternResult<PathPattern> invalid(String error) {
        return new PatternResult.Invalid<>(error);
    }

    private static @Nullable String segmentError(String segment) {
        if (isWildcard(segment)) {
            return null;
        }
        if (segment.equals(REST)) {
            return "** is only understood at the end of a path pattern";
        }
        if (segment.equals(".") || segment.equals("..")) {
            return "dot segments never occur in a canonical path";
        }
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            String error = c == '%' ? escapeError(segment, i) : characterError(c);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable String characterError(char c) {
        if (c == '*') {
            return "* stands for a whole segment, ** for the rest of a path";
        }
        if (c == '?' || c == '#') {
            return "a path pattern has no query and no fragment";
        }
        if (c > 0x7f) {
            return "non-ASCII character in path pattern: write it percent-encoded";
        }
        if (isUnreserved(c) || UNESCAPED_PUNCTUATION.indexOf(c) >= 0) {
            return null;
        }
        return "character '" + printable(c) + "' cannot be part of a path: write it percent-encoded";
    }

    private static @Nullable String escapeError(String segment, int at) {
        String digits = segment.substring(at + 1, Math.min(at + 3, segment.length()));
        if (digits.length() < 2 || !isHex(digits.charAt(0)) || !isHex(digits.charAt(1))) {
            return "% begins an escape of two hexadecimal digits";
        }
        char escaped = (char) Integer.parseInt(digits, 16);
        if (escaped == 0) {
            return "%00 never occurs in a canonical path";
        }
        if (isUnreserved(escaped)) {
            return "%" + digits + " never occurs in a canonical path: write " + escaped;
        }
        String canonical = digits.toUpperCase(Locale.ROOT);
        return digits.equals(canonical) ? null : "%" + digits + " is written %" + canonical + " in a canonical path";
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 0x80;
    }

    private static String printable(char c) {
        return c > 0x20 && c < 0x7f ? String.valueOf(c) : String.format(Locale.ROOT, "\\x%02x", (int) c);
    }

    @Override
    public String toString() {
        return switch (ending) {
            case ANYTHING -> "any path";
            case EXACT -> "/" + String.join("/", segments);
            case REST -> segments.isEmpty() ? "/**" : "/" + String.join("/", segments) + "/**";
        };
    }
}
