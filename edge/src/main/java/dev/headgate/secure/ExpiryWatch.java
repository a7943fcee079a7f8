package dev.headgate.secure;

import dev.headgate.config.ListenerTls.Source;
import dev.headgate.engine.io.Clock;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.ExpiryNotices;
import dev.headgate.tls.finding.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Warns of certificates in use that come near their end. Each is told of 30, 7 and 1 days before, and when it has come; what is read, at a start or a
 * change, is told of by its reader.
 */
final class ExpiryWatch {
    private static final long BETWEEN_LOOKS_MS =
            TimeUnit.MINUTES.toMillis(1); // by the clock of the wall, which certificates go by

    /** Certificates of one authority end together, and of too many warnings at once the log would suppress some. */
    private static final int WARNINGS_PER_LOOK = ErrorLog.EVENTS_PER_SECOND_MAX / 2;

    private final Clock clock;
    private final ErrorLog errors;
    private final Instant since; // what is added has been read no earlier
    private final List<Shown> all = new ArrayList<>();
    private long lastLookMs;

    /**
     * One place of a configuration where there is a certificate.
     *
     * @param kind {@code listener} or {@code upstream}
     * @param current what is shown at the moment
     */
    private record Shown(
            String kind, String name, Source source, Supplier<Credential> current, ExpiryNotices notices) {}

    /** Before anything that it will watch is read. */
    ExpiryWatch(Clock clock, ErrorLog errors) {
        this.clock = clock;
        this.errors = errors;
        this.lastLookMs = clock.wallMs();
        this.since = Instant.ofEpochMilli(lastLookMs);
    }

    void add(String kind, String name, Source source, Supplier<Credential> current) {
        all.add(new Shown(kind, name, source, current, new ExpiryNotices(since)));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Looks when it is time to; answers how many warnings there were. */
    int doWork() {
        long nowMs = clock.wallMs();
        if (Math.abs(nowMs - lastLookMs) < BETWEEN_LOOKS_MS) {
            return 0;
        }
        lastLookMs = nowMs;
        Instant now = Instant.ofEpochMilli(nowMs);
        int told = 0;
        for (int i = 0; i < all.size() && told < WARNINGS_PER_LOOK; i++) { // The rest is for the next look.
            told += look(all.get(i), now);
        }
        return told;
    }

    private int look(Shown shown, Instant now) {
        List<Finding> findings = shown.notices().look(shown.current().get(), now);
        for (Finding finding : findings) {
            String warning = CertificateFiles.sentence(shown.source(), finding);
            errors.report(LogEvent.CERTIFICATE_QUESTIONABLE, shown.kind(), shown.name(), "finding", warning);
        }
        return findings.size();
    }
}
