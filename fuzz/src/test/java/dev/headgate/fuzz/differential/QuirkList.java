package dev.headgate.fuzz.differential;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

    Set<String> names() {
        return names;
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /** Whether something that was done to the case makes the program read it in this way. */
    boolean explains(Difference difference) {
        return difference.of().twists().stream()
                .anyMatch(twist -> has(Difference.name(twist, difference.program(), difference.relation())));
    }
}
