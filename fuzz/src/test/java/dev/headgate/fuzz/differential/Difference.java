package dev.headgate.fuzz.differential;

import java.util.List;

/**
 * One program's reading of one case that is not Headgate's.
 *
 * @param of name of the case
 * @param twists the vectors of the corpus that are in it
 */
record Difference(String of, List<String> twists, String program, Relation relation, String ours, String theirs) {
    /** What the quirk list must hold for it. */
    static String name(String vector, String program, Relation relation) {
        return vector + ": " + program + " " + relation.words();
    }

    /** As it is called when the case is a vector of the corpus. */
    String name() {
        return name(of, program, relation);
    }

    @Override
    public String toString() {
        return of + " " + twists + ": " + program + " " + relation.words() + "\n  headgate " + ours + "\n  " + program
                + " " + theirs;
    }
}
