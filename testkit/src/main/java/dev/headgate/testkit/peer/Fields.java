package dev.headgate.testkit.peer;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A received field section in order. Names are compared without case. */
public record Fields(List<Field> lines) {
    /** No field at all. */
    public static final Fields NONE = new Fields(List.of());

    public Fields {
        lines = List.copyOf(lines);
    }

    /** All values of {@code name}, one per field line. */
    public List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** The value of the only line of that name, or null when there is none; more than one is a failure. */
    public @Nullable String value(String name) {
        var values = all(name);
        if (values.size() > 1) {
            throw new AssertionError("more than one " + name + ": " + values);
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** True when at least one line has that name. */
    public boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** All names in lower case, in order, repeated as often as they came. */
    public List<String> names() {
        return lines.stream().map(line -> line.name().toLowerCase(Locale.ROOT)).toList();
    }
}
