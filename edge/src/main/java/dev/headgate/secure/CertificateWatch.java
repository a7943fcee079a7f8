package dev.headgate.secure;

import dev.headgate.config.ListenerTls;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at certificate files from time to time, and puts what has changed to use. New handshakes show the new certificates at once;
 * connections and sessions go on. Of changed authorities that vouch for clients, sessions are no longer resumed. Files that are of no use change nothing: the old ones stay, and an alarm is raised.
 *
 * <p>Chain and key are often written one after the other, and links swapped between: a change counts once two looks in a row have
 * seen the same.
 */
public final class CertificateWatch implements DutyCycle {
    private final CertificateFiles files;
    private final ClientTrustFiles authorities;
    private final Clock clock;
    private final ErrorLog errors;
    private final List<Watched> watched = new ArrayList<>();
    private volatile boolean stopping;

    public CertificateWatch(FileAccess files, Clock clock, ErrorLog errors) {
        this.files = new CertificateFiles(files);
        this.authorities = new ClientTrustFiles(files);
        this.clock = clock;
        this.errors = errors;
    }

    /** Files that change together. */
    private static final class Watched {
        final WatchedFiles files;
        final String listener;
        final long everyNs;
        List<String> inUse;
        List<String> lastSeen;
        List<String> lastFailed = List.of();
        boolean wasUnreadable;
        long nextLookNs;

        Watched(WatchedFiles files, String listener, long everyNs, List<String> stamps, long nowNs) {
            this.files = files;
            this.listener = listener;
            this.everyNs = everyNs;
            this.inUse = stamps;
            this.lastSeen = stamps;
            this.nextLookNs = nowNs + everyNs;
        }
    }

    /**
     * Watches the files of one listener; before the watch runs.
     *
     * @param stamps how they looked before they were read for {@code security}
     */
    public void add(ListenerTls settings, ListenerSecurity security, List<String> stamps) {
        add(settings, security, new WatchedCertificates(files, settings, security), stamps);
    }

    /**
     * Watches the authorities that vouch for the clients of one listener; before the watch runs.
     *
     * @param reading what they held and how they looked
     */
    public void add(ListenerTls settings, ListenerSecurity security, ClientTrustReading reading) {
        ClientPolicies policies = new ClientPolicies(settings.clientAuth());
        for (int i = 0; i < policies.count(); i++) {
            List<String> stamps = reading.stamps().get(i);
            if (!stamps.isEmpty()) {
                add(settings, security, new WatchedAuthorities(authorities, i, policies.policy(i), security), stamps);
            }
        }
    }

    private void add(ListenerTls settings, ListenerSecurity security, WatchedFiles which, List<String> stamps) {
        long everyNs = settings.watchNs();
        if (everyNs > 0) {
            watched.add(new Watched(which, security.listener(), everyNs, stamps, clock.monotonicNs()));
        }
    }

    /** Whether there is nothing to watch. */
    public boolean isEmpty() {
        return watched.isEmpty();
    }

    /** Makes the watch end at its next cycle. */
    @AnyThread
    public void stop() {
        stopping = true;
    }

    @Override
    public int doWork(long nowNs) {
        if (stopping) {
            return DONE;
        }
        int changes = 0;
        for (Watched each : watched) {
            if (nowNs - each.nextLookNs >= 0) {
                each.nextLookNs = nowNs + each.everyNs;
                changes += look(each);
            }
        }
        return changes;
    }

    private int look(Watched each) {
        List<String> seen = each.files.stamps();
        boolean isSettled = seen.equals(each.lastSeen);
        each.lastSeen = seen;
        if (!isSettled || seen.equals(each.inUse)) {
            return 0;
        }
        if (seen.equals(each.lastFailed) && !each.wasUnreadable) {
            return 0; // What is of no use stays so until it changes; what could not be read may be readable now.
        }
        reload(each, seen);
        return 1;
    }

    private void reload(Watched each, List<String> seen) {
        WatchedFiles.Reading read = each.files.reload(Instant.ofEpochMilli(clock.wallMs()));
        String listener = each.listener;
        each.wasUnreadable = CertificateFiles.isUnreadable(read.problems());
        if (read.problems().isEmpty()) {
            for (String warning : read.warnings()) {
                errors.report(LogEvent.CERTIFICATE_QUESTIONABLE, "listener", listener, "finding", warning);
            }
            each.inUse = seen;
            each.lastFailed = List.of();
            errors.report(each.files.changed(), "listener", listener);
        } else if (!seen.equals(each.lastFailed)) {
            each.lastFailed = seen;
            each.files.keepOld();
            errors.report(each.files.unusable(), "listener", listener, "failure", String.join("; ", read.problems()));
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "where", "certificate watch", "failure", failure);
    }
}
