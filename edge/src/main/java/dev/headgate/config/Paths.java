package dev.headgate.config;

import dev.headgate.config.spec.Refused;
import java.nio.charset.StandardCharsets;

/** Checks of paths in configuration: they must be canonical, because they are compared with canonical ones. */
final class Paths {
    static final int LENGTH_MAX = 8192;

    private static final String HEX = "0123456789ABCDEF";
    private static final String SUB_DELIMS_AND_MORE = "!$&'()*+,;=:@";
    private static final String UNRESERVED_MARKS = "-._~";

    private Paths() {}

    /** A path without wildcards. */
    static String checkPath(String text) throws Refused {
        checkCharacters(text);
        if (text.indexOf('*') >= 0) throw Refused.badValue("a wildcard where a path is wanted");
        return text;
    }

    /** A path without a slash at its end, to put before another. */
    static String checkPrefix(String text) throws Refused {
        checkPath(text);
        if (text.length() > 1 && !text.endsWith("/")) return text;
        String shorter = text.substring(0, text.length() - 1);
        throw Refused.badValue("a prefix ends before a slash", shorter.isEmpty() ? "" : "write " + shorter);
    }

    /** What paths and patterns have in common: canonical spelling, wildcards taken for ordinary characters. */
    static void checkCharacters(String text) throws Refused {
        if (!text.startsWith("/")) {
            boolean isClear = !text.isEmpty() && text.indexOf(':') < 0 && text.indexOf('*') == text.indexOf("/*") + 1;
            throw Refused.badValue("the path does not begin with a slash", isClear ? "write /" + text : "");
        }
        if (text.length() > LENGTH_MAX) throw Refused.badValue("the path is too long");
        if (text.contains("//")) throw Refused.badValue("an empty segment in the path");
        for (String segment : text.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) throw Refused.badValue("a dot segment in the path");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                checkEncoded(text, i);
                i += 2;
            } else if (c == '?' || c == '#') {
                throw Refused.badValue("a query or fragment in the path", "write " + text.substring(0, i));
            } else if (c != '/' && !isPlain(c)) {
                throw Refused.badValue("a character that must be percent-encoded", "write " + encoded(text));
            }
        }
    }

    private static void checkEncoded(String text, int index) throws Refused {
        int high = index + 2 < text.length() ? HEX.indexOf(text.charAt(index + 1)) : -1;
        int low = high < 0 ? -1 : HEX.indexOf(text.charAt(index + 2));
        if (low < 0) throw Refused.badValue("'%' is not followed by two hexadecimal digits in upper case");
        int value = high << 4 | low;
        if (value == '/' || value == '\\' || value == 0) {
            throw Refused.badValue("an encoded separator or NUL in the path");
        }
        if (isUnreserved((char) value)) {
            String decoded = text.substring(0, index) + (char) value + text.substring(index + 3);
            throw Refused.badValue("an encoded character that needs no encoding", "write " + decoded);
        }
    }

    private static boolean isPlain(char c) {
        return isUnreserved(c) || SUB_DELIMS_AND_MORE.indexOf(c) >= 0;
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || UNRESERVED_MARKS.indexOf(c) >= 0;
    }

    private static String encoded(String text) {
        StringBuilder path = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c == '/' || c == '%' || isPlain(c)) {
                path.append(c);
            } else {
                path.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return path.toString();
    }
}
