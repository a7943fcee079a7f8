package dev.headgate.fuzz.oracle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client behind trusted proxies from the text of the hop lists. Addresses are 32 hexadecimal digits, IPv4
 * ones mapped (RFC 4291 §2.5.5.2).
 */
public final class PlainClient {
    private static final int HOPS_MAX = 50;
    private static final Pattern IPV4_NODE = Pattern.compile("([0-9.]+)(:(?:[0-9]{1,5}|_[0-9A-Za-z._-]+))?");
    private static final Pattern BRACKETED_NODE =
            Pattern.compile("\\[([0-9A-Fa-f:.]*)\\](:(?:[0-9]{1,5}|_[0-9A-Za-z._-]+))?");
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final Pattern PAIR = Pattern.compile("(" + TOKEN + ")=(?:(" + TOKEN + ")|\")");

    private PlainClient() {}

    /**
     * The client that an {@code X-Forwarded-For} list leads to, or null when the list cannot be relied upon.
     *
     * @param values the field's lines
     * @return {@code peer} when the list is empty
     */
    public static @Nullable String ofForwardedFor(List<String> values, String peer, Predicate<String> trusted) {
        var nodes = new ArrayList<String>();
        for (String element : String.join(",", values).split(",", -1)) {
            String node = PlainFields.trim(element);
            if (!node.isEmpty()) {
                nodes.add(node);
            }
        }
        return walk(nodes, peer, trusted, true);
    }

    /** The client that a {@code Forwarded} list leads to, or null when the list cannot be relied upon. */
    public static @Nullable String ofForwarded(List<String> values, String peer, Predicate<String> trusted) {
        String client = peer;
        int hops = 0;
        for (String value : values.reversed()) {
            List<String> nodes = nodes(value);
            if (nodes == null) {
                return null;
            }
            for (String node : nodes.reversed()) {
                String address = hops++ < HOPS_MAX ? address(node, false) : null;
                if (address == null) {
                    return null;
                }
                client = address;
                if (!trusted.test(address)) {
                    return client;
                }
            }
        }
        return client;
    }

    /** Whether the line is a list of elements (RFC 7239 §4), none with two {@code for}. */
    public static boolean isForwarded(String value) {
        return nodes(value) != null;
    }

    private static @Nullable String walk(List<String> nodes, String peer, Predicate<String> trusted, boolean bareIpv6) {
        Collections.reverse(nodes);
        String client = peer;
        int hops = 0;
        for (String node : nodes) {
            String address = hops++ < HOPS_MAX ? address(node, bareIpv6) : null;
            if (address == null) {
                return null;
            }
            client = address;
            if (!trusted.test(address)) {
                break;
            }
        }
        return client;
    }

    /** The node of each element that is not empty, an empty one where it names none; null when the line is malformed. */
    private static @Nullable List<String> nodes(String value) {
        var nodes = new ArrayList<String>();
        String node = null;
        boolean isEmpty = true;
        boolean afterPair = false;
        int at = 0;
        while (at <= value.length()) {
            char c = at == value.length() ? ',' : value.charAt(at);
            if (c == ',' || c == ';') {
                if (c == ',' && !isEmpty) {
                    nodes.add(node == null ? "" : node);
                    node = null;
                    isEmpty = true;
                }
                afterPair = false;
                at++;
            } else if (PlainFields.isBlank(c)) {
                at++;
            } else {
                Matcher pair = PAIR.matcher(value).region(at, value.length());
                if (afterPair || !pair.lookingAt()) {
                    return null;
                }
                int quotedEnd = pair.group(2) != null ? -1 : quotedEnd(value, pair.end());
                if (quotedEnd == value.length()) {
                    return null;
                }
                if (pair.group(1).equalsIgnoreCase("for")) {
                    if (node != null) {
                        return null;
                    }
                    node = pair.group(2) != null ? pair.group(2) : value.substring(pair.end(), quotedEnd);
                }
                isEmpty = false;
                afterPair = true;
                at = pair.group(2) != null ? pair.end() : quotedEnd + 1;
            }
        }
        return nodes;
    }

    /** Where the closing quote is, or the length when there is none. By hand: a pattern would recurse. */
    private static int quotedEnd(String value, int start) {
        int at = start;
        while (at < value.length() && value.charAt(at) != '"') {
            at += value.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, value.length());
    }

    private static @Nullable String address(String node, boolean bareIpv6) {
        Matcher bracketed = BRACKETED_NODE.matcher(node);
        if (bracketed.matches()) {
            return isPort(bracketed.group(2)) ? hex(PlainHost.ipv6(bracketed.group(1))) : null;
        }
        Matcher ipv4 = IPV4_NODE.matcher(node);
        if (ipv4.matches()) {
            List<Integer> octets = isPort(ipv4.group(2)) ? PlainHost.ipv4(ipv4.group(1)) : null;
            return octets == null
                    ? null
                    : hex(List.of(
                            0,
                            0,
                            0,
                            0,
                            0,
                            0xFFFF,
                            octets.get(0) << 8 | octets.get(1),
                            octets.get(2) << 8 | octets.get(3)));
        }
        return bareIpv6 && node.chars().filter(c -> c == ':').count() > 1 ? hex(PlainHost.ipv6(node)) : null;
    }

    private static boolean isPort(@Nullable String port) {
        return port == null || port.startsWith(":_") || Integer.parseInt(port.substring(1)) <= 0xFFFF;
    }

    private static @Nullable String hex(@Nullable List<Integer> groups) {
        if (groups == null) {
            return null;
        }
        var text = new StringBuilder();
        for (int group : groups) {
            text.append(HexFormat.of().toHexDigits((short) group));
        }
        return text.toString();
    }
}
