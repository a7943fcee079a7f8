package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Optional;

/**
 * TLS to an upstream. With it no request ever goes there in plain text.
 *
 * @param verify what of an origin's certificate is checked; default {@link Verify#FULL}
 * @param ca PEM file with the roots that are trusted; empty: those of the JDK
 * @param serverName the name that is asked for and verified; empty: each endpoint's own host
 * @param clientCertificate what is shown to origins that ask for a certificate
 * @param profile which versions and cipher suites are offered; default {@link ListenerTls.Profile#INTERMEDIATE}
 * @param alpn application protocols that are offered (RFC 7301), the preferred first; an empty list: none; without one: what is usual for
 *     requests, or for tunnels
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
        Optional<List<String>> alpn,
        long watchNs,
        Optional<String> provider) {
    /** What is spoken to origins, by its registered names. */
    static final String HTTP_1_1 = "http/1.1";

    static final String HTTP_2 = "h2";

    public UpstreamTls {
        alpn = alpn.map(List::copyOf);
    }

    /** What is offered on connections for requests. */
    public List<String> requestProtocols(UpstreamConfig.Protocol protocol) {
        return alpn.orElse(usualProtocols(protocol));
    }

    static List<String> usualProtocols(UpstreamConfig.Protocol protocol) {
        return switch (protocol) {
            case HTTP_1_1 -> List.of(HTTP_1_1);
            case H2 -> List.of(HTTP_2);
            case AUTO -> List.of(HTTP_2, HTTP_1_1);
        };
    }

    /** What is offered on connections for tunnels, of which it is not known what is in them. */
    public List<String> tunnelProtocols() {
        return alpn.orElse(List.of());
    }

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
