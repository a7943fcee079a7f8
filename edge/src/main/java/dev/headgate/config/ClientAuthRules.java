package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * Client certificates on a listener.
 *
 * @param usual for clients that ask for no name below, or for none; default {@link ClientAuth#OFF}
 * @param names for those that ask for these; an exact name counts before a wildcard, a longer wildcard before a shorter one
 * @param forwards what origins are told of it; default nothing
 */
@Immutable
public record ClientAuthRules(ClientAuth usual, List<Named> names, List<Forward> forwards) {
    /** No client is asked for a certificate. */
    public static final ClientAuthRules NONE = new ClientAuthRules(ClientAuth.OFF, List.of(), List.of());

    public ClientAuthRules {
        names = List.copyOf(names);
        forwards = List.copyOf(forwards);
    }

    /** Whether some client is asked for a certificate. */
    public boolean asksAnybody() {
        return usual.mode() != ClientAuth.Mode.OFF
                || names.stream().anyMatch(named -> named.clientAuth().mode() != ClientAuth.Mode.OFF);
    }

    /**
     * What is asked of clients that ask for a name.
     *
     * @param name a server name, or {@code *.example.com} for every name below {@code example.com}
     */
    public record Named(HostPattern name, ClientAuth clientAuth) {}

    /** What origins are told. */
    public enum Forward {
        /** {@code Client-Cert} (RFC 9440 §2.2). */
        CLIENT_CERT,
        /** {@code Client-Cert}, and {@code Client-Cert-Chain} with what the client sent above it (RFC 9440 §2.3). */
        CLIENT_CERT_CHAIN,
        /** {@code X-Forwarded-Client-Cert} with hash, subject and names. */
        XFCC,
        /** The same with the certificate itself. */
        XFCC_CERT,
        /** {@code X-SSL-Client-Verify}: whether there is a certificate, and whether it is verified. */
        VERIFY
    }
}
