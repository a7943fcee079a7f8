package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.peer.Field;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What holds for field sections of HTTP/2 in either direction (RFC 9113 §8.2). */
final class Http2Fields {
    private static final List<String> OF_CONNECTION =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings");

    private Http2Fields() {}

    static void checkAll(List<Field> lines) {
        boolean isBehindPseudo = false;
        for (Field line : lines) {
            boolean isPseudo = line.name().startsWith(":");
            check(!isPseudo || !isBehindPseudo, "pseudo-header field behind others: ", line);
            isBehindPseudo |= !isPseudo;
            checkLine(line);
        }
    }

    private static void checkLine(Field line) {
        String name = line.name();
        check(!name.isEmpty() && name.equals(name.toLowerCase(Locale.ROOT)), "name \"" + name + "\"");
        check(!OF_CONNECTION.contains(name), "field of a connection: " + name);
        check(line.value().equals(line.value().strip()), "value of " + name + ": \"" + line.value() + "\"");
        check(
                line.value().chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n'),
                "value of " + name + ": \"" + line.value() + "\"");
    }

    static long pseudoCount(List<Field> lines) {
        return lines.stream().filter(line -> line.name().startsWith(":")).count();
    }

    /** The value of the only field with this name; null where there is none. */
    static @Nullable String value(List<Field> lines, String name) {
        List<String> values = lines.stream()
                .filter(line -> line.name().equals(name))
                .map(Field::value)
                .toList();
        check(values.size() < 2, "more than one field " + name + ": ", lines);
        return values.isEmpty() ? null : values.getFirst();
    }
}
