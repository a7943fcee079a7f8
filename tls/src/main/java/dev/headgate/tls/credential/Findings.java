package dev.headgate.tls.credential;

import java.util.ArrayList;
import java.util.List;

/** Collects what is found during one look at a credential. Owned by that look. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private boolean hasProblem;

    void add(FindingCode code, Input input, int line, String found, String expected) {
        all.add(new Finding(code, input, line, found, expected));
        hasProblem |= code.severity() == FindingCode.Severity.PROBLEM;
    }

    boolean hasProblem() {
        return hasProblem;
    }

    List<Finding> toList() {
        return List.copyOf(all);
    }
}
