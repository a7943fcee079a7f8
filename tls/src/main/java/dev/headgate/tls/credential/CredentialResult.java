package dev.headgate.tls.credential;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.finding.Finding;
import java.util.List;

/** A credential, or why there is none. */
@Immutable
public sealed interface CredentialResult {
    /** All that was found, in the order in which it was seen. */
    List<Finding> findings();

    /**
     * There is one.
     *
     * @param credential checked, and ready to be shown
     * @param findings warnings and notes
     */
    record Ready(Credential credential, List<Finding> findings) implements CredentialResult {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    /**
     * There is none.
     *
     * @param findings at least one problem, perhaps with warnings among them
     */
    record Refused(List<Finding> findings) implements CredentialResult {
        public Refused {
            findings = List.copyOf(findings);
        }
    }
}
