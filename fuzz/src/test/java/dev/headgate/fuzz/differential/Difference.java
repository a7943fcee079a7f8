package dev.headgate.fuzz.differential;

/** One program's reading of one case that is not Headgate's. */
record Difference(Case of, String program, Relation relation, String ours, String theirs) {
    /** What the quirk list must hold for it. */
    static String name(String vector, String program, Relation relation) {
        return vector + ": " + program + " " + relation.words();
    }

    /** As it is called when the case is a vector of the corpus. */
    String name() {
        return name(of.name(), program, relation);
    }

    @Override
    public String toString() {
        return of + ": " + program + " " + relation.words() + "\n  headgate " + ours + "\n  " + program + " " + theirs;
    }
}
