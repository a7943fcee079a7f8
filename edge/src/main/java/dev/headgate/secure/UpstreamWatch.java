package dev.headgate.secure;

import dev.headgate.config.UpstreamTls;
import dev.headgate.tls.context.ClientSettings;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;

/**
 * The roots and the certificate of an upstream under watch.
 *
 * @param settings where they are
 * @param security who uses them
 */
record UpstreamWatch(UpstreamFiles files, UpstreamTls settings, UpstreamSecurity security) implements WatchedFiles {
    @Override
    public String kind() {
        return "upstream";
    }

    @Override
    public String name() {
        return security.upstream();
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
    public Reading read(Instant now) {
        UpstreamFiles.Result read = files.read(settings);
        ClientSettings found = read.settings().orElse(null);
        if (found == null) {
            return new Reading(null, read.problems(), read.warnings(), read.isUnreadable());
        }
        try {
            return new Reading(security.swapTo(found), List.of(), read.warnings(), false);
        } catch (GeneralSecurityException e) {
            return new Reading(null, List.of(String.valueOf(e.getMessage())), read.warnings(), false);
        }
    }

    @Override
    public void keepOld() {
        security.keepOld();
    }
}
