package dev.headgate.fuzz.differential;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All differences that are known, by name. */
final class QuirkList {
    private final Set<String> names = new HashSet<>();

    private QuirkList(List<Quirk> quirks) {
        for (var quirk : quirks) {
            for (String name : quirk.differences()) {
                if (!names.add(name)) {
                    throw new IllegalArgumentException("twice in the quirk list: " + name);
                }
            }
        }
    }

    static QuirkList of(String resource) {
        return new QuirkList(Quirk.of(resource));
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /** Whether something that was done to the case makes the program read it in this way. */
    boolean explains(Difference difference) {
        return difference.twists().stream()
                .anyMatch(twist -> has(Difference.name(twist, difference.program(), difference.relation())));
    }

    /** Fails unless these differences of a whole corpus are known, and are all that is known of this judge. */
    void assertExactly(List<Difference> differences, Judge judge) {
        var unused = new TreeSet<String>();
        names.stream().filter(name -> name.contains(": " + judge.name() + " ")).forEach(unused::add);
        for (var difference : differences) {
            if (!has(difference.name())) {
                throw new AssertionError("not in the quirk list: " + difference);
            }
            unused.remove(difference.name());
        }
        if (!unused.isEmpty()) {
            throw new AssertionError("in the quirk list without need: " + unused);
        }
    }
}
