package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.Optional;

/**
 * TLS to an upstream. With it no request ever goes there in plain text.
 *
 * @param verify what of an origin's certificate is checked; default {@link Verify#FULL}
 * @param ca PEM file with the roots that are trusted; empty: those of the JDK
 * @param serverName the name that is asked for and verified; empty: each endpoint's own host
 * @param clientCertificate what is shown to origins that ask for a certificate
 * @param profile which versions and cipher suites are offered; default {@link ListenerTls.Profile#INTERMEDIATE}
 * @param watchNs how often files are looked at for changes, in nanoseconds; default 1 s; 0: never
 * @param provider who does TLS, by name; empty: the JDK
 */
@Immutable
public record UpstreamTls(
        Verify verify,
        Optional<String> ca,
        Optional<String> serverName,
        Optional<ListenerTls.Source> clientCertificate,
        ListenerTls.Profile profile,
        long watchNs,
        Optional<String> provider) {
    /** What of a certificate is checked. */
    public enum Verify {
        /** That a trusted root stands behind it, and that it is for the server's name. */
        FULL,
        /** That a trusted root stands behind it. */
        CA,
        /** Nothing: anybody on the way can read and change everything. */
        OFF
    }
}
