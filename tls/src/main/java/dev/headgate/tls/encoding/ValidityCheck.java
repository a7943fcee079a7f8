package dev.headgate.tls.encoding;

import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.time.Duration;
import java.time.Instant;

/** Warns of certificates that are not valid, or not for long. */
public final class ValidityCheck {
    private static final Duration EXPIRY_NOTICE = Duration.ofDays(30);

    private ValidityCheck() {}

    /** Judges by {@code now}. */
    public static void check(ReadCertificate certificate, Input input, Instant now, Findings findings) {
        Instant from = certificate.certificate().getNotBefore().toInstant();
        Instant until = certificate.certificate().getNotAfter().toInstant();
        String whose = "the certificate of " + certificate.name();
        int line = certificate.line();
        if (now.isAfter(until)) {
            findings.add(FindingCode.CERTIFICATE_EXPIRED, input, line, whose + ", until " + until, "a valid one");
        } else if (now.isBefore(from)) {
            findings.add(FindingCode.CERTIFICATE_NOT_YET_VALID, input, line, whose + ", from " + from, "a valid one");
        } else if (until.isBefore(now.plus(EXPIRY_NOTICE))) {
            String found = whose + ", until " + until;
            findings.add(FindingCode.CERTIFICATE_EXPIRES_SOON, input, line, found, "more than 30 days left");
        }
    }
}
