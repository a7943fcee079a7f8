package dev.headgate.secure;

import dev.headgate.config.ListenerTls;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at certificate files from time to time, and puts what has changed to use. New handshakes show the new certificates at once;
 * connections and sessions go on. Files that are of no use change nothing: the old ones stay, and an alarm is raised.
 *
 * <p>Chain and key are often written one after the other, and links swapped between: a change counts once two looks in a row have
 * seen the same.
 */
public final class CertificateWatch implements DutyCycle {
    private final CertificateFiles files;
    private final Clock clock;
    private final ErrorLog errors;
    private final List<Watched> watched = new ArrayList<>();
    private volatile boolean stopping;

    public CertificateWatch(CertificateFiles files, Clock clock, ErrorLog errors) {
        this.files = files;
        this.clock = clock;
        this.errors = errors;
    }

    /** The files of one listener. */
    private static final class Watched {
        final ListenerTls settings;
        final ListenerSecurity security;
        List<String> inUse;
        List<String> lastSeen;
        List<String> lastFailed = List.of();
        boolean wasUnreadable;
        long nextLookNs;

        Watched(ListenerTls settings, ListenerSecurity security, List<String> stamps, long nowNs) {
            this.settings = settings;
            this.security = security;
            this.inUse = stamps;
            this.lastSeen = stamps;
            this.nextLookNs = nowNs + settings.watchNs();
        }
    }

    /**
     * Watches the files of one listener; before the watch runs.
     *
     * @param stamps how they looked before they were read for {@code security}
     */
    public void add(ListenerTls settings, ListenerSecurity security, List<String> stamps) {
        if (settings.watchNs() > 0) {
            watched.add(new Watched(settings, security, stamps, clock.monotonicNs()));
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
                each.nextLookNs = nowNs + each.settings.watchNs();
                changes += look(each);
            }
        }
        return changes;
    }

    private int look(Watched each) {
        List<String> seen = files.stamps(each.settings);
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
        CertificateFiles.Result read = files.read(each.settings, Instant.ofEpochMilli(clock.wallMs()));
        String listener = each.security.listener();
        each.wasUnreadable = read.isUnreadable();
        if (read.identities().isPresent()) {
            for (String warning : read.warnings()) {
                errors.report(LogEvent.CERTIFICATE_QUESTIONABLE, "listener", listener, "finding", warning);
            }
            each.inUse = seen;
            each.lastFailed = List.of();
            each.security.swap(read.identities().get());
            errors.report(LogEvent.CERTIFICATES_CHANGED, "listener", listener);
        } else if (!seen.equals(each.lastFailed)) {
            each.lastFailed = seen;
            each.security.keepOld();
            errors.report(
                    LogEvent.CERTIFICATES_UNUSABLE,
                    "listener",
                    listener,
                    "failure",
                    String.join("; ", read.problems()));
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "where", "certificate watch", "failure", failure);
    }
}
