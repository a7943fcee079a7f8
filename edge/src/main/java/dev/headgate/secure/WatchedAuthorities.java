package dev.headgate.secure;

import dev.headgate.config.ClientAuth;
import dev.headgate.observe.LogEvent;
import java.time.Instant;
import java.util.List;

/**
 * The authorities of one policy on client certificates, and what these have revoked.
 *
 * @param files reads them
 * @param number of the policy
 * @param policy which files
 * @param security judges by them
 */
record WatchedAuthorities(ClientTrustFiles files, int number, ClientAuth policy, ListenerSecurity security)
        implements WatchedFiles {
    @Override
    public List<String> stamps() {
        return files.stamps(policy);
    }

    @Override
    public Reading reload(Instant now) {
        ClientTrustFiles.Result read = files.read(policy, now);
        read.trust().ifPresent(trust -> security.trust(number, trust));
        return new Reading(read.problems(), read.warnings());
    }

    @Override
    public void keepOld() {
        security.keepOldTrust();
    }

    @Override
    public LogEvent changed() {
        return LogEvent.CLIENT_AUTHORITIES_CHANGED;
    }

    @Override
    public LogEvent unusable() {
        return LogEvent.CLIENT_AUTHORITIES_UNUSABLE;
    }
}
