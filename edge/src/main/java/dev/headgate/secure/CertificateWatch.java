package dev.headgate.secure;

import dev.headgate.config.ListenerTls;
import dev.headgate.config.UpstreamTls;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the files of listeners and upstreams from time to time, and puts what has changed to use. New handshakes use the new
 * certificates at once; connections of clients, and their sessions, go on. Of changed authorities that vouch for clients, sessions are no longer resumed. Files that are of no use change nothing: the old ones stay, and an alarm is raised; a listener's other certificates are renewed all the same.
 * Of certificates in use that come near their end it warns, whether their files are looked at or not.
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
    private final ExpiryWatch expiries;
    private volatile boolean stopping;

    /** Before anything that it will watch is read. */
    public CertificateWatch(CertificateFiles files, ClientTrustFiles authorities, Clock clock, ErrorLog errors) {
        this.files = files;
        this.authorities = authorities;
        this.clock = clock;
        this.errors = errors;
        this.expiries = new ExpiryWatch(clock, errors);
    }

    /** Files, and how they looked when. */
    private static final class Watched {
        final WatchedFiles files;
        List<String> inUse;
        List<String> lastSeen;
        List<String> lastFailed = List.of();
        boolean wasUnreadable;
        long nextLookNs;

        Watched(WatchedFiles files, List<String> stamps, long nowNs) {
            this.files = files;
            this.inUse = stamps;
            this.lastSeen = stamps;
            this.nextLookNs = nowNs + files.watchNs();
        }
    }

    /**
     * Watches the files of one listener; before the watch runs.
     *
     * @param stamps how they looked before they were read for {@code security}
     */
    public void add(ListenerTls settings, ListenerSecurity security, List<String> stamps) {
        add(new ListenerWatch(files, settings, security), stamps);
        for (int i = 0; i < settings.certificates().size(); i++) {
            int place = i;
            expiries.add(
                    "listener",
                    security.listener(),
                    settings.certificates().get(i).source(),
                    () -> security.identities().all().get(place));
        }
    }

    /**
     * Watches the authorities that vouch for the clients of one listener; before the watch runs.
     *
     * @param reading what they held and how they looked
     */
    public void add(ListenerTls settings, ListenerSecurity security, ClientTrustReading reading) {
        ClientPolicies policies = new ClientPolicies(settings.clientAuth());
        for (int i = 0; i < policies.count(); i++) {
            add(
                    new WatchedAuthorities(authorities, i, policies.policy(i), settings.watchNs(), security),
                    reading.stamps().get(i));
        }
    }

    /** Watches the files of one upstream, likewise. */
    public void add(UpstreamFiles read, UpstreamTls settings, UpstreamSecurity security, List<String> stamps) {
        add(new UpstreamWatch(read, settings, security), stamps);
        settings.clientCertificate()
                .ifPresent(source ->
                        expiries.add("upstream", security.upstream(), source, () -> security.credentialOrThrow()));
    }

    private void add(WatchedFiles each, List<String> stamps) {
        if (each.watchNs() > 0 && !stamps.isEmpty()) {
            watched.add(new Watched(each, stamps, clock.monotonicNs()));
        }
    }

    /** Whether there is nothing to watch. */
    public boolean isEmpty() {
        return watched.isEmpty() && expiries.isEmpty();
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
        for (int i = 0; i < watched.size(); i++) { // An iterator would be garbage at each turn.
            Watched each = watched.get(i);
            if (nowNs - each.nextLookNs >= 0) {
                each.nextLookNs = nowNs + each.files.watchNs();
                changes += look(each);
            }
        }
        return changes + expiries.doWork();
    }

    private int look(Watched each) {
        List<String> seen = each.files.stamps();
        boolean isSettled = seen.equals(each.lastSeen);
        each.lastSeen = seen;
        if (each.files.isRenewalDue(now())) {
            reload(each, seen);
            each.lastSeen = each.files.stampsAfterReading(seen); // What was made anew is no change of somebody else's.
            if (each.lastFailed.isEmpty()) {
                each.inUse = each.lastSeen;
            } else {
                each.lastFailed = each.lastSeen;
            }
            return 1;
        }
        if (!isSettled || seen.equals(each.inUse)) {
            return 0;
        }
        if (seen.equals(each.lastFailed) && !each.wasUnreadable) {
            return 0; // What is of no use stays so until it changes; what could not be read may be readable now.
        }
        reload(each, seen);
        return 1;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.wallMs());
    }

    private void reload(Watched each, List<String> seen) {
        WatchedFiles.Reading read = each.files.read(now());
        String kind = each.files.kind();
        String name = each.files.name();
        each.wasUnreadable = read.isUnreadable();
        if (read.use() != null) {
            for (String warning : read.warnings()) {
                errors.report(LogEvent.CERTIFICATE_QUESTIONABLE, kind, name, "finding", warning);
            }
            read.use().run();
            each.inUse = List.of(); // Unless all of it is: then a way back to what was in use before is a change.
            errors.report(each.files.changed(), kind, name);
        }
        if (read.problems().isEmpty()) {
            each.inUse = seen;
            each.lastFailed = List.of();
        } else if (!seen.equals(each.lastFailed)) {
            each.lastFailed = seen;
            each.files.keepOld();
            errors.report(each.files.unusable(), kind, name, "failure", String.join("; ", read.problems()));
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "where", "certificate watch", "failure", failure);
    }
}
