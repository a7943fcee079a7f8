package dev.headgate.secure;

import dev.headgate.config.ListenerTls;
import dev.headgate.observe.LogEvent;
import java.time.Instant;
import java.util.List;

/**
 * The certificates of one listener.
 *
 * @param files reads them
 * @param settings which
 * @param security shows them
 */
record WatchedCertificates(CertificateFiles files, ListenerTls settings, ListenerSecurity security)
        implements WatchedFiles {
    @Override
    public List<String> stamps() {
        return files.stamps(settings);
    }

    @Override
    public Reading reload(Instant now) {
        CertificateFiles.Result read = files.read(settings, now);
        read.identities().ifPresent(security::swap);
        return new Reading(read.problems(), read.warnings());
    }

    @Override
    public void keepOld() {
        security.keepOld();
    }

    @Override
    public LogEvent changed() {
        return LogEvent.CERTIFICATES_CHANGED;
    }

    @Override
    public LogEvent unusable() {
        return LogEvent.CERTIFICATES_UNUSABLE;
    }
}
