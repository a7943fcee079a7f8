package dev.headgate.tls.trust;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.finding.Finding;
import java.util.List;

/** Revocation lists, or why there are none. */
@Immutable
public sealed interface RevocationResult {
    /** All that was found, in the order in which it was seen. */
    List<Finding> findings();

    /**
     * There are some.
     *
     * @param lists at least one
     * @param findings warnings
     */
    record Ready(RevocationLists lists, List<Finding> findings) implements RevocationResult {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    /**
     * There are none.
     *
     * @param findings at least one problem, perhaps with warnings among them
     */
    record Refused(List<Finding> findings) implements RevocationResult {
        public Refused {
            findings = List.copyOf(findings);
        }
    }
}
