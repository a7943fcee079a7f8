package dev.headgate.bench.load;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How the connections of a plan are protected.
 *
 * @param version the only one that clients offer
 * @param serverName that is asked for, and that the certificate must be for
 * @param trust PEM file with the certificates that are believed
 * @param isResuming whether each client comes back with the session of its last connection; otherwise every handshake is a whole one
 */
public record LoadTls(Version version, String serverName, Path trust, boolean isResuming) {
    /** A version of the protocol. */
    public enum Version {
        TLS_1_3,
        TLS_1_2
    }

    public LoadTls {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(serverName, "serverName");
        Objects.requireNonNull(trust, "trust");
    }
}
