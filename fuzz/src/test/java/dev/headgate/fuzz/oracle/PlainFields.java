package dev.headgate.fuzz.oracle;

import dev.headgate.http.Field;
import dev.headgate.http.Http1Limits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Field lines of a head or a trailer section (RFC 9112 §5), read from their text. */
final class PlainFields {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** What an underscore must not pass for: names that frame a message, tell who sent it, or let somebody in. */
    private static final Set<String> SENSITIVE = Set.of(
            "content-length",
            "transfer-encoding",
            "keep-alive",
            "proxy-connection",
            "http2-settings",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-client-cert",
            "x-real-ip",
            "x-request-id",
            "proxy-authorization",
            "proxy-authenticate",
            "www-authenticate",
            "set-cookie",
            "content-type",
            "content-encoding",
            "max-forwards");

    private static final int CONNECTION_OPTIONS_MAX = 32;

    private static final List<String> DENIED_IN_TRAILERS = List.of(
            "content-",
            "x-forwarded",
            "x-original-",
            "x-rewrite-",
            "proxy-",
            "sec-",
            "access-control-",
            "if-",
            "accept-",
            "strict-transport-",
            "clear-site-",
            "authentication-",
            "cdn-",
            "surrogate-",
            "x-accel-");

    /** A line that stays. */
    record Line(String name, String value) {
        boolean isNamed(String lowerCaseName) {
            return name.toLowerCase(Locale.ROOT).equals(lowerCaseName);
        }

        @Override
        public String toString() {
            return name + ": " + value;
        }
    }

    private PlainFields() {}

    /** The lines, those left out for an underscore aside; null when one of them is wrong or there are too many. */
    static @Nullable List<Line> read(List<String> texts, Http1Limits limits, int countMax) {
        if (texts.size() > countMax) {
            return null;
        }
        var lines = new ArrayList<Line>();
        for (String text : texts) {
            int colon = text.indexOf(':');
            if (colon < 0 || text.length() > limits.fieldLineBytes()) {
                return null;
            }
            String name = text.substring(0, colon);
            String value = trim(text.substring(colon + 1));
            if (!isToken(name) || name.length() > limits.nameBytes() || !isValue(value, limits)) {
                return null;
            }
            if (!name.contains("_")) {
                lines.add(new Line(name, value));
            } else if (isAlias(name) || limits.underscoreNames() == Http1Limits.UnderscoreNames.REJECT) {
                return null;
            } else if (limits.underscoreNames() == Http1Limits.UnderscoreNames.ALLOW) {
                lines.add(new Line(name, value));
            }
        }
        return lines;
    }

    static List<String> text(List<Line> lines) {
        return lines.stream().map(Line::toString).toList();
    }

    /** The values of the lines with this name. */
    static List<String> values(List<Line> lines, String lowerCaseName) {
        return lines.stream()
                .filter(line -> line.isNamed(lowerCaseName))
                .map(Line::value)
                .toList();
    }

    /** Whether a trailer of this name may go on (RFC 9110 §6.5.1): names of applications, and ETag. */
    static boolean isTrailerAllowed(Line line) {
        String name = line.name().toLowerCase(Locale.ROOT);
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        boolean isKnown = Field.idOf(ByteBuffer.wrap(bytes), 0, bytes.length) != Field.UNKNOWN;
        return name.equals("etag") || !isKnown && DENIED_IN_TRAILERS.stream().noneMatch(name::startsWith);
    }

    /** The framing that the lines declare, or null when they leave any doubt (RFC 9112 §6). */
    static @Nullable Framing framing(List<Line> lines, int minorVersion) {
        List<String> lengths = values(lines, "content-length");
        List<String> codings = values(lines, "transfer-encoding");
        if (lengths.size() + codings.size() > 1 || options(lines).size() > CONNECTION_OPTIONS_MAX) {
            return null;
        }
        if (!codings.isEmpty()) {
            return minorVersion == 1 && codings.getFirst().equalsIgnoreCase("chunked") ? new Framing(true, -1) : null;
        }
        if (lengths.isEmpty()) {
            return new Framing(false, -1);
        }
        String digits = lengths.getFirst();
        boolean isCanonical = digits.matches("0|[1-9][0-9]{0,18}");
        boolean isLong = isCanonical && (digits.length() < 19 || digits.compareTo("" + Long.MAX_VALUE) <= 0);
        return isLong ? new Framing(false, Long.parseLong(digits)) : null;
    }

    /** Whether Connection has the option. */
    static boolean hasOption(List<Line> lines, String option) {
        return options(lines).stream().anyMatch(option::equalsIgnoreCase);
    }

    private static List<String> options(List<Line> lines) {
        return values(lines, "connection").stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(PlainFields::trim)
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /**
     * How a message ends.
     *
     * @param contentLength −1 when none is named
     */
    record Framing(boolean chunked, long contentLength) {}

    static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c >= '0' && c <= '9'
                                || c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || TOKEN_MARKS.indexOf(c) >= 0);
    }

    static boolean isValueChar(int c) {
        return c == '\t' || c >= ' ' && c != 0x7F;
    }

    private static boolean isValue(String text, Http1Limits limits) {
        boolean obsText = limits.obsText() == Http1Limits.ObsText.ALLOW;
        return text.chars().allMatch(c -> isValueChar(c) && (c < 0x80 || obsText));
    }

    private static boolean isAlias(String name) {
        return SENSITIVE.contains(name.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Without blanks at either end. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
