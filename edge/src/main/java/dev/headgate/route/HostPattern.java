package dev.headgate.route;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a route takes: any, one exactly, or all below a domain.
 *
 * <p>{@code *.example.com} takes {@code a.example.com} and {@code a.b.example.com}, one or more labels deep, and does
 * not take {@code example.com} itself. IPv6 literals are written in brackets and compared as they are spelled. A
 * request without a host (HTTP/1.0) is taken by {@link #ANY} only.
 *
 * @param kind how {@code name} is compared
 * @param name lower-case; the host itself, the domain without {@code *.}, or empty for any
 */
public record HostPattern(Kind kind, String name) {
    /** Takes every request. */
    public static final HostPattern ANY = new HostPattern(Kind.ANY, "");

    /** Longest name and longest label (RFC 1035 §2.3.4). */
    static final int NAME_LENGTH_MAX = 253;

    static final int LABEL_LENGTH_MAX = 63;

    /** How a pattern compares its name. */
    public enum Kind {
        ANY,
        EXACT,
        BELOW
    }

    /** Reads {@code shop.example.com}, {@code *.example.com}, {@code 192.0.2.1} or {@code [2001:db8::1]}. */
    public static PatternResult<HostPattern> parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("*")) {
            return invalid("a route for every host is written without a host");
        }
        boolean below = lower.startsWith("*.");
        String name = below ? lower.substring(2) : lower;
        String error = name.startsWith("[") && !below ? ipv6Error(name) : nameError(name);
        if (error == null && below && isNumeric(name.substring(name.lastIndexOf('.') + 1))) {
            error = "a wildcard stands before a domain name, not before an address";
        }
        if (error != null) {
            return invalid(error);
        }
        return new PatternResult.Valid<>(new HostPattern(below ? Kind.BELOW : Kind.EXACT, name));
    }

    private static PatternResult<HostPattern> invalid(String error) {
        return new PatternResult.Invalid<>(error);
    }

    private static @Nullable String nameError(String name) {
        if (name.isEmpty()) {
            return "a host name is expected";
        }
        if (name.length() > NAME_LENGTH_MAX) {
            return "host name too long: length=" + name.length() + ", limit=" + NAME_LENGTH_MAX;
        }
        if (name.endsWith(".")) {
            return "hosts are compared without a final dot";
        }
        for (String label : name.split("\\.", -1)) {
            String error = labelError(label);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable String labelError(String label) {
        if (label.isEmpty()) {
            return "empty label in host name";
        }
        if (label.length() > LABEL_LENGTH_MAX) {
            return "label too long: length=" + label.length() + ", limit=" + LABEL_LENGTH_MAX;
        }
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (c == '*') {
                return "a wildcard is only understood as the whole first label, as in *.example.com";
            }
            if (c == ':') {
                return "hosts are compared without a port, and IPv6 addresses are written in brackets";
            }
            if (c > 0x7f) {
                return "non-ASCII host name: write its xn-- form";
            }
            if (!(isAlphanumeric(c) || c == '-' || c == '_')) {
                return "character '" + c + "' cannot be part of a host name";
            }
        }
        return null;
    }

    private static @Nullable String ipv6Error(String name) {
        int close = name.indexOf(']');
        if (close < 0) {
            return "missing ] after IPv6 address";
        }
        if (close != name.length() - 1) {
            return "hosts are compared without a port";
        }
        if (name.indexOf(':') < 0) {
            return "brackets enclose an IPv6 address";
        }
        for (int i = 1; i < close; i++) {
            char c = name.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.')) {
                return "character '" + c + "' cannot be part of an IPv6 address";
            }
        }
        return null;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static boolean isNumeric(String label) {
        return label.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    // The method that a record would get is made by the JVM at run time, and would delay the start.
    @Override
    public int hashCode() {
        return 31 * kind.ordinal() + name.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostPattern pattern && kind == pattern.kind && name.equals(pattern.name);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case ANY -> "any host";
            case EXACT -> name;
            case BELOW -> "*." + name;
        };
    }
}
