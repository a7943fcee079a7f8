package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.ExpiryStage;
import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.encoding.ValidityCheck;
import dev.headgate.tls.finding.Finding;
import dev.headgate.tls.finding.Input;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of the certificates of a chain in use, each once, that 30 days are left, 7 days, and one day, and that they have run out. What a reader
 * of the chain has told already is not told again.
 *
 * <p>Used by one thread at a time.
 */
public final class ExpiryNotices {
    private Map<X509Certificate, ExpiryStage> reached = Map.of();
    private Instant lastLook;

    /** @param since the chain was read no earlier, so that its reader has told what was so then */
    public ExpiryNotices(Instant since) {
        this.lastLook = since;
    }

    /** What is to be told of {@code credential} that has not been told: of a certificate that was not there at the last look, what has come since. */
    public List<Finding> look(Credential credential, Instant now) {
        Findings findings = new Findings();
        Map<X509Certificate, ExpiryStage> next = new HashMap<>();
        for (X509Certificate certificate : credential.chain()) {
            ExpiryStage before = reached.getOrDefault(certificate, ExpiryStage.of(certificate, lastLook));
            ExpiryStage stage = ExpiryStage.of(certificate, now);
            boolean isNews = stage.compareTo(before) > 0;
            if (isNews) {
                ValidityCheck.addEnd(new ReadCertificate(certificate, 0), Input.CERTIFICATES, stage, findings);
            }
            next.put(certificate, isNews ? stage : before); // A clock that is set back tells nothing twice.
        }
        reached = next;
        lastLook = now;
        return findings.toList();
    }
}
