package dev.headgate.fuzz.differential;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An entry of a quirk list: programs that read some vectors in a way that is not Headgate's.
 *
 * @param what what they do
 * @param reason who is right by the RFC, and why ours is safe
 */
record Quirk(List<String> vectors, List<String> programs, Relation relation, String what, String reason) {
    private static final Pattern HEADING = Pattern.compile("== (.+) \\| (.+) \\| (.+)");

    /** The list in a file in the resources of this package. */
    static List<Quirk> of(String resource) {
        return Arrays.stream(Vector.text(resource).split("\n(?==)", -1))
                .filter(entry -> entry.startsWith("=="))
                .map(Quirk::parse)
                .toList();
    }

    private static Quirk parse(String entry) {
        String[] lines = entry.strip().split("\n", -1);
        var heading = HEADING.matcher(lines[0]);
        if (!heading.matches() || lines.length != 3 || !lines[2].startsWith("-> ")) {
            throw new IllegalArgumentException("no quirk: " + entry);
        }
        return new Quirk(
                List.of(heading.group(1).split(" ", -1)),
                List.of(heading.group(2).split(" ", -1)),
                relation(heading.group(3)),
                lines[1],
                lines[2].substring(3));
    }

    private static Relation relation(String words) {
        return Arrays.stream(Relation.values())
                .filter(relation -> relation.words().equals(words))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no relation: " + words));
    }

    /** Every pair that the entry speaks of, as {@link Difference} names it. */
    List<String> differences() {
        return vectors.stream()
                .flatMap(vector -> programs.stream().map(program -> Difference.name(vector, program, relation)))
                .toList();
    }
}
