package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Optional;

/**
 * A bound socket with the rules for those who connect to it.
 *
 * @param name identity across reloads, label in metrics and logs
 * @param address where to listen
 * @param tls empty: plain
 * @param redirectToHttps where clients of a plain listener are sent; empty: requests go to the routes
 * @param protocols what is spoken here, the preferred first; default {@link #PLAIN_PROTOCOLS} or {@link #TLS_PROTOCOLS}
 * @param backlog connections that the kernel holds until they are accepted; default 1024; further ones wait or are
 *     refused, as the kernel is set
 * @param limits sizes and counts for each connection and for all of them
 * @param timeouts how long a client may take for each step
 * @param bodyRate least speed of a request body
 * @param uri how request targets become the one canonical path
 * @param http1 what of HTTP/1 is tolerated
 * @param http2 what of HTTP/2 is taken
 * @param to the upstream that each connection is tunnelled to, with {@link Protocol#TCP}; empty otherwise
 */
@Immutable
public record ListenerConfig(
        String name,
        Address address,
        Optional<ListenerTls> tls,
        Optional<RedirectToHttps> redirectToHttps,
        List<Protocol> protocols,
        int backlog,
        ListenerLimits limits,
        ListenerTimeouts timeouts,
        BodyRate bodyRate,
        UriPolicy uri,
        Http1Policy http1,
        Http2Config http2,
        Optional<String> to) {
    /** What is spoken without TLS unless something else is said. */
    public static final List<Protocol> PLAIN_PROTOCOLS = List.of(Protocol.HTTP_1_1);

    /** What is spoken with TLS unless something else is said. */
    public static final List<Protocol> TLS_PROTOCOLS = List.of(Protocol.HTTP_2, Protocol.HTTP_1_1);

    public ListenerConfig {
        protocols = List.copyOf(protocols);
    }

    /** Whether connections are tunnelled to one upstream, unread. */
    public boolean isLayer4() {
        return protocols.contains(Protocol.TCP);
    }

    /** Whether requests can come here: TLS that is only passed through brings none. */
    public boolean servesHttp() {
        return !isLayer4() && (tls.isEmpty() || tls.get().isTerminating());
    }

    /** Whether clients can speak HTTP/2. */
    public boolean speaksHttp2() {
        return servesHttp() && protocols.contains(Protocol.HTTP_2);
    }

    /** Whether there can be tunnels. */
    public boolean hasTunnels() {
        return isLayer4() || tls.isPresent() && !tls.get().passthrough().isEmpty();
    }

    /** A protocol that a listener can speak. */
    public enum Protocol {
        /** HTTP/1.1 (RFC 9112), and HTTP/1.0 as {@link Http1Policy} says. */
        HTTP_1_1("http/1.1"),
        /** HTTP/2 (RFC 9113): by ALPN over TLS, otherwise of clients that begin with it. */
        HTTP_2("h2"),
        /** Any bytes, which are not looked at. */
        TCP("tcp");

        private final String token;

        Protocol(String token) {
            this.token = token;
        }

        /** Its name, which for those of HTTP is the one in ALPN (RFC 7301 §6). */
        public String token() {
            return token;
        }
    }

    /**
     * Least speed of a request body, so that a client cannot hold an exchange open byte by byte.
     *
     * @param bytesPerSecond mean since the body began; default 500; 0 is no least speed; a slower body gets 408
     * @param graceNs time at the start in which any speed is accepted, in nanoseconds; default 10 s
     */
    public record BodyRate(long bytesPerSecond, long graceNs) {}

    /**
     * How request targets become the one canonical path that routing, log and upstream all see.
     *
     * @param encodedSlash what an encoded separator in the path means; default {@link EncodedSlash#REJECT}
     * @param encodedControl what an encoded control character in the path means; default {@link EncodedControl#REJECT}
     * @param mergeSlashes whether {@code //} counts as {@code /}; default true
     */
    public record UriPolicy(EncodedSlash encodedSlash, EncodedControl encodedControl, boolean mergeSlashes) {}

    /** What becomes of {@code %2F} and {@code %5C} in a path, which origins read as a separator or not, as they like. */
    public enum EncodedSlash {
        /** Answer 400. */
        REJECT,
        /** Keep the three characters as they are: never a separator here, forwarded as they came. */
        KEEP
    }

    /** What becomes of {@code %01} to {@code %1F} and {@code %7F} in a path; {@code %00} gets 400 under each policy. */
    public enum EncodedControl {
        /** Answer 400. */
        REJECT,
        /** Keep the three characters as they are, for an origin that undoes them nowhere but in data. */
        KEEP
    }

    /**
     * What of HTTP/1 is tolerated.
     *
     * @param underscoreHeaders field names with an underscore; default {@link UnderscoreHeaders#DROP}
     * @param http10 requests of version 1.0; default {@link Http10#ACCEPT}
     * @param halfClose what the end of a client's side means while its answer is being made; default
     *     {@link HalfClose#WAIT}
     */
    public record Http1Policy(UnderscoreHeaders underscoreHeaders, Http10 http10, HalfClose halfClose) {}

    /**
     * What becomes of request field names with an underscore, which some origins take for a hyphen. An alias of a framing
     * or forwarding field ({@code Content_Length}) is
     * answered with 400 under each policy.
     */
    public enum UnderscoreHeaders {
        /** Leave the field out. */
        DROP,
        /** Answer 400. */
        REJECT,
        /** Forward the field. */
        ALLOW
    }

    /** What it means that a client ends its side while its answer is being made. */
    public enum HalfClose {
        /** It wants its answer and nothing more: the connection is closed after it. */
        WAIT,
        /** It has gone: the exchange is given up, and the origin's work with it. */
        ABORT
    }

    /** What becomes of a request of version HTTP/1.0. */
    public enum Http10 {
        /** Serve it, and close the connection after the response. */
        ACCEPT,
        /** Answer 505. */
        REJECT
    }
}
