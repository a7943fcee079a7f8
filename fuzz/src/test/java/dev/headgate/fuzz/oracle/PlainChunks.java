package dev.headgate.fuzz.oracle;

import dev.headgate.fuzz.oracle.PlainFields.Line;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.fuzz.oracle.Verdict.Refused;
import dev.headgate.fuzz.oracle.Verdict.Unfinished;
import dev.headgate.http.Http1Limits;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a chunked body (RFC 9112 §7.1) from its text. */
public final class PlainChunks {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"(?:[\t !\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\t -~\\x80-\\xff])*\"";
    private static final Pattern CHUNK_LINE = Pattern.compile(
            "([0-9A-Fa-f]{1,16})((?:[ \t]*;[ \t]*" + TOKEN + "(?:[ \t]*=[ \t]*(?:" + TOKEN + "|" + QUOTED + "))?)*)");
    private static final BigInteger SIZE_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private PlainChunks() {}

    /** Judges the body at the start of {@code bytes}. */
    public static Verdict<BodyModel> read(byte[] bytes, Http1Limits limits) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        var content = new StringBuilder();
        int extensionBytes = 0;
        int at = 0;
        while (true) {
            int lineEnd = text.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return new Unfinished<>();
            }
            Matcher line = CHUNK_LINE.matcher(text.substring(at, lineEnd));
            if (lineEnd - at > limits.chunkLineBytes() || !line.matches()) {
                return new Refused<>("chunk line");
            }
            BigInteger size = new BigInteger(line.group(1), 16);
            extensionBytes += line.group(2).length();
            if (line.group(1).length() > limits.chunkSizeDigits()
                    || size.compareTo(SIZE_MAX) > 0
                    || extensionBytes > limits.chunkExtensionBytes()) {
                return new Refused<>("chunk size or extensions");
            }
            at = lineEnd + 2;
            if (size.signum() == 0) {
                return trailers(text, at, content.toString(), limits);
            }
            if (size.compareTo(BigInteger.valueOf(text.length() - at)) >= 0) {
                return new Unfinished<>();
            }
            content.append(text, at, at + size.intValue());
            at += size.intValue();
            if (!text.startsWith("\r\n", at)) {
                return text.substring(at).equals("\r") ? new Unfinished<>() : new Refused<>("chunk end");
            }
            at += 2;
        }
    }

    private static Verdict<BodyModel> trailers(String text, int start, String content, Http1Limits limits) {
        int end = text.startsWith("\r\n", start) ? start : text.indexOf("\r\n\r\n", start) + 2;
        if (end < start) {
            return new Unfinished<>();
        }
        int length = end + 2;
        List<String> texts = end == start
                ? List.of()
                : List.of(text.substring(start, end - 2).split("\r\n", -1));
        List<Line> lines = PlainFields.read(texts, limits, limits.trailerCount());
        if (lines == null || length - start > limits.trailerBytes()) {
            return new Refused<>("trailers");
        }
        List<Line> allowed =
                lines.stream().filter(PlainFields::isTrailerAllowed).toList();
        return new Accepted<>(new BodyModel(content, PlainFields.text(allowed)), length);
    }
}
