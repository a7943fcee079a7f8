package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * A host that a route takes: exact, or {@code *.example.com} for every name below {@code example.com}, at any depth but
 * not itself.
 *
 * @param text the pattern in lower case, without a port
 */
@Immutable
public record HostPattern(String text) {
    private static final String WILDCARD = "*.";

    /** Whether this takes the names below {@link #suffix}, rather than one name. */
    public boolean isWildcard() {
        return text.startsWith(WILDCARD);
    }

    /** What a name must end with, the dot included: {@code .example.com}. */
    public String suffix() {
        if (!isWildcard()) throw new IllegalStateException("an exact host has no suffix: " + text);
        return text.substring(1);
    }

    /** Whether {@code host}, in lower case and without port, is taken. */
    public boolean matches(String host) {
        return isWildcard() ? host.length() > text.length() - 1 && host.endsWith(suffix()) : host.equals(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
