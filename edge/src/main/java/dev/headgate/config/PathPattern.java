package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * A path that a route takes: segments, of which {@code *} stands for exactly one that is not empty, and a last
 * {@code **} for any number of further ones, none included. So {@code /a/**} takes {@code /a}, {@code /a/} and
 * {@code /a/b/c}, but not {@code /ab}.
 *
 * @param text the pattern: a canonical path with wildcards
 */
@Immutable
public record PathPattern(String text) {
    /** Takes every path. */
    public static final PathPattern ANY = new PathPattern("/**");

    /** How a pattern has to be matched. */
    public enum Kind {
        /** One path, byte for byte. */
        EXACT,
        /** A path and everything below it. */
        PREFIX,
        /** Segments with wildcards among them. */
        GLOB
    }

    public Kind kind() {
        List<String> segments = segments();
        if (segments.contains("*")) return Kind.GLOB;
        return isOpen() ? Kind.PREFIX : Kind.EXACT;
    }

    /** Whether the pattern ends with {@code **} and so takes everything below it. */
    public boolean isOpen() {
        return text.endsWith("/**");
    }

    /** The segments between slashes without the last {@code **}; {@code /} has one empty segment, {@code /**} none. */
    public List<String> segments() {
        String fixed = isOpen() ? text.substring(0, text.length() - 3) : text;
        return fixed.isEmpty() ? List.of() : List.of(fixed.substring(1).split("/", -1));
    }

    /** Whether {@code path}, canonical, is taken; the plain version of what routing compiles. */
    public boolean matches(String path) {
        List<String> wanted = segments();
        List<String> given = List.of(path.substring(1).split("/", -1));
        if (isOpen() ? given.size() < wanted.size() : given.size() != wanted.size()) return false;
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (segment.equals("*") ? given.get(i).isEmpty() : !segment.equals(given.get(i))) return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
