package dev.headgate.fuzz.differential;

import dev.headgate.testkit.peer.Field;
import dev.headgate.testkit.peer.Fields;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as a program understood it, without what concerns one connection only.
 *
 * @param path the target's path, decoded, where a program says what it takes it for; null otherwise
 * @param fields names in lower case
 * @param body content, one character per byte
 */
record Heard(
        String method,
        String target,
        @Nullable String path,
        String host,
        List<Field> fields,
        String body,
        List<Field> trailers) {
    /** What programs write anew for each connection, and what framing is made of. */
    private static final Set<String> OF_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "content-length",
            "upgrade",
            "http2-settings",
            "expect",
            "host");

    private static final String JUDGE_PREFIX = "x-judge-";

    /** What a judge passed on to its origin. */
    static Heard of(ReceivedRequest request) {
        var fields = request.fields();
        String told = told(fields, "x-judge-host");
        var trailers = new ArrayList<>(request.trailers().lines());
        fields.all("x-judge-trailer").forEach(line -> trailers.add(field(line)));
        return new Heard(
                request.head().method(),
                request.head().target(),
                told(fields, "x-judge-path"),
                Objects.requireNonNullElseGet(told, () -> Objects.requireNonNull(fields.value("host"))),
                endToEnd(fields),
                request.text(),
                lowerCase(trailers));
    }

    // In brackets, for a field's value loses blanks at its end, and the field itself if it is empty.
    private static @Nullable String told(Fields fields, String name) {
        String told = fields.value(name);
        return told == null ? null : told.substring(1, told.length() - 1);
    }

    /** A field line that was told as the value of another field. */
    static Field field(String line) {
        int colon = line.indexOf(": ");
        return new Field(line.substring(0, colon), line.substring(colon + 2));
    }

    /** The fields that concern the message, rather than one connection. */
    static List<Field> endToEnd(Fields fields) {
        return lowerCase(fields.lines()).stream()
                .filter(field -> !OF_CONNECTION.contains(field.name()))
                .filter(field -> !field.name().startsWith(JUDGE_PREFIX))
                .toList();
    }

    private static List<Field> lowerCase(List<Field> fields) {
        return fields.stream()
                .map(field -> new Field(field.name().toLowerCase(Locale.ROOT), field.value()))
                .toList();
    }

    /** What tells this exchange from others, put there by {@link Ear}. */
    String tag() {
        return fields.stream()
                .filter(field -> field.name().equals(Ear.TAG))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }

    @Override
    public String toString() {
        return method + " " + target + " host=" + host + (path == null ? "" : " path=" + path) + " " + fields
                + (body.isEmpty() ? "" : " body=\"" + body + "\"")
                + (trailers.isEmpty() ? "" : " trailers=" + trailers);
    }
}
