package dev.headgate.secure;

import dev.headgate.config.ListenerTls;
import dev.headgate.tls.context.Identities;
import java.time.Instant;
import java.util.List;

/**
 * The certificates of a listener under watch.
 *
 * @param settings where they are
 * @param security who shows them
 */
record ListenerWatch(CertificateFiles files, ListenerTls settings, ListenerSecurity security) implements WatchedFiles {
    @Override
    public String kind() {
        return "listener";
    }

    @Override
    public String name() {
        return security.listener();
    }

    @Override
    public long watchNs() {
        return settings.watchNs();
    }

    @Override
    public List<String> stamps() {
        return files.stamps(settings);
    }

    @Override
    public List<String> stampsAfterReading(List<String> before) {
        return files.stampsAfterReading(settings, before);
    }

    @Override
    public boolean isRenewalDue(Instant now) {
        return files.isRenewalDue(settings, now);
    }

    @Override
    public Reading read(Instant now) {
        CertificateFiles.Result read = files.readAgain(settings, security.identities(), now);
        Identities identities = read.identities().orElse(null);
        return new Reading(
                identities == null ? null : () -> security.swap(identities),
                read.problems(),
                read.warnings(),
                read.isUnreadable());
    }

    @Override
    public void keepOld() {
        security.keepOld();
    }
}
