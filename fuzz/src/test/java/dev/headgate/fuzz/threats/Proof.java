package dev.headgate.fuzz.threats;

import java.util.List;
import java.util.Locale;

/**
 * One test that says which threats it proves.
 *
 * @param className binary name
 * @param source the file that declares it, from the top of the checkout
 * @param rows ids of threats; the first begins the method's name
 * @param outcome what the test expects of the whole proxy; empty for tests of a part, and for those that add nothing to say
 */
record Proof(
        String className, String source, String method, List<String> rows, List<String> advisories, String outcome) {
    /** Whether the whole proxy runs in it, between real sockets. */
    boolean isOfTheWhole() {
        return className.endsWith("IT") || className.endsWith(".SoakTest");
    }

    boolean isNamedByRow() {
        String prefix = rows.getFirst().toLowerCase(Locale.ROOT).replace('-', '_');
        return method.startsWith(prefix + "_");
    }

    String simpleName() {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
