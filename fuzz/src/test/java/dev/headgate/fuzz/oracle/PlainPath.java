package dev.headgate.fuzz.oracle;

import dev.headgate.http.uri.UriPolicy;
import dev.headgate.http.uri.UriPolicy.EscapedControls;
import dev.headgate.http.uri.UriPolicy.EscapedSeparators;
import dev.headgate.http.uri.UriPolicy.Slashes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gives a path its canonical form (RFC 3986 §6.2.2) with strings, segment by segment. */
public final class PlainPath {
    private static final Pattern ESCAPES = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");
    private static final Pattern NESTED = Pattern.compile("%25[0-9A-Fa-f]{2}");
    private static final Pattern HIDDEN_END = Pattern.compile(";|%3B");
    private static final Pattern SEPARATOR = Pattern.compile("%2F|%5C");
    private static final String UNRESERVED_MARKS = "-._~";
    private static final String PLAIN_MARKS = UNRESERVED_MARKS + "!$&'()*+,;=:@";
    private static final String BROWSER_MARKS = "|[]^{}\"<>`";

    private PlainPath() {}

    /** The canonical form of a path that begins with a slash, or null when it has none. */
    public static @Nullable String canonical(String path, UriPolicy policy) {
        var segments = new ArrayList<String>();
        for (String segment : path.substring(1).split("/", -1)) {
            String written = written(segment, policy);
            if (written == null || NESTED.matcher(written).find() || hidesDots(written)) {
                return null;
            }
            segments.add(written);
        }
        return joined(segments, policy);
    }

    private static @Nullable String joined(List<String> segments, UriPolicy policy) {
        Deque<String> kept = new ArrayDeque<>();
        String last = "";
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            boolean isLast = i == segments.size() - 1;
            if (segment.equals("..")) {
                if (kept.pollLast() == null) {
                    return null;
                }
            } else if (segment.equals(".")) {
                continue;
            } else if (isLast) {
                last = segment;
            } else if (!segment.isEmpty() || policy.slashes() == Slashes.KEEP) {
                kept.addLast(segment);
            }
        }
        var path = new StringBuilder("/");
        for (String segment : kept) {
            path.append(segment).append('/');
        }
        return path + last;
    }

    /** The segment with its escapes settled, or null. */
    private static @Nullable String written(String segment, UriPolicy policy) {
        var out = new StringBuilder();
        Matcher escapes = ESCAPES.matcher(segment);
        int at = 0;
        while (at < segment.length()) {
            char c = segment.charAt(at);
            if (c == '%') {
                if (!escapes.find(at) || escapes.start() != at) {
                    return null;
                }
                String settled = settled(escapes.group(), policy);
                if (settled == null) {
                    return null;
                }
                out.append(settled);
                at = escapes.end();
            } else if (isAlphanumeric(c) || PLAIN_MARKS.indexOf(c) >= 0) {
                out.append(c);
                at++;
            } else if (BROWSER_MARKS.indexOf(c) >= 0) {
                out.append(escape(c));
                at++;
            } else {
                return null;
            }
        }
        return out.toString();
    }

    /** A run of escapes, which has to be text in UTF-8. */
    private static @Nullable String settled(String run, UriPolicy policy) {
        var bytes = new byte[run.length() / 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(run.substring(3 * i + 1, 3 * i + 3), 16);
        }
        try {
            var ignored = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            return null;
        }
        var out = new StringBuilder();
        for (byte b : bytes) {
            boolean isSeparator = b == '/' || b == '\\';
            boolean isControl = Character.isISOControl(b & 0xFF) && b > 0;
            if (b == 0
                    || isSeparator && policy.escapedSeparators() == EscapedSeparators.REJECT
                    || isControl && policy.escapedControls() == EscapedControls.REJECT) {
                return null;
            }
            boolean isUnreserved = isAlphanumeric((char) b) || UNRESERVED_MARKS.indexOf(b) >= 0;
            out.append(isUnreserved ? Character.toString((char) b) : escape(b & 0xFF));
        }
        return out.toString();
    }

    /** Whether an origin that cuts parameters off, or undoes escaped separators, would see a dot segment. */
    private static boolean hidesDots(String segment) {
        if (isDots(segment)) {
            return false;
        }
        for (String piece : SEPARATOR.split(segment, -1)) {
            if (isDots(HIDDEN_END.split(piece, -1)[0])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDots(String text) {
        return text.equals(".") || text.equals("..");
    }

    private static String escape(int b) {
        return "%%%02X".formatted(b);
    }

    private static boolean isAlphanumeric(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
