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
 * @param watchNs time between two looks
 * @param security judges by them
 */
record WatchedAuthorities(
        ClientTrustFiles files, int number, ClientAuth policy, long watchNs, ListenerSecurity security)
        implements WatchedFiles {
    @Override
    public String kind() {
        return "listener";
    }

    @Override
    public String name() {
        return security.listener();
    }

    @Override
    public List<String> stamps() {
        return files.stamps(policy);
    }

    @Override
    public Reading read(Instant now) {
        ClientTrustFiles.Result read = files.read(policy, now);
        ClientTrust trust = read.trust().orElse(null);
        return new Reading(
                trust == null ? null : () -> security.trust(number, trust),
                read.problems(),
                read.warnings(),
                CertificateFiles.areUnreadable(read.problems()));
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
