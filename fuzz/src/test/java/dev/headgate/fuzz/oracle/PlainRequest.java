package dev.headgate.fuzz.oracle;

import dev.headgate.fuzz.oracle.PlainFields.Framing;
import dev.headgate.fuzz.oracle.PlainFields.Line;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.fuzz.oracle.Verdict.Refused;
import dev.headgate.fuzz.oracle.Verdict.Unfinished;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.TargetForm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request head (RFC 9112 §3, §5, §6) from its text, once it is whole. */
public final class PlainRequest {
    private static final Pattern START = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Z-]+) ([!-~&&[^#]]+) HTTP/1\\.([01])");
    private static final Pattern ABSOLUTE =
            Pattern.compile("(https?)://([^/?@]*)((?:/[^?]*)?)", Pattern.CASE_INSENSITIVE);

    private PlainRequest() {}

    /** Judges the head at the start of {@code bytes}. */
    public static Verdict<RequestModel> read(byte[] bytes, Http1Limits limits) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int start = 0;
        while (text.startsWith("\r\n", start)) {
            start += 2;
        }
        if (start / 2 > limits.leadingCrlfCount()) {
            return new Refused<>("empty lines");
        }
        int end = text.indexOf("\r\n\r\n", start);
        if (end < 0) {
            return new Unfinished<>();
        }
        int length = end + 4;
        List<String> lines = List.of(text.substring(start, end).split("\r\n", -1));
        if (length > limits.headBytes() || lines.stream().anyMatch(line -> line.matches("(?s).*[\r\n].*"))) {
            return new Refused<>("too large, or a lone CR or LF");
        }
        RequestModel model = model(lines, limits);
        return model == null ? new Refused<>("grammar") : new Accepted<>(model, length);
    }

    private static @Nullable RequestModel model(List<String> texts, Http1Limits limits) {
        String startLine = texts.getFirst();
        Matcher start = START.matcher(startLine);
        if (startLine.length() > limits.requestLineBytes()
                || !start.matches()
                || start.group(1).length() > limits.methodBytes()) {
            return null;
        }
        int minor = start.group(3).charAt(0) - '0';
        List<Line> lines = PlainFields.read(texts.subList(1, texts.size()), limits, limits.fieldCount());
        Framing framing = lines == null ? null : PlainFields.framing(lines, minor);
        if (lines == null || framing == null) {
            return null;
        }
        List<String> hosts = PlainFields.values(lines, "host");
        PlainHost host = hosts.isEmpty() ? null : PlainHost.parse(hosts.getFirst());
        if (hosts.size() > 1 || host == null && (minor == 1 || !hosts.isEmpty())) {
            return null;
        }
        List<String> expectations = PlainFields.values(lines, "expect");
        if (!expectations.stream().allMatch("100-continue"::equalsIgnoreCase)) {
            return null;
        }
        Target target = target(start.group(1), start.group(2), host);
        if (target == null) {
            return null;
        }
        boolean hasContent = framing.chunked() || framing.contentLength() > 0;
        PlainHost authority = target.authority();
        return new RequestModel(
                start.group(1),
                target.form(),
                start.group(2),
                target.path(),
                target.query(),
                authority == null ? "" : authority.authority(),
                authority == null ? "" : authority.host(),
                authority == null ? -1 : authority.port(),
                minor,
                framing.chunked() ? BodyKind.CHUNKED : framing.contentLength() < 0 ? BodyKind.NONE : BodyKind.LENGTH,
                framing.contentLength(),
                minor == 1 && !PlainFields.hasOption(lines, "close"),
                minor == 1 && !expectations.isEmpty() && hasContent,
                PlainFields.text(lines));
    }

    private record Target(
            TargetForm form,
            String path,
            @Nullable String query,
            @Nullable PlainHost authority) {}

    private static @Nullable Target target(String method, String text, @Nullable PlainHost host) {
        int mark = text.indexOf('?');
        String beforeQuery = mark < 0 ? text : text.substring(0, mark);
        String query = mark < 0 ? null : text.substring(mark + 1);
        if (method.equals("CONNECT")) {
            return null;
        }
        if (text.startsWith("/")) {
            return new Target(TargetForm.ORIGIN, beforeQuery, query, host);
        }
        if (text.equals("*")) {
            return method.equals("OPTIONS") ? new Target(TargetForm.ASTERISK, "*", null, host) : null;
        }
        Matcher absolute = ABSOLUTE.matcher(beforeQuery);
        PlainHost named = absolute.matches() ? PlainHost.parse(absolute.group(2)) : null;
        if (named == null) {
            return null;
        }
        int defaultPort = absolute.group(1).equalsIgnoreCase("https") ? 443 : 80;
        boolean isSame = host == null
                || host.host().equalsIgnoreCase(named.host()) && port(host, defaultPort) == port(named, defaultPort);
        return isSame ? new Target(TargetForm.ABSOLUTE, absolute.group(3), query, named) : null;
    }

    private static int port(PlainHost host, int defaultPort) {
        return host.port() < 0 ? defaultPort : host.port();
    }
}
