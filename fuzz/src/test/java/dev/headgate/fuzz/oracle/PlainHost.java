package dev.headgate.fuzz.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and its port (RFC 3986 §3.2.2), narrowed to names of letters, digits, hyphens and underscores and to addresses.
 *
 * @param authority without a colon that no port follows
 * @param port −1 when none is named
 */
record PlainHost(String authority, String host, int port) {
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]*\\]|[0-9A-Za-z._-]*)(?::([0-9]{0,5}))?");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern LABEL = Pattern.compile("[0-9A-Za-z_-]{1,63}");
    private static final int NAME_BYTES_MAX = 255;
    private static final int PORT_MAX = 65_535;

    /** What the text says, or null when it is no authority. */
    static @Nullable PlainHost parse(String text) {
        Matcher matcher = AUTHORITY.matcher(text);
        if (!matcher.matches() || !isHost(matcher.group(1))) {
            return null;
        }
        String digits = matcher.group(2);
        if (digits == null || digits.isEmpty()) {
            return new PlainHost(matcher.group(1), matcher.group(1), -1);
        }
        int port = Integer.parseInt(digits);
        return digits.startsWith("0") || port > PORT_MAX ? null : new PlainHost(text, matcher.group(1), port);
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return ipv6(host.substring(1, host.length() - 1)) != null;
        }
        if (host.length() > NAME_BYTES_MAX) {
            return false;
        }
        if (host.matches("[0-9.]*")) {
            return ipv4(host) != null;
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    /** The four octets of a dotted address, or null. */
    static @Nullable List<Integer> ipv4(String text) {
        var octets = new ArrayList<Integer>();
        for (String octet : text.split("\\.", -1)) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                return null;
            }
            octets.add(Integer.parseInt(octet));
        }
        return octets.size() == 4 ? octets : null;
    }

    /** The eight groups of an IPv6 address, or null. */
    static @Nullable List<Integer> ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            List<Integer> groups = groups(text);
            return groups != null && groups.size() == 8 ? groups : null;
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        List<Integer> head = before.isEmpty() ? List.of() : groups(before);
        List<Integer> tail = after.isEmpty() ? List.of() : groups(after);
        if (head == null || tail == null || head.size() + tail.size() > 7 || before.contains(".")) {
            return null;
        }
        var all = new ArrayList<>(head);
        while (all.size() + tail.size() < 8) {
            all.add(0);
        }
        all.addAll(tail);
        return all;
    }

    private static @Nullable List<Integer> groups(String text) {
        var groups = new ArrayList<Integer>();
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                groups.add(Integer.parseInt(parts[i], 16));
                continue;
            }
            List<Integer> octets = i == parts.length - 1 ? ipv4(parts[i]) : null;
            if (octets == null) {
                return null;
            }
            groups.add(octets.get(0) << 8 | octets.get(1));
            groups.add(octets.get(2) << 8 | octets.get(3));
        }
        return groups;
    }
}
