package dev.headgate.config;

import dev.headgate.config.spec.Refused;
import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * A path that a route takes: segments, of which {@code *} stands for exactly one that is not empty, and a last
 * {@code **} for any number of further ones, none included. So {@code /a/**} takes {@code /a}, {@code /a/} and
 * {@code /a/b/c}, but not {@code /ab}. The {@code *} of {@code OPTIONS *} is no path, and no pattern takes it.
 *
 * <p>A pattern is spelled as canonical paths are (RFC 3986 §6.2.2: upper-case escapes, and only of characters that need
 * one), since no other spelling can ever match.
 *
 * @param text the pattern: a canonical path with wildcards
 */
@Immutable
public record PathPattern(String text) {
    /** Longest pattern, and most segments between its slashes; the latter bounds the depth of a walk through the table. */
    static final int LENGTH_MAX = 4096;

    static final int SEGMENTS_MAX = 64;

    private static final String WILDCARD = "*";
    private static final String REST = "/**";

    /** How a pattern has to be matched. */
    public enum Kind {
        /** One path, byte for byte. */
        EXACT,
        /** A path and everything below it. */
        PREFIX,
        /** Segments with wildcards among them. */
        GLOB
    }

    /** Throws {@link IllegalArgumentException} when {@code text} is no pattern. */
    public PathPattern {
        try {
            check(text);
        } catch (Refused refused) {
            throw new IllegalArgumentException(refused.getMessage() + ": " + text, refused);
        }
    }

    /** The pattern that {@code text} is, with a refusal fit for a configuration's reader. */
    static PathPattern read(String text) throws Refused {
        check(text);
        return new PathPattern(text);
    }

    private static void check(String text) throws Refused {
        if (text.length() > LENGTH_MAX) throw Refused.badValue("the path pattern is too long");
        Paths.checkCharacters(text);
        List<String> segments = segmentsOf(text);
        if (segments.size() > SEGMENTS_MAX) throw Refused.badValue("too many segments in the path pattern");
        for (int i = 0; i < segments.size(); i++) {
            checkWildcards(segments.get(i), text, i == segments.size() - 1 && !text.endsWith(REST));
        }
    }

    private static void checkWildcards(String segment, String text, boolean last) throws Refused {
        int star = segment.indexOf('*');
        if (star < 0 || isWildcard(segment)) return;
        if (segment.equals("**")) throw Refused.badValue("'**' stands before the end of a path pattern");
        String stem = segment.substring(0, star);
        boolean open = last && segment.equals(stem + "*".repeat(segment.length() - star));
        String before = text.substring(0, text.length() - segment.length());
        throw Refused.badValue("a wildcard is only part of a segment", open ? "write " + before + stem + REST : "");
    }

    /** Whether {@code segment} stands for any one segment. */
    public static boolean isWildcard(String segment) {
        return segment.equals(WILDCARD);
    }

    public Kind kind() {
        if (segments().contains(WILDCARD)) return Kind.GLOB;
        return isOpen() ? Kind.PREFIX : Kind.EXACT;
    }

    /** Whether the pattern ends with {@code **} and so takes everything below it. */
    public boolean isOpen() {
        return text.endsWith(REST);
    }

    /** The segments between slashes without the last {@code **}; {@code /} has one empty segment, {@code /**} none. */
    public List<String> segments() {
        return segmentsOf(text);
    }

    private static List<String> segmentsOf(String text) {
        String fixed = text.endsWith(REST) ? text.substring(0, text.length() - REST.length()) : text;
        return fixed.isEmpty() ? List.of() : List.of(fixed.substring(1).split("/", -1));
    }

    /** Whether {@code path}, canonical, is taken; the plain version of what routing compiles. */
    public boolean matches(String path) {
        if (!path.startsWith("/")) return false;
        List<String> wanted = segments();
        List<String> given = List.of(path.substring(1).split("/", -1));
        if (isOpen() ? given.size() < wanted.size() : given.size() != wanted.size()) return false;
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (isWildcard(segment) ? given.get(i).isEmpty() : !segment.equals(given.get(i))) return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
