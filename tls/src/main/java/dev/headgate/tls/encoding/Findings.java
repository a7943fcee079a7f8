package dev.headgate.tls.encoding;

import dev.headgate.tls.finding.Finding;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.util.ArrayList;
import java.util.List;

/** Collects what is found during one look at files. Owned by that look. */
public final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private boolean hasProblem;

    public void add(FindingCode code, Input input, int line, String found, String expected) {
        all.add(new Finding(code, input, line, found, expected));
        hasProblem |= code.severity() == FindingCode.Severity.PROBLEM;
    }

    public boolean hasProblem() {
        return hasProblem;
    }

    public List<Finding> toList() {
        return List.copyOf(all);
    }
}
