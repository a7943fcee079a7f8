package dev.headgate.fuzz.oracle;

import dev.headgate.fuzz.oracle.PlainFields.Framing;
import dev.headgate.fuzz.oracle.PlainFields.Line;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.fuzz.oracle.Verdict.Refused;
import dev.headgate.fuzz.oracle.Verdict.Unfinished;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a response head (RFC 9112 §4, §5, §6) from its text, once it is whole. */
public final class PlainResponse {
    private static final Pattern START = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})(?: [\t -~\u0080-\u00ff]*)?");

    private PlainResponse() {}

    /** Judges the head at the start of {@code bytes}, the answer to a HEAD request or to another. */
    public static Verdict<ResponseModel> read(byte[] bytes, Http1Limits limits, boolean answersHead) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Unfinished<>();
        }
        int length = end + 4;
        List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
        if (length > limits.headBytes() || lines.stream().anyMatch(line -> line.matches("(?s).*[\r\n].*"))) {
            return new Refused<>("too large, or a lone CR or LF");
        }
        ResponseModel model = model(lines, limits, answersHead);
        return model == null ? new Refused<>("grammar") : new Accepted<>(model, length);
    }

    private static @Nullable ResponseModel model(List<String> texts, Http1Limits limits, boolean answersHead) {
        Matcher start = START.matcher(texts.getFirst());
        if (texts.getFirst().length() > limits.requestLineBytes() || !start.matches()) {
            return null;
        }
        int minor = start.group(1).charAt(0) - '0';
        int status = Integer.parseInt(start.group(2));
        List<Line> lines = PlainFields.read(texts.subList(1, texts.size()), limits, limits.fieldCount());
        Framing framing = lines == null ? null : PlainFields.framing(lines, minor);
        if (lines == null || framing == null) {
            return null;
        }
        boolean isInterim = status < 200;
        boolean isFramed = framing.chunked() || framing.contentLength() >= 0;
        if (isInterim && isFramed || status == 204 && framing.chunked()) {
            return null;
        }
        BodyKind body = body(status, framing, answersHead);
        boolean isKept = !PlainFields.hasOption(lines, "close")
                && (minor == 1 || PlainFields.hasOption(lines, "keep-alive"))
                && body != BodyKind.UNTIL_CLOSE
                && status != 101;
        long length = status == 204 ? -1 : framing.contentLength();
        return new ResponseModel(status, minor, body, length, isKept, PlainFields.text(lines));
    }

    private static BodyKind body(int status, Framing framing, boolean answersHead) {
        if (answersHead || status < 200 || status == 204 || status == 304) {
            return BodyKind.NONE;
        }
        if (framing.chunked()) {
            return BodyKind.CHUNKED;
        }
        return framing.contentLength() < 0 ? BodyKind.UNTIL_CLOSE : BodyKind.LENGTH;
    }
}
