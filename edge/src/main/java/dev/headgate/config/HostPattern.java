package dev.headgate.config;

import dev.headgate.config.spec.Refused;
import dev.headgate.engine.Immutable;

/**
 * A host that a route takes: exact, or {@code *.example.com} for every name below {@code example.com}, at any depth but
 * not itself. An IPv6 address stands in brackets and is compared as it is spelled.
 *
 * @param text the pattern, without a port; kept in lower case
 */
@Immutable
public record HostPattern(String text) {
    private static final String WILDCARD = "*.";

    /** Throws {@link IllegalArgumentException} when {@code text} is no pattern. */
    public HostPattern {
        try {
            text = canonical(text);
        } catch (Refused refused) {
            throw new IllegalArgumentException(refused.getMessage() + ": " + text, refused);
        }
    }

    /** The pattern that {@code text} is, with a refusal fit for a configuration's reader. */
    static HostPattern read(String text) throws Refused {
        return new HostPattern(canonical(text));
    }

    private static String canonical(String text) throws Refused {
        if (text.equals("*")) throw Refused.badValue("not a host pattern", "leave host out to take every host");
        boolean wildcard = text.startsWith(WILDCARD);
        String host = Hosts.canonicalAuthorityHost(wildcard ? text.substring(WILDCARD.length()) : text);
        if (host == null) {
            int colon = text.lastIndexOf(':');
            boolean hasPort = colon > 0 && Hosts.canonicalAuthority(text) != null;
            throw Refused.badValue("not a host pattern", hasPort ? "write " + text.substring(0, colon) : "");
        }
        if (!wildcard) return host;
        if (Hosts.isAddress(host)) {
            throw Refused.badValue("a wildcard before an address, below which there are no names", "write " + host);
        }
        return WILDCARD + host;
    }

    /** Whether this takes the names below {@link #name}, rather than that one name. */
    public boolean isWildcard() {
        return text.startsWith(WILDCARD);
    }

    /** The name itself, or the one below which names are taken: {@code example.com}. */
    public String name() {
        return isWildcard() ? text.substring(WILDCARD.length()) : text;
    }

    /** Whether {@code host}, in lower case and without port, is taken; the plain version of what routing compiles. */
    public boolean matches(String host) {
        if (!isWildcard()) return host.equals(text);
        String suffix = text.substring(1);
        return host.length() > suffix.length() && host.endsWith(suffix);
    }

    @Override
    public String toString() {
        return text;
    }
}
