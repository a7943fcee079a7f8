package dev.headgate.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Host names and addresses as they may stand in a URI or a {@code Host} field (RFC 3986 §3.2.2), strictly. */
final class Hosts {
    static final int NAME_LENGTH_MAX = 253;
    private static final int LABEL_LENGTH_MAX = 63;

    private Hosts() {}

    /** The canonical form of a name, an IPv4 literal, or an IPv6 literal without brackets; null when it is none. */
    static @Nullable String canonical(String text) {
        if (IpLiteral.parse(text) != null) return text.toLowerCase(Locale.ROOT);
        if (text.length() > NAME_LENGTH_MAX || text.indexOf(':') >= 0) return null;
        String[] labels = text.split("\\.", -1);
        for (String label : labels) {
            if (!isLabel(label)) return null;
        }
        // A name whose last label is a number is meant as an address, and is no valid one.
        if (isNumber(labels[labels.length - 1])) return null;
        return text.toLowerCase(Locale.ROOT);
    }

    /** Whether a canonical host, IPv6 in brackets, is an address and no name. */
    static boolean isAddress(String host) {
        return host.startsWith("[") || IpLiteral.parse(host) != null;
    }

    private static boolean isLabel(String label) {
        if (label.isEmpty() || label.length() > LABEL_LENGTH_MAX) return false;
        if (label.startsWith("-") || label.endsWith("-")) return false;
        // The underscore is no letter of host names, but of names that container networks give.
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (!isLetterOrDigit(c) && c != '-' && c != '_') return false;
        }
        return true;
    }

    private static boolean isNumber(String label) {
        for (int i = 0; i < label.length(); i++) {
            if (label.charAt(i) < '0' || label.charAt(i) > '9') return false;
        }
        return true;
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** The canonical form of a host as it stands in a {@code Host} field without port: IPv6 in brackets. */
    static @Nullable String canonicalAuthorityHost(String text) {
        if (!text.startsWith("[")) {
            return text.indexOf(':') >= 0 ? null : canonical(text);
        }
        if (!text.endsWith("]")) return null;
        String inner = canonical(text.substring(1, text.length() - 1));
        return inner == null || inner.indexOf(':') < 0 ? null : "[" + inner + "]";
    }

    /** The canonical form of a host with a port or without, as in a {@code Host} field. */
    static @Nullable String canonicalAuthority(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.endsWith("]")) return canonicalAuthorityHost(text);
        String host = canonicalAuthorityHost(text.substring(0, colon));
        int port = port(text.substring(colon + 1));
        return host == null || port <= 0 ? null : host + ":" + port;
    }

    /** The port that {@code digits} name, or -1. */
    static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || (digits.length() > 1 && digits.charAt(0) == '0')) return -1;
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') return -1;
            port = port * 10 + c - '0';
        }
        return port <= 65535 ? port : -1;
    }
}
