package dev.headgate.tls.trust;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.finding.Finding;
import java.util.List;

/** Trust anchors, or why there are none. */
@Immutable
public sealed interface TrustResult {
    /** All that was found, in the order in which it was seen. */
    List<Finding> findings();

    /**
     * There are some.
     *
     * @param anchors at least one
     * @param findings warnings and notes
     */
    record Ready(TrustAnchors anchors, List<Finding> findings) implements TrustResult {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    /**
     * There are none.
     *
     * @param findings at least one problem, perhaps with warnings among them
     */
    record Refused(List<Finding> findings) implements TrustResult {
        public Refused {
            findings = List.copyOf(findings);
        }
    }
}
