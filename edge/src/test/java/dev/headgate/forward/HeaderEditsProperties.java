package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.FieldSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class HeaderEditsProperties {
    record Line(String name, String value) {}

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("x-a", "X-A", "x-b", "Cookie", "cookie", "ETag", "Referer", "x-abcdefgh");
    }

    @Provide
    Arbitrary<Line> lines() {
        return Combinators.combine(names(), Arbitraries.of("", "1", "a b", "\u00e9"))
                .as(Line::new);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void doWhatRemovingFromAListAndAddingToItDoes(
            @ForAll @Size(max = 8) List<@From("lines") Line> lines,
            @ForAll @Size(max = 3) List<@From("names") String> removed,
            @ForAll @Size(max = 4) List<@From("lines") Line> set,
            @ForAll @Size(max = 4) List<@From("lines") Line> added) {
        HeaderEdits.Builder builder = HeaderEdits.builder();
        removed.forEach(builder::remove);
        set.forEach(line -> builder.set(line.name(), line.value()));
        added.forEach(line -> builder.add(line.name(), line.value()));
        HeaderEdits edits = builder.build();
        FieldSection fields = Heads.section(
                lines.stream().map(line -> line.name() + ": " + line.value()).toArray(String[]::new));
        int before = fields.appendOffset();

        assertTrue(edits.apply(fields));

        assertEquals(expected(lines, removed, set, added), shown(fields));
        assertEquals(edits.addedBytes(), fields.appendOffset() - before);
    }

    /** Names are compared, and known ones written, without regard to case. */
    private static List<String> expected(List<Line> lines, List<String> removed, List<Line> set, List<Line> added) {
        List<Line> result = new ArrayList<>(lines);
        removed.forEach(name -> result.removeIf(line -> line.name().equalsIgnoreCase(name)));
        List<Line> last = new ArrayList<>();
        for (Line line : set) {
            result.removeIf(other -> other.name().equalsIgnoreCase(line.name()));
            last.removeIf(other -> other.name().equalsIgnoreCase(line.name()));
            last.add(line);
        }
        return Stream.of(result, last, added)
                .flatMap(List::stream)
                .map(line -> line.name().toLowerCase(Locale.ROOT) + ": " + line.value())
                .toList();
    }

    private static List<String> shown(FieldSection fields) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.isLive(i)) {
                lines.add(fields.name(i).toLowerCase(Locale.ROOT) + ": " + fields.value(i));
            }
        }
        return lines;
    }
}
