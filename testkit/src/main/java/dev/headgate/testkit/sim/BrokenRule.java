package dev.headgate.testkit.sim;

/** What came breaks a rule. */
final class BrokenRule extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenRule(String message) {
        super(message);
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new BrokenRule(otherwise);
        }
    }

    static void check(boolean holds, String otherwise, Object of) {
        if (!holds) {
            throw new BrokenRule(otherwise + of);
        }
    }
}
