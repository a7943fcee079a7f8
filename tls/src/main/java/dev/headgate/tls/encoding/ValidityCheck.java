package dev.headgate.tls.encoding;

import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.time.Instant;

/** Warns of certificates that are not valid, or not for long. */
public final class ValidityCheck {
    private ValidityCheck() {}

    /** Judges by {@code now}. */
    public static void check(ReadCertificate certificate, Input input, Instant now, Findings findings) {
        Instant from = certificate.certificate().getNotBefore().toInstant();
        ExpiryStage stage = ExpiryStage.of(certificate.certificate(), now);
        if (now.isBefore(from) && stage != ExpiryStage.OVER) {
            String found = "the certificate of " + certificate.name() + ", from " + from;
            findings.add(FindingCode.CERTIFICATE_NOT_YET_VALID, input, certificate.line(), found, "a valid one");
        } else if (stage != ExpiryStage.FAR) {
            ExpiryStage told = stage == ExpiryStage.OVER ? stage : ExpiryStage.MONTH;
            addEnd(certificate, input, told, findings);
        }
    }

    /** Tells that a certificate has come to {@code stage}. */
    public static void addEnd(ReadCertificate certificate, Input input, ExpiryStage stage, Findings findings) {
        FindingCode code =
                stage == ExpiryStage.OVER ? FindingCode.CERTIFICATE_EXPIRED : FindingCode.CERTIFICATE_EXPIRES_SOON;
        Instant until = certificate.certificate().getNotAfter().toInstant();
        String found = "the certificate of " + certificate.name() + ", until " + until;
        findings.add(code, input, certificate.line(), found, stage.expected());
    }
}
