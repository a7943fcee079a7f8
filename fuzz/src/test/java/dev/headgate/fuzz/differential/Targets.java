package dev.headgate.fuzz.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;

/** Forms of one target, made without the product's canonicaliser, which is under test here (RFC 3986 §6.2.2). */
final class Targets {
    private static final String UNRESERVED_MARKS = "-._~";

    private Targets() {}

    /** The target without scheme and authority, escapes of unreserved bytes resolved, dot segments gone. */
    static String normal(String target) {
        String origin = originForm(target);
        int query = origin.indexOf('?');
        String path = query < 0 ? origin : origin.substring(0, query);
        return (path.startsWith("/") ? withoutDots(unescape(path)) : path) + (query < 0 ? "" : origin.substring(query));
    }

    /** The target without scheme and authority. */
    static String originForm(String target) {
        int scheme = target.indexOf("://");
        if (scheme <= 0 || target.startsWith("/")) {
            return target;
        }
        String rest = target.substring(scheme + 3);
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
            end++;
        }
        return (rest.startsWith("/", end) ? "" : "/") + rest.substring(end);
    }

    private static String unescape(String path) {
        var text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            int decoded = escapeAt(path, i);
            if (decoded < 0) {
                text.append(path.charAt(i));
                continue;
            }
            text.append(isUnreserved((char) decoded) ? String.valueOf((char) decoded) : "%%%02X".formatted(decoded));
            i += 2;
        }
        return text.toString();
    }

    /** Every escape of the path decoded: one character per byte. */
    static String decodedPath(String target) {
        String normal = normal(target);
        int query = normal.indexOf('?');
        String path = query < 0 ? normal : normal.substring(0, query);
        var text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            int decoded = escapeAt(path, i);
            text.append(decoded < 0 ? path.charAt(i) : (char) decoded);
            i += decoded < 0 ? 0 : 2;
        }
        return text.toString();
    }

    private static int escapeAt(String path, int index) {
        if (path.charAt(index) != '%' || index + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(index + 1), 16);
        int low = Character.digit(path.charAt(index + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || UNRESERVED_MARKS.indexOf(c) >= 0;
    }

    // RFC 3986 §5.2.4, segment by segment.
    private static String withoutDots(String path) {
        String[] segments = path.substring(1).split("/", -1);
        var kept = new ArrayList<String>();
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..") && !kept.isEmpty()) {
                kept.removeLast();
            }
            if (!segments[i].equals(".") && !segments[i].equals("..")) {
                kept.add(segments[i]);
            } else if (last) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }

    /** A host without its port and without case. */
    static String hostName(String authority) {
        String name = authority.startsWith("[")
                ? authority.substring(0, authority.indexOf(']') + 1)
                : authority.split(":", -1)[0];
        return name.toLowerCase(Locale.ROOT);
    }

    /** The text as bytes, one per character. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
