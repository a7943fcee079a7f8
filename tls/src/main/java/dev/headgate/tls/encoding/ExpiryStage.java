package dev.headgate.tls.encoding;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** How near a certificate's end is, each stage nearer than the one before. */
public enum ExpiryStage {
    FAR("more than 30 days left"), // which nobody is told of
    MONTH("more than 30 days left"),
    WEEK("more than 7 days left"),
    DAY("more than a day left"),
    OVER("a valid one");

    private static final Duration MONTH_LEFT = Duration.ofDays(30);
    private static final Duration WEEK_LEFT = Duration.ofDays(7);
    private static final Duration DAY_LEFT = Duration.ofDays(1);

    private final String expected;

    ExpiryStage(String expected) {
        this.expected = expected;
    }

    /** The one of {@code certificate} at {@code now}. */
    public static ExpiryStage of(X509Certificate certificate, Instant now) {
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) return OVER; // The last second counts (RFC 5280 §4.1.2.5).
        if (until.isBefore(now.plus(DAY_LEFT))) return DAY;
        if (until.isBefore(now.plus(WEEK_LEFT))) return WEEK;
        return until.isBefore(now.plus(MONTH_LEFT)) ? MONTH : FAR;
    }

    /** What would be in order in its place. */
    public String expected() {
        return expected;
    }
}
